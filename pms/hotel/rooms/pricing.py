"""Pricing without a database: what a night costs a party in a plan, each step with its reason.

The price of the day (set by hand or by a season), then what the plan derives from its parent, then
the rules of the house (yield), then the party. Each step is a part with its amount, and the parts
are the price: nothing is added that isn't said.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache

from pms.base.money import Money, round_half_up
from pms.base.refusal import Invalid
from pms.hotel.tariff.taxes import OLDEST_CHILD as OLDEST_CHILD
from pms.hotel.tariff.taxes import Children

POINTS = 10_000  # a percentage is kept in hundredths: -10 % is -1,000 points
MOST_POINTS = 50_000
ADULTS_LISTED = 4


class Rounding(enum.StrEnum):
    """How a derived price comes to a whole step; nearest is half up, as everywhere."""

    NEAREST = "nearest"
    UP = "up"
    DOWN = "down"


class Who(enum.StrEnum):
    """Whom a supplement is for: so many adults, each one more, or a child up to an age."""

    ADULTS = "adults"
    EXTRA_ADULT = "extra_adult"
    CHILD = "child"


class Why(enum.StrEnum):
    """Where a part of a price comes from."""

    DAY = "day"
    SEASON = "season"
    DERIVED = "derived"
    RULE = "rule"
    ADULTS = "adults"
    CHILD = "child"
    FLOOR = "floor"


@dataclass(frozen=True, slots=True)
class Party:
    """Who sleeps in one room; the ages of children, as far as they are known."""

    adults: int
    children: int = 0
    ages: tuple[int, ...] = ()

    @property
    def child_ages(self) -> Children:
        """One age for each child, None where it isn't known."""
        return (*self.ages, *(None,) * max(0, self.children - len(self.ages)))


@dataclass(frozen=True, slots=True)
class Part:
    """One step of a price: its reason, the reason in words, and the amount it adds."""

    why: Why
    words: str
    amount: int


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a plan follows its parent: a percentage or an amount, to a whole step."""

    parent: str
    points: int | None
    amount: int | None
    step: int = 1
    rounding: Rounding = Rounding.NEAREST

    def of(self, price: int) -> int:
        """Return the price that follows from the parent's."""
        if self.points is not None:
            exact = Fraction(price * (POINTS + self.points), POINTS)
        else:
            exact = Fraction(price + (self.amount or 0))
        steps = exact / self.step
        whole = steps.numerator // steps.denominator
        if self.rounding is Rounding.NEAREST:
            whole = round_half_up(steps)
        elif self.rounding is Rounding.UP and steps.denominator != 1:
            whole += 1
        return whole * self.step

    def words(self, currency: str) -> str:
        """Say it: `Flexible -10 %`."""
        if self.points is not None:
            return f"{self.parent} {percent(self.points)}"
        sign = "+" if (self.amount or 0) >= 0 else ""
        return f"{self.parent} {sign}{Money(self.amount or 0, currency).said}"


@dataclass(frozen=True, slots=True)
class Supplement:
    """What a party pays more (or less) a night; `number` is the adults, or a child's age up to."""

    who: Who
    number: int
    amount: int


@dataclass(frozen=True, slots=True, eq=False)
class Supplements:
    """A plan's supplements for one type, ready to be asked."""

    adults: dict[int, int]
    extra_adult: int
    children: tuple[tuple[int, int], ...]

    @classmethod
    def made_of(cls, rows: Sequence[Supplement]) -> "Supplements":
        """Sort supplements by whom they are for."""
        return cls(
            adults={each.number: each.amount for each in rows if each.who is Who.ADULTS},
            extra_adult=sum(each.amount for each in rows if each.who is Who.EXTRA_ADULT),
            children=tuple(
                sorted((each.number, each.amount) for each in rows if each.who is Who.CHILD)
            ),
        )

    def parts(self, party: Party) -> list[Part]:
        """Return what a party pays more; nobody pays for whom nothing is said.

        A child older than the oldest age that is listed pays as an adult; one whose age isn't
        known, as the oldest child.
        """
        adults, found = party.adults, []
        if self.children:
            unknown = max(0, party.children - len(party.ages))
            for age in sorted(party.ages):
                amount = next((amount for upto, amount in self.children if age <= upto), None)
                if amount is None:
                    adults += 1
                elif amount:
                    found.append(Part(Why.CHILD, f"Child of {age}", amount))
            oldest = self.children[-1][1]
            found += [Part(Why.CHILD, "Child", oldest)] * unknown if oldest else []
        more = self._adults(adults)
        if more:
            said = "1 adult" if adults == 1 else f"{adults} adults"
            found.insert(0, Part(Why.ADULTS, said, more))
        return found

    def _adults(self, adults: int) -> int:
        if adults in self.adults:
            return self.adults[adults]
        usual = {2: 0, **self.adults}
        listed = max((each for each in usual if each <= adults), default=None)
        if listed is None:
            return 0
        return usual[listed] + (adults - listed) * self.extra_adult


