"""The grid: each type and plan with its total, or with the reason why it can't be had."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from pms.base.money import Money, total
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import quotes
from pms.hotel.rooms.inventory import Available, TypeNight
from pms.hotel.rooms.policies import Asks, Terms
from pms.hotel.rooms.pricing import Party
from pms.hotel.rooms.quotes import Quote
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.tariff import taxes
from pms.hotel.tariff.taxes import Heads, Tax, TaxLine
from pms.web import terms
from pms.web.database import session
from pms.web.filters import plural

MOST_NAMED = 2
Said = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """The stay that is asked for."""

    arrival: date
    departure: date
    rooms: int
    adults: int
    children: int
    ages: tuple[int, ...] = ()
    company_id: int | None = None

    @property
    def nights(self) -> int:
        """How many nights; none is a day's use."""
        return (self.departure - self.arrival).days

    @property
    def heads(self) -> int:
        """How many sleep in each room."""
        return self.adults + self.children


@dataclass(frozen=True, slots=True)
class Cell:
    """One type in one plan: a price to take, or why there is none."""

    quote: Quote
    rooms: int
    shut: Said | None

    @property
    def value(self) -> str:
        """What the page sends back: the type, the plan, and the total it showed."""
        kind, plan = self.quote.room_type.type_id, self.quote.plan.id
        return f"{kind}.{plan}.{self.total.minor}"

    @property
    def total(self) -> Money:
        """What all rooms cost together, taxes included."""
        return self.quote.total * self.rooms

    @property
    def has_price(self) -> bool:
        """Whether it has a price, so that it could be taken by force."""
        return bool(self.quote.nights)


@dataclass(frozen=True, slots=True)
class Row:
    """A type: how many are left, and its cells by plan."""

    kind: Available
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Grid:
    """All types by all plans, for one stay."""

    asked: Asked
    plans: list[RatePlan]
    rows: list[Row]

    def says(self, plan: RatePlan) -> str:
        """Say a plan's terms in a few words, and that it was agreed, for the head of its column."""
        quote = next(
            cell.quote for row in self.rows for cell in row.cells if cell.quote.plan.id == plan.id
        )
        if quote.is_agreed:
            return "Agreed rate"
        return terms.short(quote.terms) or plan.code

    def find(self, offer: str | None) -> Cell | None:
        """Return the cell of an offer, whatever its total was when the page was made."""
        wanted = (offer or "").split(".")[:2]
        return next(
            (
                cell
                for row in self.rows
                for cell in row.cells
                if cell.value.split(".")[:2] == wanted
            ),
            None,
        )


@dataclass(frozen=True, slots=True)
class Price:
    """The price of the chosen cell, taken apart; packages are in the room's price, or added."""

    cell: Cell
    room: Money
    packages: list[tuple[str, Money, bool]]
    taxes: list[tuple[str, Money, bool]]
    terms: list[tuple[str, str]]
    names: dict[str, str]
    heads: Heads

    def says(self, line: TaxLine) -> str:
        """Say a tax of a night in words."""
        rule = line.rule
        return taxes.explain(
            rule.kind, rule.rate, line.base, line.amount, bands=rule.children, heads=self.heads
        )


def grid(hotel: Hotel, asked: Asked) -> Grid:
    """Return the grid of a stay: the seven questions of a quote, and one for the full nights."""
    found = quotes.quote(
        session(),
        hotel,
        asked.arrival,
        asked.departure,
        adults=max(asked.adults, 1),
        children=asked.children,
        ages=asked.ages,
        company_id=asked.company_id,
    )
    full: dict[int, list[date]] = {}
    if any(each.room_type.rooms < asked.rooms for each in found):
        full = _full_nights(hotel, asked)
    plans: dict[int, RatePlan] = {}
    rows: dict[int, Row] = {}
    for each in found:
        plans.setdefault(each.plan.id, each.plan)
        row = rows.setdefault(each.room_type.type_id, Row(each.room_type, []))
        nights = full.get(each.room_type.type_id, [])
        row.cells.append(Cell(each, asked.rooms, _shut(each, asked, nights)))
    return Grid(asked, list(plans.values()), list(rows.values()))


