"""Nearby: other days on which everybody can have a room, where nothing is free."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.guest_side.booking import sharing_out
from pms.guest_side.booking.desk import Counter
from pms.hotel.rooms.offers import Offers
from pms.hotel.rooms.pricing import Party
from pms.hotel.rooms.spans import Span
from pms.hotel.stays import web_bookings
from pms.hotel.stays.web_bookings import Asked

AS_FAR = 14  # days sooner or later
NEAREST = 3


@dataclass(frozen=True, slots=True)
class Near:
    """Other days of the same length on which something is free, from a total on."""

    arrival: date
    departure: date
    total: Money


def nearest(session: Session, at: Counter, asked: Sequence[Asked]) -> list[Near]:
    """Return the nearest other days on which everybody can book a room, at most three."""
    stay, far = asked[0], timedelta(days=AS_FAR)
    first = max(stay.arrival - far, at.hotel.business_date)
    seeker = _Seeker(session, at, asked, Span(session, at.hotel, first, stay.departure + far))
    found: list[Near] = []
    for shift in _shifts():
        arrival, departure = stay.arrival + shift, stay.departure + shift
        if arrival < at.hotel.business_date:
            continue
        cheapest = seeker.cheapest(arrival, departure)
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


class _Seeker:
    """Who looks at one stay after the other, for the same parties."""

    def __init__(self, session: Session, at: Counter, asked: Sequence[Asked], span: Span) -> None:
        self.at, self.span = at, span
        self.parties = [Party(each.adults, len(each.ages), each.ages) for each in asked]
        self.types, self.plans = at.codes(session)

    def cheapest(self, arrival: date, departure: date) -> int | None:
        """Return the least total of a stay in minor units, or None where it isn't to be had."""
        parties = list(dict.fromkeys(self.parties))
        try:
            offered = dict(
                zip(parties, self.span.offered(arrival, departure, parties), strict=True)
            )
        except Refusal:
            return None
        free = {kind.room_type: kind.rooms for each in offered.values() for kind in each.types
                if kind.rooms}  # fmt: skip
        wanted = [self._prices(offered[party], arrival) for party in self.parties]
        house = self.span.house_left(arrival, departure)
        return sharing_out.least(wanted, free, house=house)

    def _prices(self, found: Offers, arrival: date) -> dict[str, int]:
        """Return the least total of each type that a party can book."""
        prices = {}
        for kind in found.types:
            totals = [
                minor
                for plan, minor in kind.totals
                if plan in self.plans
                and web_bookings.guarantee_for(
                    found.terms[plan][1] if plan in found.terms else None,
                    arrival=arrival,
                    today=self.at.hotel.business_date,
                    pays_online=self.at.pays_online,
                )
                is not None
            ]
            if kind.rooms and kind.room_type in self.types and totals:
                prices[kind.room_type] = min(totals)
        return prices
