"""Prices: what stands in the calendar for the nights of a stay, and what a party pays for them."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import dates
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import pricing, sheets, yields
from pms.hotel.rooms.inventory import HouseNight
from pms.hotel.rooms.pricing import Effect, Party, Priced, Recipe
from pms.hotel.rooms.rates import NightPrice, NoPrice, RatePlan
from pms.hotel.rooms.restrictions import Kind, Restriction
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.rooms.sheets import Sheet
from pms.hotel.rooms.yields import Acting, Rule


@dataclass(frozen=True, slots=True)
class DayPrice:
    """A night's price in the calendar, and the season that set it, if one did."""

    price: int
    season: str | None


@dataclass(frozen=True, slots=True)
class Read:
    """Rows of (type, plan, night, price, season id) as they stand, with the sheet to make prices.

    `restricted` says whether a night has a restriction, where that was asked.
    """

    sheet: Sheet
    rows: list[Any]
    restricted: bool
    acts: tuple[Acting, ...] = ()

    def effects(self, night: date, recipe: Recipe, type_id: int) -> tuple[Effect, ...]:
        """Return what the house's rules do to a price that night; mostly nothing."""
        return yields.effects(self.acts, night, recipe, type_id) if self.acts else ()

    def forbidden(self) -> list[tuple[date, Kind, int | None, int | None, int | None, str]]:
        """Return what the acting rules forbid, as restrictions with their reasons."""
        return [
            (each.night, each.kind, each.rule.type_id, plan_id, each.rule.value, each.words)
            for each in self.acts
            if not each.rule.does.prices
            for plan_id in _plans_of(self.sheet, each.rule)
        ]

    def by_type_and_plan(self) -> dict[tuple[int, int], dict[date, DayPrice]]:
        """Return the calendar's prices by type and plan, night by night."""
        found: dict[tuple[int, int], dict[date, DayPrice]] = {}
        for type_id, plan_id, night, price, season_id in self.rows:
            season = self.sheet.seasons.get(season_id) if season_id else None
            found.setdefault((type_id, plan_id), {})[night] = DayPrice(price, season)
        return found


def _plans_of(sheet: Sheet, rule: Rule) -> list[int | None]:
    """Return the plans a rule is for: one, or all but those that are agreed."""
    if rule.plan_id is not None:
        return [rule.plan_id]
    if not any(recipe.companies for recipe in sheet.recipes.values()):
        return [None]
    return [recipe.plan_id for recipe in sheet.recipes.values() if not recipe.companies]


# What groups and holds keep is not for sale either: Today counts the same.
_DEMAND = (
    HouseNight.sold + HouseNight.held,
    HouseNight.rooms - HouseNight.out_of_order,
)
_DEMANDED = sa.select(HouseNight.night, *_DEMAND).where(
    HouseNight.hotel_id == sa.bindparam("hotel"),
    HouseNight.night >= sa.bindparam("first"),
    HouseNight.night <= sa.bindparam("last"),
)
_STANDING = (
    NightPrice.type_id,
    NightPrice.plan_id,
    NightPrice.night,
    NightPrice.price,
    NightPrice.season_id,
)
_RESTRICTED = (
    # Asked once for the whole answer: most stays have no restriction to read.
    sa.select(sa.func.count())
    .select_from(Restriction)
    .where(
        Restriction.hotel_id == sa.bindparam("hotel"),
        Restriction.night >= sa.bindparam("first"),
        Restriction.night <= sa.bindparam("until"),
    )
    .scalar_subquery()
)
_OF_STAY = (
    NightPrice.hotel_id == sa.bindparam("hotel"),
    NightPrice.night >= sa.bindparam("first"),
    NightPrice.night <= sa.bindparam("last"),
)
_READ = sa.select(*_STANDING, sheets.VERSION, _RESTRICTED).where(*_OF_STAY)
_READ_TYPE = sa.select(*_STANDING, sheets.VERSION).where(
    *_OF_STAY, NightPrice.type_id == sa.bindparam("type")
)


