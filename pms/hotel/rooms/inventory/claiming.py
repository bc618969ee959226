"""Claiming: giving a room to a party or a block for nights or a day, and letting it go."""

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import insert_new, is_postgresql
from pms.base.refusal import Refusal
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.inventory.slots import Claimant, RoomClaim, Slot
from pms.hotel.rooms.rooms import Room


class RoomTaken(Refusal):
    """Somebody else has the room then."""

    def __init__(self, room: Room, night: date) -> None:
        super().__init__(
            f"Room {room.number} is taken on {night:%a %d %b %Y}. Choose another room.",
            field="room",
            night=night.isoformat(),
        )


_CLAIMS: Any = RoomClaim.__table__
_HELD_BY_OTHERS = sa.select(sa.func.min(_CLAIMS.c.night)).where(
    _CLAIMS.c.hotel_id == sa.bindparam("hotel"),
    _CLAIMS.c.room_id == sa.bindparam("room"),
    _CLAIMS.c.night.between(sa.bindparam("first"), sa.bindparam("last")),
    _CLAIMS.c.slot == sa.bindparam("of_slot"),
    _CLAIMS.c.claim_id != sa.bindparam("claim"),
)


def claim(
    session: Session,
    room: Room,
    nights: Collection[date],
    *,
    claim_id: int,
    slot: Slot = Slot.NIGHT,
    claimant: Claimant = Claimant.PARTY,
) -> None:
    """Give the room to a claim for each night (or day); refuses where another has it.

    Nights the same claim has already stay as they are, so sharers can hang on it.
    """
    if not nights:
        return
    insert_new(
        session,
        RoomClaim,
        [
            {
                "hotel_id": room.hotel_id,
                "room_id": room.id,
                "night": night,
                "slot": slot,
                "claim_id": claim_id,
                "claimant": claimant,
            }
            for night in sorted(nights)
        ],
    )
    # Whoever was first holds the key; the insert waited for any rival's end (PostgreSQL).
    asked = {
        "hotel": room.hotel_id,
        "room": room.id,
        "first": min(nights),
        "last": max(nights),
        "of_slot": slot,
        "claim": claim_id,
    }
    taken = session.connection().scalar(_HELD_BY_OTHERS, asked)
    if taken is not None and taken in nights:
        raise RoomTaken(room, taken)


def let_go(
    session: Session,
    hotel: Hotel,
    claim_id: int,
    *,
    nights: Collection[date] | None = None,
    room_id: int | None = None,
) -> None:
    """Free what a claim holds: those nights (or days), in that room, or altogether."""
    wanted = sa.delete(RoomClaim).where(
        RoomClaim.hotel_id == hotel.id, RoomClaim.claim_id == claim_id
    )
    if nights is not None:
        wanted = wanted.where(RoomClaim.night.in_(sorted(nights)))
    if room_id is not None:
        wanted = wanted.where(RoomClaim.room_id == room_id)
    session.execute(wanted.execution_options(synchronize_session=False))


def vacant(
    session: Session,
    hotel: Hotel,
    *,
    type_id: int | None,
    first: date,
    until: date,
    slot: Slot = Slot.NIGHT,
    limit: int = 500,
) -> list[Room]:
    """Return rooms (of a type) that nobody holds from `first` until the day before `until`."""
    last_night = RoomClaim.night < until if until > first else RoomClaim.night <= first
    held = sa.select(RoomClaim.room_id).where(
        RoomClaim.hotel_id == hotel.id,
        RoomClaim.night >= first,
        last_night,
        RoomClaim.slot == slot,
    )
    wanted = sa.select(Room).where(Room.hotel_id == hotel.id, Room.id.not_in(held))
    if type_id is not None:
        wanted = wanted.where(Room.type_id == type_id)
    return list(session.scalars(wanted.order_by(Room.floor, Room.number).limit(limit)))


def lock_room(session: Session, room: Room) -> None:
    """Keep rivals off a room while it is weighed (PostgreSQL; on SQLite the write turn does)."""
    if is_postgresql(session):
        session.execute(
            sa.select(Room.id)
            .where(Room.hotel_id == room.hotel_id, Room.id == room.id)
            .with_for_update()
        )
