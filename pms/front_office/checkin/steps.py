"""Steps: what a check-in is made of, and how far this one is."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from pms.base.money import Money
from pms.front_office.checkin.choices import Choice
from pms.hotel.stays.reservations import Collects, Guarantee, Reservation
from pms.web.filters import day, moment, money
from pms.web.menu import exists


@dataclass(frozen=True, slots=True)
class Step:
    """One step: done, now or next, and where it is done."""

    word: str
    says: str
    icon: str
    done: bool
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What the party has shown: so many documents, of so many guests, and a signature."""

    documents: int
    guests: int
    signed: bool


def steps(
    reservation: Reservation,
    chosen: Choice | None,
    deposit: Money,
    shown: Shown,
    covered: tuple[Money, datetime | None],
) -> list[Step]:
    """Return the steps of a check-in in the order they are taken at the desk."""
    return [
        _guest(reservation),
        _documents(reservation, shown),
        _room(chosen),
        _guarantee(reservation, deposit, covered),
        _card(reservation, shown),
        Step("Key", f"Until {day(reservation.departure)}", "key", done=False, address="#key"),
    ]


def _guest(reservation: Reservation) -> Step:
    guest = reservation.guest
    known = guest.email or guest.phone
    address = url_for("guests.guest", guest_id=guest.id) if exists("guests.guest") else None
    return Step("Guest", known or "No mail and no phone yet", "user", bool(known), address)


def _documents(reservation: Reservation, shown: Shown) -> Step:
    says = f"{shown.documents} of {shown.guests} seen"
    address = url_for("checkin.party", reservation_id=reservation.id)
    return Step("Documents", says, "users", shown.documents >= shown.guests, address)


def _card(reservation: Reservation, shown: Shown) -> Step:
    address = url_for("checkin.card", reservation_id=reservation.id)
    says = "Signed" if shown.signed else "Not signed yet"
    return Step("Registration card", says, "file-text", shown.signed, address)


def _room(chosen: Choice | None) -> Step:
    if chosen is None:
        return Step("Room", "Not chosen", "bed", done=False, address="#room")
    says = f"{chosen.room.number}, {chosen.says[2].lower()}"
    return Step("Room", says, "bed", chosen.ready, "#room")


def _guarantee(
    reservation: Reservation, deposit: Money, covered: tuple[Money, datetime | None]
) -> Step:
    """Say what makes the house sure; a hold past its last day isn't among it."""
    if deposit:
        says, sure = f"Deposit of {money(deposit)}", True
    elif covered[0]:
        says, sure = f"{money(covered[0])} held on a card until {moment(covered[1])}", True
    elif reservation.collects is Collects.CHANNEL:
        says, sure = f"{reservation.channel} takes the money", True
    elif reservation.guarantee is Guarantee.NONE:
        says, sure = "None: ask for a card", False
    else:
        says, sure = f"By {reservation.guarantee.value}", True
    return Step("Guarantee", says, "credit-card", sure, "#money")
