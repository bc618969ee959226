"""Bookings of several rooms, as who booked them sees them; the first room has their number."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.hotel.stays.reservations.promise import Reservation

MOST_ROOMS = 50  # a group of more is the desk's


def first_of(session: Session, reservation: Reservation) -> Reservation:
    """Return the room that a booking began with: it has the booking's number."""
    if reservation.number == reservation.booking_number:
        return reservation
    return session.scalars(
        sa.select(Reservation).where(
            Reservation.hotel_id == reservation.hotel_id,
            Reservation.number == reservation.booking_number,
        )
    ).one()


def rooms(session: Session, first: Reservation) -> list[Reservation]:
    """Return the rooms of a booking by number, as who booked them sees them: one question."""
    return list(
        session.scalars(
            sa.select(Reservation)
            .where(of_booking(first))
            .options(joinedload(Reservation.guest), joinedload(Reservation.room_type))
            .order_by(Reservation.number)
            .limit(MOST_ROOMS)
            .execution_options(populate_existing=True)
        )
    )


def room(session: Session, first: Reservation, number: int) -> Reservation | None:
    """Return the room of that number, if it is of this booking by now."""
    return session.scalar(
        sa.select(Reservation)
        .where(of_booking(first), Reservation.number == number)
        .execution_options(populate_existing=True)
    )


def booked_with(session: Session, reservation: Reservation) -> Reservation | None:
    """Return the first room of a booking of several, to whose guest this room belongs too.

    None where a booking has one room, or somebody else booked this one.
    """
    first = first_of(session, reservation)
    if first.guest_id != reservation.guest_id:
        return None
    count = sa.select(sa.func.count()).select_from(Reservation).where(of_booking(first))
    return first if (session.scalar(count) or 0) > 1 else None


def of_booking(first: Reservation) -> sa.ColumnElement[bool]:
    """Ask for the rooms of a booking; somebody else who shares one has that stay to themselves."""
    return sa.and_(
        Reservation.hotel_id == first.hotel_id,
        Reservation.booking_number == first.number,
        sa.or_(Reservation.shares_with_id.is_(None), Reservation.guest_id == first.guest_id),
    )
