"""Agreeing: a booking's terms as sentences in the guest's language."""

from datetime import date, datetime
from typing import Protocol

from pms.base import dates
from pms.base.money import Money
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.policies import Amount, By, Terms
from pms.hotel.rooms.pricing import POINTS


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
    tongue: Speaks, hotel: Hotel, terms: Terms, *, arrival: date, booked_on: date
) -> list[str]:
    """Return what was agreed, one sentence each: cancelling, not coming, deposit."""
    said = []
    until = terms.free_until(arrival, hotel.time_zone)
    if not terms.cancel:
        said.append(tongue.say("terms_free"))
    elif until is None or dates.local(until, hotel.time_zone).date() < booked_on:
        said.append(tongue.say("terms_always", what=_what(tongue, hotel, terms.cancel)))
    else:
        wall = dates.local(until, hotel.time_zone)
        said.append(
            tongue.say("terms_free_until", day=tongue.day(wall.date()), hour=tongue.hour(wall))
        )
        said.append(tongue.say("terms_after", what=_what(tongue, hotel, terms.cancel)))
    if terms.no_show:
        said.append(tongue.say("terms_no_show", what=_what(tongue, hotel, terms.no_show)))
    due = terms.deposit_due(booked_on, arrival)
    if due is not None:
        what = _what(tongue, hotel, terms.deposit)
        if terms.deposit_days is None:
            said.append(tongue.say("terms_deposit_now", what=what))
        else:
            said.append(tongue.say("terms_deposit_by", what=what, day=tongue.day(due)))
    return said


def _what(tongue: Speaks, hotel: Hotel, amount: Amount) -> str:
    if amount.by is By.NIGHTS:
        return tongue.say("terms_night" if amount.value == 1 else "terms_nights", n=amount.value)
    if amount.by is By.PERCENT and amount.value == POINTS:
        return tongue.say("terms_all")
    if amount.by is By.PERCENT:
        whole, rest = divmod(amount.value, 100)
        share = f"{whole}{f'.{rest:02}'.rstrip('0') if rest else ''}"
        return tongue.say("terms_percent", n=share)
    return tongue.money(Money(amount.value, hotel.currency))
