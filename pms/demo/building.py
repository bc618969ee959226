"""Building the demo: a chain with two hotels, what they sell, and what that costs."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from pms.base import dates
from pms.base.money import Money
from pms.demo import names
from pms.hotel.house import hotels, staff
from pms.hotel.house.hotels import Chain, Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.rooms import inventory, rates, rooms
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.tariff import charges, taxes
from pms.hotel.tariff.charges import ChargeCode, Department
from pms.hotel.tariff.taxes import Bands, TaxKind


@dataclass(frozen=True)
class Kind:
    """A room type of the demo: `base` is its price in euros on a quiet weekday."""

    code: str
    name: str
    sleeps: int
    base: int
    per_floor: tuple[int, ...]
    features: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A hotel of the demo: how it is built, and how busy it is."""

    code: str
    name: str
    kinds: tuple[Kind, ...]
    arrivals_a_day: float
    days_of_history: int


BIG = Plan(
    code="DEMO",
    name="Lantern House Berlin",
    kinds=(
        Kind("SGL", "Single", 1, 89, (4, 3, 3, 2, 2)),
        Kind("DBL", "Double", 2, 119, (4, 8, 8, 8, 6)),
        Kind("TWN", "Twin", 2, 115, (4, 4, 4, 2, 2)),
        Kind("FAM", "Family room", 4, 159, (2, 2, 2, 2, 0), ("bath", "quiet")),
        Kind("SUP", "Superior double", 3, 165, (0, 1, 1, 2, 4), ("balcony", "bath")),
        Kind("STE", "Suite", 4, 289, (0, 0, 0, 2, 2), ("balcony", "bath", "view")),
    ),
    arrivals_a_day=21,
    days_of_history=31,
)
SMALL = Plan(
    code="LAKE",
    name="Lantern House am See",
    kinds=(
        Kind("DBL", "Double", 2, 99, (4, 4)),
        Kind("SUP", "Lake view", 3, 139, (1, 3), ("balcony", "view")),
    ),
    arrivals_a_day=3,
    days_of_history=5,
)
TINY = Plan(
    code="DEMO",
    name="Lantern House in small",
    kinds=(
        Kind("SGL", "Single", 1, 89, (2, 1)),
        Kind("DBL", "Double", 2, 119, (5, 4), ("quiet",)),
        Kind("STE", "Suite", 4, 289, (0, 1), ("balcony", "bath")),
    ),
    arrivals_a_day=2,
    days_of_history=4,
)

SELLS = (
    ("BREAKFAST", "Breakfast buffet", Department.FOOD_AND_BEVERAGE, "FOOD", 1900),
    ("BAR", "Bar", Department.FOOD_AND_BEVERAGE, "DRINKS", 1250),
    ("MINIBAR", "Minibar", Department.FOOD_AND_BEVERAGE, "DRINKS", 650),
    ("PARKING", "Garage", Department.OTHER, "DRINKS", 2400),
    ("LAUNDRY", "Laundry", Department.OTHER, "DRINKS", 1800),
)
PLANS = (
    ("BAR", "Best available rate", "transient", 1.0, True),
    ("ADV", "Advance purchase", "advance", 0.85, True),
    ("CORP", "Corporate", "corporate", 0.92, False),
)


def found_chain(session: Session) -> Chain:
    """Found the demo's chain."""
    return hotels.open_chain(session, "Lantern House Hotels")


def build(session: Session, chain: Chain, plan: Plan, *, today: date) -> Hotel:
    """Open a hotel some days before today, with rooms, plans, prices, taxes and charge codes."""
    hotel = hotels.open_hotel(
        session,
        chain,
        code=plan.code,
        name=plan.name,
        time_zone="Europe/Berlin",
        currency="EUR",
        opens_on=today - timedelta(days=plan.days_of_history),
    )
    by = staff.the_house(session, hotel)
    _add_rooms(session, hotel, plan, by=by)
    code = _add_charges(session, hotel, by=by)
    names.write(session, hotel, by=by)
    horizon = today + timedelta(days=inventory.DAYS_AHEAD)
    inventory.extend(session, hotel, until=horizon)
    nights = list(dates.days(hotel.opened_on, horizon))
    for plan_code, name, market, factor, weekends in PLANS:
        sold = rates.add_plan(
            session, hotel, code=plan_code, name=name, market=market, charge_code=code, by=by
        )
        _set_prices(session, hotel, plan, sold, nights, factor, weekends, by=by)
    return hotel


