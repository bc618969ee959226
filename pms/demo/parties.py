"""Parties of the demo: who books what and when, drawn from one seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from pms.demo.building import Kind, Plan, season
from pms.demo.people import FIRMS, PEOPLE
from pms.hotel.stays.reservations import Guarantee

DAYS_TO_COME = 200
_WEEKDAYS = (1.0, 1.1, 1.15, 1.1, 1.1, 1.0, 0.8)
_SOURCES = (
    ("booking engine", "web", 25),
    ("Roomwise", "channel", 30),
    ("Staywell", "channel", 20),
    ("telephone", "desk", 15),
    ("e-mail", "desk", 10),
)


@dataclass(frozen=True)
class Party:
    """A booking to be, and what becomes of it."""

    booked_on: date
    arrival: date
    nights: int
    kind: str
    plan: str
    adults: int
    children: int
    person: int
    source: str
    channel: str
    reference: str | None
    guarantee: Guarantee
    firm: str | None
    pays: str
    comes: bool
    cancelled_on: date | None
    eta: time | None
    wishes: tuple[str, ...] = field(default=())

    @property
    def departure(self) -> date:
        """The day it leaves."""
        return self.arrival + timedelta(days=self.nights)


def drawn(plan: Plan, rng: random.Random, *, opened: date, today: date) -> list[Party]:
    """Draw every party that has booked by today: past, in house, and to come."""
    parties: list[Party] = []
    for ahead in range((today - opened).days + DAYS_TO_COME):
        arrival = opened + timedelta(days=ahead)
        busy = plan.arrivals_a_day * season(arrival) * _WEEKDAYS[arrival.weekday()]
        count = max(0, round(rng.gauss(busy, busy**0.5 / 2)))
        parties.extend(
            party
            for party in _arriving(plan, rng, arrival, count, opened=opened, today=today)
            if party.booked_on <= today
        )
    return parties


def _arriving(
    plan: Plan, rng: random.Random, arrival: date, count: int, *, opened: date, today: date
) -> Iterator[Party]:
    """Draw who would arrive on a day; most book some weeks ahead, a few months ahead."""
    kinds = [sum(kind.per_floor) for kind in plan.kinds]
    for number in range(count):
        lead = min(int(rng.expovariate(1 / 24)), 190)
        kind = rng.choices(plan.kinds, kinds)[0]
        yield _party(rng, kind, arrival, arrival - timedelta(days=lead), number)


def _party(rng: random.Random, kind: Kind, arrival: date, booked_on: date, number: int) -> Party:
    adults = min(kind.sleeps, rng.choices((1, 2), (35, 65))[0])
    beds_left = kind.sleeps - adults
    children = rng.randint(1, beds_left) if beds_left and rng.random() < 0.45 else 0
    source, channel, _ = rng.choices(_SOURCES, [weight for *_, weight in _SOURCES])[0]
    firm = rng.choice(FIRMS)[0] if channel == "desk" and rng.random() < 0.5 else None
    guarantee = Guarantee.COMPANY if firm else _guarantee(rng)
    cancelled = rng.random() < 0.09 and booked_on < arrival
    days_between = (arrival - booked_on).days
    return Party(
        booked_on=booked_on,
        arrival=arrival,
        nights=rng.choices((1, 2, 3, 4, 5, 7, 10), (22, 27, 22, 12, 8, 7, 2))[0],
        kind=kind.code,
        plan="CORP" if firm else rng.choices(("BAR", "ADV"), (65, 35))[0],
        adults=adults,
        children=children,
        person=rng.randrange(len(PEOPLE)),
        source=source,
        channel=channel,
        reference=f"{source[:2].upper()}{arrival:%y%m%d}{number:03}"
        if channel == "channel"
        else None,
        guarantee=guarantee,
        firm=firm,
        pays="firm" if firm else rng.choices(("card", "cash", "transfer"), (80, 15, 5))[0],
        comes=rng.random() > 0.03,
        cancelled_on=booked_on + timedelta(days=rng.randint(0, days_between))
        if cancelled
        else None,
        eta=time(rng.randint(14, 22), rng.choice((0, 30))) if rng.random() < 0.6 else None,
        wishes=tuple(w for w in ("quiet", "courtyard", "bath") if rng.random() < 0.08),
    )


def _guarantee(rng: random.Random) -> Guarantee:
    ways = (Guarantee.CARD, Guarantee.DEPOSIT, Guarantee.NONE)
    return rng.choices(ways, (70, 15, 15))[0]
