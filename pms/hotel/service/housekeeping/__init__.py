"""Housekeeping: the day's rooms shared out and done, and what is seen, found and gone in them."""

from pms.hotel.service.housekeeping.by_hand import move, put, take_off
from pms.hotel.service.housekeeping.discrepancies import look, resolve, slept_in
from pms.hotel.service.housekeeping.doing import (
    decline,
    finish,
    inspect,
    not_to_disturb,
    pause,
    redo,
    start,
    take_back,
    turn,
)
from pms.hotel.service.housekeeping.finding import found
from pms.hotel.service.housekeeping.looking import RoomToday, today
from pms.hotel.service.housekeeping.sheets import (
    Plan,
    attendants,
    of_day,
    plan,
    share_out,
    sheet_of,
)
from pms.hotel.service.housekeeping.tables import (
    FINISHED,
    OPEN,
    CleaningStandard,
    Difference,
    Discrepancy,
    KeepingRules,
    MinibarItem,
    Resolution,
    Sheet,
    Task,
    TaskState,
    Work,
)
from pms.hotel.service.housekeeping.tapping import Act, Tap, tap

__all__ = [
    "FINISHED",
    "OPEN",
    "Act",
    "CleaningStandard",
    "Difference",
    "Discrepancy",
    "KeepingRules",
    "MinibarItem",
    "Plan",
    "Resolution",
    "RoomToday",
    "Sheet",
    "Tap",
    "Task",
    "TaskState",
    "Work",
    "attendants",
    "decline",
    "finish",
    "found",
    "inspect",
    "look",
    "move",
    "not_to_disturb",
    "of_day",
    "pause",
    "plan",
    "put",
    "redo",
    "resolve",
    "share_out",
    "sheet_of",
    "slept_in",
    "start",
    "take_back",
    "take_off",
    "tap",
    "today",
    "turn",
]
