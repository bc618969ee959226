"""Every view of the API, on its one blueprint."""

from pms.api import (
    folios,
    guests,
    hotels,
    housekeeping,
    maintenance,
    openapi,
    requests,
    reservations,
    rooms,
)
from pms.api.calls import bp

__all__ = [
    "bp",
    "folios",
    "guests",
    "hotels",
    "housekeeping",
    "maintenance",
    "openapi",
    "requests",
    "reservations",
    "rooms",
]