def _add_rooms(session: Session, hotel: Hotel, plan: Plan, *, by: Staff) -> None:
    next_on: dict[int, int] = {}
    for rank, kind in enumerate(plan.kinds, start=1):
        room_type = rooms.add_type(
            session,
            hotel,
            code=kind.code,
            name=kind.name,
            sleeps=kind.sleeps,
            rank=rank,
            by=by,
        )
        for floor, count in enumerate(kind.per_floor, start=1):
            for _ in range(count):
                next_on[floor] = next_on.get(floor, 0) + 1
                inventory.add_room(
                    session,
                    hotel,
                    number=f"{floor}{next_on[floor]:02}",
                    room_type=room_type,
                    floor=str(floor),
                    features=[*kind.features, *_features(floor, next_on[floor])],
                    by=by,
                )


def _features(floor: int, number: int) -> list[str]:
    features = ["courtyard"] if number % 2 else ["street"]
    if floor == 1 and number <= 2:
        features.append("accessible")
    return features


def _add_charges(session: Session, hotel: Hotel, *, by: Staff) -> ChargeCode:
    """Add taxes and charge codes, and return the code of a night."""
    kinds = _tax_classes(session, hotel, by=by)
    code = charges.add(
        session,
        hotel,
        code="ROOM",
        name="Accommodation",
        department=Department.ROOMS,
        tax_class_id=kinds["LODGING"],
        by=by,
    )
    for sold, name, department, taxed, price in SELLS:
        charges.add(
            session,
            hotel,
            code=sold,
            name=name,
            department=department,
            tax_class_id=kinds[taxed],
            price=price,
            by=by,
        )
    return code


AGES: Bands = ((5, 0), (15, 150))  # what children bear of the city tax


def _tax_classes(session: Session, hotel: Hotel, *, by: Staff) -> Mapping[str, int]:
    def tax(
        code: str, name: str, kind: TaxKind, rate: int, *, inside: bool, children: Bands = ()
    ) -> taxes.Tax:
        return taxes.add(
            session, hotel, code=code, name=name, kind=kind, rate=rate, inclusive=inside,
            children=children, by=by,
        )  # fmt: skip

    reduced = tax("VAT7", "VAT 7 %", TaxKind.PERCENT, 70_000, inside=True)
    full = tax("VAT19", "VAT 19 %", TaxKind.PERCENT, 190_000, inside=True)
    city = tax("CITY", "City tax", TaxKind.PER_PERSON_NIGHT, 300, inside=False, children=AGES)
    classes = {
        "LODGING": ("Accommodation", [reduced, city]),
        "FOOD": ("Food", [reduced]),
        "DRINKS": ("Drinks and services", [full]),
    }
    return {
        code: taxes.add_class(session, hotel, code=code, name=name, taxes=bears, by=by).id
        for code, (name, bears) in classes.items()
    }


def _set_prices(
    session: Session,
    hotel: Hotel,
    plan: Plan,
    sold: RatePlan,
    nights: list[date],
    factor: float,
    weekends: bool,
    *,
    by: Staff,
) -> None:
    for kind in plan.kinds:
        room_type = rooms.type_by_code(session, hotel, kind.code)
        if room_type is None:
            raise LookupError(kind.code)
        prices = {
            night: Money(_euros(kind, night, factor, weekends) * 100, hotel.currency)
            for night in nights
        }
        rates.set_prices(session, sold, room_type, prices, by=by)


def season(night: date) -> float:
    """Return how sought-after a night is: more in early summer and in December, less in winter."""
    through_the_year = 2 * math.pi * (night.timetuple().tm_yday - 170) / 365
    december = 0.15 if night.month == 12 and night.day < 24 else 0.0
    return 1.0 + 0.18 * math.cos(through_the_year) + december


def _euros(kind: Kind, night: date, factor: float, weekends: bool) -> int:
    weekend = 1.12 if weekends and night.weekday() in {4, 5} else 1.0
    return round(kind.base * season(night) * weekend * factor)
