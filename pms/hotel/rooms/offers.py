"""Offers: what can be sold for a stay and what it comes to, for machines that ask all day.

The same totals as `quotes`, without the nights: two questions whatever the number of types,
plans and nights (and a third where a night is restricted), and no objects for rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from pms.base import dates
from pms.base.money import Money
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import inventory, packaging, prices, pricing, restrictions, sheets
from pms.hotel.rooms.inventory import Available
from pms.hotel.rooms.packaging import Share
from pms.hotel.rooms.policies import Terms
from pms.hotel.rooms.pricing import Party
from pms.hotel.rooms.restrictions import Standing
from pms.hotel.rooms.sheets import Sheet
from pms.hotel.tariff import taxes
from pms.hotel.tariff.taxes import NO_LIMITS, Children, Dated, Rules, rules_on


@dataclass(frozen=True, slots=True)
class Offer:
    """A type, how many rooms of it this party could still book, and each plan's total."""

    room_type: str
    rooms: int
    totals: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Offers:
    """What each type can sell, and the name and terms of each plan's policy by its code."""

    types: list[Offer]
    terms: dict[str, tuple[str, Terms]]


@dataclass(frozen=True, slots=True)
class Priced:
    """A night's price in minor units, before taxes on top, of a tax class, for a party.

    `packages` are what is carved out of it, and what is added to it.
    """

    night: date
    price: int
    tax_class_id: int | None
    adults: int
    packages: tuple[Share, ...] = ()
    children: Children = ()

    @property
    def slices(self) -> list[tuple[int, int | None]]:
        """The night as (amount, tax class): the room, then each package."""
        return packaging.slices(self.packages, self.price, self.tax_class_id)


_DayPrice = tuple[date, int, int | None]  # night, price in the calendar, season


def offers(
    session: Session,
    hotel: Hotel,
    arrival: date,
    departure: date,
    *,
    adults: int,
    children: int = 0,
    ages: tuple[int, ...] = (),
    company_id: int | None = None,
) -> list[Offer]:
    """Return the types of `offered`, where nobody asks for the terms."""
    asked = {"adults": adults, "children": children}
    return offered(
        session, hotel, arrival, departure, **asked, ages=ages, company_id=company_id
    ).types


def offered(
    session: Session,
    hotel: Hotel,
    arrival: date,
    departure: date,
    *,
    adults: int,
    children: int = 0,
    ages: tuple[int, ...] = (),
    company_id: int | None = None,
) -> Offers:
    """Return what each type can still sell to a party, plain to best, and its plans by code.

    A type that doesn't sleep the party, has no price for a night, or is restricted in every plan
    can sell none; a negotiated plan is offered to its companies only. Refuses dates that aren't a
    stay, and nights that aren't open for sale.
    """
    available = inventory.availability(session, hotel, arrival, departure)
    party = Party(adults, children, ages)
    totals, sheet = _totals(session, hotel, arrival, departure, party, company_id)
    return of_types(available, totals, sheet, party)


def of_types(
    available: Iterable[Available],
    totals: Mapping[int, list[tuple[str, int]]],
    sheet: Sheet,
    party: Party,
) -> Offers:
    """Return what is free with what it comes to: of types that sleep the party, all others none."""
    found = []
    for kind in available:
        plans = totals.get(kind.type_id, []) if party.adults + party.children <= kind.sleeps else []
        found.append(Offer(kind.code, kind.rooms if plans else 0, plans))
    return Offers(found, sheet.terms_by_code())


def total(session: Session, hotel: Hotel, nights: Iterable[Priced]) -> Money:
    """Return what a guest pays for priced nights, taxes on top included; no nights, nothing."""
    nights = list(nights)
    return total_under(hotel, sheets.current(session, hotel).taxes, nights)


def total_under(hotel: Hotel, dated: Dated, nights: Iterable[Priced]) -> Money:
    """Return the same `total` under rules that were read before."""
    nights = sorted(nights, key=lambda each: each.night)
    minor = 0
    for each in nights:
        night_no = (each.night - nights[0].night).days + 1
        minor += _gross_of(each, hotel.currency, dated, night_no)
    return Money(minor, hotel.currency)


