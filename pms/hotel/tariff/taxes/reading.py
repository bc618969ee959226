"""Reading a hotel's taxes: the rules of its classes of charges, as they hold from day to day."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.hotel.tariff.taxes.explaining import dated_bands
from pms.hotel.tariff.taxes.reckoning import NO_LIMITS, Bands, Limits, Rule
from pms.hotel.tariff.taxes.tables import Tax, TaxAgeBand, TaxClassTax, TaxRate

_LIMITS = tuple(getattr(TaxRate, each.name) for each in fields(Limits))
_WHICH = 3  # of a row's columns say which rule it is; a row for each band of its children

ByClass = dict[int | None, list[Rule]]
Asked = sa.Select[*tuple[Any, ...]]


@lru_cache(maxsize=256)
def limits_of(*values: Any) -> Limits:
    """Return limits as the columns of a rate keep them; zero is a limit, none is none."""
    if all(value is None or value is False for value in values):
        return NO_LIMITS
    return Limits(**dict(zip((each.name for each in fields(Limits)), values, strict=True)))


_rule = lru_cache(maxsize=1024)(Rule)  # the same object each time: quick to compare


def dated_rules(rows: Iterable[Any]) -> Iterator[tuple[int, int, date, Rule]]:
    """Yield each rule of `every_rule`'s rows with its class, its place there, and since when."""
    for (class_id, no, from_day), bands in groupby(rows, lambda row: tuple(row[:_WHICH])):
        of_rule = list(bands)
        tax_id, code, kind, inclusive, on_top_of, levy, rate, *limits = of_rule[0][_WHICH:-2]
        children = tuple((row[-2], row[-1]) for row in of_rule if row[-2] is not None)
        rule = _rule(
            code, kind, rate, inclusive, tuple(on_top_of), tax_id, limits_of(*limits), children,
            levy,
        )  # fmt: skip
        yield class_id, no, from_day, rule


def every_rule() -> Asked:
    """Return the query of a hotel's rules (`hotel`) by class, in order, each since its day."""
    return (
        sa.select(
            TaxClassTax.tax_class_id,
            TaxClassTax.no,
            TaxRate.from_day,
            Tax.id,
            Tax.code,
            Tax.kind,
            Tax.inclusive,
            Tax.on_top_of,
            Tax.levy,
            TaxRate.rate,
            *_LIMITS,
            TaxAgeBand.upto,
            TaxAgeBand.amount,
        )
        .join(Tax, sa.and_(Tax.hotel_id == TaxClassTax.hotel_id, Tax.id == TaxClassTax.tax_id))
        .join(TaxRate, sa.and_(TaxRate.hotel_id == Tax.hotel_id, TaxRate.tax_id == Tax.id))
        .outerjoin(
            TaxAgeBand,
            sa.and_(
                TaxAgeBand.hotel_id == TaxRate.hotel_id,
                TaxAgeBand.tax_id == TaxRate.tax_id,
                TaxAgeBand.from_day == TaxRate.from_day,
            ),
        )
        .where(TaxClassTax.hotel_id == sa.bindparam("hotel"))
        .order_by(TaxClassTax.tax_class_id, TaxClassTax.no, TaxRate.from_day, TaxAgeBand.upto)
    )


def _rules_of_a_day() -> Asked:
    dated = (
        sa.select(TaxRate.tax_id, sa.func.max(TaxRate.from_day).label("from_day"))
        .where(TaxRate.hotel_id == sa.bindparam("hotel"), TaxRate.from_day <= sa.bindparam("day"))
        .group_by(TaxRate.tax_id)
        .subquery()
    )
    return (
        every_rule()
        .join(
            dated,
            sa.and_(dated.c.tax_id == TaxRate.tax_id, dated.c.from_day == TaxRate.from_day),
        )
        .where(TaxClassTax.tax_class_id.in_(sa.bindparam("classes", expanding=True)))
    )


_RULES = _rules_of_a_day()  # built once: it is asked for each charge


def rules(session: Session, hotel_id: int, class_ids: Iterable[int | None], day: date) -> ByClass:
    """Return each class's rules as they are on a day; no class, no rules."""
    wanted = {class_id for class_id in class_ids if class_id is not None}
    found: ByClass = {None: []} | {class_id: [] for class_id in wanted}
    if not wanted:
        return found
    which = {"hotel": hotel_id, "classes": list(wanted), "day": day}
    for class_id, _, _, rule in dated_rules(session.connection().execute(_RULES, which)):
        found[class_id].append(rule)
    return found


def kinds(session: Session, hotel_id: int, tax_ids: Collection[int]) -> dict[int, Rule]:
    """Return what kinds of taxes these are, whatever their rates, by their ids."""
    some = session.scalars(sa.select(Tax).where(Tax.hotel_id == hotel_id, Tax.id.in_(tax_ids)))
    return {
        tax.id: _rule(
            tax.code, tax.kind, 0, tax.inclusive, tuple(tax.on_top_of), tax.id, levy=tax.levy
        )
        for tax in some
    }


def history(session: Session, some: Sequence[Tax]) -> dict[int, list[tuple[date, Rule]]]:
    """Return what taxes of one hotel were, are and will be since which day, the newest first."""
    found: dict[int, list[tuple[date, Rule]]] = {tax.id: [] for tax in some}
    if not some:
        return found
    hotel_id, of = some[0].hotel_id, {tax.id: tax for tax in some}
    bands = dated_bands(session, hotel_id, of.keys())
    rows = session.execute(
        sa.select(TaxRate.tax_id, TaxRate.from_day, TaxRate.rate, *_LIMITS)
        .where(TaxRate.hotel_id == hotel_id, TaxRate.tax_id.in_(of))
        .order_by(TaxRate.from_day.desc())
    )
    for tax_id, from_day, rate, *limits in rows:
        children = bands.get((tax_id, from_day), ())
        found[tax_id].append((from_day, rule_of(of[tax_id], rate, limits_of(*limits), children)))
    return found


def rule_of(tax: Tax, rate: int, limits: Limits = NO_LIMITS, children: Bands = ()) -> Rule:
    """Return a tax at a rate as it is reckoned."""
    return Rule(
        tax.code,
        tax.kind,
        rate,
        tax.inclusive,
        tuple(tax.on_top_of),
        tax.id,
        limits,
        children,
        tax.levy,
    )
