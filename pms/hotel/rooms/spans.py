"""Spans: some weeks read once, for who looks at one stay after the other among their nights."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from pms.base import dates
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import inventory, offers, prices, restrictions
from pms.hotel.rooms.inventory import Available, BeyondHorizon, TypeLeft
from pms.hotel.rooms.offers import Offers
from pms.hotel.rooms.pricing import Party
from pms.hotel.rooms.restrictions import Standing


class Span:
    """What can be sold from a first night to a last departure, and what it costs.

    Says of each stay within what `offers.offered` says of it, and asks nothing more, however many
    stays and parties it is asked about.
    """

    def __init__(self, session: Session, hotel: Hotel, first: date, departure: date) -> None:
        last = departure - dates.ONE_DAY
        self.today = hotel.business_date
        self.read = prices.read(session, hotel, first, last, restricted_until=departure)
        self.prices: dict[date, list[Any]] = defaultdict(list)
        for row in self.read.rows:
            self.prices[row[2]].append(row)
        self.restricted: tuple[Any, ...] = ()
        if self.read.restricted:
            self.restricted = restrictions.of_stay(session, hotel, first, departure).rows
        self.left: dict[int, dict[date, TypeLeft]] = {}
        for each in inventory.nights_left(session, hotel, first, last):
            self.left.setdefault(each.kind.type_id, {})[each.night] = each

    def house_left(self, arrival: date, departure: date) -> int:
        """Return how many rooms the house can take for every night of a stay, of all types."""
        nights = dates.nights(arrival, departure)
        left = [
            of_type[night].house
            for of_type in self.left.values()
            for night in nights
            if night in of_type
        ]
        return min(left, default=0)

    def offered(self, arrival: date, departure: date, parties: Sequence[Party]) -> list[Offers]:
        """Return what each type can still sell to each party, and its plans by code.

        Refuses nights that aren't open for sale.
        """
        nights = list(dates.nights(arrival, departure))
        available = self._available(nights)
        read = replace(
            self.read,
            rows=[row for night in nights for row in self.prices.get(night, ())],
            acts=tuple(each for each in self.read.acts if arrival <= each.night < departure),
        )
        rows = tuple(row for row in self.restricted if arrival <= row[0] <= departure)
        standing = Standing(arrival, departure, self.today, rows)
        return [
            offers.of_types(
                available, offers.totals_under(read, standing, party, None), read.sheet, party
            )
            for party in parties
        ]

    def _available(self, nights: Sequence[date]) -> list[Available]:
        """Return what each type can sell on all of these nights."""
        found = []
        for of_type in self.left.values():
            stay = [of_type[night].kind for night in nights if night in of_type]
            if stay and len(stay) < len(nights):
                raise BeyondHorizon(nights[-1])
            if stay:
                found.append(min(stay, key=lambda kind: kind.rooms))
        if not found:
            raise BeyondHorizon(nights[-1])
        return found
