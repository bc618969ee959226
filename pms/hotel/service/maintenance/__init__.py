"""Maintenance: work orders, and the rooms they take from guests."""

from pms.hotel.service.maintenance.displacing import Displaced, displaced, keep_from_guests
from pms.hotel.service.maintenance.orders import (
    assign,
    cancel,
    change,
    finish,
    hold,
    of_room,
    reopen,
    report,
    return_room,
    start,
)
from pms.hotel.service.maintenance.refusals import (
    KeptAlready,
    NotARoom,
    PartyIsInside,
    WouldDisplace,
    WrongOrderStep,
)
from pms.hotel.service.maintenance.tables import STANDING, OrderState, WorkOrder

__all__ = [
    "STANDING",
    "Displaced",
    "KeptAlready",
    "NotARoom",
    "OrderState",
    "PartyIsInside",
    "WorkOrder",
    "WouldDisplace",
    "WrongOrderStep",
    "assign",
    "cancel",
    "change",
    "displaced",
    "finish",
    "hold",
    "keep_from_guests",
    "of_room",
    "reopen",
    "report",
    "return_room",
    "start",
]
