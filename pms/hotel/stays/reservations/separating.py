"""Separating: a room taken out of its booking, to be a booking of its own, and put back."""

from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.base.refusal import Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays.reservations.promise import Reservation


class NotSeparated(Refusal):
    """Only what was taken out of a booking goes back, and not with rooms of its own."""

    def __init__(self, reservation: Reservation) -> None:
        super().__init__(
            f"{reservation.number} wasn't taken out of another booking, or has rooms of its own "
            "by now. Book the room anew on that booking instead."
        )


class BookedFirst(Refusal):
    """The booking has this room's number, and the others go by it."""

    def __init__(self, reservation: Reservation) -> None:
        super().__init__(
            f"The booking has the number of {reservation.number}. Take its other rooms out instead."
        )


def separate(session: Session, reservation: Reservation, *, by: Staff) -> None:
    """Let a room be a booking of its own: who booked it with others has it no more.

    Refuses the first room of a booking.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    require(by, Permission.RESERVE, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    before = reservation.booking_number
    if before == reservation.number:
        raise BookedFirst(reservation)
    reservation.booking_number, reservation.separated_from = reservation.number, before
    reservation.version += 1
    session.flush()
    logbook.record(
        session, "separated", reservation, by=by, day=day,
        before={"booking": before}, booking=reservation.number,
    )  # fmt: skip


def put_back(session: Session, reservation: Reservation, *, by: Staff) -> None:
    """Let a room be of the booking again that it was taken out of.

    Refuses one that wasn't, and one that others were booked with since: they go by its number.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    require(by, Permission.RESERVE, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    booking = reservation.separated_from
    if booking is None:
        raise NotSeparated(reservation)
    reservation.booking_number, reservation.separated_from = booking, None
    reservation.version += 1
    session.flush()
    logbook.record(
        session, "put back", reservation, by=by, day=day,
        before={"booking": reservation.number}, booking=booking,
    )  # fmt: skip


def lead(session: Session, reservation: Reservation) -> int:
    """Return the number of a booking that gets one more room; it goes into no other any more."""
    lock(session, reservation)
    if reservation.separated_from is not None:
        reservation.separated_from = None
        reservation.version += 1
        session.flush()
    return reservation.booking_number
