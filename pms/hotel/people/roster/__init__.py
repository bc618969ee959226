"""The roster: who works when in which department, from a draft to what people go by."""

from pms.hotel.people.roster.looking import Week, cost, of_person, open_for, week
from pms.hotel.people.roster.planning import (
    Copied,
    Planned,
    change,
    copy_week,
    put,
    take_off,
)
from pms.hotel.people.roster.publishing import publish, say_seen, take_open, this_monday
from pms.hotel.people.roster.tables import RosterShift, RosterWeek, ShiftTemplate

__all__ = [
    "Copied",
    "Planned",
    "RosterShift",
    "RosterWeek",
    "ShiftTemplate",
    "Week",
    "change",
    "copy_week",
    "cost",
    "of_person",
    "open_for",
    "publish",
    "put",
    "say_seen",
    "take_off",
    "take_open",
    "this_monday",
    "week",
]
