"""What is in the way of a check-in: each fact with the one thing that cures it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from pms.front_office.checkin.choices import Choice, Choices
from pms.hotel.rooms.rooms import Condition, Room
from pms.hotel.stays.house_rules import Check, Fact, Severity
from pms.hotel.stays.reservations import Reservation
from pms.web.filters import day as written
from pms.web.menu import exists

_IS = {Condition.DIRTY: "is dirty", Condition.PICKUP: "wants a touch-up"}


@dataclass(frozen=True, slots=True)
class Block:
    """A fact, its reason, and the verb that cures it."""

    fact: str
    reason: str
    verb: str
    address: str
    tone: str = "bad"


# Where each check is cured: a view of the party, its guest or its room, and the verb.
_CURES: dict[Check, tuple[str, str]] = {
    Check.UNWANTED: ("guests.guest", "Open the guest"),
    Check.DOCUMENT: ("checkin.party", "Write it down"),
    Check.CONTACT: ("guests.guest", "Open the guest"),
    Check.AGE: ("checkin.party", "Look again"),
    Check.CARD: ("checkin.card", "Have it signed"),
    Check.GUARANTEE: ("deposits.deposit", "Take a deposit"),
    Check.DEPOSIT: ("deposits.deposit", "Take the deposit"),
    Check.OTHER_BALANCE: ("guests.guest", "See the stays"),
    Check.INSPECTED: ("rooms.room", "Open the room"),
    Check.VIP_ROOM: ("rooms.room", "Open the room"),
    Check.ALERT: ("traces.party", "See the alerts"),
    Check.TRACE: ("traces.party", "See the traces"),
}
# What the steps of the page say already, where it only warns.
_IN_THE_STEPS = {Check.DOCUMENT, Check.CONTACT, Check.CARD, Check.GUARANTEE}


def of_rules(reservation: Reservation, facts: list[Fact], room: Room | None) -> list[Block]:
    """Return what the house's rules found, each with its cure; what blocks is asked for first."""
    return [
        _of_rule(reservation, fact, room)
        for fact in facts
        if fact.severity is Severity.BLOCKS or fact.check not in _IN_THE_STEPS
    ]


def _of_rule(reservation: Reservation, fact: Fact, room: Room | None) -> Block:
    endpoint, verb = _CURES[fact.check]
    known: dict[str, Any] = {
        "guests.guest": {"guest_id": reservation.guest_id},
        "rooms.room": {"room_id": room.id if room else 0},
    }.get(endpoint, {"reservation_id": reservation.id})
    blocks = fact.severity is Severity.BLOCKS
    reason = "The house's rules ask for it" if blocks else ""
    if not exists(endpoint):
        endpoint, verb, known = (
            "reservations.reservation", "Open the party", {"reservation_id": reservation.id},
        )  # fmt: skip
    return Block(fact.says, reason, verb, url_for(endpoint, **known), "bad" if blocks else "warn")


def blocks(
    reservation: Reservation, at_hand: Choices, chosen: Choice | None, day: date
) -> list[Block]:
    """Return what keeps the key from being handed over, the worst first."""
    found = []
    if not reservation.is_due(day):
        found.append(_not_due(reservation, day))
    if chosen is None:
        found.append(_no_room(reservation))
    elif not chosen.ready:
        found.append(_not_ready(reservation, at_hand, chosen))
    return found


def _not_due(reservation: Reservation, day: date) -> Block:
    return Block(
        f"The party is due on {written(reservation.arrival)}.",
        "Bring the arrival forward, if rooms are left",
        "Change the dates",
        _here("reservations.amend", reservation, arrival=day.isoformat()),
    )


def _no_room(reservation: Reservation) -> Block:
    return Block(
        f"No {reservation.room_type.name} is vacant for all nights.",
        "Take another type, at the price that was promised",
        "Open the party",
        _here("reservations.reservation", reservation),
    )


def _not_ready(reservation: Reservation, at_hand: Choices, chosen: Choice) -> Block:
    number, instead = chosen.room.number, at_hand.best_ready
    if chosen.out_of_order:
        fact, reason = f"Room {number} is out of order.", "Take"
    elif chosen.slept_in:
        fact, reason = f"Housekeeping saw somebody in room {number}.", "Look first, or take"
    elif chosen.occupied:
        fact, reason = f"Somebody is still in room {number}.", "Check that party out, or take"
    else:
        fact, reason = (
            f"Room {number} {_IS[chosen.room.condition]}.",
            "Let the party wait in the queue, or take",
        )
    if instead is not None:
        address = _here("checkin.check_in", reservation, room=instead.room.id)
        return Block(fact, f"{reason} another", f"Take {instead.room.number}", address)
    if chosen.occupied and at_hand.occupant is not None and exists("check_out.check_out"):
        address = url_for("check_out.check_out", reservation_id=at_hand.occupant.reservation_id)
        return Block(fact, f"{reason} another", f"Check out {number}", address)
    address = url_for("rooms.room", room_id=chosen.room.id)
    return Block(fact, f"{reason} another type", f"Open room {number}", address)


def _here(endpoint: str, reservation: Reservation, **asked: object) -> str:
    return url_for(endpoint, reservation_id=reservation.id, **asked)  # type: ignore[arg-type]
