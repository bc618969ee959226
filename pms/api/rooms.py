"""Rooms: numbers, types and how each room is, read by machines."""

import sqlalchemy as sa
from typing_extensions import TypedDict

from pms.api.calls import look
from pms.api.cursors import AnyRow, AnySelect, Paged, after, behind, page
from pms.api.door import opens
from pms.api.problems import NotHere
from pms.api.shapes import LONGEST_WORD, Word
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.tokens import Scope
from pms.hotel.rooms.rooms import Condition, Room, RoomType
from pms.web.database import session


class RoomsAsked(Paged):
    """Which rooms."""

    room_type: Word | None = None
    condition: Condition | None = None


class RoomRead(TypedDict):
    """A room with the number on its door."""

    id: str
    number: str
    room_type: str
    floor: str
    features: list[str]
    condition: Condition


class Rooms(TypedDict):
    """A page of rooms; `next_cursor` asks for the next one."""

    rooms: list[RoomRead]
    next_cursor: str | None


@look("/hotels/<code>/rooms", asks=RoomsAsked, answers=Rooms)
@opens(Scope.ROOMS)
def room_list(hotel: Hotel, asked: RoomsAsked) -> Rooms:
    """List the rooms by number."""
    query = _rooms(hotel).order_by(Room.number).limit(asked.limit + 1)
    if asked.room_type is not None:
        query = query.where(RoomType.code == asked.room_type)
    if asked.condition is not None:
        query = query.where(Room.condition == asked.condition)
    reached = after(asked.cursor, str)
    if reached is not None:
        query = query.where(behind((Room.number,), reached))
    rows, cursor = page(session().execute(query).all(), asked.limit, "number")
    return {"rooms": [_room(row) for row in rows], "next_cursor": cursor}


@look("/hotels/<code>/rooms/<number>", answers=RoomRead)
@opens(Scope.ROOMS)
def room(hotel: Hotel, number: str) -> RoomRead:
    """Read the room with that number."""
    if len(number) > LONGEST_WORD or not number.isprintable():
        raise NotHere("room")
    row = session().execute(_rooms(hotel).where(Room.number == number)).first()
    if row is None:
        raise NotHere("room")
    return _room(row)


def _rooms(hotel: Hotel) -> AnySelect:
    return (
        sa.select(
            Room.id,
            Room.number,
            RoomType.code.label("room_type"),
            Room.floor,
            Room.features,
            Room.condition,
        )
        .join(RoomType, sa.and_(RoomType.hotel_id == Room.hotel_id, RoomType.id == Room.type_id))
        .where(Room.hotel_id == hotel.id)
    )


def _room(row: AnyRow) -> RoomRead:
    return {
        "id": str(row.id),
        "number": row.number,
        "room_type": row.room_type,
        "floor": row.floor,
        "features": row.features,
        "condition": row.condition,
    }
