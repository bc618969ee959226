"""Obstacles: who has the room that is wanted, and which rooms nobody has."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import dates
from pms.hotel.guests.guests import Guest
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import inventory
from pms.hotel.rooms.blocks import RoomBlock
from pms.hotel.rooms.inventory import RoomClaim
from pms.hotel.rooms.rooms import Room
from pms.hotel.stays import stays
from pms.hotel.stays.reservations import Reservation, State

NAMED_AT_MOST = 4
_CLAIMS: Any = RoomClaim.__table__


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Somebody who has the room then: a party, or a block with its reason."""

    name: str
    first: date
    until: date
    reservation_id: int | None


def in_the_way(
    session: Session, reservation: Reservation, room: Room, first: date, until: date
) -> list[Obstacle]:
    """Return who holds a room in the nights [first, until), but for the party itself."""
    held = _held(room, first, until, apart_from=reservation.claim_id)
    of_party = sa.and_(
        Reservation.hotel_id == room.hotel_id,
        Reservation.claim_id == held.c.claim_id,
        Reservation.shares_with_id.is_(None),
        Reservation.state.in_([State.BOOKED, State.IN_HOUSE]),
    )
    rows = session.execute(
        sa.select(
            held.c.first, held.c.last, Reservation.id, Guest.given_name, Guest.surname,
            RoomBlock.reason,
        )
        .select_from(held)
        .outerjoin(Reservation, of_party)
        .outerjoin(
            Guest,
            sa.and_(Guest.chain_id == Reservation.chain_id, Guest.id == Reservation.guest_id),
        )
        .outerjoin(
            RoomBlock,
            sa.and_(RoomBlock.hotel_id == room.hotel_id, RoomBlock.id == held.c.claim_id),
        )
        .order_by(held.c.first)
        .limit(NAMED_AT_MOST)
    )  # fmt: skip
    return [
        Obstacle(
            reason or f"{given or ''} {surname or ''}".strip() or "Another party",
            begins,
            last + dates.ONE_DAY,
            party,
        )
        for begins, last, party, given, surname, reason in rows
    ]


def _held(room: Room, first: date, until: date, *, apart_from: int | None) -> sa.Subquery:
    """Ask for the claims on a room that meet these nights, each with all of its nights."""
    c = _CLAIMS.c
    meets = sa.select(c.claim_id).where(
        c.hotel_id == room.hotel_id, c.room_id == room.id, c.night >= first, c.night < until
    )
    return (
        sa.select(
            c.claim_id, sa.func.min(c.night).label("first"), sa.func.max(c.night).label("last")
        )
        .where(
            c.hotel_id == room.hotel_id,
            c.room_id == room.id,
            c.claim_id.in_(meets),
            c.claim_id != (apart_from or 0),
        )
        .group_by(c.claim_id)
        .subquery()
    )


def free_instead(
    session: Session, reservation: Reservation, kind: int, first: date, until: date
) -> list[Room]:
    """Return a few rooms of a type that nobody has then, fit for a party that moves now."""
    hotel = session.get_one(Hotel, reservation.hotel_id)
    found = inventory.vacant(session, hotel, type_id=kind, first=first, until=until, limit=40)
    if first <= hotel.business_date:
        taken = set(stays.occupied(session, hotel))
        found = [room for room in found if room.id not in taken]
        if reservation.state is State.IN_HOUSE:
            found = [room for room in found if room.is_ready]
    return found[:NAMED_AT_MOST]
