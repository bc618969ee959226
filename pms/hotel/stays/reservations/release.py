"""The release hour: rooms kept without a guarantee go back on sale when it has struck."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock, dates
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.stays.reservations.ending import cancel
from pms.hotel.stays.reservations.promise import Guarantee, Purpose, Reservation, State


def release_hour(hotel: Hotel) -> datetime:
    """Return the instant of the business day's release hour, by the hotel's own clock."""
    return dates.instant(datetime.combine(hotel.business_date, hotel.release_at), hotel.time_zone)


def release_due(session: Session, hotel: Hotel, *, by: Staff, limit: int = 1) -> int:
    """Cancel parties due today that nothing guarantees, once the hour is past; return how many.

    One at a time by default, so that nights are locked in order. What is promised (or reinstated)
    after the hour is kept till the audit. What is given and what the house uses needs no guarantee.
    """
    day = business_day.today(session, hotel)
    hour = release_hour(hotel)
    if clock.now() < hour:
        return 0
    due = session.scalars(
        sa.select(Reservation)
        .where(
            Reservation.hotel_id == hotel.id,
            Reservation.state == State.BOOKED,
            Reservation.arrival == day,
            Reservation.guarantee == Guarantee.NONE,
            Reservation.purpose == Purpose.PAYING,
            Reservation.promised_at < hour,
        )
        .order_by(Reservation.number)
        .limit(limit)
    ).all()
    reason = f"Not guaranteed, released at {hotel.release_at:%H:%M}"
    for party in due:
        cancel(session, party, reason=reason, by=by)
    return len(due)
