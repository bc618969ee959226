"""Approving: somebody who neither worked nor corrected hours says that they are as they were.

By day or period. Where nobody else could, the one who did says why, and that stays.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base import clock
from pms.base.db import lock, new_id
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook, staff
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people.employees import Employment, Position
from pms.hotel.people.timeclock import reckoning
from pms.hotel.people.timeclock.refusals import FourEyes, NothingToApprove, NotOver
from pms.hotel.people.timeclock.tables import TimeApproval, TimeEdit, TimeEntry

AT_ONCE = 2000  # a hotel of 200 for two weeks


class Approved(NamedTuple):
    """How many hours were approved, and the names of whose are left.

    That is: open ones, one's own, and those that one corrected.
    """

    entries: int
    minutes: int
    left: tuple[str, ...]


def approve(session: Session, entry: TimeEntry, *, why: str | None = None, by: Staff) -> TimeEntry:
    """Approve one person's hours; refuses one's own, and those that one corrected or wrote down.

    Where nobody else may approve them, `why` lets them pass. Refuses those that nobody ended.
    """
    require(by, Permission.APPROVE_HOURS, entry.hotel_id)
    hotel = session.get_one(Hotel, entry.hotel_id)
    today = business_day.hold(session, hotel)
    lock(session, entry)
    why = (why or "").strip() or None
    refusal = four_eyes(session, entry, by=by)
    if refusal is not None and not (refusal.alone and why):
        raise refusal
    if entry.ended_at is None:
        raise NotOver(entry.employee, entry.service_day)
    if entry.struck or entry.approved_at is not None:
        raise NothingToApprove
    said = why if refusal is not None else None
    _sign(session, hotel, [entry], by, why=said)
    session.refresh(entry)
    logbook.record(
        session, "approved hours", entry, by=by, day=today, why=said, version=entry.version
    )
    return entry


def four_eyes(session: Session, entry: TimeEntry, *, by: Staff) -> FourEyes | None:
    """Return what keeps somebody from approving hours that they worked or corrected, if they did.

    It names who else may: of those who sign in here, none who did either.
    """
    edited = sa.select(TimeEdit.staff_id).where(
        TimeEdit.hotel_id == entry.hotel_id, TimeEdit.entry_id == entry.id
    )
    hands = set(session.scalars(edited))
    own = entry.employee.staff_id == by.id
    if not own and by.id not in hands:
        return None
    hotel = session.get_one(Hotel, entry.hotel_id)
    others = [
        each.name
        for each in session.scalars(staff.people_of(hotel))
        if each.may(Permission.APPROVE_HOURS, hotel.id)
        and each.id not in {*hands, by.id, entry.employee.staff_id}
    ]
    return FourEyes(others, own=own)


def approve_days(
    session: Session,
    hotel: Hotel,
    *,
    first: date,
    last: date,
    department: Department | None = None,
    by: Staff,
) -> Approved:
    """Approve what waits for it on service days, both included, of a department or the house.

    Open hours, one's own and those that one corrected are left, and named. Refuses when nothing
    could be approved.
    """
    require(by, Permission.APPROVE_HOURS, hotel.id)
    today = business_day.hold(session, hotel)
    if last < first:
        raise Invalid("The last day is the first, or later.", field="last")
    waiting = session.scalars(_waiting(hotel, first, last, department)).all()
    ids = [each.id for each in waiting]
    edited = set(
        session.scalars(
            sa.select(TimeEdit.entry_id).where(
                TimeEdit.hotel_id == hotel.id,
                TimeEdit.entry_id.in_(ids),
                TimeEdit.staff_id == by.id,
            )
        )
    )
    ready = [
        each
        for each in waiting
        if each.ended_at and each.employee.staff_id != by.id and each.id not in edited
    ]
    if not ready:
        raise NothingToApprove
    minutes = _sign(session, hotel, ready, by)
    done = {each.id for each in ready}
    left = sorted({each.employee.name for each in waiting if each.id not in done})
    line = logbook.line(
        "approved hours",
        "hotels",
        hotel.id,
        hotel.id,
        by=by,
        day=today,
        after={
            "first": first,
            "last": last,
            "department": department,
            "entries": len(ready),
            "minutes": minutes,
        },
    )
    logbook.write(session, [line])
    return Approved(len(ready), minutes, tuple(left))


def standing(session: Session, entry: TimeEntry) -> TimeApproval | None:
    """Return the approval that hours have as they are now."""
    if entry.approved_at is None:
        return None
    return session.scalar(
        sa.select(TimeApproval).where(
            TimeApproval.hotel_id == entry.hotel_id,
            TimeApproval.entry_id == entry.id,
            TimeApproval.version == entry.version,
        )
    )


def take_back(session: Session, entry: TimeEntry, *, why: str, by: Staff) -> None:
    """Take an approval back; the hours wait for a new one."""
    require(by, Permission.APPROVE_HOURS, entry.hotel_id)
    today = business_day.hold(session, session.get_one(Hotel, entry.hotel_id))
    lock(session, entry)
    if entry.approved_at is None:
        raise Invalid("These hours aren't approved.")
    if not why.strip():
        raise Invalid("Say why.", field="why")
    before = {"approved_by": entry.approved_by}
    entry.approved_at, entry.approved_by = None, None
    entry.version += 1
    session.flush()
    logbook.record(session, "took back approval", entry, by=by, day=today, before=before, why=why)


def _waiting(
    hotel: Hotel, first: date, last: date, department: Department | None
) -> sa.Select[TimeEntry]:
    wanted = (
        sa.select(TimeEntry)
        .join(
            Employment,
            sa.and_(
                Employment.hotel_id == TimeEntry.hotel_id, Employment.id == TimeEntry.employment_id
            ),
        )
        .join(
            Position,
            sa.and_(
                Position.hotel_id == Employment.hotel_id, Position.id == Employment.position_id
            ),
        )
        .options(joinedload(TimeEntry.employee))
        .where(
            TimeEntry.hotel_id == hotel.id,
            TimeEntry.service_day.between(first, last),
            TimeEntry.approved_at.is_(None),
            sa.not_(TimeEntry.struck),
        )
        .order_by(TimeEntry.employee_id, TimeEntry.started_at)
        .limit(AT_ONCE)
        .with_for_update(of=TimeEntry)
    )
    return wanted if department is None else wanted.where(Position.department == department)


def _sign(
    session: Session,
    hotel: Hotel,
    entries: Sequence[TimeEntry],
    by: Staff,
    *,
    why: str | None = None,
) -> int:
    """Write approvals down, then mark the entries: three statements; return the minutes paid."""
    now = clock.now()
    rows: list[dict[str, Any]] = []
    ids = [each.id for each in entries]
    unpaid = reckoning.unpaid(session, hotel, ids)
    for each in entries:
        minutes = reckoning.minutes(each.started_at, each.ended_at or each.started_at)
        resting = unpaid.get(each.id, 0)
        rows.append(
            {
                "hotel_id": hotel.id,
                "id": new_id(),
                "entry_id": each.id,
                "version": each.version,
                "minutes_paid": minutes - resting,
                "minutes_unpaid": resting,
                "staff_id": by.id,
                "at": now,
                "why": why,
            }
        )
    session.execute(sa.insert(TimeApproval), rows)
    session.execute(
        sa.update(TimeEntry)
        .where(TimeEntry.hotel_id == hotel.id, TimeEntry.id.in_(ids))
        .values(approved_at=now, approved_by=by.id)
    )
    return sum(row["minutes_paid"] for row in rows)
