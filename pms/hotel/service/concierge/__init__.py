"""The concierge: vendors and their activities, places that can't be overbooked, and who goes."""

from pms.hotel.service.concierge.bookings import Asked, book, confirm, move, price_of
from pms.hotel.service.concierge.charging import charge, stands
from pms.hotel.service.concierge.ending import Rule, cancel, no_show, rule_now
from pms.hotel.service.concierge.following import follow
from pms.hotel.service.concierge.mailing import MailedAlready, mail
from pms.hotel.service.concierge.refusals import (
    BookingsThere,
    Full,
    NameTaken,
    NoGuestOfOurs,
    NotChargeable,
    NotOffered,
    TimeClosed,
    TimePast,
    TooLateToMove,
    WrongStep,
)
from pms.hotel.service.concierge.tables import (
    LIVE,
    WHOLE,
    Activity,
    ActivityBooking,
    ActivityKind,
    ActivityTime,
    BookingState,
    Counts,
    Pays,
    Vendor,
)

__all__ = [
    "LIVE",
    "WHOLE",
    "Activity",
    "ActivityBooking",
    "ActivityKind",
    "ActivityTime",
    "Asked",
    "BookingState",
    "BookingsThere",
    "Counts",
    "Full",
    "MailedAlready",
    "NameTaken",
    "NoGuestOfOurs",
    "NotChargeable",
    "NotOffered",
    "Pays",
    "Rule",
    "TimeClosed",
    "TimePast",
    "TooLateToMove",
    "Vendor",
    "WrongStep",
    "book",
    "cancel",
    "charge",
    "confirm",
    "follow",
    "mail",
    "move",
    "no_show",
    "price_of",
    "rule_now",
    "stands",
]
