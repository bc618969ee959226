"""Explaining a tax that was posted: by which rate, of what, and what that comes to."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import Money, round_half_up
from pms.hotel.tariff.taxes.reckoning import BY_HEAD, PERCENT, Bands, Children, Rule, TaxKind
from pms.hotel.tariff.taxes.tables import TaxAgeBand, TaxRate

DatedRates = dict[int, list[tuple[date, int]]]

_EACH = {
    TaxKind.PER_PERSON_NIGHT: "a person and night",
    TaxKind.PER_NIGHT: "a night",
    TaxKind.PER_PERSON: "a person",
    TaxKind.PER_BOOKING: "a booking",
}


def dated_rates(session: Session, hotel_id: int, tax_ids: Collection[int]) -> DatedRates:
    """Return each tax's rates with the day each begins, the newest first."""
    found: DatedRates = {}
    rows = session.execute(
        sa.select(TaxRate.tax_id, TaxRate.from_day, TaxRate.rate)
        .where(TaxRate.hotel_id == hotel_id, TaxRate.tax_id.in_(tax_ids))
        .order_by(TaxRate.from_day.desc())
    )
    for tax_id, from_day, rate in rows:
        found.setdefault(tax_id, []).append((from_day, rate))
    return found


def rate_on(rates: list[tuple[date, int]], day: date) -> int | None:
    """Return the rate that held on a day, of rates with the newest first."""
    return next((rate for from_day, rate in rates if from_day <= day), None)


def since(rates: list[tuple[date, int]], day: date) -> date | None:
    """Return when the rate began that held on a day."""
    return next((from_day for from_day, _ in rates if from_day <= day), None)


def rate_of(rate: int | None, base: int, amount: int) -> int:
    """Return the percentage that was reckoned by: the day's, unless the amount says another.

    A correction of an older charge, or a price taken apart before a rate was set, bears its own.
    """
    if rate is not None and abs(round_half_up(Fraction(base * rate, 1_000_000)) - amount) <= 1:
        return rate
    return round_half_up(Fraction(amount * 1_000, base)) * 1_000 if base else 0


def dated_bands(
    session: Session, hotel_id: int, tax_ids: Collection[int]
) -> dict[tuple[int, date], Bands]:
    """Return what children bear, by tax and the day its rate begins, where anything is said."""
    found: dict[tuple[int, date], Bands] = {}
    rows = session.execute(
        sa.select(TaxAgeBand.tax_id, TaxAgeBand.from_day, TaxAgeBand.upto, TaxAgeBand.amount)
        .where(TaxAgeBand.hotel_id == hotel_id, TaxAgeBand.tax_id.in_(tax_ids))
        .order_by(TaxAgeBand.upto)
    )
    for tax_id, from_day, upto, amount in rows:
        found[tax_id, from_day] = (*found.get((tax_id, from_day), ()), (upto, amount))
    return found


@dataclass(frozen=True, slots=True)
class Heads:
    """Who slept there: so many adults, and children of these ages, so many nights."""

    adults: int
    children: Children
    nights: int = 1


def explain(
    kind: TaxKind,
    rate: int | None,
    base: Money,
    amount: Money,
    *,
    bands: Bands = (),
    heads: Heads | None = None,
) -> str:
    """Say a tax in words: `7 % of €100.00 is €7.00`, `€2.00 a person and night, 3 times, is €6.00`.

    With `bands`, who of the `heads` bears what; where they don't make the amount (any more), only
    what it is reckoned by.
    """
    if kind is TaxKind.PERCENT:
        percent = f"{rate_of(rate, base.minor, amount.minor) / PERCENT:g}"
        return f"{percent} % of {base.said} is {amount.said}"
    each = Money(rate or 0, amount.currency)
    if bands and kind in BY_HEAD:
        rule = Rule("", kind, each.minor, inclusive=False, children=bands)
        return f"{_borne(rule, amount, heads) or per_head(rule, amount.currency)} is {amount.said}"
    by = reckoned_by(kind, rate, amount)
    return f"{by}{',' if by.endswith('times') else ''} is {amount.said}"


def reckoned_by(kind: TaxKind, rate: int | None, amount: Money) -> str:
    """Say what a tax that is no percentage is reckoned by: `€2.00 a person and night, 3 times`."""
    each, borne = Money(rate or 0, amount.currency), abs(amount.minor)
    times = borne // each.minor if each and borne % each.minor == 0 else 1
    return f"{each.said} {_EACH[kind]}{f', {times} times' if times > 1 else ''}"


def _borne(rule: Rule, amount: Money, heads: Heads | None) -> str:
    """Say who bears what, or nothing: `2 x €2.00, 1 child up to 15 x €1.00, 1 up to 5 free`."""
    if heads is None:
        return ""
    nights = heads.nights if rule.kind is TaxKind.PER_PERSON_NIGHT else 1
    bear = rule.rate * heads.adults + sum(map(rule.of_child, heads.children))
    if bear * nights != abs(amount.minor):
        return ""
    oldest = rule.children[-1][0]
    bands = Counter(
        next((upto for upto, _ in rule.children if (oldest if age is None else age) <= upto), None)
        for age in heads.children
    )
    parts = [f"{heads.adults + bands[None]} x {Money(rule.rate, amount.currency).said}"]
    for upto, minor in reversed(rule.children):
        if count := bands[upto]:
            who = "child" if count == 1 else "children"
            pays = f"x {Money(minor, amount.currency).said}" if minor else "free"
            parts.append(f"{count} {who} up to {upto} {pays}")
    if nights > 1:
        parts.append(f"{nights} nights,")
    return ", ".join(parts)


def per_head(rule: Rule, currency: str) -> str:
    """Say what a tax by head asks: `€2.00 a person and night, children up to 5 free`."""
    words = [f"{Money(rule.rate, currency).said} {_EACH[rule.kind]}"]
    for upto, minor in rule.children:
        pays = Money(minor, currency).said if minor else "free"
        words.append(f"{'up to' if words[1:] else 'children up to'} {upto} {pays}")
    return ", ".join(words)


def words(rule: Rule, currency: str) -> str:
    """Say what a rule asks, with its limits: for who sets it."""
    if rule.limits.has_ended:
        return "ended"
    if rule.kind is TaxKind.PERCENT:
        said = [f"{rule.rate / PERCENT:g} % {'in' if rule.inclusive else 'on top of'} the price"]
    elif rule.kind in BY_HEAD:
        said = [per_head(rule, currency)]
    else:
        said = [f"{Money(rule.rate, currency).said} {_EACH[rule.kind]}"]
    limits = rule.limits
    if limits.only_over is not None:
        said.append(f"only over {Money(limits.only_over, currency).said} a night")
    if limits.cap is not None:
        said.append(f"at most {Money(limits.cap, currency).said} a person and night")
    if limits.most_nights is not None:
        said.append(f"for the first {limits.most_nights} nights")
    if limits.exempt_from is not None:
        back = ", and what was charged goes back" if limits.refunds else ""
        said.append(f"not from night {limits.exempt_from} of a stay on{back}")
    return "; ".join(said)
