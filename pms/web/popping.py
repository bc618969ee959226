"""Popping up: what must be seen of a party, asked by the pages where it matters."""

from pms.hotel.stays import alerts
from pms.hotel.stays.alerts import Alert, Area
from pms.hotel.stays.reservations import Reservation
from pms.web.database import session


def alerts_at(area: str, reservation: Reservation) -> list[Alert]:
    """Return what pops up for a party at a place: one question."""
    return alerts.standing(session(), reservation, Area(area))
