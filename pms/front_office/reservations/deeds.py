"""Deeds: what the hotel says may be done with a party now, each with its door."""

from dataclasses import dataclass, replace
from datetime import date

from flask import url_for

from pms.hotel.stays import actions
from pms.hotel.stays.reservations import Reservation, State
from pms.web.auth import on_duty
from pms.web.database import session
from pms.web.menu import exists

# the action's name: the view behind its door, whether it is one press, its icon, its key
DOORS: dict[str, tuple[str, bool, str, str]] = {
    "amend": ("reservations.amend", False, "calendar", "e"),
    "assign": ("checkin.assign", False, "bed", "a"),
    "unassign": ("checkin.unassign", True, "x", ""),
    "check_in": ("checkin.check_in", False, "key", "c"),
    "undo_check_in": ("checkin.undo", True, "arrow-back-up", ""),
    "move": ("checkin.move", False, "arrows-exchange", "m"),
    "check_out": ("check_out.check_out", False, "logout", "o"),
    "check_out_owing": ("check_out.check_out", False, "logout", "o"),
    "undo_check_out": ("check_out.undo", True, "arrow-back-up", ""),
    "no_show": ("reservations.no_show", False, "user-off", ""),
    "cancel": ("reservations.cancel", False, "x", "x"),
    "reinstate": ("reservations.reinstate", False, "refresh", ""),
}
LABELS = {
    "amend": "Change the stay",
    "no_show": "Mark as no-show",
    "cancel": "Cancel the booking",
    "reinstate": "Reinstate the booking",
}
IN_THE_TITLE = {"check_in", "check_out", "check_out_owing"}


@dataclass(frozen=True, slots=True)
class Deed:
    """A deed and its door, or why it stays shut."""

    name: str
    label: str
    address: str
    at_once: bool
    icon: str
    key: str
    why_not: str | None


def deeds(reservation: Reservation) -> list[Deed]:
    """Return every deed the hotel knows for a reservation and this desk has a door for."""
    found = []
    for action in actions.actions(session(), reservation, by=on_duty()):
        endpoint, at_once, icon, key = DOORS[action.name]
        if action.name == "assign" and reservation.state is State.IN_HOUSE:
            continue  # in house, that is a move
        why_not = action.why_not
        if why_not is None and not exists(endpoint):
            why_not = "Your role doesn't include it."
        label = LABELS.get(action.name, action.label)
        address = url_for(endpoint, reservation_id=reservation.id)
        found.append(Deed(action.name, label, address, at_once, icon, key, why_not))
    has_room = any(each.name == "unassign" and each.why_not is None for each in found)
    if has_room:
        found = [replace(e, label="Change the room") if e.name == "assign" else e for e in found]
    return found


def in_the_title(found: list[Deed], reservation: Reservation, day: date) -> Deed | None:
    """Return the deed that is next for the party, which is the page's primary."""
    name = "check_in" if reservation.is_due(day) else "check_out"
    if name == "check_out" and reservation.state is not State.IN_HOUSE:
        return None
    endpoint = DOORS[name][0]
    return next((each for each in found if each.name == name and exists(endpoint)), None)
