"""Identity: the lines of passports and cards read, and the documents of guests kept."""

from pms.hotel.guests.identity.keeping import (
    NotWritten,
    Seen,
    forget,
    keep,
    look_up,
    newest,
    reseal,
    shut,
)
from pms.hotel.guests.identity.lines import NoLines, Reading, read
from pms.hotel.guests.identity.tables import IdentityDocument, IdentityKind, Sex

__all__ = [
    "IdentityDocument",
    "IdentityKind",
    "NoLines",
    "NotWritten",
    "Reading",
    "Seen",
    "Sex",
    "forget",
    "keep",
    "look_up",
    "newest",
    "read",
    "reseal",
    "shut",
]
