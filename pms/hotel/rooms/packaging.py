"""Packaging without a database: what meals and extras cost a party, and on which nights.

A package that is included is carved out of the night's price: the guest pays no more, the revenue
is another department's. One that is added comes on top. The night's own price is never exceeded:
what is carved out of it ends where it does.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pms.base import dates
from pms.hotel.rooms.pricing import Party

EVERY_DAY = 0b1111111  # Monday is the lowest bit
MEALS = ("breakfast", "lunch", "dinner")  # the lowest bit is the first
EVERY_MEAL = 0b111


class Per(enum.StrEnum):
    """Whom a price is for: each person (children by age), the room, or each reservation in it."""

    PERSON = "person"
    ROOM = "room"
    FIXED = "fixed"


class Rhythm(enum.StrEnum):
    """On which nights of the stay it is posted."""

    EVERY_NIGHT = "every_night"
    ARRIVAL_NIGHT = "arrival_night"
    LAST_NIGHT = "last_night"
    ALL_BUT_FIRST = "all_but_first"
    ALL_BUT_LAST = "all_but_last"
    WEEKDAYS = "weekdays"
    ONCE = "once"


class Span(enum.StrEnum):
    """How long an allowance holds: the day it falls on, or from that day to the end of the stay."""

    DAY = "day"
    STAY = "stay"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What may be consumed against a package for each unit its price is for, in minor units."""

    span: Span
    amount: int


@dataclass(frozen=True, slots=True)
class Element:
    """A package as a plan or a party has it; amounts in minor units.

    `children` are prices up to an age, in order; `children_price` is what a party's children come
    to, where that was kept. With a `plan_id` it belongs to that plan's nights only; it falls on no
    night before `first`, and on none from `taken_off_on`.
    """

    package_id: int
    code: str
    name: str
    charge_code_id: int
    tax_class_id: int | None
    per: Per
    price: int
    rhythm: Rhythm
    weekdays: int = EVERY_DAY
    meals: int = 0
    included: bool = False
    quantity: int = 1
    children: tuple[tuple[int, int], ...] = ()
    children_price: int | None = None
    plan_id: int | None = None
    first: date | None = None
    taken_off_on: date | None = None
    allowance: Allowance | None = None

    def falls_on(self, night: date, arrival: date, departure: date) -> bool:
        """Tell whether it is posted that night of a stay [arrival, departure)."""
        if night < (self.first or arrival) or night >= (self.taken_off_on or departure):
            return False
        last = departure - dates.ONE_DAY
        return {
            Rhythm.EVERY_NIGHT: True,
            Rhythm.ARRIVAL_NIGHT: night == arrival,
            Rhythm.LAST_NIGHT: night == last,
            Rhythm.ALL_BUT_FIRST: night != arrival,
            Rhythm.ALL_BUT_LAST: night != last,
            Rhythm.WEEKDAYS: bool(self.weekdays & (1 << night.weekday())),
            Rhythm.ONCE: night == (self.first or arrival),
        }[self.rhythm]

    def of_children(self, party: Party) -> int:
        """Return what a party's children cost.

        Where nothing is said of children they pay as adults. One older than the oldest age listed
        pays as an adult; one whose age isn't known, as the oldest child.
        """
        if not self.children:
            return self.price * party.children
        found = [
            next((amount for upto, amount in self.children if age <= upto), self.price)
            for age in party.ages
        ]
        unknown = max(0, party.children - len(party.ages))
        return sum(found) + unknown * self.children[-1][1]

    def costs(self, party: Party) -> int:
        """Return what it costs a party a night it falls on."""
        if self.per is not Per.PERSON:
            return self.quantity * self.price
        return self.quantity * (self.price * party.adults + self._children(party))

    def allows(self, party: Party) -> int:
        """Return what a party may consume against it each time it falls; children what they pay."""
        if self.allowance is None:
            return 0
        each = self.allowance.amount
        if self.per is not Per.PERSON:
            return self.quantity * each
        return self.quantity * (each * party.adults + self._children(party))

    def _children(self, party: Party) -> int:
        kept = self.children_price
        return self.of_children(party) if kept is None else kept


@dataclass(frozen=True, slots=True)
class Share:
    """What one package takes of a night, or adds to it."""

    element: Element
    amount: int


def of_night(
    elements: Sequence[Element],
    price: int,
    party: Party,
    *,
    night: date,
    arrival: date,
    departure: date,
) -> tuple[Share, ...]:
    """Return what falls on a night at that price; what is included takes no more than there is."""
    if not elements or arrival == departure:
        return ()  # packages are of nights: a day's use has none
    left, shares = max(price, 0), []
    for each in elements:
        if not each.falls_on(night, arrival, departure):
            continue
        amount = each.costs(party)
        if each.included:
            amount = min(amount, left)
            left -= amount
        shares.append(Share(each, amount))
    return tuple(shares)


def slices(
    shares: Sequence[Share], price: int, tax_class_id: int | None
) -> list[tuple[int, int | None]]:
    """Return a night as (amount, tax class): the room less what is carved out, then each share.

    A share of nothing is no charge, so it bears no tax either.
    """
    carved = sum(share.amount for share in shares if share.element.included)
    return [
        (price - carved, tax_class_id),
        *((share.amount, share.element.tax_class_id) for share in shares if share.amount),
    ]
