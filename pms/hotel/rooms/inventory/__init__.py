"""Inventory: how many rooms of each type each night can be sold, and who holds which room.

It takes dates, types and numbers and knows no reservation; later rooms keep their claim's id.
"""

from pms.hotel.rooms.inventory.allotments import AllotmentNight, AllotmentTaken, Allotted
from pms.hotel.rooms.inventory.allotments import read as allotted
from pms.hotel.rooms.inventory.allotting import (
    Agreed,
    AgreedTooFew,
    allot,
    holders_due,
    left_of,
)
from pms.hotel.rooms.inventory.allotting import release as release_allotment
from pms.hotel.rooms.inventory.availability import (
    Available,
    BadDates,
    NightLeft,
    Oversold,
    TypeLeft,
    availability,
    check_dates,
    house_nights,
    nights_left,
    oversold,
)
from pms.hotel.rooms.inventory.claiming import RoomTaken, claim, let_go, lock_room, vacant
from pms.hotel.rooms.inventory.counters import (
    Forcing,
    Hold,
    HoldState,
    HouseNight,
    NightChange,
    TypeNight,
)
from pms.hotel.rooms.inventory.holds import HoldEnded, end, hold, release, release_due
from pms.hotel.rooms.inventory.horizon import (
    DAYS_AHEAD,
    LimitTooLow,
    add_room,
    extend,
    extend_as_stated,
    last_night,
    open_type,
    set_limit,
)
from pms.hotel.rooms.inventory.selling import (
    BeyondHorizon,
    Force,
    HouseFull,
    SoldOut,
    change,
    lock_nights,
    per_night,
    together,
)
from pms.hotel.rooms.inventory.slots import Claimant, RoomClaim, Slot

__all__ = [
    "DAYS_AHEAD",
    "Agreed",
    "AgreedTooFew",
    "AllotmentNight",
    "AllotmentTaken",
    "Allotted",
    "Available",
    "BadDates",
    "BeyondHorizon",
    "Claimant",
    "Force",
    "Forcing",
    "Hold",
    "HoldEnded",
    "HoldState",
    "HouseFull",
    "HouseNight",
    "LimitTooLow",
    "NightChange",
    "NightLeft",
    "Oversold",
    "RoomClaim",
    "RoomTaken",
    "Slot",
    "SoldOut",
    "TypeLeft",
    "TypeNight",
    "add_room",
    "allot",
    "allotted",
    "availability",
    "change",
    "check_dates",
    "claim",
    "end",
    "extend",
    "extend_as_stated",
    "hold",
    "holders_due",
    "house_nights",
    "last_night",
    "left_of",
    "let_go",
    "lock_nights",
    "lock_room",
    "nights_left",
    "open_type",
    "oversold",
    "per_night",
    "release",
    "release_allotment",
    "release_due",
    "set_limit",
    "together",
    "vacant",
]
