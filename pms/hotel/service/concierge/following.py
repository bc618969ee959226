"""Following: the bookings of parties that come on other days, to the same hour of those."""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base import dates
from pms.base.refusal import Refusal
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service.concierge.bookings import move
from pms.hotel.service.concierge.tables import LIVE, ActivityBooking, ActivityTime


def follow(
    session: Session, hotel: Hotel, reservation_ids: Collection[int], step: timedelta, *, by: Staff
) -> tuple[int, list[ActivityBooking]]:
    """Let the bookings of parties go along with their days; how many did, and which stay.

    One stays whose activity isn't at that hour of the other day, is full then, or can't be moved
    by its vendor's rule any more. Who goes along is confirmed anew.
    """
    require(by, Permission.RESERVE, hotel.id)
    rows = session.scalars(
        sa.select(ActivityBooking)
        .options(joinedload(ActivityBooking.time).joinedload(ActivityTime.activity))
        .where(
            ActivityBooking.hotel_id == hotel.id,
            ActivityBooking.reservation_id.in_(reservation_ids),
            ActivityBooking.state.in_(LIVE),
        )
        .order_by(ActivityBooking.id)
    ).all()
    moved, stay = 0, []
    for booking in rows:
        time = _then(session, hotel, booking.time, step)
        if time is not None and _moved(session, booking, time, by=by):
            moved += 1
        else:
            stay.append(booking)
    return moved, stay


def _then(
    session: Session, hotel: Hotel, time: ActivityTime, step: timedelta
) -> ActivityTime | None:
    """Return the time of the same activity at the same hour of the hotel's clock."""
    local = dates.local(time.starts_at, hotel.time_zone) + step
    starts_at = dates.instant(datetime.combine(local.date(), local.time()), hotel.time_zone)
    return session.scalar(
        sa.select(ActivityTime).where(
            ActivityTime.hotel_id == hotel.id,
            ActivityTime.activity_id == time.activity_id,
            ActivityTime.starts_at == starts_at,
        )
    )


def _moved(session: Session, booking: ActivityBooking, time: ActivityTime, *, by: Staff) -> bool:
    try:
        with session.begin_nested():
            move(session, booking, time=time, by=by)
    except Refusal:
        return False
    return True
