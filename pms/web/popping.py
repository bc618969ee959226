"""Popping up: what must be seen of a party, asked by the pages where it matters."""

from collections.abc import Sequence

from pms.hotel.service import reception
from pms.hotel.service.reception import GuestMessage, PrivacyWish
from pms.hotel.stays import alerts
from pms.hotel.stays.alerts import Alert, Area
from pms.hotel.stays.reservations import Reservation
from pms.web.auth import here
from pms.web.database import session


def alerts_at(area: str, reservation: Reservation) -> list[Alert]:
    """Return what pops up for a party at a place: one question."""
    return alerts.standing(session(), reservation, Area(area))


def messages_for(reservation: Reservation) -> Sequence[GuestMessage]:
    """Return the messages that wait for a party: one question."""
    return reception.waiting(session(), here(), reservation=reservation)


def kept_from(reservation: Reservation) -> PrivacyWish | None:
    """Return what a party wants kept from it: one question."""
    return reception.wish_of(session(), reservation)
