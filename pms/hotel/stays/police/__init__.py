"""Police: guests whose arrival must be told to the authority: due, exported, or corrected since.

A guest's state is never written down: it is what the newest file said of the guest, compared with
what stands in the house now. So a corrected document shows by itself, and can't be forgotten.
"""

from pms.hotel.stays.police.reporting import (
    BACK,
    LONGEST,
    Entry,
    NothingDue,
    NotSetUp,
    Stand,
    Unit,
    content_of,
    export,
    files,
    register,
    set_up,
    unit_of,
)
from pms.hotel.stays.police.tables import PoliceFile, PoliceReport, PoliceUnit

__all__ = [
    "BACK",
    "LONGEST",
    "Entry",
    "NotSetUp",
    "NothingDue",
    "PoliceFile",
    "PoliceReport",
    "PoliceUnit",
    "Stand",
    "Unit",
    "content_of",
    "export",
    "files",
    "register",
    "set_up",
    "unit_of",
]
