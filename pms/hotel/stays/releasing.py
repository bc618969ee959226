"""The release hour: rooms kept without a guarantee go back on sale when it has struck."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import lock
from pms.base.money import Money
from pms.hotel.house import business_day
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.stays import reservations, settlements, traces
from pms.hotel.stays.reservations import Guarantee, Purpose, Reservation, State, release_hour


def release_due(session: Session, hotel: Hotel, *, by: Staff, limit: int = 1) -> int:
    """Cancel parties due today that nothing guarantees, once the hour is past; return how many.

    One at a time by default, so that nights are locked in order. What is promised (or reinstated)
    after the hour is kept till the audit. What is given and what the house uses needs no guarantee.
    Money held guarantees too, be it less than was asked for: the desk is told instead.
    """
    hour = release_hour(hotel)
    if clock.now() < hour:
        return 0
    day = business_day.hold(session, hotel)
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
        lock(session, party)  # a deposit may just have come
        held = settlements.deposit_held(session, party)
        if party.guarantee is not Guarantee.NONE:
            continue
        if held.minor > 0:
            _keep(session, hotel, party, held, day=day, by=by)
        else:
            reservations.cancel(session, party, reason=reason, by=by)
    return len(due)


def _keep(
    session: Session, hotel: Hotel, party: Reservation, held: Money, *, day: date, by: Staff
) -> None:
    """Keep the room of who paid something, and tell the desk that it isn't what was asked for."""
    settlements.guarantee(session, party, Guarantee.DEPOSIT, held=held, day=day, by=by)
    traces.add(
        session, hotel, department=Department.FRONT_OFFICE, due_on=day,
        words=f"Booking {party.number} is kept after {hotel.release_at:%H:%M}: {held.said} is held "
        "for it. Ask for the rest of the deposit, or cancel it and give that back",
        reservation=party, by=by,
    )  # fmt: skip
