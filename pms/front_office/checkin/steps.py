"""Steps: what a check-in is made of, and how far this one is."""

from dataclasses import dataclass

from flask import url_for

from pms.base.money import Money
from pms.front_office.checkin.choices import Choice
from pms.hotel.stays.reservations import Collects, Guarantee, Reservation
from pms.web.filters import day, money
from pms.web.menu import exists


@dataclass(frozen=True, slots=True)
class Step:
    """One step: done, now or next, and where it is done."""

    word: str
    says: str
    icon: str
    done: bool
    address: str | None = None


def steps(reservation: Reservation, chosen: Choice | None, deposit: Money) -> list[Step]:
    """Return the steps of a check-in in the order they are taken at the desk."""
    return [
        _guest(reservation),
        _room(chosen),
        _guarantee(reservation, deposit),
        Step("Key", f"Until {day(reservation.departure)}", "key", done=False, address="#key"),
    ]


def _guest(reservation: Reservation) -> Step:
    guest = reservation.guest
    known = guest.email or guest.phone
    address = url_for("guests.guest", guest_id=guest.id) if exists("guests.guest") else None
    return Step("Guest", known or "No mail and no phone yet", "user", bool(known), address)


def _room(chosen: Choice | None) -> Step:
    if chosen is None:
        return Step("Room", "Not chosen", "bed", done=False, address="#room")
    says = f"{chosen.room.number}, {chosen.says[2].lower()}"
    return Step("Room", says, "bed", chosen.ready, "#room")


def _guarantee(reservation: Reservation, deposit: Money) -> Step:
    if deposit:
        says, sure = f"Deposit of {money(deposit)}", True
    elif reservation.collects is Collects.CHANNEL:
        says, sure = f"{reservation.channel} takes the money", True
    elif reservation.guarantee is Guarantee.NONE:
        says, sure = "None: ask for a card", False
    else:
        says, sure = f"By {reservation.guarantee.value}", True
    return Step("Guarantee", says, "credit-card", sure, "#money")