def read(
    session: Session,
    hotel: Hotel,
    first: date,
    last: date,
    *,
    restricted_until: date | None = None,
) -> Read:
    """Return what stands in the calendar from a first to a last night: one question.

    Rules of yield ask two more, of demand and of pick-up. `restricted_until` also asks whether a
    restriction stands on a night up to that day.
    """
    which = {"hotel": hotel.id, "first": first, "last": last, "until": restricted_until or last}
    rows = session.connection().execute(_READ, which).all()
    if not rows:
        return Read(sheets.current(session, hotel), [], restricted=False)
    sheet = sheets.at(session, hotel, rows[0][5])
    acts = _acting(session, hotel, sheet, first, last)
    return Read(sheet, [row[:5] for row in rows], restricted=bool(rows[0][6]), acts=acts)


def _acting(
    session: Session, hotel: Hotel, sheet: Sheet, first: date, last: date, *, beside: int = 0
) -> tuple[Acting, ...]:
    """Return the rules that act on these nights; no question where the house has none.

    So many rooms `beside`, sold for each of them, are left out of account.
    """
    if not sheet.rules:
        return ()
    which = {"hotel": hotel.id, "first": first, "last": last}
    nights = session.connection().execute(_DEMANDED, which).all()
    demand = {night: (sold - beside, rooms) for night, sold, rooms in nights}
    picked_up = yields.picked_up(session, hotel, sheet.rules, first, last)
    if beside:
        picked_up = {window: sold - beside for window, sold in picked_up.items()}
    return tuple(yields.acting(sheet.rules, demand, picked_up))


@dataclass(frozen=True, slots=True)
class StayPrices:
    """What a party pays for each night, with how it came to that, and the sheet it came from."""

    nights: dict[date, Priced]
    sheet: Sheet
    forbidden: tuple[tuple[date, Kind, int | None, int | None, int | None, str], ...] = ()

    @property
    def minor(self) -> dict[date, int]:
        """Only what is paid a night, in minor units."""
        return {night: each.price for night, each in self.nights.items()}


def of_stay(
    session: Session,
    plan: RatePlan,
    room_type: RoomType,
    arrival: date,
    departure: date,
    party: Party,
    *,
    beside: int = 0,
) -> StayPrices:
    """Return what a party pays for each night in a type and plan: one question.

    So many rooms `beside`, of the same booking and its nights, are sold already, and make it no
    dearer. Refuses a night without a price.
    """
    hotel = session.get_one(Hotel, plan.hotel_id)
    last = departure - dates.ONE_DAY
    which = {"hotel": hotel.id, "first": arrival, "last": last, "type": room_type.id}
    rows = session.connection().execute(_READ_TYPE, which).all()
    sheet = sheets.at(session, hotel, rows[0][5] if rows else None)
    acts = _acting(session, hotel, sheet, arrival, last, beside=beside)
    read = Read(sheet, [row[:5] for row in rows], restricted=False, acts=acts)
    return _priced(read, plan, room_type, arrival, departure, party)


def of_types(
    session: Session,
    plan: RatePlan,
    room_types: Iterable[RoomType],
    arrival: date,
    departure: date,
    party: Party,
) -> dict[int, StayPrices]:
    """Return what `of_stay` says of several types by their ids, without those it refuses.

    One question, however many types they are.
    """
    hotel = session.get_one(Hotel, plan.hotel_id)
    standing = read(session, hotel, arrival, departure - dates.ONE_DAY)
    found = {}
    for room_type in room_types:
        with suppress(NoPrice):
            found[room_type.id] = _priced(standing, plan, room_type, arrival, departure, party)
    return found


def _priced(
    read: Read,
    plan: RatePlan,
    room_type: RoomType,
    arrival: date,
    departure: date,
    party: Party,
) -> StayPrices:
    """Make a stay's prices of the calendar's; refuses a night that has none."""
    recipe = read.sheet.recipes[plan.id]
    stands = {
        night: (price, season_id)
        for type_id, plan_id, night, price, season_id in read.rows
        if type_id == room_type.id and plan_id == recipe.root_id
    }
    found = {}
    for night in dates.nights(arrival, departure):
        if night not in stands:
            raise NoPrice(plan.name, room_type.name, night)
        base, season_id = stands[night]
        season = read.sheet.seasons.get(season_id) if season_id else None
        more = read.effects(night, recipe, room_type.id)
        found[night] = pricing.price(base, season, recipe, room_type.id, party, more)
    return StayPrices(found, read.sheet, tuple(read.forbidden()))
