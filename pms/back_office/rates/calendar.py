"""The calendar's figures: each type's price, rooms left and restrictions, night by night."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from pms.base import dates
from pms.base.money import Money
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import prices as prices_of
from pms.hotel.rooms import pricing, rooms
from pms.hotel.rooms.inventory import HouseNight, TypeNight
from pms.hotel.rooms.pricing import Party
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.rooms.restrictions import Kind, Restriction
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.rooms.yields import Does
from pms.web.database import session

TWO = Party(2)
MARKS = {
    Kind.CLOSED: ("Closed", "Closed"),
    Kind.CLOSED_TO_ARRIVAL: ("CTA", "Closed to arrival"),
    Kind.CLOSED_TO_DEPARTURE: ("CTD", "Closed to departure"),
    Kind.MIN_STAY: ("Min {}", "Minimum stay {} nights"),
    Kind.MAX_STAY: ("Max {}", "Maximum stay {} nights"),
    Kind.MIN_STAY_THROUGH: ("Thru {}", "Minimum stay through {} nights"),
    Kind.MIN_ADVANCE: ("Adv {}+", "Booked at least {} days ahead"),
    Kind.MAX_ADVANCE: ("Adv {}-", "Booked at most {} days ahead"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A restriction as a cell shows it: short, in words, and of which level."""

    short: str
    words: str
    closes: bool
    of_plan: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One night of a type, or of the house."""

    night: date
    price: Money | None
    left: int
    marks: list[Mark]
    season: str | None = None

    @property
    def is_closed(self) -> bool:
        """Whether nothing is sold that night at this level."""
        return any(mark.closes for mark in self.marks)


@dataclass(frozen=True, slots=True)
class Row:
    """A type's nights; the house's row has no type."""

    kind: RoomType | None
    cells: list[Cell]


def rows(hotel: Hotel, plan: RatePlan | None, first: date, last: date) -> list[Row]:
    """Return the house's row and each type's; four questions, however many types and nights."""
    nights = list(dates.days(first, last))
    left = _left(hotel, first, last)
    marks = _marks(hotel, plan, first, last)
    prices: dict[tuple[int | None, date], tuple[Money | None, str | None]] = {}
    if plan is not None:
        read = prices_of.read(session(), hotel, first, last)
        recipe = read.sheet.recipes[plan.id]
        prices = _prices(hotel, read, recipe)
        for at, ruled in _ruled(read, recipe).items():
            marks[at] += ruled
    kinds: list[RoomType | None] = [None, *rooms.types(session(), hotel)]
    made = []
    for kind in kinds:
        of = kind.id if kind else None
        cells = [
            Cell(
                night,
                prices.get((of, night), (None, None))[0],
                left.get((of, night), 0),
                marks[of, night],
                prices.get((of, night), (None, None))[1],
            )
            for night in nights
        ]
        made.append(Row(kind, cells))
    return made


def _prices(
    hotel: Hotel, read: prices_of.Read, recipe: pricing.Recipe
) -> dict[tuple[int | None, date], tuple[Money | None, str | None]]:
    """Return what two adults pay in the plan, whichever plan's prices it is made from."""
    found: dict[tuple[int | None, date], tuple[Money | None, str | None]] = {}
    for (type_id, root_id), nights in read.by_type_and_plan().items():
        if root_id != recipe.root_id:
            continue
        for night, base in nights.items():
            more = read.effects(night, recipe, type_id)
            priced = pricing.price(base.price, base.season, recipe, type_id, TWO, more)
            found[type_id, night] = (Money(priced.price, hotel.currency), base.season)
    return found


def _ruled(
    read: prices_of.Read, recipe: pricing.Recipe
) -> dict[tuple[int | None, date], list[Mark]]:
    """Return what rules of the house do on each night in a plan, as marks that end with them."""
    found: dict[tuple[int | None, date], list[Mark]] = defaultdict(list)
    for each in read.acts:
        rule = each.rule
        if rule.plan_id not in (None, recipe.plan_id) or (
            rule.plan_id is None and recipe.companies
        ):
            continue
        if rule.does is Does.PERCENT:
            short = pricing.percent(rule.value or 0)
        elif rule.does is Does.AMOUNT:
            short = str(Money(rule.value or 0, recipe.currency))
        else:
            short = MARKS[each.kind][0].format(rule.value)
        words = f"{each.words}; ends by itself"
        found[rule.type_id, each.night].append(Mark(short, words, rule.does is Does.CLOSED, True))
    return found


def _left(hotel: Hotel, first: date, last: date) -> dict[tuple[int | None, date], int]:
    found: dict[tuple[int | None, date], int] = {}
    for table, of in ((TypeNight, TypeNight.type_id), (HouseNight, sa.null())):
        free = table.rooms - table.out_of_order + table.allowance - table.sold - table.held
        for type_id, night, count in session().execute(
            sa.select(of, table.night, free).where(
                table.hotel_id == hotel.id, table.night.between(first, last)
            )
        ):
            found[type_id, night] = max(0, count)
    return found


def _marks(
    hotel: Hotel, plan: RatePlan | None, first: date, last: date
) -> dict[tuple[int | None, date], list[Mark]]:
    """Return what stands at each type's level, of this plan or of all."""
    wanted: list[sa.ColumnElement[bool]] = [Restriction.plan_id.is_(None)]
    if plan is not None:
        wanted.append(Restriction.plan_id == plan.id)
    found: dict[tuple[int | None, date], list[Mark]] = defaultdict(list)
    for night, kind, type_id, plan_id, value in session().execute(
        sa.select(
            Restriction.night,
            Restriction.kind,
            Restriction.type_id,
            Restriction.plan_id,
            Restriction.value,
        )
        .where(
            Restriction.hotel_id == hotel.id,
            Restriction.night.between(first, last),
            sa.or_(*wanted),
        )
        .order_by(Restriction.night, Restriction.kind)
    ):
        short, words = MARKS[kind]
        level = " in this plan" if plan_id else ""
        found[type_id, night].append(
            Mark(
                short.format(value),
                words.format(value) + level,
                kind is Kind.CLOSED,
                plan_id is not None,
            )
        )
    return found
