"""Meals: who eats what on a day, room by room, as the kitchen wants to know it.

Breakfast and lunch belong to the night before, dinner to the night to come: board begins with the
dinner of the day of arrival.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base import dates
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.inventory import Slot
from pms.hotel.rooms.packages import Package
from pms.hotel.rooms.packaging import MEALS
from pms.hotel.rooms.rooms import Room
from pms.hotel.stays.reservations import packages
from pms.hotel.stays.reservations.agreed import ReservationTerms
from pms.hotel.stays.reservations.package_tables import ReservationPackage
from pms.hotel.stays.reservations.promise import Reservation, ReservationNight, State

DINNER = "dinner"


@dataclass(frozen=True, slots=True)
class Cover:
    """A party at a meal; `ages` are its children's, as far as they are known."""

    meal: str
    room: str | None
    guest: str
    number: int
    adults: int
    children: int
    ages: tuple[int, ...]
    is_expected: bool

    @property
    def heads(self) -> int:
        """How many eat."""
        return self.adults + self.children


def covers(session: Session, hotel: Hotel, day: date) -> list[Cover]:
    """Return who has which meal on a day, by meal and room: three questions, however many eat.

    Parties that are expected by then count too, and are said to be.
    """
    rows = _nights(session, hotel, day)
    kept = packages.elements(session, hotel, sorted({party.id for party, *_ in rows}))
    found: dict[tuple[int, str], Cover] = {}
    for party, night, room, ages in rows:
        eaten = {
            meal
            for agreed in kept[party.id]
            if agreed.element.plan_id in (None, night.plan_id)
            and agreed.element.falls_on(night.night, party.arrival, party.departure)
            for meal in _served(agreed.element.meals, of_the_night_before=night.night < day)
        }
        for meal in eaten:
            found[party.id, meal] = Cover(
                meal=meal,
                room=room,
                guest=party.guest.name,
                number=party.number,
                adults=night.adults,
                children=night.children,
                ages=tuple(ages or ()),
                is_expected=party.state is State.BOOKED,
            )
    return sorted(
        found.values(),
        key=lambda each: (MEALS.index(each.meal), each.room is None, each.room or "", each.number),
    )


def _nights(
    session: Session, hotel: Hotel, day: date
) -> list[tuple[Reservation, ReservationNight, str | None, list[int] | None]]:
    """Return the nights before and after a day of parties that have a meal in their packages."""
    n, r = ReservationNight, Reservation
    eats = sa.exists().where(
        ReservationPackage.hotel_id == r.hotel_id,
        ReservationPackage.reservation_id == r.id,
        Package.hotel_id == ReservationPackage.hotel_id,
        Package.id == ReservationPackage.package_id,
        Package.meals > 0,
    )
    rows = session.execute(
        sa.select(r, n, Room.number, ReservationTerms.child_ages)
        .join(n, sa.and_(n.hotel_id == r.hotel_id, n.reservation_id == r.id))
        .outerjoin(Room, sa.and_(Room.hotel_id == n.hotel_id, Room.id == n.room_id))
        .outerjoin(
            ReservationTerms,
            sa.and_(
                ReservationTerms.hotel_id == r.hotel_id, ReservationTerms.reservation_id == r.id
            ),
        )
        .where(
            n.hotel_id == hotel.id,
            n.night.in_([day - dates.ONE_DAY, day]),
            n.slot == Slot.NIGHT,
            n.live,
            r.state.in_([State.BOOKED, State.IN_HOUSE, State.DEPARTED]),
            eats,
        )
        .options(joinedload(r.guest))
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def _served(meals: int, *, of_the_night_before: bool) -> list[str]:
    return [
        meal
        for no, meal in enumerate(MEALS)
        if meals & (1 << no) and (meal != DINNER) is of_the_night_before
    ]


def as_csv(found: Sequence[Cover]) -> bytes:
    """Return the list as a file for spreadsheets; a name that begins like a formula is quoted."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["meal", "room", "guest", "reservation", "adults", "children", "ages", "state"])
    for each in found:
        name = f"'{each.guest}" if each.guest[:1] in set("=+-@\t\r") else each.guest
        ages = " ".join(map(str, each.ages))
        state = "expected" if each.is_expected else "in house"
        heads = (each.adults, each.children)
        writer.writerow([each.meal, each.room or "", name, each.number, *heads, ages, state])
    return text.getvalue().encode()
