"""Choosing: what is free for each room of a booking, counted over all of them, and what it sums to.

Rooms are chosen one after the other on one page. What one took, the others aren't offered; nor is
what would leave one of them without a room.
"""

from collections import Counter as Tally
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from pms.base import dates
from pms.base.money import Money, total
from pms.base.refusal import Refusal
from pms.guest_side.booking import offering, sharing_out
from pms.guest_side.booking.desk import Counter
from pms.guest_side.booking.forms import Pick, prefix
from pms.guest_side.booking.offering import Choice, Room
from pms.hotel.rooms import inventory
from pms.hotel.rooms.quotes import Quote
from pms.hotel.stays import web_bookings
from pms.hotel.stays.web_bookings import Asked


@dataclass(frozen=True, slots=True)
class Place:
    """One room of the booking: who sleeps there, and what was chosen, or is offered, for it.

    `least` is what the cheapest costs, of one that is chosen later.
    """

    no: int
    asked: Asked
    chosen: Choice | None
    offers: tuple[Room, ...]
    least: Money | None


@dataclass(frozen=True, slots=True)
class Choosing:
    """All rooms of a booking; `gone` says that something chosen before isn't free any more."""

    places: tuple[Place, ...]
    gone: bool
    currency: str

    @property
    def choices(self) -> list[Choice]:
        """What is chosen so far, in the rooms' order."""
        return [each.chosen for each in self.places if each.chosen is not None]

    @property
    def is_complete(self) -> bool:
        """Whether every room is chosen."""
        return len(self.choices) == len(self.places)

    @property
    def total(self) -> Money:
        """What the rooms chosen so far come to, taxes included."""
        return whole(self.choices, self.currency)

    def next_after(self, no: int) -> str:
        """Return where on the page to go on once a room is chosen: the next, or the sum."""
        later = (place.no for place in self.places if place.chosen is None and place.no != no)
        following = next(later, None)
        return f"room-{following}" if following else "sum"

    @property
    def picks(self) -> list[Pick]:
        """The codes of what is chosen, room by room."""
        return [pick_of(each.chosen) for each in self.places]


def whole(choices: Iterable[Choice], currency: str) -> Money:
    """Return what choices come to together, taxes included."""
    return total((each.total for each in choices), currency)


def pick_of(chosen: Choice | None) -> Pick:
    """Return a choice as the codes of its type and plan."""
    return (chosen.quote.room_type.code, chosen.quote.plan.code) if chosen else (None, None)


def address(asked: Sequence[Asked], picks: Sequence[Pick] = ()) -> dict[str, Any]:
    """Return a stay, and what is chosen for its rooms, as an address carries it."""
    said: dict[str, Any] = {
        "arrival": asked[0].arrival.isoformat(),
        "departure": asked[0].departure.isoformat(),
    }
    for no, each in enumerate(asked, start=1):
        mark = prefix(no)
        said[f"{mark}adults"] = each.adults
        said[f"{mark}ages"] = ",".join(map(str, each.ages)) or None
    for no, (kind, plan) in enumerate(picks, start=1):
        mark = prefix(no)
        said |= {f"{mark}type": kind, f"{mark}plan": plan}
    return said


def chosen(
    session: Session, at: Counter, asked: Sequence[Asked], picks: Sequence[Pick]
) -> list[Choice] | None:
    """Return what was chosen for each room as it stands now; None where one isn't to be had."""
    try:
        found = _Offered(session, at, asked).choosing(picks)
    except Refusal:
        return None
    return found.choices if found is not None and found.is_complete else None


def choosing(
    session: Session, at: Counter, asked: Sequence[Asked], picks: Sequence[Pick]
) -> Choosing | None:
    """Return what is chosen and offered for each room; None where they can't all have one.

    Refuses dates that aren't a stay, and nights that aren't open for sale.
    """
    return _Offered(session, at, asked).choosing(picks)


