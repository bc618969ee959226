"""Editing: hours corrected, written down or struck by hand; how they were stays beside why.

Whatever is changed wants a new approval. Nobody edits their own hours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import lock, new_id
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people.employees import Employee, Employment
from pms.hotel.people.timeclock.punching import LONGEST, held, service_day
from pms.hotel.people.timeclock.refusals import NotEmployed, OwnHours, Struck, TimesOverlap
from pms.hotel.people.timeclock.tables import Break, TimeEdit, TimeEntry


@dataclass(frozen=True)
class Rest:
    """A break from instant to instant."""

    started_at: datetime
    ended_at: datetime
    paid: bool = False


@dataclass(frozen=True)
class Times:
    """Hours as they were worked: in which position, from when to when, with which breaks."""

    employment: Employment
    started_at: datetime
    ended_at: datetime
    breaks: Sequence[Rest] = ()


def correct(session: Session, entry: TimeEntry, times: Times, *, why: str, by: Staff) -> TimeEntry:
    """Say how hours really were; an approval they had is gone.

    Refuses one's own, no reason, an end before the beginning or in the future, more than a day,
    breaks outside, other hours at that time, and a position not held then.
    """
    hotel, today = _allowed(session, entry.employee, why, by)
    lock(session, entry)
    if entry.struck:
        raise Struck
    before = as_written(session, entry)
    _check(session, hotel, entry.employee, times, but=entry.id)
    session.execute(_approval_off(entry))
    session.execute(_breaks_of(entry))
    session.refresh(entry)
    day = service_day(session, hotel, entry.employee, times.started_at, but=entry.id)
    entry.employment_id, entry.service_day = times.employment.id, day
    entry.started_at, entry.ended_at = times.started_at, times.ended_at
    entry.forgotten = False
    entry.version += 1
    session.flush()
    _write_breaks(session, entry, times)
    after = as_written(session, entry)
    _note(session, entry, before=before, after=after, why=why, by=by)
    logbook.record(
        session, "corrected hours", entry, by=by, day=today, before=before, why=why, **after
    )
    return entry


def write_down(
    session: Session, employee: Employee, times: Times, *, why: str, by: Staff
) -> TimeEntry:
    """Write down hours that nobody punched; refuses what `correct` refuses."""
    hotel, today = _allowed(session, employee, why, by)
    _check(session, hotel, employee, times, but=0)
    entry = TimeEntry(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        employee_id=employee.id,
        employment_id=times.employment.id,
        service_day=service_day(session, hotel, employee, times.started_at),
        started_at=times.started_at,
        ended_at=times.ended_at,
    )
    session.add(entry)
    session.flush()
    _write_breaks(session, entry, times)
    after = as_written(session, entry)
    _note(session, entry, before=None, after=after, why=why, by=by)
    logbook.record(session, "wrote down hours", entry, by=by, day=today, why=why, **after)
    return entry


def strike(session: Session, entry: TimeEntry, *, why: str, by: Staff) -> None:
    """Say that hours were never worked; they stay to be read."""
    _, today = _allowed(session, entry.employee, why, by)
    lock(session, entry)
    if entry.struck:
        raise Struck
    before = as_written(session, entry)
    session.execute(_approval_off(entry))
    session.refresh(entry)
    entry.struck, entry.forgotten = True, False
    entry.version += 1
    session.flush()
    _note(session, entry, before=before, after=None, why=why, by=by)
    logbook.record(session, "struck hours", entry, by=by, day=today, before=before, why=why)


def as_written(session: Session, entry: TimeEntry) -> dict[str, Any]:
    """Return hours as an edit keeps them: instants in UTC, and the breaks in their order."""
    taken = session.scalars(
        sa.select(Break)
        .where(Break.hotel_id == entry.hotel_id, Break.entry_id == entry.id)
        .order_by(Break.started_at)
    )
    return {
        "employment": entry.employment_id,
        "service_day": entry.service_day.isoformat(),
        "started_at": entry.started_at.isoformat(),
        "ended_at": entry.ended_at.isoformat() if entry.ended_at else None,
        "breaks": [
            f"{each.started_at.isoformat()}/{each.ended_at.isoformat() if each.ended_at else ''}"
            + (" paid" if each.paid else "")
            for each in taken
        ],
    }


def edits(session: Session, hotel: Hotel, entry_ids: Sequence[int]) -> Sequence[TimeEdit]:
    """Return what was changed by hand of entries, the newest first."""
    return session.scalars(
        sa.select(TimeEdit)
        .where(TimeEdit.hotel_id == hotel.id, TimeEdit.entry_id.in_(entry_ids))
        .order_by(TimeEdit.id.desc())
        .limit(200)
    ).all()


def _allowed(session: Session, employee: Employee, why: str, by: Staff) -> tuple[Hotel, Any]:
    """Return the hotel and its day, with the employee's clock held still."""
    require(by, Permission.APPROVE_HOURS, employee.hotel_id)
    hotel = session.get_one(Hotel, employee.hotel_id)
    today = business_day.hold(session, hotel)
    lock(session, employee)
    if employee.staff_id == by.id:
        raise OwnHours
    if not why.strip():
        raise Invalid("Say why; both versions are kept with it.", field="why")
    return hotel, today


