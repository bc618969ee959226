"""Guest links: a guest's own way to a stay, and the visits it opens to who knows a second secret.

A link is a number signed by the house; the database keeps only its digest. Whoever holds it says
the booking's number and a surname or mail address, too, and has few tries. A visit is short, and
all of it ends some days after the departure. Who booked several rooms has one link to all of them;
it hangs on the booking's first room.
"""

from pms.hotel.stays.guest_links.bookings import MOST_ROOMS, booked_with, first_of, room, rooms
from pms.hotel.stays.guest_links.knocks import (
    WITHIN,
    TooManyKnocks,
    WrongSecret,
    check,
    knock,
    throttle,
)
from pms.hotel.stays.guest_links.links import (
    OPEN_AFTER_DEPARTURE,
    find,
    is_open,
    issue,
    of,
    opened,
    withdraw,
)
from pms.hotel.stays.guest_links.tables import (
    AT_MOST,
    IDLE,
    Door,
    GuestKnock,
    GuestLink,
    GuestVisit,
    Opens,
    digest,
)
from pms.hotel.stays.guest_links.visits import end_visit, open_visit, touch, visit, wants_touch

__all__ = [
    "AT_MOST",
    "IDLE",
    "MOST_ROOMS",
    "OPEN_AFTER_DEPARTURE",
    "WITHIN",
    "Door",
    "GuestKnock",
    "GuestLink",
    "GuestVisit",
    "Opens",
    "TooManyKnocks",
    "WrongSecret",
    "booked_with",
    "check",
    "digest",
    "end_visit",
    "find",
    "first_of",
    "is_open",
    "issue",
    "knock",
    "of",
    "open_visit",
    "opened",
    "room",
    "rooms",
    "throttle",
    "touch",
    "visit",
    "wants_touch",
    "withdraw",
]