def _totals(
    session: Session,
    hotel: Hotel,
    arrival: date,
    departure: date,
    party: Party,
    company_id: int | None,
) -> tuple[dict[int, list[tuple[str, int]]], Sheet]:
    """Return each type's (plan, total) where every night has a price, and the sheet it is from."""
    last = departure - dates.ONE_DAY
    read = prices.read(session, hotel, arrival, last, restricted_until=departure)
    standing = Standing(arrival, departure, hotel.business_date, ())
    if read.restricted:
        standing = restrictions.of_stay(session, hotel, arrival, departure)
    return totals_under(read, standing, party, company_id), read.sheet


def totals_under(
    read: prices.Read, standing: Standing, party: Party, company_id: int | None
) -> dict[int, list[tuple[str, int]]]:
    """Return what a stay comes to in each type and plan, of what was read for its nights alone."""
    arrival, departure = standing.arrival, standing.departure
    if forbidden := read.forbidden():
        standing = standing.also(forbidden)
    sold = _sold(read.sheet, company_id, arrival, departure - dates.ONE_DAY)
    length = (departure - arrival).days
    stays: dict[tuple[int, int], list[_DayPrice]] = defaultdict(list)
    for type_id, root_id, night, base, season_id in read.rows:
        stays[type_id, root_id].append((night, base, season_id))
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    known: dict[tuple[Any, ...], int] = {}  # types that cost alike are reckoned once
    for (type_id, root_id), nights in stays.items():
        if len(nights) != length:
            continue
        of_nights = tuple(nights)
        for recipe in sold.get(root_id, ()):
            if standing.against(type_id, recipe.plan_id):
                continue
            of_type = type_id if recipe.supplements or read.acts else 0
            asked = (recipe.plan_id, of_type, of_nights)
            minor = known.get(asked)
            if minor is None:
                minor = known[asked] = _of_stay(read, recipe, type_id, of_nights, party)
            found[type_id].append((recipe.code, minor))
    for totals in found.values():
        totals.sort()
    return found


def _of_stay(
    read: prices.Read,
    recipe: pricing.Recipe,
    type_id: int,
    nights: tuple[_DayPrice, ...],
    party: Party,
) -> int:
    """Return what a party pays in a plan for all nights of a stay, taxes on top included."""
    arrival = min(night for night, _, _ in nights)
    departure = arrival + len(nights) * dates.ONE_DAY
    elements = read.sheet.packages.get(recipe.plan_id, ())
    minor = 0
    for night, base, season_id in nights:
        season = read.sheet.seasons.get(season_id) if season_id else None
        more = read.effects(night, recipe, type_id)
        price = pricing.price(base, season, recipe, type_id, party, more).price
        shares = packaging.of_night(
            elements, price, party, night=night, arrival=arrival, departure=departure
        )
        priced = Priced(night, price, recipe.tax_class_id, party.adults, shares, party.child_ages)
        minor += _gross_of(priced, recipe.currency, read.sheet.taxes, (night - arrival).days + 1)
    return minor


def _sold(
    sheet: Sheet, company_id: int | None, first: date, last: date
) -> dict[int, list[pricing.Recipe]]:
    """Return the plans that are sold to whoever asks, by the plan their prices are made from."""
    return {
        root_id: [
            recipe
            for recipe in recipes
            if recipe.active and recipe.sold_to(company_id, first, last)
        ]
        for root_id, recipes in sheet.made_from.items()
    }


def _gross_of(night: Priced, currency: str, dated: Dated, night_no: int) -> int:
    """Return what a guest pays for a night and its packages, taxes on top included."""
    minor = 0
    for amount, class_id in night.slices:
        rules = rules_on(dated, class_id, night.night)
        which = _night_no(rules, night_no)
        minor += _gross(amount, currency, rules, night.adults, _bearing(rules, night), which)
    return minor


def _night_no(rules: Rules, night_no: int) -> int:
    """Return which night of a stay it is, as far as it matters: later ones mostly tax alike."""
    if all(rule.limits is NO_LIMITS for rule in rules):
        return min(night_no, 2)
    return night_no


def _bearing(rules: Rules, night: Priced) -> Children:
    """Return the children, where a tax minds them."""
    return night.children if any(rule.children for rule in rules) else ()


@lru_cache(maxsize=8192)
def _gross(
    price: int, currency: str, rules: Rules, adults: int, children: Children, night_no: int
) -> int:
    """Return what a night costs with the taxes that come on top of its price."""
    if all(rule.inclusive for rule in rules):
        return price
    taxed = taxes.split(
        Money(price, currency), rules, persons=adults, children=children, night_no=night_no
    )
    return taxed.gross.minor
