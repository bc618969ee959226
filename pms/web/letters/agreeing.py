"""Agreeing: a booking's terms as sentences in the guest's language."""

from datetime import date, datetime
from typing import Protocol

from pms.base import dates
from pms.base.money import Money
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.policies import Amount, By, Terms
from pms.hotel.rooms.pricing import POINTS
from pms.hotel.stays.reservations import kept_until


class Speaks(Protocol):
    """What says phrases, days and amounts in one language."""

    def say(self, key: str, **values: object) -> str:
        """Return a phrase."""

    def day(self, value: date) -> str:
        """Write a day."""

    def hour(self, value: datetime) -> str:
        """Write an hour."""

    def money(self, value: Money) -> str:
        """Write an amount."""


def sentences(
    tongue: Speaks,
    hotel: Hotel,
    terms: Terms,
    *,
    arrival: date,
    booked_on: date,
    promised_at: datetime,
    is_sure: bool,
) -> list[str]:
    """Return what was agreed, one sentence each: cancelling, not coming, deposit.

    Who doesn't make the hotel sure (`is_sure`) pays neither fee, until the deposit that is asked
    for is paid. What was past when it was promised isn't promised.
    """
    said = [] if is_sure else unsure(tongue, hotel, arrival=arrival, promised_at=promised_at)
    fees = _fees(tongue, hotel, terms, arrival=arrival, promised_at=promised_at)
    if is_sure:
        said += fees
    elif terms.deposit and (terms.cancel or terms.no_show):
        said += [tongue.say("terms_once_paid"), *fees]
    due = terms.deposit_due(booked_on, arrival)
    if due is not None:
        part = what(tongue, hotel, terms.deposit)
        if terms.deposit_days is None:
            said.append(tongue.say("terms_deposit_now", what=part))
        else:
            said.append(tongue.say("terms_deposit_by", what=part, day=tongue.day(due)))
    return said


def unsure(tongue: Speaks, hotel: Hotel, *, arrival: date, promised_at: datetime) -> list[str]:
    """Return what is agreed with who guarantees nothing: no fee, a room kept so long."""
    until = kept_until(hotel, arrival, promised_at)
    if until is None:
        return [tongue.say("terms_free"), tongue.say("terms_kept_all_night")]
    hour = tongue.hour(dates.local(until, hotel.time_zone))
    return [tongue.say("terms_free"), tongue.say("terms_kept_until", hour=hour)]


def _fees(
    tongue: Speaks, hotel: Hotel, terms: Terms, *, arrival: date, promised_at: datetime
) -> list[str]:
    said = []
    until = terms.free_until(arrival, hotel.time_zone)
    if not terms.cancel:
        said.append(tongue.say("terms_free"))
    elif until is not None and until <= promised_at:
        said.append(tongue.say("terms_no_longer", what=what(tongue, hotel, terms.cancel)))
    elif until is None:
        said.append(tongue.say("terms_always", what=what(tongue, hotel, terms.cancel)))
    else:
        wall = dates.local(until, hotel.time_zone)
        said.append(
            tongue.say("terms_free_until", day=tongue.day(wall.date()), hour=tongue.hour(wall))
        )
        said.append(tongue.say("terms_after", what=what(tongue, hotel, terms.cancel)))
    if terms.no_show:
        said.append(tongue.say("terms_no_show", what=what(tongue, hotel, terms.no_show)))
    return said


def what(tongue: Speaks, hotel: Hotel, amount: Amount) -> str:
    """Return how much a fee or a deposit is, before it is reckoned: `50 % of the stay`."""
    if amount.by is By.NIGHTS:
        return tongue.say("terms_night" if amount.value == 1 else "terms_nights", n=amount.value)
    if amount.by is By.PERCENT and amount.value == POINTS:
        return tongue.say("terms_all")
    if amount.by is By.PERCENT:
        whole, rest = divmod(amount.value, 100)
        share = f"{whole}{f'.{rest:02}'.rstrip('0') if rest else ''}"
        return tongue.say("terms_percent", n=share)
    return tongue.money(Money(amount.value, hotel.currency))
