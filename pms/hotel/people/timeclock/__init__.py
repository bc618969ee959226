"""The time clock: who is at work since when, what was corrected, and which hours are approved."""

from pms.hotel.people.timeclock import guards as guards
from pms.hotel.people.timeclock.tables import (
    Break,
    ClockDevice,
    PinTry,
    Punch,
    Punched,
    Source,
    TimeApproval,
    TimeEdit,
    TimeEntry,
)

__all__ = [
    "Break",
    "ClockDevice",
    "PinTry",
    "Punch",
    "Punched",
    "Source",
    "TimeApproval",
    "TimeEdit",
    "TimeEntry",
]
