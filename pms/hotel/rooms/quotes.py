"""Quotes: what a stay would cost in each type and plan, night by night with its taxes."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import dates
from pms.base.money import Money, total
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import inventory, packaging, prices, pricing, rates, restrictions
from pms.hotel.rooms.inventory import Available
from pms.hotel.rooms.packaging import Element, Share
from pms.hotel.rooms.policies import Terms
from pms.hotel.rooms.pricing import Part, Party, Recipe
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.tariff import taxes
from pms.hotel.tariff.charges import ChargeCode
from pms.hotel.tariff.taxes import NO_LIMITS, ONCE, Rule, TaxedAmount, TaxRate


@dataclass(frozen=True)
class QuotedNight:
    """One night: the plan's price, and with its packages the net, taxes and what the guest pays.

    `parts` are the steps the price was made in, each with its source; they add up to it. `packages`
    are what is carved out of the price, and what comes on top of it; `room` is what the guest pays
    without what comes on top: deposits are of that. Fees are of `for_fees`, what is left of it
    without what is due of who sleeps here.
    """

    night: date
    price: Money
    taxed: TaxedAmount
    room: Money
    for_fees: Money
    parts: tuple[Part, ...] = ()
    packages: tuple[Share, ...] = ()


@dataclass(frozen=True)
class Quote:
    """A stay in one type and plan. No nights means that the plan has no price for one of them.

    `restricted` says why such a stay isn't sold, where rooms and a price are there; `policy` and
    `terms` are what it would be booked under; `is_agreed`, that the company that asks agreed on it.
    """

    room_type: Available
    plan: RatePlan
    nights: tuple[QuotedNight, ...]
    currency: str
    restricted: tuple[str, ...] = ()
    policy: str = ""
    terms: Terms | None = None
    is_agreed: bool = False

    @property
    def total(self) -> Money:
        """What the guest pays for all nights, taxes included."""
        return total((each.taxed.gross for each in self.nights), self.currency)

    @property
    def average(self) -> Money:
        """The total per night, rounded half up."""
        return self.total.split([1] * len(self.nights))[0] if self.nights else self.total

    def closed_to(self, heads: int) -> list[str]:
        """Return each reason why a party of so many can't have it; none, where it can."""
        why = []
        if heads > self.room_type.sleeps:
            why.append(f"sleeps {self.room_type.sleeps}")
        if not self.nights:
            why.append("no price for a night")
        if not self.room_type.rooms:
            why.append("sold out")
        return [*why, *self.restricted]

    @property
    def can_be_sold(self) -> bool:
        """Whether rooms are left, every night has a price, and nothing restricts the stay."""
        return self.room_type.rooms > 0 and bool(self.nights) and not self.restricted


@dataclass(frozen=True)
class _Bearing:
    """What a class of charges bears on some nights, for one party; each price is reckoned once.

    Plans and nights share a few prices. Nights of one price differ only where a tax is due once in
    a stay, or within limits.
    """

    party: Party
    rules: tuple[Rule, ...]
    reckoned: dict[tuple[int, int, bool], TaxedAmount] = field(default_factory=dict)

    @cached_property
    def of_a_fee(self) -> tuple[Rule, ...]:
        return taxes.of_a_fee(self.rules)

    @cached_property
    def has_levy(self) -> bool:
        return len(self.of_a_fee) < len(self.rules)

    @cached_property
    def _differs_by_night(self) -> bool:
        return any(rule.kind in ONCE or rule.limits != NO_LIMITS for rule in self.rules)

    def taxed(self, amount: Money, night_no: int, *, is_fee: bool = False) -> TaxedAmount:
        """Return the amount with its taxes, in the how-manieth night of the stay."""
        asked = (amount.minor, night_no if self._differs_by_night else 1, is_fee)
        found = self.reckoned.get(asked)
        if found is None:
            found = self.reckoned[asked] = taxes.split(
                amount,
                self.of_a_fee if is_fee else self.rules,
                persons=self.party.adults,
                children=self.party.child_ages,
                night_no=asked[1],
            )
        return found


Ruled = dict[tuple[int | None, date], _Bearing]


