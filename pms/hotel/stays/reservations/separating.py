"""Separating: a room taken out of its booking, to be a booking of its own."""

from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.base.refusal import Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays.reservations.promise import Reservation


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
    reservation.booking_number = reservation.number
    reservation.version += 1
    session.flush()
    logbook.record(
        session, "separated", reservation, by=by, day=day,
        before={"booking": before}, booking=reservation.number,
    )  # fmt: skip
