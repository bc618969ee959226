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
    packages,
    papers,
    payment_requests,
    payroll,
    people,
    requests,
    reservations,
    rooms,
    wake_ups,
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
    "packages",
    "papers",
    "payment_requests",
    "payroll",
    "people",
    "requests",
    "reservations",
    "rooms",
    "wake_ups",
]
