"""Derivations: plans that follow another plan's prices by a percentage or an amount.

A chain of plans has levels: whoever follows stands at a higher level than whom it follows, and the
database refuses anything else. So no plan can follow itself, by however many others.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import ink
from pms.base.db import Base, choice, upsert, within_hotel
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import pricing
from pms.hotel.rooms.pricing import Rounding
from pms.hotel.rooms.rates import NightPrice, RatePlan
from pms.hotel.tariff import versions

DEEPEST = 5


class DerivedPlan(Base):
    """A plan that follows its parent; `points` are hundredths of a percent, `amount` minor units.

    `step` is what the price is rounded to, in minor units.
    """

    __tablename__ = "derived_plans"
    __table_args__ = (
        within_hotel("plan_id", "rate_plans"),
        within_hotel("parent_id", "rate_plans"),
        sa.CheckConstraint("(points IS NULL) != (amount IS NULL)", name="percent_or_amount"),
        sa.CheckConstraint(
            f"points BETWEEN -{pricing.POINTS} AND {pricing.MOST_POINTS}", name="percent_in_reason"
        ),
        sa.CheckConstraint("step > 0", name="rounds_to_something"),
        sa.CheckConstraint(f"level BETWEEN 1 AND {DEEPEST}", name="not_too_deep"),
        sa.CheckConstraint("plan_id != parent_id", name="not_of_itself"),
        sa.Index(None, "hotel_id", "parent_id"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    plan_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    parent_id: Mapped[int]
    level: Mapped[int] = mapped_column(sa.SmallInteger)
    points: Mapped[int | None]
    amount: Mapped[int | None]
    step: Mapped[int] = mapped_column(default=1)
    rounding: Mapped[Rounding] = mapped_column(choice(Rounding), default=Rounding.NEAREST)


_ABOVE = (
    "EXISTS (SELECT 1 FROM derived_plans p WHERE p.hotel_id = NEW.hotel_id "
    "AND p.plan_id = NEW.parent_id AND p.level >= NEW.level)"
)
_BELOW = (
    "EXISTS (SELECT 1 FROM derived_plans c WHERE c.hotel_id = NEW.hotel_id "
    "AND c.parent_id = NEW.plan_id AND c.level <= NEW.level)"
)
for _deed in ("INSERT", "UPDATE"):
    ink.guard(
        f"derived_plans_go_down_on_{_deed.lower()}",
        table="derived_plans",
        when=_deed,
        refuse_if=f"{_ABOVE} OR {_BELOW}",
        message="a plan follows only plans above it",
    )


class GoesRound(Refusal):
    """A plan would follow itself."""

    status = 422

    def __init__(self, plan: str, parent: str) -> None:
        super().__init__(
            f"{parent} follows {plan} itself. Choose a plan that doesn't.", field="parent"
        )


class TooDeep(Refusal):
    def __init__(self) -> None:
        super().__init__(
            f"Plans follow each other over {DEEPEST} levels at most. Follow one further up.",
            field="parent",
        )


class Follows(Refusal):
    """A derived plan has no prices of its own."""

    def __init__(self, plan: str, parent: str) -> None:
        super().__init__(
            f"{plan} follows {parent}. Change the prices of {parent}, or let {plan} stand alone.",
            field="plans",
        )


class StandsAlone(Refusal):
    def __init__(self, plan: str) -> None:
        super().__init__(f"{plan} follows no other plan. Reload the page.")


@dataclass(frozen=True, slots=True)
class Difference:
    """How far a plan stands from its parent, and to what its price is rounded (minor units)."""

    points: int | None = None
    amount: Money | None = None
    step: int = 1
    rounding: Rounding = Rounding.NEAREST


def derive(
    session: Session, plan: RatePlan, parent: RatePlan, difference: Difference, *, by: Staff
) -> DerivedPlan:
    """Let a plan follow another one, in place of prices of its own from today on.

    Refuses a plan that would follow itself, chains too deep, and a difference that says neither
    percent nor amount, or both.
    """
    require(by, Permission.SET_UP, plan.hotel_id)
    hotel = session.get_one(Hotel, plan.hotel_id)
    day = business_day.hold_hotel(session, hotel)
    amount = difference.amount.minor if difference.amount else None
    pricing.check_points(difference.points, amount, field="difference")
    if difference.step < 1:
        raise Invalid("Round to at least the smallest coin.", field="step")
    chain = _all(session, hotel)
    if plan.id == parent.id or plan.id in _ancestors(chain, parent.id):
        raise GoesRound(plan.name, parent.name)
    _make_room(session, hotel, chain, plan.id, _level(chain, parent.id) + 1)
    given_up = _give_up_prices(session, hotel, plan)
    row = {
        "hotel_id": hotel.id,
        "plan_id": plan.id,
        "parent_id": parent.id,
        "level": _level(chain, parent.id) + 1,
        "points": difference.points,
        "amount": amount,
        "step": difference.step,
        "rounding": difference.rounding,
    }
    before = chain.get(plan.id)
    was = {"points": before.points, "amount": before.amount} if before else {}
    upsert(session, DerivedPlan, [row], key=("hotel_id", "plan_id"))
    versions.renew(session, hotel.id)
    logbook.record(
        session, "derived plan", plan, by=by, day=day, before=was, parent=parent.code,
        points=difference.points, amount=amount, prices_given_up=given_up,
    )  # fmt: skip
    return session.get_one(DerivedPlan, (hotel.id, plan.id), populate_existing=True)


def stand_alone(session: Session, plan: RatePlan, *, by: Staff) -> int:
    """Let a plan follow no other any more; it keeps the prices it has, as its own.

    Returns how many nights that are. Refuses a plan that stands alone already.
    """
    require(by, Permission.SET_UP, plan.hotel_id)
    hotel = session.get_one(Hotel, plan.hotel_id)
    day = business_day.hold_hotel(session, hotel)
    chain = _all(session, hotel)
    if plan.id not in chain:
        raise StandsAlone(plan.name)
    path = [plan.id, *_ancestors(chain, plan.id)]
    steps = [step_of(chain[each], "") for each in reversed(path) if each in chain]
    rows = session.execute(
        sa.select(NightPrice.night, NightPrice.type_id, NightPrice.price).where(
            NightPrice.hotel_id == hotel.id,
            NightPrice.plan_id == path[-1],
            NightPrice.night >= day,
        )
    ).all()
    own = []
    for night, type_id, price in rows:
        for step in steps:
            price = step.of(price)
        own.append(
            {
                "hotel_id": hotel.id,
                "night": night,
                "type_id": type_id,
                "plan_id": plan.id,
                "price": max(0, price),
                "season_id": None,
            }
        )
    session.execute(sa.delete(DerivedPlan).filter_by(hotel_id=hotel.id, plan_id=plan.id))
    upsert(session, NightPrice, own, key=("hotel_id", "night", "type_id", "plan_id"))
    versions.renew(session, hotel.id)
    logbook.record(session, "let plan stand alone", plan, by=by, day=day, prices=len(own))
    return len(own)


def all_of(session: Session, hotel: Hotel) -> dict[int, DerivedPlan]:
    """Return the hotel's derived plans by their plan."""
    return _all(session, hotel)


