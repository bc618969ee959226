"""Identity: the lines of passports and cards read, and the documents of guests kept."""

from pms.hotel.guests.identity.keeping import (
    NotWritten,
    Seen,
    WrittenOtherwise,
    forget,
    is_guests_own,
    keep,
    known,
    look_up,
    newest,
    of_number,
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
    "WrittenOtherwise",
    "forget",
    "is_guests_own",
    "keep",
    "known",
    "look_up",
    "newest",
    "of_number",
    "read",
    "reseal",
    "shut",
]
