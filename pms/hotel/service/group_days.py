"""Group days: a whole group moved to other days, with what the service does on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import dates
from pms.hotel.house import business_day
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.service import concierge, wake_ups
from pms.hotel.service.concierge import ActivityBooking
from pms.hotel.service.wake_ups import WakeUp
from pms.hotel.stays import joining, traces
from pms.hotel.stays.groups import Group
from pms.hotel.stays.joining import Moved
from pms.hotel.stays.reservations import Reservation, State


@dataclass(frozen=True, slots=True)
class Shifted:
    """What became of a group that was moved, of its calls and bookings, and what stays behind."""

    group: Moved
    wake_ups: int
    bookings: int
    behind: tuple[str, ...]


def shift(session: Session, group: Group, *, days: int, by: Staff) -> Shifted:
    """Move a group by so many days, and with it what hangs on its days.

    Wake-ups and bookings keep their hour. What can't go along stays where it is, and the concierge
    is asked, by a trace for today. Refuses what `joining.shift` refuses.
    """
    hotel = session.get_one(Hotel, group.hotel_id)
    moved = joining.shift(session, group, days=days, by=by)
    ids = list(
        session.scalars(
            sa.select(Reservation.id).where(
                Reservation.hotel_id == hotel.id,
                Reservation.group_id == group.id,
                Reservation.state == State.BOOKED,
            )
        )
    )
    step = timedelta(days=days)
    called, calls_behind = wake_ups.move(session, hotel, ids, step, by=by)
    went, bookings_behind = concierge.follow(session, hotel, ids, step, by=by)
    behind = [
        *(_of_call(each) for each in calls_behind),
        *(_of_booking(hotel, each) for each in bookings_behind),
    ]
    _ask(session, hotel, group, behind, by=by)
    return Shifted(moved, called, went, tuple(behind))


def _of_call(wake_up: WakeUp) -> str:
    name = wake_up.reservation.guest.name
    return f"{name}: wake-up at {wake_up.at:%H:%M} on {wake_up.first_on:%d %b}"


def _of_booking(hotel: Hotel, booking: ActivityBooking) -> str:
    at = dates.local(booking.time.starts_at, hotel.time_zone)
    name = booking.reservation.guest.name
    return f"{name}: {booking.time.activity.name}, booking {booking.number}, {at:%d %b %H:%M}"


def _ask(session: Session, hotel: Hotel, group: Group, behind: Sequence[str], *, by: Staff) -> None:
    """Trace what stays behind, so that somebody asks the guests and the vendors."""
    day = business_day.today(session, hotel)
    for each in behind:
        words = f"{group.code} comes on other days, this stays: {each}"[: traces.LONGEST]
        traces.add(session, hotel, department=Department.CONCIERGE, due_on=day, words=words, by=by)
