"""Stays: parties in the house, from the key handed over to the key handed back."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from pms.hotel.guests.companies import Company
from pms.hotel.guests.guests import Guest
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.rooms.rooms import Room
from pms.hotel.stays.arriving import (
    ChargedAlready,
    DoNotMove,
    NotDueToday,
    NotToday,
    RoomNotReady,
    RoomOccupied,
    RoomOutOfOrder,
    SharersElsewhere,
    assign,
    check_in,
    in_room,
    occupied,
    unassign,
    undo_check_in,
)
from pms.hotel.stays.leaving import BalanceOpen, check_out, undo_check_out
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations import ManualRate, Origin, Reservation, book
from pms.hotel.stays.staying import (
    SameRoom,
    WrongDeparture,
    extend,
    move,
    pin,
    planned_moves,
    shorten,
)

__all__ = [
    "BalanceOpen",
    "ChargedAlready",
    "DoNotMove",
    "NotDueToday",
    "NotToday",
    "Presence",
    "RoomNotReady",
    "RoomOccupied",
    "RoomOutOfOrder",
    "SameRoom",
    "SharersElsewhere",
    "Stay",
    "WrongDeparture",
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
    "pin",
    "planned_moves",
    "shorten",
    "unassign",
    "undo_check_in",
    "undo_check_out",
    "walk_in",
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


def walk_in(
    session: Session,
    hotel: Hotel,
    *,
    guest: Guest,
    room: Room,
    plan: RatePlan,
    departure: date,
    adults: int,
    children: int = 0,
    child_ages: Sequence[int] = (),
    rate: ManualRate | None = None,
    company: Company | None = None,
    passing: str | None = None,
    by: Staff,
) -> Stay:
    """Book a party that stands at the desk and hand it a room, in one deed.

    The room's own type is booked. Refuses what `book` and `check_in` refuse.
    """
    reservation = book(
        session,
        hotel,
        guest=guest,
        room_type=room.type,
        plan=plan,
        arrival=business_day.today(session, hotel),
        departure=departure,
        adults=adults,
        children=children,
        child_ages=child_ages,
        rate=rate,
        company=company,
        origin=Origin(source="walk-in"),
        by=by,
    )
    reservation.walk_in = True
    return check_in(session, reservation, room=room, passing=passing, by=by)


_WITH_GUEST = joinedload(Stay.reservation).joinedload(Reservation.guest)


def in_house(session: Session, hotel: Hotel, *, limit: int = 1000) -> list[Stay]:
    """Return the stays in house, by room, with their reservations and guests: one question."""
    return list(
        session.scalars(
            sa.select(Stay)
            .join(Room, sa.and_(Room.hotel_id == Stay.hotel_id, Room.id == Stay.room_id))
            .options(contains_eager(Stay.room), _WITH_GUEST)
            .where(Stay.hotel_id == hotel.id, Stay.state == Presence.IN_HOUSE)
            .order_by(Room.number)
            .limit(limit)
        )
    )


def due_out(session: Session, hotel: Hotel, day: date, *, limit: int = 1000) -> list[Stay]:
    """Return the stays that should leave by that day and haven't, with what they booked."""
    return list(
        session.scalars(
            sa.select(Stay)
            .join(
                Reservation,
                sa.and_(
                    Reservation.hotel_id == Stay.hotel_id, Reservation.id == Stay.reservation_id
                ),
            )
            .options(contains_eager(Stay.reservation), joinedload(Stay.room))
            .where(
                Stay.hotel_id == hotel.id,
                Stay.state == Presence.IN_HOUSE,
                Reservation.departure <= day,
            )
            .order_by(Stay.id)
            .limit(limit)
        )
    )
