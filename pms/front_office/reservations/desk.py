"""The desk itself: one blueprint, shared by its views."""

from flask import Blueprint, url_for

from pms.hotel.stays.reservations import Reservation

bp = Blueprint("reservations", __name__)


def of(reservation: Reservation) -> str:
    """Return the address of a reservation."""
    return url_for("reservations.reservation", reservation_id=reservation.id)
