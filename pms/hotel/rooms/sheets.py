"""Sheets: all of a hotel's plans and what makes their prices, read at once and kept while it holds.

A sheet holds plain values only. It is kept by the tariff's version, which is never the same number
twice: whoever reads the version knows whether the sheet at hand is the current one.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import package_allowances, packages, yields
from pms.hotel.rooms.derivations import DerivedPlan
from pms.hotel.rooms.negotiated import PlanCompany
from pms.hotel.rooms.packaging import Element
from pms.hotel.rooms.policies import PlanPolicy, Policy, Terms, terms_of
from pms.hotel.rooms.pricing import Agreed, Derivation, Recipe, Supplement, Supplements
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.rooms.seasons import Season
from pms.hotel.rooms.supplements import OccupancySupplement
from pms.hotel.rooms.yields import Rule, value_of
from pms.hotel.tariff import taxes
from pms.hotel.tariff.charges import ChargeCode
from pms.hotel.tariff.taxes import Dated
from pms.hotel.tariff.versions import TariffVersion

T = TypeVar("T")
MOST_KEPT = 64


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A hotel's plans by id, which of them are made from a plan's prices, and what else they need.

    `seasons` are names, `terms` the policies that stand with their names, `rules` those of yield,
    `packages` those of each plan that has some, `taxes` the rules of each class of charges.
    """

    recipes: dict[int, Recipe]
    made_from: dict[int, tuple[Recipe, ...]]
    seasons: dict[int, str]
    terms: dict[int, tuple[str, Terms]]
    rules: tuple[Rule, ...]
    packages: dict[int, tuple[Element, ...]]
    taxes: Dated

    def terms_by_code(self) -> dict[str, tuple[str, Terms]]:
        """Return the terms of each plan that has some, by the plan's code."""
        return {
            recipe.code: self.terms[recipe.policy_id]
            for recipe in self.recipes.values()
            if recipe.policy_id is not None
        }

    def terms_of(self, plan_id: int) -> tuple[str, Terms] | None:
        """Return the name and the terms of a plan's policy, if it has one."""
        policy_id = self.recipes[plan_id].policy_id
        return self.terms[policy_id] if policy_id is not None else None


_kept: dict[int, Sheet] = {}
VERSION = (
    sa.select(TariffVersion.version)
    .where(TariffVersion.hotel_id == sa.bindparam("hotel"))
    .scalar_subquery()
)
_VERSION = sa.select(TariffVersion.version).where(TariffVersion.hotel_id == sa.bindparam("hotel"))
_PLANS = (
    sa.select(
        RatePlan.id,
        RatePlan.code,
        RatePlan.name,
        RatePlan.active,
        ChargeCode.tax_class_id,
        DerivedPlan.parent_id,
        DerivedPlan.points,
        DerivedPlan.amount,
        DerivedPlan.step,
        DerivedPlan.rounding,
        PlanPolicy.policy_id,
    )
    .join(
        ChargeCode,
        sa.and_(ChargeCode.hotel_id == RatePlan.hotel_id, ChargeCode.id == RatePlan.charge_code_id),
    )
    .outerjoin(
        DerivedPlan,
        sa.and_(DerivedPlan.hotel_id == RatePlan.hotel_id, DerivedPlan.plan_id == RatePlan.id),
    )
    .outerjoin(
        PlanPolicy,
        sa.and_(PlanPolicy.hotel_id == RatePlan.hotel_id, PlanPolicy.plan_id == RatePlan.id),
    )
    .where(RatePlan.hotel_id == sa.bindparam("hotel"))
    .order_by(RatePlan.code)
)


def current(session: Session, hotel: Hotel) -> Sheet:
    """Return the hotel's sheet: one question while nothing changes."""
    version = session.connection().execute(_VERSION, {"hotel": hotel.id}).scalar()
    return at(session, hotel, version)


def at(session: Session, hotel: Hotel, version: int | None) -> Sheet:
    """Return the sheet of a version that was read just now; no question if it is at hand."""
    known = _kept.get(version) if version is not None else None
    if known is not None:
        return known
    made = _read(session, hotel)
    if version is not None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[version] = made
    return made


