"""Actions: what may be done with a party now, and why the rest may not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from pms.hotel.house import business_day
from pms.hotel.house.actions import Action
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.stays import settlements
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations import Reservation, ReservationNight, State
from pms.hotel.stays.stays import of as stay_of


@dataclass(frozen=True)
class _Facts:
    reservation: Reservation
    stay: Stay | None
    tonight: ReservationNight | None
    day: date
    owes: bool


Rule = Callable[[_Facts], str | None]


def actions(session: Session, reservation: Reservation, *, by: Staff) -> list[Action]:
    """Return every action on a reservation in the order of a stay, allowed or with why not."""
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.today(session, hotel)
    facts = _Facts(
        reservation=reservation,
        stay=stay_of(session, reservation),
        tonight=next((n for n in reservation.nights if n.live and n.night >= day), None),
        day=day,
        owes=not settlements.settled(session, reservation),
    )
    made = []
    for name, label, permission, rule in _RULES:
        why_not = rule(facts)
        if why_not is None and not by.may(permission, hotel.id):
            why_not = "Your role doesn't include it."
        made.append(Action(name, label, why_not))
    return made


def _booked(facts: _Facts) -> str | None:
    state = facts.reservation.state
    return None if state is State.BOOKED else f"The party is {state.value.replace('_', ' ')}."


def _in_house(facts: _Facts) -> str | None:
    return None if facts.reservation.state is State.IN_HOUSE else "The party isn't in house."


def _assign(facts: _Facts) -> str | None:
    if facts.reservation.state not in {State.BOOKED, State.IN_HOUSE}:
        return "The party isn't expected or in house."
    return facts.reservation.do_not_move and f"Do not move: {facts.reservation.do_not_move}"


def _unassign(facts: _Facts) -> str | None:
    if (why := _booked(facts)) is not None:
        return why
    if facts.tonight is None or facts.tonight.room_id is None:
        return "It has no room yet."
    return facts.reservation.do_not_move and f"Do not move: {facts.reservation.do_not_move}"


def _check_in(facts: _Facts) -> str | None:
    if (why := _booked(facts)) is not None:
        return why
    if not facts.reservation.is_due(facts.day):
        return f"It is due on {facts.reservation.arrival:%a %d %b %Y}."
    room = facts.tonight.room if facts.tonight else None
    if room is None:
        return "It has no room yet. Assign one."
    return None if room.is_ready else f"Room {room.number} is {room.condition.value}."


def _check_out(facts: _Facts) -> str | None:
    if (why := _in_house(facts)) is not None:
        return why
    return "The folio isn't settled." if facts.owes else None


def _check_out_owing(facts: _Facts) -> str | None:
    if (why := _in_house(facts)) is not None:
        return why
    return None if facts.owes else "Nothing is owed."


def _undo_check_in(facts: _Facts) -> str | None:
    if (why := _in_house(facts)) is not None:
        return why
    here = facts.stay is not None and facts.stay.arrived_on == facts.day
    return None if here else "A check-in is undone on the same business day only."


def _undo_check_out(facts: _Facts) -> str | None:
    stay = facts.stay
    if stay is None or stay.state is not Presence.DEPARTED:
        return "The party hasn't left."
    return None if stay.departed_on == facts.day else "It left on an earlier business day."


def _no_show(facts: _Facts) -> str | None:
    if (why := _booked(facts)) is not None:
        return why
    due = facts.reservation.arrival <= facts.day
    return None if due else f"It is due on {facts.reservation.arrival:%a %d %b %Y}."


def _reinstate(facts: _Facts) -> str | None:
    if facts.reservation.state not in {State.CANCELLED, State.NO_SHOW}:
        return "It is neither cancelled nor a no-show."
    return None if facts.reservation.departure >= facts.day else "Its nights are over."


def _amend(facts: _Facts) -> str | None:
    open_ = facts.reservation.state in {State.BOOKED, State.IN_HOUSE}
    return None if open_ else "It is over."


_RULES: list[tuple[str, str, Permission, Rule]] = [
    ("amend", "Amend", Permission.RESERVE, _amend),
    ("assign", "Assign room", Permission.CHECK_IN, _assign),
    ("unassign", "Unassign room", Permission.CHECK_IN, _unassign),
    ("check_in", "Check in", Permission.CHECK_IN, _check_in),
    ("undo_check_in", "Undo check-in", Permission.CHECK_IN, _undo_check_in),
    ("move", "Change room", Permission.CHECK_IN, _in_house),
    ("check_out", "Check out", Permission.CHECK_OUT, _check_out),
    ("check_out_owing", "Check out with balance", Permission.CHECK_OUT, _check_out_owing),
    ("undo_check_out", "Undo check-out", Permission.CHECK_OUT, _undo_check_out),
    ("no_show", "No-show", Permission.CHECK_IN, _no_show),
    ("cancel", "Cancel", Permission.RESERVE, _booked),
    ("reinstate", "Reinstate", Permission.RESERVE, _reinstate),
]
