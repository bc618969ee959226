"""Reckoning: how many minutes hours come to, and the breaks in them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.hotel.house.hotels import Hotel
from pms.hotel.people.timeclock.tables import Break, TimeEntry

MINUTE = timedelta(minutes=1)


def breaks(
    session: Session, hotel: Hotel, first: date, last: date, *, of: Collection[int] | None = None
) -> Mapping[int, Sequence[Break]]:
    """Return the breaks in the hours of service days, by entry, in their order.

    Everybody's, or `of` some employees.
    """
    wanted = (
        sa.select(Break)
        .join(
            TimeEntry, sa.and_(TimeEntry.hotel_id == Break.hotel_id, TimeEntry.id == Break.entry_id)
        )
        .where(TimeEntry.hotel_id == hotel.id, TimeEntry.service_day.between(first, last))
        .order_by(Break.started_at)
    )
    if of is not None:
        wanted = wanted.where(TimeEntry.employee_id.in_(of))
    found: dict[int, list[Break]] = defaultdict(list)
    for row in session.scalars(wanted):
        found[row.entry_id].append(row)
    return found


def unpaid(session: Session, hotel: Hotel, entry_ids: Sequence[int]) -> dict[int, int]:
    """Return the minutes of unpaid breaks, by entry; one question."""
    found: dict[int, int] = {}
    taken = sa.select(Break).where(
        Break.hotel_id == hotel.id,
        Break.entry_id.in_(entry_ids),
        sa.not_(Break.paid),
        Break.ended_at.is_not(None),
    )
    for each in session.scalars(taken):
        length = minutes(each.started_at, each.ended_at or each.started_at)
        found[each.entry_id] = found.get(each.entry_id, 0) + length
    return found


def minutes(started_at: datetime, ended_at: datetime) -> int:
    """Return the whole minutes between two instants."""
    return (ended_at - started_at) // MINUTE
