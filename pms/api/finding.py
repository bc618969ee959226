"""Finding: what a machine names, of its own hotel, and as it has seen it."""

from typing import TypeVar

from pms.api import reservations
from pms.api.problems import NotHere, UnknownCode
from pms.api.shapes import id_of
from pms.base.db import OfHotel, lock
from pms.base.refusal import Stale
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import rooms
from pms.hotel.rooms.rooms import Room
from pms.hotel.stays import stays
from pms.hotel.stays.reservations import Reservation
from pms.web.database import session

Row = TypeVar("Row", bound=OfHotel)


def row(hotel: Hotel, of: type[Row], asked_id: str, noun: str, version: int | None = None) -> Row:
    """Return a row of the hotel, locked where a version was seen; refuses a stale one."""
    number = id_of(asked_id)
    found = session().get(of, {"hotel_id": hotel.id, "id": number}) if number else None
    if found is None:
        raise NotHere(noun)
    if version is not None and getattr(lock(session(), found), "version", None) != version:
        raise Stale(noun)
    return found


def room(hotel: Hotel, number: str | None) -> Room | None:
    """Return the room of that number, if one was named; refuses one that isn't there."""
    found = rooms.by_number(session(), hotel, number) if number else None
    if number and found is None:
        raise UnknownCode("room", number)
    return found


def party(hotel: Hotel, reservation_id: str | None, number: str | None) -> Reservation | None:
    """Return the party that was named, or who is in the room that was; perhaps nobody."""
    if reservation_id is not None:
        return reservations.find(hotel, reservation_id)
    named = room(hotel, number)
    stay = stays.in_room(session(), named) if named is not None else None
    return stay.reservation if stay is not None else None
