"""Parties of the day: who is to come, who is to go, who is here, each list one query."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.hotel.guests.guests import Guest
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.inventory import Claimant, RoomClaim
from pms.hotel.rooms.rooms import READY, Condition, Room, RoomType
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations.promise import Guarantee, Reservation, ReservationNight, State

Said = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Party:
    """One line of a list: who, where, how long, and what stands in the way."""

    reservation_id: int
    number: int
    name: str
    native_name: str | None
    vip: bool
    room: str | None
    room_id: int | None
    type_name: str
    arrival: date
    departure: date
    adults: int
    children: int
    eta: time | None
    folio_id: int | None
    says: Said
    verb: str
    is_late: bool = False

    @property
    def stay(self) -> str:
        """Nights and heads in short: `4 n, 2 ad 1 ch`."""
        nights = (self.departure - self.arrival).days
        heads = f"{self.adults} ad" + (f" {self.children} ch" if self.children else "")
        return f"{nights} n, {heads}" if nights else f"day use, {heads}"


_WHO = (
    Reservation.id,
    Reservation.number,
    Guest.given_name,
    Guest.surname,
    Guest.native_name,
    Guest.vip,
    RoomType.name.label("type_name"),
    Reservation.arrival,
    Reservation.departure,
    Reservation.adults,
    Reservation.children,
    Reservation.eta,
    Reservation.folio_id,
    Reservation.guarantee,
    Room.id.label("room_id"),
    Room.number.label("room"),
    Room.condition,
)


def to_come(hotel: Hotel, day: date) -> sa.ColumnElement[bool]:
    """Say of a reservation that it is expected on a day, today's and the late ones.

    Who is booked and should have come is few; who will leave is everybody to come. So the index
    by departure is kept out of it: SQLite would choose between the two by guessing.
    """
    return sa.and_(
        Reservation.hotel_id == hotel.id,
        Reservation.state == State.BOOKED,
        Reservation.arrival <= day,
        sa.func.coalesce(Reservation.departure, Reservation.departure) >= day,
    )


def arrivals(
    session: Session, hotel: Hotel, day: date, *, limit: int, offset: int = 0
) -> list[Party]:
    """Return the parties to come, by the hour they are expected."""
    here_now, block = aliased(Stay), aliased(RoomClaim)
    night = sa.case((Reservation.arrival < day, day), else_=Reservation.arrival)
    rows = session.execute(
        sa.select(*_WHO, here_now.id.label("occupant"), block.claim_id.label("blocked"))
        .select_from(Reservation)
        .join(Guest, _same_guest())
        .join(RoomType, _same(RoomType, Reservation.type_id))
        .outerjoin(
            ReservationNight,
            sa.and_(
                ReservationNight.hotel_id == Reservation.hotel_id,
                ReservationNight.reservation_id == Reservation.id,
                ReservationNight.night == night,
            ),
        )
        .outerjoin(Room, _same(Room, ReservationNight.room_id))
        .outerjoin(
            here_now,
            sa.and_(
                here_now.hotel_id == Room.hotel_id,
                here_now.room_id == Room.id,
                here_now.state == Presence.IN_HOUSE,
            ),
        )
        .outerjoin(
            block,
            sa.and_(
                block.hotel_id == Room.hotel_id,
                block.room_id == Room.id,
                block.night == day,
                block.claimant == Claimant.BLOCK,
            ),
        )
        .where(to_come(hotel, day))
        .order_by(Reservation.eta.is_(None), Reservation.eta, Guest.folded_name, Reservation.number)
        .limit(limit)
        .offset(offset)
    )
    return [_party(row, *_arriving(row), is_late=row.arrival < day) for row in rows]


def _arriving(row: Any) -> tuple[Said, str]:
    if row.room_id is None:
        return ("warn", "door-enter", "No room yet"), "Assign"
    if row.blocked is not None:
        return ("bad", "tool", "Room out of order"), "Move"
    if row.occupant is not None:
        return ("idle", "key", "Still occupied"), "Open"
    if row.condition not in READY:
        word = "Being touched up" if row.condition is Condition.PICKUP else "Room dirty"
        return ("warn", "circle-dashed", word), "Open"
    if row.condition is Condition.INSPECTED:
        return ("ok", "checks", "Room inspected"), "Check in"
    if row.guarantee is Guarantee.NONE:
        return ("info", "sparkles", "Room clean"), "Check in"
    return ("ok", "sparkles", "Room ready"), "Check in"


def departures(
    session: Session, hotel: Hotel, day: date, *, limit: int, offset: int = 0
) -> list[Party]:
    """Return the parties to go, by room."""
    leaving = sa.and_(_in_house(hotel), Reservation.departure <= day)
    rows = session.execute(_staying().where(leaving).limit(limit).offset(offset))
    return [
        _party(
            row,
            ("bad", "clock", "Overdue") if row.departure < day else ("acc", "key", "Due out"),
            "Check out",
            is_late=row.departure < day,
        )
        for row in rows
    ]


def in_house(
    session: Session, hotel: Hotel, day: date, *, limit: int, offset: int = 0
) -> list[Party]:
    """Return the parties that are here, by room."""
    rows = session.execute(_staying().where(_in_house(hotel)).limit(limit).offset(offset))
    return [
        _party(
            row,
            ("info", "door-exit", "Due out")
            if row.departure <= day
            else ("acc", "key", "In house"),
            "Open",
        )
        for row in rows
    ]


def _staying() -> sa.Select[*tuple[Any, ...]]:
    query: sa.Select[*tuple[Any, ...]] = sa.select(*_WHO)
    return (
        query.select_from(Stay)
        .join(
            Reservation,
            sa.and_(Reservation.hotel_id == Stay.hotel_id, Reservation.id == Stay.reservation_id),
        )
        .join(Guest, _same_guest())
        .join(RoomType, _same(RoomType, Reservation.type_id))
        .join(Room, sa.and_(Room.hotel_id == Stay.hotel_id, Room.id == Stay.room_id))
        .order_by(Room.floor, Room.number, Reservation.number)
    )


def _in_house(hotel: Hotel) -> sa.ColumnElement[bool]:
    return sa.and_(Stay.hotel_id == hotel.id, Stay.state == Presence.IN_HOUSE)


def _same(table: Any, column: Any) -> sa.ColumnElement[bool]:
    return sa.and_(table.hotel_id == column.class_.hotel_id, table.id == column)


def _same_guest() -> sa.ColumnElement[bool]:
    return sa.and_(Guest.chain_id == Reservation.chain_id, Guest.id == Reservation.guest_id)


def _party(row: Any, says: Said, verb: str, *, is_late: bool = False) -> Party:
    return Party(
        reservation_id=row.id,
        number=row.number,
        name=f"{row.given_name} {row.surname}".strip(),
        native_name=row.native_name,
        vip=row.vip,
        room=row.room,
        room_id=row.room_id,
        type_name=row.type_name,
        arrival=row.arrival,
        departure=row.departure,
        adults=row.adults,
        children=row.children,
        eta=row.eta,
        folio_id=row.folio_id,
        says=says,
        verb=verb,
        is_late=is_late,
    )
