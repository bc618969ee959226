"""The desk itself: one blueprint, shared by its views."""

from flask import Blueprint, url_for

from pms.hotel.stays.reservations import Reservation

bp = Blueprint("checkin", __name__)


def of(reservation: Reservation) -> str:
    """Return the address of a party's own page."""
    return url_for("reservations.reservation", reservation_id=reservation.id)
