"""Stays: parties in the house, from the key handed over to the key handed back."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.rooms.rooms import Room
from pms.hotel.stays.arriving import (
    DoNotMove,
    NotDueToday,
    NotToday,
    RoomNotReady,
    RoomOccupied,
    assign,
    check_in,
    in_room,
    occupied,
    unassign,
    undo_check_in,
)
from pms.hotel.stays.leaving import BalanceOpen, check_out, undo_check_out
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations import Reservation
from pms.hotel.stays.staying import (
    SameRoom,
    WrongDeparture,
    extend,
    move,
    planned_moves,
    shorten,
)

__all__ = [
    "BalanceOpen",
    "DoNotMove",
    "NotDueToday",
    "NotToday",
    "Presence",
    "RoomNotReady",
    "RoomOccupied",
    "SameRoom",
    "Stay",
    "WrongDeparture",
    "arrive_unannounced",
    "assign",
    "check_in",
    "check_out",
    "due_out",
    "extend",
    "in_house",
    "in_room",
    "move",
    "occupied",
    "of",
    "planned_moves",
    "shorten",
    "unassign",
    "undo_check_in",
    "undo_check_out",
]


def of(session: Session, reservation: Reservation) -> Stay | None:
    """Return the party's stay, if it is or was in the house."""
    return session.scalar(
        sa.select(Stay).where(
            Stay.hotel_id == reservation.hotel_id,
            Stay.reservation_id == reservation.id,
            Stay.state != Presence.UNDONE,
        )
    )


def arrive_unannounced(
    session: Session, reservation: Reservation, *, room: Room, by: Staff
) -> Stay:
    """Check in a party that was booked a moment ago at the desk, and note it as a walk-in."""
    reservation.walk_in = True
    return check_in(session, reservation, room=room, by=by)


def in_house(session: Session, hotel: Hotel, *, limit: int = 1000) -> list[Stay]:
    """Return the stays in house, by room."""
    return list(
        session.scalars(
            sa.select(Stay)
            .join(Room, sa.and_(Room.hotel_id == Stay.hotel_id, Room.id == Stay.room_id))
            .where(Stay.hotel_id == hotel.id, Stay.state == Presence.IN_HOUSE)
            .order_by(Room.number)
            .limit(limit)
        )
    )


def due_out(session: Session, hotel: Hotel, day: date, *, limit: int = 1000) -> list[Stay]:
    """Return the stays that should leave by that day and haven't."""
    return list(
        session.scalars(
            sa.select(Stay)
            .join(
                Reservation,
                sa.and_(
                    Reservation.hotel_id == Stay.hotel_id, Reservation.id == Stay.reservation_id
                ),
            )
            .where(
                Stay.hotel_id == hotel.id,
                Stay.state == Presence.IN_HOUSE,
                Reservation.departure <= day,
            )
            .order_by(Stay.id)
            .limit(limit)
        )
    )
