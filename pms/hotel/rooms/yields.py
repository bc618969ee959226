"""Yields: rules by which a night that sells well (or badly) costs more, less, or is held back.

What a rule does is reckoned from the night's counters whenever somebody asks, and written nowhere:
it ends by itself when the night falls below the mark, the rule is stopped, or its nights are over.
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import clock
from pms.base.db import Base, OfHotel, choice, lock, new_id, within_hotel
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import pricing
from pms.hotel.rooms.inventory import NightChange
from pms.hotel.rooms.pricing import Effect
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.rooms.restrictions import Kind
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.tariff import versions

LONGEST_WINDOW = 60


class Measure(enum.StrEnum):
    """What a rule looks at: the share of the house's rooms sold, or rooms sold of late."""

    OCCUPANCY = "occupancy"
    PICK_UP = "pick_up"


class Does(enum.StrEnum):
    """What a rule does to a night's price, or to whom it is sold."""

    PERCENT = "percent"
    AMOUNT = "amount"
    CLOSED = "closed"
    CLOSED_TO_ARRIVAL = "closed_to_arrival"
    MIN_STAY = "min_stay"

    @property
    def prices(self) -> bool:
        """Whether it changes the price, rather than who can have it."""
        return self in {Does.PERCENT, Does.AMOUNT}


class YieldRule(OfHotel, Base):
    """A rule: from which mark on (or below it), for which nights, and what it does.

    The mark is percent of the house's rooms, or rooms sold within the last `days`; `value` is
    hundredths of a percent, minor units, or nights.
    """

    __tablename__ = "yield_rules"
    __table_args__ = (
        within_hotel("plan_id", "rate_plans"),
        within_hotel("type_id", "room_types"),
        sa.CheckConstraint("last >= first", name="has_a_night"),
        sa.CheckConstraint(
            f"(measure = 'occupancy' AND mark BETWEEN 0 AND 100 AND days IS NULL) OR "
            f"(measure = 'pick_up' AND mark BETWEEN 1 AND 9999 AND days BETWEEN 1 AND"
            f" {LONGEST_WINDOW})",
            name="mark_fits_measure",
        ),
        sa.CheckConstraint(
            "(value IS NULL) = (does IN ('closed', 'closed_to_arrival'))", name="value_fits"
        ),
    )

    name: Mapped[str]
    plan_id: Mapped[int | None]
    type_id: Mapped[int | None]
    first: Mapped[date]
    last: Mapped[date]
    measure: Mapped[Measure] = mapped_column(choice(Measure))
    below: Mapped[bool] = mapped_column(default=False)
    mark: Mapped[int]
    days: Mapped[int | None]
    does: Mapped[Does] = mapped_column(choice(Does))
    value: Mapped[int | None]
    stopped_at: Mapped[datetime | None]


class RuleStopped(Refusal):
    def __init__(self, rule: YieldRule) -> None:
        super().__init__(f"{rule.name} was stopped already. Reload the page.")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as a value, to be reckoned without a database."""

    name: str
    plan_id: int | None
    type_id: int | None
    first: date
    last: date
    measure: Measure
    below: bool
    mark: int
    days: int | None
    does: Does
    value: int | None

    def met(self, night: date, sold: int, rooms: int, picked_up: int) -> str | None:
        """Return in words what makes the rule act on a night, or None where it doesn't."""
        if not self.first <= night <= self.last:
            return None
        if self.measure is Measure.OCCUPANCY:
            is_over = sold * 100 >= self.mark * rooms
            said = f"{sold * 100 // rooms if rooms else 100} % sold"
        else:
            is_over = picked_up >= self.mark
            said = f"{picked_up} sold in {self.days} days"
        return f"{self.name}: {said}" if is_over is not self.below else None

    def is_for(self, type_id: int, plan_id: int, *, is_agreed: bool) -> bool:
        """Tell whether it acts on a type and plan; what is agreed only where it is named."""
        if self.plan_id is None:
            return not is_agreed and self.type_id in (None, type_id)
        return self.plan_id == plan_id and self.type_id in (None, type_id)


@dataclass(frozen=True, slots=True)
class Acting:
    """A rule that acts on a night, and in words why."""

    rule: Rule
    night: date
    words: str

    @property
    def effect(self) -> Effect:
        """What it does to a price."""
        is_percent = self.rule.does is Does.PERCENT
        value = self.rule.value
        return Effect(self.words, value if is_percent else None, None if is_percent else value)

    @property
    def kind(self) -> Kind:
        """What it forbids, where it does."""
        return Kind(self.rule.does.value)


Demand = Mapping[date, tuple[int, int]]  # rooms sold, and rooms there are, by night


def acting(
    rules: Iterable[Rule], demand: Demand, picked_up: Mapping[tuple[date, int], int]
) -> list[Acting]:
    """Return the rules that act on each night, in the order of the nights."""
    found = []
    rules = list(rules)
    for night in sorted(demand):
        sold, there = demand[night]
        for rule in rules:
            said = rule.met(night, sold, there, picked_up.get((night, rule.days or 0), 0))
            if said:
                found.append(Acting(rule, night, said))
    return found


