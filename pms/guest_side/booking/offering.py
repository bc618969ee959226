"""Offering: what everybody can book of a stay, in a guest's words, and what is open nearby."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.guest_side.booking.desk import Counter
from pms.hotel.rooms import offers
from pms.hotel.rooms.quotes import Quote
from pms.hotel.stays import web_bookings
from pms.hotel.stays.reservations import Guarantee
from pms.hotel.stays.web_bookings import Asked
from pms.hotel.tariff.taxes import Tax
from pms.web.letters import agreeing

AS_FAR = 14  # days sooner or later
NEAREST = 3
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
class Near:
    """Other days of the same length on which something is free, from a total on."""

    arrival: date
    departure: date
    total: Money


@dataclass(frozen=True, slots=True)
class TaxShare:
    """One tax of a stay; `inside` says that the price had it already."""

    name: str
    amount: Money
    inside: bool


def rooms(session: Session, at: Counter, asked: Asked) -> list[Room]:
    """Return what can be booked of a stay, plain to best; what is closed isn't shown."""
    found = web_bookings.offered(session, at.hotel, at.shop, asked, pays_online=at.pays_online)
    made = []
    for kind, quotes in groupby(found, lambda each: each.room_type):
        of_type = sorted(quotes, key=lambda each: each.total.minor)
        made.append(
            Room(
                code=kind.code,
                name=at.t.name(kind.name),
                words=at.t.name(at.shop.types[kind.type_id]),
                sleeps=kind.sleeps,
                left=kind.rooms if kind.rooms <= FEW else None,
                choices=tuple(choice(at, each, asked) for each in of_type),
            )
        )
    return made


def plans(found: Iterable[Room]) -> list[Choice]:
    """Return each plan once, by its cheapest choice: what is agreed is the same in every type."""
    once: dict[int, Choice] = {}
    for each in sorted((each for room in found for each in room.choices), key=_by_total):
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


def taxes(session: Session, at: Counter, quote: Quote) -> list[TaxShare]:
    """Return the taxes of an offer over all its nights, by name."""
    hotel = at.hotel
    sums: dict[tuple[str, bool], Money] = {}
    for night in quote.nights:
        for line in night.taxed.taxes:
            key = (line.rule.code, line.rule.inclusive)
            sums[key] = sums.get(key, Money.zero(hotel.currency)) + line.amount
    rows = session.execute(sa.select(Tax.code, Tax.name).where(Tax.hotel_id == hotel.id))
    names: dict[str, str] = {row.code: at.t.name(row.name) for row in rows}
    return [TaxShare(names[code], amount, inside) for (code, inside), amount in sums.items()]


def nearest(session: Session, at: Counter, asked: Asked) -> list[Near]:
    """Return the nearest other days on which everybody can book something, at most three."""
    public = at.codes(session)
    found: list[Near] = []
    for shift in _shifts():
        arrival, departure = asked.arrival + shift, asked.departure + shift
        if arrival < at.hotel.business_date:
            continue
        cheapest = _cheapest(session, at, asked, (arrival, departure), public)
        if cheapest is not None:
            found.append(Near(arrival, departure, Money(cheapest, at.hotel.currency)))
        if len(found) == NEAREST:
            break
    return sorted(found, key=lambda each: each.arrival)


def _shifts() -> Iterable[timedelta]:
    """Yield how far to look: a day later, a day sooner, two days later, and so on."""
    for days in range(1, AS_FAR + 1):
        yield timedelta(days=days)
        yield timedelta(days=-days)


def _cheapest(
    session: Session,
    at: Counter,
    asked: Asked,
    days: tuple[date, date],
    public: tuple[set[str], set[str]],
) -> int | None:
    """Return the least total of a stay in minor units, or None where nothing is to be had."""
    try:
        found = offers.offered(
            session,
            at.hotel,
            *days,
            adults=asked.adults,
            children=len(asked.ages),
            ages=asked.ages,
        )
    except Refusal:
        return None
    types, plans = public
    totals = [
        minor
        for kind in found.types
        if kind.rooms and kind.room_type in types
        for plan, minor in kind.totals
        if plan in plans
        and web_bookings.guarantee_for(
            found.terms[plan][1] if plan in found.terms else None,
            arrival=days[0],
            today=at.hotel.business_date,
            pays_online=at.pays_online,
        )
        is not None
    ]
    return min(totals, default=None)
