"""Every view of the API, on its one blueprint."""

from pms.api import (
    concierge,
    folios,
    groups,
    guests,
    hotels,
    housekeeping,
    maintenance,
    openapi,
    payment_requests,
    requests,
    reservations,
    rooms,
)
from pms.api.calls import bp

__all__ = [
    "bp",
    "concierge",
    "folios",
    "groups",
    "guests",
    "hotels",
    "housekeeping",
    "maintenance",
    "openapi",
    "payment_requests",
    "requests",
    "reservations",
    "rooms",
]
