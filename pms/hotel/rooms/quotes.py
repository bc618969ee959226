"""Quotes: what a stay would cost in each type and plan, night by night with its taxes."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import dates
from pms.base.money import Money, total
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import inventory, rates, restrictions
from pms.hotel.rooms.inventory import Available
from pms.hotel.rooms.rates import NightPrice, RatePlan
from pms.hotel.tariff import taxes
from pms.hotel.tariff.charges import ChargeCode
from pms.hotel.tariff.taxes import Rule, TaxedAmount, TaxRate


@dataclass(frozen=True)
class QuotedNight:
    """One night: the plan's price, taken apart into net, taxes and what the guest pays."""

    night: date
    price: Money
    taxed: TaxedAmount


@dataclass(frozen=True)
class Quote:
    """A stay in one type and plan. No nights means that the plan has no price for one of them.

    `restricted` says why such a stay isn't sold, where rooms and a price are there.
    """

    room_type: Available
    plan: RatePlan
    nights: tuple[QuotedNight, ...]
    currency: str
    restricted: tuple[str, ...] = ()

    @property
    def total(self) -> Money:
        """What the guest pays for all nights, taxes included."""
        return total((each.taxed.gross for each in self.nights), self.currency)

    @property
    def average(self) -> Money:
        """The total per night, rounded half up."""
        return self.total.split([1] * len(self.nights))[0] if self.nights else self.total

    @property
    def can_be_sold(self) -> bool:
        """Whether rooms are left, every night has a price, and nothing restricts the stay."""
        return self.room_type.rooms > 0 and bool(self.nights) and not self.restricted


def quote(
    session: Session, hotel: Hotel, arrival: date, departure: date, *, adults: int
) -> list[Quote]:
    """Return a quote for every type and plan: types plain to best, plans by code.

    Asks seven questions whatever the number of types, plans and nights. Day use (arrival =
    departure) is quoted at that night's price.
    """
    available = inventory.availability(session, hotel, arrival, departure)
    last = arrival if arrival == departure else departure - dates.ONE_DAY
    prices = _prices(session, hotel, arrival, last)
    plans = rates.plans(session, hotel)
    ruled = _rules(session, hotel, plans, arrival, last)
    standing = restrictions.of_stay(session, hotel, arrival, departure)
    nights = list(dates.days(arrival, last))
    return [
        Quote(
            room_type=kind,
            plan=plan,
            nights=_quoted(hotel, prices[kind.type_id, plan.id], nights, ruled, plan, adults),
            currency=hotel.currency,
            restricted=tuple(standing.against(kind.type_id, plan.id)),
        )
        for kind in available
        for plan in plans
    ]


def _quoted(
    hotel: Hotel,
    prices: dict[date, int],
    nights: list[date],
    ruled: dict[tuple[int, date], list[Rule]],
    plan: RatePlan,
    adults: int,
) -> tuple[QuotedNight, ...]:
    if any(night not in prices for night in nights):
        return ()
    quoted = []
    for night in nights:
        price = Money(prices[night], hotel.currency)
        taxed = taxes.split(price, ruled[plan.id, night], persons=adults, once=night == nights[0])
        quoted.append(QuotedNight(night, price, taxed))
    return tuple(quoted)


def _prices(
    session: Session, hotel: Hotel, first: date, last: date
) -> dict[tuple[int, int], dict[date, int]]:
    found: dict[tuple[int, int], dict[date, int]] = defaultdict(dict)
    for type_id, plan_id, night, price in session.execute(
        sa.select(NightPrice.type_id, NightPrice.plan_id, NightPrice.night, NightPrice.price).where(
            NightPrice.hotel_id == hotel.id, NightPrice.night.between(first, last)
        )
    ):
        found[type_id, plan_id][night] = price
    return found


def _rules(
    session: Session, hotel: Hotel, plans: list[RatePlan], first: date, last: date
) -> dict[tuple[int, date], list[Rule]]:
    """Return each plan's tax rules per night; asked once per change of a rate inside the stay."""
    coded = session.execute(
        sa.select(ChargeCode.id, ChargeCode.tax_class_id).where(
            ChargeCode.hotel_id == hotel.id,
            ChargeCode.id.in_({plan.charge_code_id for plan in plans}),
        )
    )
    classes: dict[int, int | None] = {row[0]: row[1] for row in coded}
    changes = session.scalars(
        sa.select(TaxRate.from_day)
        .where(TaxRate.hotel_id == hotel.id, TaxRate.from_day > first, TaxRate.from_day <= last)
        .distinct()
    ).all()
    starts = sorted({first, *changes})
    dated = {
        start: taxes.rules(session, hotel.id, set(classes.values()), start) for start in starts
    }
    ruled = {}
    for night in dates.days(first, last):
        start = max(each for each in starts if each <= night)
        for plan in plans:
            ruled[plan.id, night] = dated[start][classes[plan.charge_code_id]]
    return ruled
