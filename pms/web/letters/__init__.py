"""Letters: what the house writes to a guest, in the guest's language, by mail and on paper."""

from pms.web.letters.agreed_rooms import AgreedRoom
from pms.web.letters.agreed_rooms import of as agreed_of
from pms.web.letters.desk import bill, room_ready
from pms.web.letters.writing import (
    language_of,
    open_pages,
    tell,
    tell_before_arrival,
    tell_link,
    way_in,
    written,
)

__all__ = [
    "AgreedRoom",
    "agreed_of",
    "bill",
    "language_of",
    "open_pages",
    "room_ready",
    "tell",
    "tell_before_arrival",
    "tell_link",
    "way_in",
    "written",
]