def _shut(quote: Quote, asked: Asked, full: list[date]) -> Said | None:
    kind = quote.room_type
    if asked.heads > kind.sleeps:
        return "users", "Too small", f"{asked.heads} in a room, sleeps {kind.sleeps}"
    if not quote.nights:
        return "calendar", "No price", "in this plan for a night"
    if kind.rooms == 0:
        return "x", "Sold out", _named(full) if full else "the house is full"
    if quote.restricted:
        return "lock", "Restricted", "; ".join(quote.restricted)
    if kind.rooms < asked.rooms:
        return "x", f"Only {kind.rooms} left", f"{plural(asked.rooms, 'room')} asked for"
    return None


def _named(nights: list[date]) -> str:
    named = [f"{night:%a} {night.day}" for night in nights[:MOST_NAMED]]
    more = len(nights) - len(named)
    return " and ".join(named) if not more else f"{', '.join(named)} and {plural(more, 'night')}"


def _full_nights(hotel: Hotel, asked: Asked) -> dict[int, list[date]]:
    last = max(asked.departure - timedelta(days=1), asked.arrival)
    left = (
        TypeNight.rooms
        - TypeNight.out_of_order
        + TypeNight.allowance
        - TypeNight.sold
        - TypeNight.held
    )
    found: dict[int, list[date]] = defaultdict(list)
    for type_id, night in session().execute(
        sa.select(TypeNight.type_id, TypeNight.night)
        .where(
            TypeNight.hotel_id == hotel.id,
            TypeNight.night.between(asked.arrival, last),
            left < asked.rooms,
        )
        .order_by(TypeNight.night)
    ):
        found[type_id].append(night)
    return found


def price(hotel: Hotel, cell: Cell, asked: Asked) -> Price:
    """Take a cell's total apart: the room, each tax by its name, and what is agreed with it.

    All rooms together; what is agreed, for each room.
    """
    currency = cell.quote.currency
    sums: dict[str, list[Money]] = defaultdict(list)
    inside: dict[str, bool] = {}
    for night in cell.quote.nights:
        for line in night.taxed.taxes:
            sums[line.rule.code].append(line.amount)
            inside[line.rule.code] = line.rule.inclusive
    names = _tax_names(hotel, set(sums))
    borne = [
        (names[code], total(amounts, currency) * cell.rooms, inside[code])
        for code, amounts in sums.items()
    ]
    room = total((night.price for night in cell.quote.nights), currency) * cell.rooms
    agreed = terms.facts(
        hotel,
        cell.quote.terms,
        arrival=asked.arrival,
        booked_on=hotel.business_date,
        nights=cell.quote.nights,
        is_sure=_is_asked_for(cell.quote.terms, asked.arrival, hotel) or None,
    )
    party = Party(max(asked.adults, 1), asked.children, asked.ages)
    heads = Heads(party.adults, party.child_ages)
    return Price(cell, room, _packages(cell), borne, agreed, names, heads)


def _is_asked_for(terms_asked: Terms | None, arrival: date, hotel: Hotel) -> bool:
    """Tell whether a plan can't be booked without a guarantee."""
    asks = terms_asked.asks if terms_asked else Asks.NONE
    return asks is not Asks.NONE and arrival > hotel.business_date


def _packages(cell: Cell) -> list[tuple[str, Money, bool]]:
    """Return each package of a cell with its sum over the stay, and whether it is included."""
    sums: dict[tuple[str, bool], int] = defaultdict(int)
    for night in cell.quote.nights:
        for share in night.packages:
            sums[share.element.name, share.element.included] += share.amount
    currency = cell.quote.currency
    return [
        (name, Money(minor, currency) * cell.rooms, included)
        for (name, included), minor in sums.items()
    ]


def _tax_names(hotel: Hotel, codes: set[str]) -> dict[str, str]:
    rows = session().execute(
        sa.select(Tax.code, Tax.name).where(Tax.hotel_id == hotel.id, Tax.code.in_(codes))
    )
    return {row[0]: row[1] for row in rows}