@dataclass(frozen=True, slots=True)
class Effect:
    """What a rule of the house does to a price that night, and what made it do so."""

    words: str
    points: int | None
    amount: int | None

    def of(self, price: int) -> int:
        """Return what it adds to a price."""
        if self.points is not None:
            return round_half_up(Fraction(price * self.points, POINTS))
        return self.amount or 0


@dataclass(frozen=True, slots=True, eq=False)
class Recipe:
    """How a plan makes its price, from the plan whose prices stand in the calendar."""

    plan_id: int
    code: str
    name: str
    currency: str
    root_id: int
    tax_class_id: int | None
    steps: tuple[Derivation, ...] = ()
    supplements: dict[int | None, Supplements] = field(default_factory=dict)
    companies: tuple["Agreed", ...] = ()
    active: bool = True
    policy_id: int | None = None

    def sold_to(self, company_id: int | None, first: date, last: date) -> bool:
        """Tell whether a company may book its nights; what is agreed with nobody is everybody's."""
        if not self.companies:
            return True
        return any(
            each.company_id == company_id
            and each.first <= first
            and (each.last is None or last <= each.last)
            for each in self.companies
        )


@dataclass(frozen=True, slots=True)
class Agreed:
    """A company a plan was agreed with, from a first night to a last one, or for good."""

    company_id: int
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Priced:
    """A night's price and the parts it is the sum of."""

    price: int
    parts: tuple[Part, ...]


@lru_cache(maxsize=32768)  # a search asks for the same few prices in every plan
def price(
    base: int,
    season: str | None,
    recipe: Recipe,
    type_id: int,
    party: Party,
    effects: tuple[Effect, ...] = (),
) -> Priced:
    """Return a night's price: base, derivation, rules, party; never below zero."""
    parts = [Part(Why.SEASON, season, base) if season else Part(Why.DAY, "Price of the day", base)]
    reached = base
    for step in recipe.steps:
        derived = step.of(reached)
        parts.append(Part(Why.DERIVED, step.words(recipe.currency), derived - reached))
        reached = derived
    for effect in effects:
        more = effect.of(reached)
        parts.append(Part(Why.RULE, effect.words, more))
        reached += more
    asked = recipe.supplements.get(type_id) or recipe.supplements.get(None)
    if asked is not None:
        parts += asked.parts(party)
    total = sum(part.amount for part in parts)
    if total < 0:
        parts.append(Part(Why.FLOOR, "Not below zero", -total))
        total = 0
    return Priced(total, tuple(parts))


def percent(points: int) -> str:
    """Write a percentage with its sign: `-10 %`, `+7.5 %`."""
    whole, rest = divmod(abs(points), 100)
    digits = f".{rest:02}".rstrip("0") if rest else ""
    return f"{'-' if points < 0 else '+'}{whole}{digits} %"


def check_points(points: int | None, amount: int | None, *, field: str) -> None:
    """Refuse neither and both of a percentage and an amount, and a percentage beyond reason."""
    if (points is None) is (amount is None):
        raise Invalid("Say either a percentage or an amount.", field=field)
    if points is not None and not -POINTS <= points <= MOST_POINTS:
        raise Invalid("Say a percentage from -100 to 500.", field=field)
