"""Offering: what everybody can book of a stay, in a guest's words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.money import Money
from pms.guest_side.booking.desk import Counter
from pms.hotel.rooms.quotes import Quote
from pms.hotel.stays import web_bookings
from pms.hotel.stays.reservations import Guarantee
from pms.hotel.stays.web_bookings import Asked
from pms.hotel.tariff.taxes import Tax
from pms.web.letters import agreeing

FEW = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """A plan of a type: its name and words, what it costs, and what is agreed with it."""

    quote: Quote
    name: str
    words: str
    terms: tuple[str, ...]

    @property
    def total(self) -> Money:
        """What the guest pays, all taxes included."""
        return self.quote.total


@dataclass(frozen=True, slots=True)
class Room:
    """A type with what it can be booked as, the cheapest first; `left` is said when few are."""

    code: str
    name: str
    words: str
    sleeps: int
    left: int | None
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class TaxShare:
    """One tax of a stay; `inside` says that the price had it already."""

    name: str
    amount: Money
    inside: bool


def by_type(
    at: Counter, found: Iterable[Quote], asked: Asked, *, taken: Mapping[int, int] | None = None
) -> list[Room]:
    """Return offers type by type; so many of each (by its id) are `taken` by rooms chosen before.

    Types of which none is left aren't returned.
    """
    made = []
    for kind, quotes in groupby(found, lambda each: each.room_type):
        left = kind.rooms - (taken or {}).get(kind.type_id, 0)
        if left <= 0:
            continue
        of_type = sorted(quotes, key=lambda each: each.total.minor)
        made.append(
            Room(
                code=kind.code,
                name=at.t.name(kind.name),
                words=at.t.name(at.shop.types[kind.type_id]),
                sleeps=kind.sleeps,
                left=left if left <= FEW else None,
                choices=tuple(choice(at, each, asked) for each in of_type),
            )
        )
    return made


def choices_of(found: Iterable[Room]) -> list[Choice]:
    """Return all that types can be booked as."""
    return [each for room in found for each in room.choices]


def plans(choices: Iterable[Choice]) -> list[Choice]:
    """Return each plan once, by its cheapest choice: what is agreed is the same in every type."""
    once: dict[int, Choice] = {}
    for each in sorted(choices, key=_by_total):
        once.setdefault(each.quote.plan.id, each)
    return list(once.values())


def _by_total(each: Choice) -> int:
    return each.total.minor


def choice(at: Counter, quote: Quote, asked: Asked) -> Choice:
    """Return an offer in a guest's words."""
    plan = quote.plan
    about = at.t.name(at.shop.plans[plan.id])
    agreed = tuple(terms(at, quote, asked))
    return Choice(quote, at.t.name(plan.name), about, agreed)


def terms(at: Counter, quote: Quote, asked: Asked) -> list[str]:
    """Return what is agreed with an offer, one sentence each."""
    hotel, now = at.hotel, clock.now()
    if quote.terms is None:
        return agreeing.unsure(at.t, hotel, arrival=asked.arrival, promised_at=now)
    return agreeing.sentences(
        at.t, hotel, quote.terms, arrival=asked.arrival, booked_on=hotel.business_date,
        promised_at=now, is_sure=guarantees(at, quote, asked),
    )  # fmt: skip


def _pays_now(at: Counter, quote: Quote, asked: Asked) -> bool:
    """Tell whether a deposit is to be paid as an offer is booked."""
    today = at.hotel.business_date
    due = quote.terms.deposit_due(today, asked.arrival) if quote.terms and at.pays_online else None
    return due is not None and due <= today


def guarantees(at: Counter, quote: Quote, asked: Asked) -> bool:
    """Tell whether who books an offer guarantees to come."""
    given = web_bookings.guarantee_for(
        quote.terms, arrival=asked.arrival, today=at.hotel.business_date,
        pays_online=at.pays_online,
    )  # fmt: skip
    return given not in {None, Guarantee.NONE} or _pays_now(at, quote, asked)


def taxes(session: Session, at: Counter, quotes: Iterable[Quote]) -> list[list[TaxShare]]:
    """Return of each offer its taxes over all its nights, by name: one question."""
    rows = session.execute(sa.select(Tax.code, Tax.name).where(Tax.hotel_id == at.hotel.id))
    names: dict[str, str] = {row.code: at.t.name(row.name) for row in rows}
    return [_taxes(quote, names) for quote in quotes]


def _taxes(quote: Quote, names: Mapping[str, str]) -> list[TaxShare]:
    sums: dict[tuple[str, bool], Money] = {}
    for night in quote.nights:
        for line in night.taxed.taxes:
            key = (line.rule.code, line.rule.inclusive)
            sums[key] = sums.get(key, Money.zero(quote.currency)) + line.amount
    return [TaxShare(names[code], amount, inside) for (code, inside), amount in sums.items()]
