"""Approving: somebody else than who worked says that hours are as they were, by day or period."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base import clock
from pms.base.db import lock, new_id
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people.duty import Department
from pms.hotel.people.employees import Employment, Position
from pms.hotel.people.timeclock import reckoning
from pms.hotel.people.timeclock.refusals import NothingToApprove, NotOver, OwnHours
from pms.hotel.people.timeclock.tables import TimeApproval, TimeEntry

AT_ONCE = 2000  # a hotel of 200 for two weeks


class Approved(NamedTuple):
    """How many hours were approved, and the names of whose are left: open ones, and one's own."""

    entries: int
    minutes: int
    left: tuple[str, ...]


def approve(session: Session, entry: TimeEntry, *, by: Staff) -> TimeEntry:
    """Approve one person's hours; refuses one's own, and those that nobody ended."""
    require(by, Permission.APPROVE_HOURS, entry.hotel_id)
    hotel = session.get_one(Hotel, entry.hotel_id)
    today = business_day.hold(session, hotel)
    lock(session, entry)
    if entry.employee.staff_id == by.id:
        raise OwnHours
    if entry.ended_at is None:
        raise NotOver(entry.employee, entry.service_day)
    if entry.struck or entry.approved_at is not None:
        raise NothingToApprove
    _sign(session, hotel, [entry], by)
    session.refresh(entry)
    logbook.record(session, "approved hours", entry, by=by, day=today, version=entry.version)
    return entry


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

    Open hours and one's own are left, and named. Refuses when nothing could be approved.
    """
    require(by, Permission.APPROVE_HOURS, hotel.id)
    today = business_day.hold(session, hotel)
    if last < first:
        raise Invalid("The last day is the first, or later.", field="last")
    waiting = session.scalars(_waiting(hotel, first, last, department)).all()
    ready = [each for each in waiting if each.ended_at and each.employee.staff_id != by.id]
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


def _sign(session: Session, hotel: Hotel, entries: Sequence[TimeEntry], by: Staff) -> int:
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
            }
        )
    session.execute(sa.insert(TimeApproval), rows)
    session.execute(
        sa.update(TimeEntry)
        .where(TimeEntry.hotel_id == hotel.id, TimeEntry.id.in_(ids))
        .values(approved_at=now, approved_by=by.id)
    )
    return sum(row["minutes_paid"] for row in rows)
