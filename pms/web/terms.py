"""Terms: what is agreed with a booking, as an agent reads it out before it is made."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from pms.base import clock, dates
from pms.base.money import Money
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.policies import Amount, Asks, By, Terms
from pms.hotel.rooms.pricing import POINTS
from pms.hotel.stays.reservations import kept_until
from pms.web.filters import day, money, plural

GUARANTEE = {
    Asks.NONE: "none asked for",
    Asks.ANY: "card, deposit or company",
    Asks.CARD: "card",
    Asks.DEPOSIT: "deposit",
    Asks.COMPANY: "company",
}


class Nightly(Protocol):
    """A night of a stay: what deposits are of, and what fees are of."""

    @property
    def room(self) -> Money:
        """What the guest pays for the room."""

    @property
    def for_fees(self) -> Money:
        """What is left of it without what is due of who sleeps here."""


def facts(
    hotel: Hotel,
    terms: Terms | None,
    *,
    arrival: date,
    booked_on: date,
    nights: Sequence[Nightly],
    is_sure: bool | None = None,
    promised_at: datetime | None = None,
) -> list[tuple[str, str]]:
    """Return what is agreed, as label and words; deposits and fees are of the `nights`.

    Who doesn't make the hotel sure (`is_sure`) pays neither fee; None: it isn't known yet. What is
    shown before it is booked was not `promised_at` any moment before now.
    """
    if terms is None:
        return []
    currency = hotel.currency
    kept = kept_until(hotel, arrival, promised_at or clock.now())
    until_hour = f"until {hotel.release_at:%H:%M}" if kept else "all night"
    if is_sure is False:
        said = [("Cancelling", "free, nothing guarantees it")]
        said.append(("Not coming", f"nothing, the room is kept {until_hour}"))
    else:
        said = _fees(hotel, terms, arrival, [night.for_fees for night in nights])
        if is_sure is None and (terms.cancel or terms.no_show):
            said.append(("Not guaranteed", f"neither fee, kept {until_hour}"))
    due = terms.deposit_due(booked_on, arrival)
    if due is None:
        said.append(("Deposit", "none"))
    else:
        asked = money(terms.deposit.of([night.room for night in nights], currency))
        when = "at booking" if due <= booked_on else f"by {day(due)}"
        said.append(("Deposit", f"{asked} {when}"))
    said.append(("Guarantee", GUARANTEE[terms.asks]))
    return said


def _fees(
    hotel: Hotel, terms: Terms, arrival: date, fees_of: Sequence[Money]
) -> list[tuple[str, str]]:
    """Return what cancelling costs, from when, and not coming."""
    currency, said = hotel.currency, []
    if not terms.cancel:
        said.append(("Cancelling", "free at any time"))
    elif (until := terms.free_until(arrival, hotel.time_zone)) is None:
        said.append(("Cancelling", f"never free: {amount(terms.cancel, fees_of, currency)}"))
    elif clock.now() > until:
        said.append(("Cancelling", f"no longer free: {amount(terms.cancel, fees_of, currency)}"))
    else:
        said.append(("Cancel free until", moment(hotel, terms, arrival)))
        said.append(("After that", amount(terms.cancel, fees_of, currency)))
    said.append(("Not coming", amount(terms.no_show, fees_of, currency)))
    return said


def moment(hotel: Hotel, terms: Terms, arrival: date) -> str:
    """Write until when it is free: by the hotel's clock, `today 18:00`."""
    until = terms.free_until(arrival, hotel.time_zone)
    if until is None:
        return "never"
    wall = dates.local(until, hotel.time_zone)
    on = "today" if wall.date() == hotel.business_date else day(wall.date())
    return f"{on} {wall:%H:%M}"


def amount(of: Amount, nights: Sequence[Money], currency: str) -> str:
    """Write a fee: how it is reckoned, and what that is: `1 night, €172.00`."""
    if not of:
        return "nothing"
    worth = money(of.of(nights, currency))
    if of.by is By.NIGHTS:
        return f"{plural(of.value, 'night')}, {worth}"
    if of.by is By.PERCENT and of.value == POINTS:
        return f"the whole stay, {worth}"
    if of.by is By.PERCENT:
        return f"{percent(of.value)}, {worth}"
    return worth


def read_out(terms: Terms, currency: str) -> list[tuple[str, str]]:
    """Return a policy's terms before anybody books under them."""
    said = []
    if terms.cancel_days is None or not terms.cancel:
        said.append(("Cancelling", f"always {_bare(terms.cancel, currency)}"))
    else:
        said.append(("Free to cancel", short(terms).removeprefix("Free ")))
        said.append(("After that", _bare(terms.cancel, currency)))
    said.append(("Not coming", _bare(terms.no_show, currency)))
    deposit = _bare(terms.deposit, currency)
    if terms.deposit and terms.deposit_days is not None:
        deposit += f", {plural(terms.deposit_days, 'day')} before arrival"
    elif terms.deposit:
        deposit += ", at booking"
    said.append(("Deposit", deposit))
    said.append(("Guarantee", GUARANTEE[terms.asks]))
    return said


def _bare(of: Amount, currency: str) -> str:
    if of.by is By.NIGHTS:
        return "the first night" if of.value == 1 else f"the first {of.value} nights"
    if of.by is By.PERCENT:
        return "the whole stay" if of.value == POINTS else f"{percent(of.value)} of the stay"
    return money(Money(of.value, currency)) if of.by is By.AMOUNT else "nothing"


def percent(points: int) -> str:
    """Write hundredths of a percent: `80 %`, `12.5 %`."""
    whole, rest = divmod(points, 100)
    return f"{whole}{f'.{rest:02}'.rstrip('0') if rest else ''} %"


def short(terms: Terms | None) -> str:
    """Say a policy in a few words, for the head of a column."""
    if terms is None:
        return ""
    if not terms.cancel:
        return "Free to cancel"
    if terms.cancel_days is None:
        return "No refund" if terms.cancel == Amount(By.PERCENT, POINTS) else "Never free to cancel"
    hour = f"{terms.cancel_at:%H:%M}"
    if terms.cancel_days == 0:
        return f"Free until {hour} on the day"
    return f"Free until {hour}, {plural(terms.cancel_days, 'day')} before"
