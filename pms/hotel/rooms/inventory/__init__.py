"""Inventory: how many rooms of each type each night can be sold, and who holds which room."""

from pms.hotel.rooms.inventory.counters import (
    Forcing,
    Hold,
    HoldState,
    HouseNight,
    NightChange,
    TypeNight,
)
from pms.hotel.rooms.inventory.slots import Claimant, RoomClaim, Slot

__all__ = [
    "Claimant",
    "Forcing",
    "Hold",
    "HoldState",
    "HouseNight",
    "NightChange",
    "RoomClaim",
    "Slot",
    "TypeNight",
]
