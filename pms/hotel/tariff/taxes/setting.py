"""Setting a hotel's taxes: rated and limited from a day on, taken back, ended."""

from dataclasses import asdict
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import dates
from pms.base.db import upsert
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.tariff import versions
from pms.hotel.tariff.taxes.explaining import words
from pms.hotel.tariff.taxes.reading import history, rule_of
from pms.hotel.tariff.taxes.reckoning import (
    BY_HEAD,
    ENDED,
    NO_LIMITS,
    OLDEST_CHILD,
    Bands,
    Limits,
    Rule,
)
from pms.hotel.tariff.taxes.tables import Tax, TaxAgeBand, TaxRate


class TaxDayIsPast(Refusal):
    """Nights of that day are charged already."""

    def __init__(self, from_day: date, day: date) -> None:
        super().__init__(
            f"{from_day:%d %b %Y} is closed. Choose a day from {day:%d %b %Y} on.",
            field="from_day",
        )


class RateHasBegun(Refusal):
    """Nights may be charged at it already."""

    def __init__(self, from_day: date) -> None:
        super().__init__(
            f"The rate of {from_day:%d %b %Y} has begun. Set another one from a day to come."
        )


class TaxHasEnded(Refusal):
    """Nobody bears it from an earlier day on."""

    def __init__(self, from_day: date) -> None:
        super().__init__(
            f"It ends on {from_day:%d %b %Y} already. Take that back first.", field="from_day"
        )


class RateToCome(Refusal):
    """A later rate would begin a tax anew that is to end."""

    def __init__(self, from_day: date) -> None:
        super().__init__(
            f"A rate from {from_day:%d %b %Y} is set. Take it back first.", field="from_day"
        )


SHORTEST_EXEMPT = 2
MOST_BANDS = 3


def set_rate(
    session: Session,
    tax: Tax,
    *,
    rate: int,
    limits: Limits = NO_LIMITS,
    children: Bands = (),
    from_day: date,
    by: Staff,
) -> None:
    """Let a tax have a rate and limits from a day on; what was posted before keeps what it bore.

    Refuses what is below zero, a most for a tax inside the price (its net couldn't be told), a
    refund without the length of stay that brings it, ages of children for what isn't by head, and
    a day that was, unless the tax had no rate before.
    """
    require(by, Permission.SET_UP, tax.hotel_id)
    hotel = session.get_one(Hotel, tax.hotel_id)
    day = business_day.hold(session, hotel)
    check(tax, rate=rate, limits=limits, children=children)
    held = _held(session, tax, from_day)
    if from_day < day and history(session, [tax])[tax.id]:
        raise TaxDayIsPast(from_day, day)
    _write(session, tax, from_day, rate, limits, children)
    rule = rule_of(tax, rate, limits, children)
    logbook.record(
        session,
        "set tax rate",
        tax,
        by=by,
        day=day,
        before=None if held is None else {"tax": words(held, hotel.currency)},
        from_day=from_day,
        tax=words(rule, hotel.currency),
    )


def end(session: Session, tax: Tax, *, from_day: date, by: Staff) -> None:
    """Let nobody bear a tax from a day on; what was posted before keeps what it bore.

    Refuses a day that was, one that ended already, and one with a rate still to come.
    """
    require(by, Permission.SET_UP, tax.hotel_id)
    hotel = session.get_one(Hotel, tax.hotel_id)
    day = business_day.hold(session, hotel)
    if from_day < day:
        raise TaxDayIsPast(from_day, day)
    dated = history(session, [tax])[tax.id]
    if dated and dated[0][0] > from_day:
        raise RateToCome(dated[0][0])
    if dated and dated[0][1].limits.has_ended:
        raise TaxHasEnded(dated[0][0])
    _write(session, tax, from_day, 0, ENDED)
    held = _held(session, tax, from_day - dates.ONE_DAY)
    logbook.record(
        session,
        "ended tax",
        tax,
        by=by,
        day=day,
        before=None if held is None else {"tax": words(held, hotel.currency)},
        from_day=from_day,
        tax="ended",
    )


def _held(session: Session, tax: Tax, day: date) -> Rule | None:
    """Return what the tax is on a day as far as is known."""
    dated = history(session, [tax])[tax.id]
    return next((rule for from_day, rule in dated if from_day <= day), None)


def _write(
    session: Session,
    tax: Tax,
    from_day: date,
    rate: int,
    limits: Limits,
    children: Bands = (),
) -> None:
    key = {"hotel_id": tax.hotel_id, "tax_id": tax.id, "from_day": from_day}
    session.execute(sa.delete(TaxAgeBand).filter_by(**key))
    upsert(session, TaxRate, [{**key, "rate": rate, **asdict(limits)}], key=tuple(key))
    if children:
        bands = [{**key, "upto": upto, "amount": amount} for upto, amount in children]
        session.execute(sa.insert(TaxAgeBand), bands)
    versions.renew(session, tax.hotel_id)


def check(tax: Tax, *, rate: int, limits: Limits = NO_LIMITS, children: Bands = ()) -> None:
    """Refuse a rate, limits and ages that can't be."""
    _check_bands(tax, children)
    if any(value is not None and value < 0 for value in (rate, *asdict(limits).values())):
        raise Invalid("A tax isn't below zero.", field="rate")
    if limits.cap is not None and tax.inclusive:
        raise Invalid("Only a tax on top of the price has a most.", field="cap")
    if limits.most_nights == 0:
        raise Invalid("Due of no night is no tax: set its rate to 0.", field="most_nights")
    if limits.exempt_from is not None and limits.exempt_from < SHORTEST_EXEMPT:
        raise Invalid("An exempt stay is of 2 nights or longer.", field="exempt_from")
    if limits.refunds and limits.exempt_from is None:
        raise Invalid("Say from which length of stay it goes back.", field="exempt_from")


def _check_bands(tax: Tax, children: Bands) -> None:
    """Refuse ages for a tax that isn't by head, ages no child has, and one said twice."""
    if not children:
        return
    if tax.kind not in BY_HEAD:
        raise Invalid("Only a tax by head knows ages of children.", field="child_age_1")
    ages = [upto for upto, _ in children]
    if any(not 0 <= age <= OLDEST_CHILD for age in ages):
        raise Invalid(f"A child's age is 0 to {OLDEST_CHILD}.", field="child_age_1")
    if len(ages) > MOST_BANDS or ages != sorted(set(ages)):
        raise Invalid(f"Say at most {MOST_BANDS} ages, the youngest first.", field="child_age_1")
    if any(amount < 0 for _, amount in children):
        raise Invalid("A tax isn't below zero.", field="child_1")


def take_back_rate(session: Session, tax: Tax, from_day: date, *, by: Staff) -> None:
    """Take back a rate, or an end, that hasn't begun; refuses one that holds or held."""
    require(by, Permission.SET_UP, tax.hotel_id)
    hotel = session.get_one(Hotel, tax.hotel_id)
    day = business_day.hold(session, hotel)
    if from_day <= day:
        raise RateHasBegun(from_day)
    taken = dict(history(session, [tax])[tax.id])[from_day]
    key = {"hotel_id": tax.hotel_id, "tax_id": tax.id, "from_day": from_day}
    for table in (TaxAgeBand, TaxRate):
        session.execute(sa.delete(table).filter_by(**key))
    versions.renew(session, tax.hotel_id)
    stays = _held(session, tax, from_day)
    logbook.record(
        session,
        "took back tax rate",
        tax,
        by=by,
        day=day,
        before={"tax": words(taken, hotel.currency)},
        from_day=from_day,
        tax="nothing" if stays is None else words(stays, hotel.currency),
    )