def effects(
    acts: Iterable[Acting], night: date, recipe: pricing.Recipe, type_id: int
) -> tuple[Effect, ...]:
    """Return what the acting rules do to a price, in the rules' order."""
    agreed = bool(recipe.companies)
    return tuple(
        each.effect
        for each in acts
        if each.night == night
        and each.rule.does.prices
        and each.rule.is_for(type_id, recipe.plan_id, is_agreed=agreed)
    )


def picked_up(
    session: Session, hotel: Hotel, rules: Iterable[Rule], first: date, last: date
) -> dict[tuple[date, int], int]:
    """Return rooms sold per night within each window of the rules: a question for each window."""
    windows = {
        rule.days for rule in rules if rule.days and rule.first <= last and rule.last >= first
    }
    found: dict[tuple[date, int], int] = {}
    for days in sorted(windows):
        since = hotel.business_date - timedelta(days=days - 1)
        rows = session.execute(
            sa.select(NightChange.night, sa.func.sum(NightChange.rooms))
            .where(
                NightChange.hotel_id == hotel.id,
                NightChange.business_day >= since,
                NightChange.night.between(first, last),
            )
            .group_by(NightChange.night)
        )
        found |= {(night, days): int(rooms or 0) for night, rooms in rows}
    return found


# --- setting ------------------------------------------------------------------------------------


def add(
    session: Session,
    hotel: Hotel,
    wanted: Rule,
    *,
    by: Staff,
) -> YieldRule:
    """Add a rule; refuses marks and values that can't be, and nights that are over."""
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold_hotel(session, hotel)
    _check(session, hotel, wanted, day)
    rule = YieldRule(
        hotel_id=hotel.id,
        id=new_id(),
        **{name: getattr(wanted, name) for name in Rule.__dataclass_fields__},
    )
    session.add(rule)
    versions.renew(session, hotel.id)
    words = {name: str(getattr(wanted, name)) for name in Rule.__dataclass_fields__}
    logbook.record(session, "added yield rule", rule, by=by, day=day, rule=words)
    return rule


def stop(session: Session, rule: YieldRule, *, by: Staff) -> None:
    """Stop a rule: from now on nothing is reckoned by it, and nothing of it stays behind."""
    require(by, Permission.SET_UP, rule.hotel_id)
    hotel = session.get_one(Hotel, rule.hotel_id)
    day = business_day.hold_hotel(session, hotel)
    if lock(session, rule).stopped_at is not None:
        raise RuleStopped(rule)
    rule.stopped_at = clock.now()
    versions.renew(session, hotel.id)
    logbook.record(session, "stopped yield rule", rule, by=by, day=day, name=rule.name)


def _check(session: Session, hotel: Hotel, wanted: Rule, day: date) -> None:
    if not wanted.name.strip():
        raise Invalid("A rule has a name.", field="name")
    if wanted.last < wanted.first or wanted.last < day:
        raise Invalid("The last night is before the first, or over.", field="last")
    _check_mark(wanted)
    if (wanted.value is None) is not (wanted.does in {Does.CLOSED, Does.CLOSED_TO_ARRIVAL}):
        raise Invalid("Say how much; closing takes no number.", field="value")
    if wanted.does is Does.PERCENT:
        pricing.check_points(wanted.value, None, field="value")
    if wanted.does is Does.MIN_STAY and not 1 <= (wanted.value or 0) <= 99:
        raise Invalid("Say 1 to 99 nights.", field="value")
    for table, of in ((RatePlan, wanted.plan_id), (RoomType, wanted.type_id)):
        if of is not None and session.get(table, (hotel.id, of)) is None:
            raise Invalid("That plan or type is not there any more.", field="plan")


def _check_mark(wanted: Rule) -> None:
    if wanted.measure is Measure.OCCUPANCY:
        if not 0 <= wanted.mark <= 100 or wanted.days is not None:
            raise Invalid("Say 0 to 100 percent of the rooms.", field="mark")
    elif not 1 <= wanted.mark <= 9_999 or not 1 <= (wanted.days or 0) <= LONGEST_WINDOW:
        raise Invalid(f"Say how many rooms within 1 to {LONGEST_WINDOW} days.", field="mark")


def standing(session: Session, hotel: Hotel) -> list[YieldRule]:
    """Return the rules that aren't stopped and whose nights aren't over, by name."""
    return list(
        session.scalars(
            sa.select(YieldRule)
            .where(
                YieldRule.hotel_id == hotel.id,
                YieldRule.stopped_at.is_(None),
                YieldRule.last >= hotel.business_date,
            )
            .order_by(YieldRule.name, YieldRule.id)
        )
    )


def value_of(rule: YieldRule) -> Rule:
    """Return a rule as a value."""
    return Rule(**{name: getattr(rule, name) for name in Rule.__dataclass_fields__})
