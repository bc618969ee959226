"""The calendar's figures: each type's price, rooms left and restrictions, night by night."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from pms.base import dates
from pms.base.money import Money
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import rooms
from pms.hotel.rooms.inventory import HouseNight, TypeNight
from pms.hotel.rooms.rates import NightPrice, RatePlan
from pms.hotel.rooms.restrictions import Kind, Restriction
from pms.hotel.rooms.rooms import RoomType
from pms.web.database import session

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
    prices: dict[tuple[int, date], int] = {}
    if plan is not None:
        found = session().execute(
            sa.select(NightPrice.type_id, NightPrice.night, NightPrice.price).where(
                NightPrice.hotel_id == hotel.id,
                NightPrice.night.between(first, last),
                NightPrice.plan_id == plan.id,
            )
        )
        prices = {(row[0], row[1]): row[2] for row in found}
    kinds: list[RoomType | None] = [None, *rooms.types(session(), hotel)]
    made = []
    for kind in kinds:
        of = kind.id if kind else None
        cells = [
            Cell(
                night,
                Money(prices[of, night], hotel.currency) if of and (of, night) in prices else None,
                left.get((of, night), 0),
                marks[of, night],
            )
            for night in nights
        ]
        made.append(Row(kind, cells))
    return made


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
