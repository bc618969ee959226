"""Visits: how often a guest stayed in the house, so that the desk can say welcome back."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.hotel.stays.reservations import Reservation, State


def which(session: Session, reservation: Reservation) -> int:
    """Return which stay of its guest in this house a reservation is: 1 is the first.

    Stays that were lived count, as guest of the reservation; what was cancelled doesn't. All rooms
    of a booking are one stay, also one that was taken out of it.
    """
    booking = sa.func.coalesce(Reservation.separated_from, Reservation.booking_number)
    before = session.scalar(
        sa.select(sa.func.count(booking.distinct())).where(
            Reservation.hotel_id == reservation.hotel_id,
            Reservation.guest_id == reservation.guest_id,
            booking != (reservation.separated_from or reservation.booking_number),
            Reservation.state.in_((State.IN_HOUSE, State.DEPARTED)),
            Reservation.arrival <= reservation.arrival,
        )
    )
    return int(before or 0) + 1