def _read(session: Session, hotel: Hotel) -> Sheet:
    which = {"hotel": hotel.id}
    plans = {row.id: row for row in session.connection().execute(_PLANS, which)}
    supplements = _supplements(session, hotel)
    agreed = _agreed(session, hotel)
    seasons = session.execute(sa.select(Season.id, Season.name).where(Season.hotel_id == hotel.id))
    policies = session.scalars(
        sa.select(Policy).where(Policy.hotel_id == hotel.id, Policy.ended_at.is_(None))
    )
    recipes: dict[int, Recipe] = {}
    followers: dict[int, list[Recipe]] = defaultdict(list)
    for plan_id in plans:
        recipe = _recipe(hotel, plans, plan_id, supplements, agreed)
        recipes[plan_id] = recipe
        followers[recipe.root_id].append(recipe)
    return Sheet(
        recipes=recipes,
        made_from={root: tuple(made) for root, made in followers.items()},
        seasons={row[0]: row[1] for row in seasons},
        terms={each.id: (each.name, terms_of(each)) for each in policies},
        rules=tuple(value_of(each) for each in yields.standing(session, hotel)),
        packages=_packages(session, hotel),
        taxes=taxes.dated(session, hotel.id),
    )


def _packages(session: Session, hotel: Hotel) -> dict[int, tuple[Element, ...]]:
    """Return what each plan brings, with what may be consumed against it."""
    brought = packages.of_plans(session, hotel)
    allowed = package_allowances.of(session, hotel) if brought else {}
    return {
        plan_id: tuple(replace(each, allowance=allowed.get(each.package_id)) for each in elements)
        for plan_id, elements in brought.items()
    }


def _recipe(
    hotel: Hotel,
    plans: dict[int, Any],
    plan_id: int,
    supplements: dict[int, dict[int | None, Supplements]],
    agreed: dict[int, tuple[Agreed, ...]],
) -> Recipe:
    path = [plans[plan_id]]
    while path[-1].parent_id is not None:
        path.append(plans[path[-1].parent_id])
    steps = tuple(
        Derivation(above.name, row.points, row.amount, row.step, row.rounding)
        for row, above in reversed(list(pairwise(path)))
    )
    own = path[0]
    ids = [row.id for row in path]
    return Recipe(
        plan_id=own.id,
        code=own.code,
        name=own.name,
        currency=hotel.currency,
        root_id=ids[-1],
        tax_class_id=own.tax_class_id,
        steps=steps,
        supplements=_nearest(ids, supplements, {}),
        companies=_nearest(ids, agreed, ()),
        active=own.active,
        policy_id=_nearest(
            ids, {row.id: row.policy_id for row in path if row.policy_id is not None}, None
        ),
    )


def _nearest(ids: Iterable[int], known: dict[int, T], otherwise: T) -> T:
    """Return what is said of a plan itself or, where nothing is, of the nearest it follows."""
    return next((known[each] for each in ids if each in known), otherwise)


def _supplements(session: Session, hotel: Hotel) -> dict[int, dict[int | None, Supplements]]:
    """Return each plan's supplements by type; a type's own stand over those for all."""
    rows: dict[int, dict[int | None, list[Supplement]]] = defaultdict(lambda: defaultdict(list))
    for plan_id, type_id, who, number, amount in session.execute(
        sa.select(
            OccupancySupplement.plan_id,
            OccupancySupplement.type_id,
            OccupancySupplement.who,
            OccupancySupplement.number,
            OccupancySupplement.amount,
        ).where(OccupancySupplement.hotel_id == hotel.id)
    ):
        rows[plan_id][type_id].append(Supplement(who, number, amount))
    return {
        plan_id: {type_id: Supplements.made_of(each) for type_id, each in of_types.items()}
        for plan_id, of_types in rows.items()
    }


def _agreed(session: Session, hotel: Hotel) -> dict[int, tuple[Agreed, ...]]:
    found: dict[int, list[Agreed]] = defaultdict(list)
    for plan_id, company_id, first, last in session.execute(
        sa.select(
            PlanCompany.plan_id, PlanCompany.company_id, PlanCompany.first, PlanCompany.last
        ).where(PlanCompany.hotel_id == hotel.id)
    ):
        found[plan_id].append(Agreed(company_id, first, last))
    return {plan_id: tuple(each) for plan_id, each in found.items()}