def quote(
    session: Session,
    hotel: Hotel,
    arrival: date,
    departure: date,
    *,
    adults: int,
    children: int = 0,
    ages: tuple[int, ...] = (),
    company_id: int | None = None,
) -> list[Quote]:
    """Return a quote for every type and plan: types plain to best, plans by code.

    A negotiated plan is quoted to its companies only. Asks seven questions whatever the number of
    types, plans and nights. Day use (arrival = departure) is quoted at that night's price.
    """
    available = inventory.availability(session, hotel, arrival, departure)
    last = arrival if arrival == departure else departure - dates.ONE_DAY
    read = prices.read(session, hotel, arrival, last)
    bases = read.by_type_and_plan()
    plans = [
        plan
        for plan in rates.plans(session, hotel)
        if read.sheet.recipes[plan.id].sold_to(company_id, arrival, last)
    ]
    standing = restrictions.of_stay(session, hotel, arrival, departure).also(read.forbidden())
    nights = list(dates.days(arrival, last))
    party = Party(adults, children, ages)
    ruled = _rules(session, hotel, read.sheet.packages, plans, arrival, last, party)
    quoted = []
    for kind in available:
        for plan in plans:
            recipe = read.sheet.recipes[plan.id]
            of_type = bases.get((kind.type_id, recipe.root_id), {})
            policy = read.sheet.terms_of(plan.id)
            quoted.append(
                Quote(
                    room_type=kind,
                    plan=plan,
                    nights=_quoted(
                        read, of_type, nights, departure, ruled, recipe, kind.type_id, party
                    ),
                    currency=hotel.currency,
                    restricted=tuple(standing.against(kind.type_id, plan.id)),
                    policy=policy[0] if policy else "",
                    terms=policy[1] if policy else None,
                    is_agreed=bool(recipe.companies),
                )
            )
    return quoted


def _quoted(
    read: prices.Read,
    bases: dict[date, prices.DayPrice],
    nights: list[date],
    departure: date,
    ruled: Ruled,
    recipe: Recipe,
    type_id: int,
    party: Party,
) -> tuple[QuotedNight, ...]:
    if any(night not in bases for night in nights):
        return ()
    packages = read.sheet.packages.get(recipe.plan_id, ())
    quoted = []
    for night in nights:
        base = bases[night]
        more = read.effects(night, recipe, type_id)
        priced = pricing.price(base.price, base.season, recipe, type_id, party, more)
        shares = packaging.of_night(
            packages, priced.price, party, night=night, arrival=nights[0], departure=departure
        )
        sliced = [(priced.price, recipe.tax_class_id)]
        if shares:
            sliced += packaging.slices(shares, priced.price, recipe.tax_class_id)
        night_no = (night - nights[0]).days + 1
        room, *apart = [
            ruled[class_id, night].taxed(Money(amount, recipe.currency), night_no)
            for amount, class_id in sliced
        ]
        price = Money(priced.price, recipe.currency)
        bearing = ruled[recipe.tax_class_id, night]
        for_fees = room.gross
        if bearing.has_levy:
            for_fees = bearing.taxed(price, night_no, is_fee=True).gross
        whole = taxes.together(apart or [room])
        quoted.append(QuotedNight(night, price, whole, room.gross, for_fees, priced.parts, shares))
    return tuple(quoted)


def _rules(
    session: Session,
    hotel: Hotel,
    packages: dict[int, tuple[Element, ...]],
    plans: list[RatePlan],
    first: date,
    last: date,
    party: Party,
) -> Ruled:
    """Return each class's tax rules per night; asked once per change of a rate inside the stay."""
    charged = {plan.charge_code_id for plan in plans}
    charged |= {each.charge_code_id for plan in plans for each in packages.get(plan.id, ())}
    classes = session.scalars(
        sa.select(ChargeCode.tax_class_id)
        .where(ChargeCode.hotel_id == hotel.id, ChargeCode.id.in_(charged))
        .distinct()
    ).all()
    changes = session.scalars(
        sa.select(TaxRate.from_day)
        .where(TaxRate.hotel_id == hotel.id, TaxRate.from_day > first, TaxRate.from_day <= last)
        .distinct()
    ).all()
    starts = sorted({first, *changes})
    dated = {
        start: {
            class_id: _Bearing(party, tuple(rules))
            for class_id, rules in taxes.rules(session, hotel.id, set(classes), start).items()
        }
        for start in starts
    }
    ruled = {}
    for night in dates.days(first, last):
        start = max(each for each in starts if each <= night)
        for class_id in classes:
            ruled[class_id, night] = dated[start][class_id]
    return ruled
