"""Who is asked for: the parties a caller or a visitor may mean, and what may be said of them."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.hotel.guests.finding import named
from pms.hotel.guests.guests import Guest
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import rooms
from pms.hotel.rooms.rooms import Room
from pms.hotel.service.reception.privacy import EXPECTED
from pms.hotel.service.reception.tables import PrivacyWish
from pms.hotel.stays.presence import Stay, is_in_house
from pms.hotel.stays.reservations import Reservation, State

NAMES_LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class Found:
    """A party that is asked for; `room` is left out where nobody may be told of it."""

    reservation_id: int
    guest: str
    room: str | None
    in_house: bool
    arrival: date
    wish: PrivacyWish | None


def asked_for(session: Session, hotel: Hotel, text: str, *, limit: int = 20) -> list[Found]:
    """Return parties in the house or arriving by a name or a room, who is here first."""
    text = text.strip()
    if not text:
        return []
    people = (
        sa.select(Guest.id)
        .where(Guest.chain_id == hotel.chain_id, named(text))
        .order_by(Guest.folded_name)
        .limit(NAMES_LOOKED_AT)
        .subquery()
    )
    meant: sa.ColumnElement[bool] = Reservation.guest_id.in_(sa.select(people.c.id))
    if rooms.by_number(session, hotel, text) is not None:
        meant = sa.and_(Reservation.state == State.IN_HOUSE, Room.number == text)
    rows = session.execute(
        sa.select(Reservation, Guest, Room.number, PrivacyWish)
        .join(Reservation.guest)
        .outerjoin(
            Stay,
            is_in_house(),
        )
        .outerjoin(Room, sa.and_(Room.hotel_id == Stay.hotel_id, Room.id == Stay.room_id))
        .outerjoin(
            PrivacyWish,
            sa.and_(
                PrivacyWish.hotel_id == Reservation.hotel_id,
                PrivacyWish.reservation_id == Reservation.id,
            ),
        )
        .where(
            Reservation.hotel_id == hotel.id,
            Reservation.state.in_(EXPECTED),
            meant,
        )
        .order_by(Reservation.state.desc(), Reservation.arrival, Reservation.id)
        .limit(limit)
    )
    return [_found(*row) for row in rows]


def _found(party: Reservation, guest: Guest, room: str | None, wish: PrivacyWish | None) -> Found:
    hidden = wish is not None and wish.no_information
    return Found(
        party.id,
        guest.name,
        None if hidden else room,
        party.state is State.IN_HOUSE,
        party.arrival,
        wish,
    )