def _check(session: Session, hotel: Hotel, employee: Employee, times: Times, *, but: int) -> None:
    begins, ends = times.started_at, times.ended_at
    if ends <= begins:
        raise Invalid("Hours end after they begin.", field="ended_at")
    if ends > clock.now():
        raise Invalid("That is still to come.", field="ended_at")
    if ends - begins > LONGEST:
        raise Invalid("Nobody works longer than a day. Write two down.", field="ended_at")
    if any(each.second or each.microsecond for each in (begins, ends)):
        raise ValueError("Hours are whole minutes.")
    at = begins
    for rest in sorted(times.breaks, key=lambda each: each.started_at):
        if not at <= rest.started_at < rest.ended_at <= ends:
            raise Invalid("A break is within the hours, one after the other.", field="breaks")
        at = rest.ended_at
    day = service_day(session, hotel, employee, begins, but=but)
    if all(each.id != times.employment.id for each in held(session, employee, day)):
        raise NotEmployed(employee, day)
    other = sa.select(TimeEntry.id).where(
        TimeEntry.hotel_id == hotel.id,
        TimeEntry.employee_id == employee.id,
        TimeEntry.id != but,
        TimeEntry.started_at < ends,
        sa.or_(TimeEntry.ended_at.is_(None), TimeEntry.ended_at > begins),
        sa.not_(TimeEntry.struck),
        sa.not_(TimeEntry.forgotten),
    )
    if session.scalar(other.limit(1)) is not None:
        raise TimesOverlap(employee)


def _approval_off(entry: TimeEntry) -> sa.Update:
    """The database keeps what is approved as it is, so the approval goes first."""
    return (
        sa.update(TimeEntry)
        .where(TimeEntry.hotel_id == entry.hotel_id, TimeEntry.id == entry.id)
        .values(approved_at=None, approved_by=None)
    )


def _breaks_of(entry: TimeEntry) -> sa.Delete:
    return sa.delete(Break).where(Break.hotel_id == entry.hotel_id, Break.entry_id == entry.id)


def _write_breaks(session: Session, entry: TimeEntry, times: Times) -> None:
    for rest in times.breaks:
        session.add(
            Break(
                hotel_id=entry.hotel_id,
                id=new_id(),
                entry_id=entry.id,
                started_at=rest.started_at,
                ended_at=rest.ended_at,
                paid=rest.paid,
            )
        )
    session.flush()


def _note(
    session: Session,
    entry: TimeEntry,
    *,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    why: str,
    by: Staff,
) -> None:
    session.add(
        TimeEdit(
            hotel_id=entry.hotel_id,
            id=new_id(),
            employee_id=entry.employee_id,
            entry_id=entry.id,
            version=entry.version,
            before=before,
            after=after,
            why=why.strip(),
            staff_id=by.id,
            at=clock.now(),
        )
    )
    session.flush()