class _Offered:
    """What everybody can book of a stay, for each of its parties; asked once for those alike."""

    def __init__(self, session: Session, at: Counter, asked: Sequence[Asked]) -> None:
        self.at, self.asked = at, asked
        self.quotes = {
            party: web_bookings.offered(
                session, at.hotel, at.shop, party, pays_online=at.pays_online
            )
            for party in set(asked)
        }
        self.free = {
            each.room_type.type_id: each.room_type.rooms
            for found in self.quotes.values()
            for each in found
        }
        self.house: int | None = None
        if len(asked) > 1:
            stay = asked[0]
            last = stay.departure - dates.ONE_DAY
            nights = inventory.house_nights(session, at.hotel, stay.arrival, last)
            self.house = min((night.left for night in nights), default=0)

    def choosing(self, picks: Sequence[Pick]) -> Choosing | None:
        """Keep what was picked as far as it is free for all, and offer the next room its own."""
        kept, taken = self._kept(picks)
        was_picked = sum(1 for pick in picks if pick[0])
        if not self._suits(self._open(kept), taken):
            kept, taken = [None] * len(self.asked), Tally()
            if not self._suits(self._open(kept), taken):
                return None
        gone = sum(1 for each in kept if each) < was_picked
        return Choosing(self._places(kept, taken), gone, self.at.hotel.currency)

    def _kept(self, picks: Sequence[Pick]) -> tuple[list[Quote | None], Tally[int]]:
        kept: list[Quote | None] = []
        taken: Tally[int] = Tally()
        for party, (kind, plan) in zip(self.asked, picks, strict=True):
            quote = web_bookings.find(self.quotes[party], kind or "", plan or "")
            if quote is not None:
                type_id = quote.room_type.type_id
                taken[type_id] += 1
                if taken[type_id] > self.free[type_id]:
                    taken[type_id] -= 1
                    quote = None
            kept.append(quote)
        return kept, taken

    def _open(self, kept: Sequence[Quote | None]) -> list[Asked]:
        return [party for party, quote in zip(self.asked, kept, strict=True) if quote is None]

    def _suits(self, parties: Sequence[Asked], taken: Mapping[int, int]) -> bool:
        """Tell whether all these parties can still have a room, once so many are taken."""
        return self._least(parties, taken) is not None

    def _least(self, parties: Sequence[Asked], taken: Mapping[int, int]) -> int | None:
        free = {kind: left - taken.get(kind, 0) for kind, left in self.free.items()}
        house = None if self.house is None else self.house - sum(taken.values())
        return sharing_out.least([self._prices(party) for party in parties], free, house=house)

    def _prices(self, party: Asked) -> dict[int, int]:
        """Return the least total of each type that a party can book, in minor units."""
        prices: dict[int, int] = {}
        for each in self.quotes[party]:
            kind, minor = each.room_type.type_id, each.total.minor
            prices[kind] = min(minor, prices.get(kind, minor))
        return prices

    def _places(self, kept: Sequence[Quote | None], taken: Tally[int]) -> tuple[Place, ...]:
        first = next((no for no, quote in enumerate(kept) if quote is None), None)
        places = []
        for no, (party, quote) in enumerate(zip(self.asked, kept, strict=True)):
            picked = offering.choice(self.at, quote, party) if quote else None
            offers = self._offers(no, kept, taken) if no == first else ()
            least = None
            if quote is None and no != first and (prices := self._prices(party).values()):
                least = Money(min(prices), self.at.hotel.currency)
            places.append(Place(no + 1, party, picked, offers, least))
        return tuple(places)

    def _offers(
        self, no: int, kept: Sequence[Quote | None], taken: Mapping[int, int]
    ) -> tuple[Room, ...]:
        """Return what a room can be without taking what another one needs."""
        party = self.asked[no]
        others = [each for at, each in enumerate(self.asked) if kept[at] is None and at != no]
        leaves_enough = {
            kind
            for kind in self._prices(party)
            if self._suits(others, {**taken, kind: taken.get(kind, 0) + 1})
        }
        quotes = [each for each in self.quotes[party] if each.room_type.type_id in leaves_enough]
        return tuple(offering.by_type(self.at, quotes, party, taken=taken))