def step_of(derived: DerivedPlan, parent: str) -> pricing.Derivation:
    """Return how a derived plan makes its price, without a database."""
    return pricing.Derivation(
        parent, derived.points, derived.amount, derived.step, derived.rounding
    )


def _all(session: Session, hotel: Hotel) -> dict[int, DerivedPlan]:
    rows = session.scalars(sa.select(DerivedPlan).where(DerivedPlan.hotel_id == hotel.id))
    return {row.plan_id: row for row in rows}


def _ancestors(chain: dict[int, DerivedPlan], plan_id: int) -> list[int]:
    """Return whom a plan follows, the nearest first."""
    found: list[int] = []
    while plan_id in chain:
        plan_id = chain[plan_id].parent_id
        found.append(plan_id)
    return found


def _level(chain: dict[int, DerivedPlan], plan_id: int) -> int:
    return chain[plan_id].level if plan_id in chain else 0


def _make_room(
    session: Session, hotel: Hotel, chain: dict[int, DerivedPlan], plan_id: int, level: int
) -> None:
    """Move a plan's followers down, the furthest first, so that it may stand at a level."""
    if level > DEEPEST:
        raise TooDeep
    for follower in chain.values():
        if follower.parent_id == plan_id and follower.level <= level:
            _make_room(session, hotel, chain, follower.plan_id, level + 1)
            follower.level = level + 1
            session.flush()


def _give_up_prices(session: Session, hotel: Hotel, plan: RatePlan) -> int:
    """Drop the plan's own prices from today on: it has its parent's."""
    dropped = session.execute(
        sa.delete(NightPrice).where(
            NightPrice.hotel_id == hotel.id,
            NightPrice.plan_id == plan.id,
            NightPrice.night >= hotel.business_date,
        )
    )
    return int(dropped.rowcount)  # type: ignore[attr-defined]
