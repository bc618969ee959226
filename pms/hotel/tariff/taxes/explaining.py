"""Explaining a tax that was posted: by which rate, of what, and what that comes to."""

from collections.abc import Collection
from datetime import date
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import Money, round_half_up
from pms.hotel.tariff.taxes.reckoning import PERCENT, TaxKind
from pms.hotel.tariff.taxes.tables import TaxRate

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


def rate_of(rate: int | None, base: int, amount: int) -> int:
    """Return the percentage that was reckoned by: the day's, unless the amount says another.

    A correction of an older charge, or a price taken apart before a rate was set, bears its own.
    """
    if rate is not None and abs(round_half_up(Fraction(base * rate, 1_000_000)) - amount) <= 1:
        return rate
    return round_half_up(Fraction(amount * 1_000, base)) * 1_000 if base else 0


def explain(kind: TaxKind, rate: int | None, base: Money, amount: Money) -> str:
    """Say a tax in words: `7 % of 100.00 is 7.00`, `2.00 a person and night, 3 times, is 6.00`."""
    if kind is TaxKind.PERCENT:
        percent = f"{rate_of(rate, base.minor, amount.minor) / PERCENT:g}"
        return f"{percent} % of {base} is {amount}"
    each = Money(rate or 0, amount.currency)
    times = amount.minor // each.minor if each and amount.minor % each.minor == 0 else 1
    count = f", {times} times," if times > 1 else ""
    return f"{each} {_EACH[kind]}{count} is {amount}"
