"""Staying: other rooms and other dates while the party is in house."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import lock
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.rooms import Condition, Room
from pms.hotel.stays import keys
from pms.hotel.stays.arriving import RoomNotReady, RoomOccupied, give_room, in_room
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations import (
    ReasonNeeded,
    Reservation,
    ReservationNight,
    Wanted,
    WrongState,
    amend,
)
from pms.hotel.stays.reservations import nights as of_nights


class SameRoom(Invalid):
    def __init__(self, room: Room) -> None:
        super().__init__(f"The party is in room {room.number} already.", field="room")


class WrongDeparture(Invalid):
    """Extending means later, shortening means sooner but not before today."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, field="departure")


def move(
    session: Session,
    stay: Stay,
    *,
    room: Room,
    reason: str,
    first: date | None = None,
    force: str | None = None,
    by: Staff,
) -> None:
    """Move a party to another room now, or plan it for the night `first` on.

    A move now leaves the old room dirty; the price stays. Refuses a room that isn't ready or
    that somebody has, no reason, and a party marked do not move.
    """
    hotel = session.get_one(Hotel, stay.hotel_id)
    require(by, Permission.CHECK_IN, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, stay)
    reservation = lock(session, stay.reservation)
    if stay.state is not Presence.IN_HOUSE:
        raise WrongState(reservation, "only a party in house can be moved")
    if not reason.strip():
        raise ReasonNeeded("a room move")
    now = first is None or first <= day
    if now and room.id == stay.room_id:
        raise SameRoom(room)
    if now:
        _check_ready(session, room, reservation)
    give_room(session, hotel, reservation, room, day=day, first=first or day, force=force, by=by)
    if now:
        _change_rooms(session, hotel, stay, reservation, room, day=day)
    reservation.version += 1
    session.flush()
    logbook.record(
        session,
        "moved" if now else "planned a move",
        reservation,
        by=by,
        day=day,
        why=reason,
        before={"room": stay.room.number},
        room=room.number,
        first=first or day,
    )
    session.expire(stay, ["room"])


def _check_ready(session: Session, room: Room, reservation: Reservation) -> None:
    if not room.is_ready:
        raise RoomNotReady(room)
    occupant = in_room(session, room)
    if occupant is not None and occupant.reservation.claim_id != reservation.claim_id:
        raise RoomOccupied(room)


def _change_rooms(
    session: Session,
    hotel: Hotel,
    stay: Stay,
    reservation: Reservation,
    room: Room,
    *,
    day: date,
) -> None:
    """Put everybody who hangs on the claim into the new room and leave the old one dirty."""
    old = lock(session, stay.room)
    keys.end_of_room(session, old)
    ids = [reservation.id, *(other.id for other in of_nights.roommates(session, reservation))]
    session.execute(
        sa.update(Stay)
        .where(
            Stay.hotel_id == hotel.id,
            Stay.reservation_id.in_(ids),
            Stay.state == Presence.IN_HOUSE,
        )
        .values(room_id=room.id, version=Stay.version + 1)
        .execution_options(synchronize_session="fetch")
    )
    old.condition, old.condition_at = Condition.DIRTY, clock.now()
    session.flush()


def planned_moves(session: Session, hotel: Hotel, day: date) -> list[tuple[Stay, Room]]:
    """Return the parties whose room for tonight isn't the one they are in."""
    rows = session.execute(
        sa.select(Stay, Room)
        .join(
            ReservationNight,
            sa.and_(
                ReservationNight.hotel_id == Stay.hotel_id,
                ReservationNight.reservation_id == Stay.reservation_id,
                ReservationNight.night == day,
                ReservationNight.live,
            ),
        )
        .join(
            Room,
            sa.and_(
                Room.hotel_id == ReservationNight.hotel_id, Room.id == ReservationNight.room_id
            ),
        )
        .where(
            Stay.hotel_id == hotel.id,
            Stay.state == Presence.IN_HOUSE,
            ReservationNight.room_id != Stay.room_id,
        )
    )
    return [(stay, room) for stay, room in rows]


def extend(
    session: Session, stay: Stay, *, departure: date, force: str | None = None, by: Staff
) -> None:
    """Let a party stay on in its room until a later day, at its plan's prices.

    Refuses when the room or the type is taken; a guest who stays on whatever we say is forced.
    """
    reservation = stay.reservation
    if departure <= reservation.departure:
        raise WrongDeparture("Extend to a later departure than the present one.")
    amend(session, reservation, Wanted(departure=departure), force=force, by=by)


def shorten(session: Session, stay: Stay, *, departure: date, by: Staff) -> None:
    """Let a party leave sooner than planned; its later nights go back on sale."""
    reservation = stay.reservation
    if departure >= reservation.departure:
        raise WrongDeparture("Shorten to an earlier departure than the present one.")
    amend(session, reservation, Wanted(departure=departure), by=by)


def pin(session: Session, reservation: Reservation, *, reason: str | None, by: Staff) -> None:
    """Mark a party do not move, with the reason; or let it be moved again, without one."""
    hotel = session.get_one(Hotel, reservation.hotel_id)
    require(by, Permission.CHECK_IN, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    before = reservation.do_not_move
    reservation.do_not_move = reason.strip() or None if reason else None
    reservation.version += 1
    session.flush()
    deed = "marked do not move" if reservation.do_not_move else "may be moved again"
    logbook.record(
        session, deed, reservation, by=by, day=day, why=reason, before={"do_not_move": before}
    )
