"""Setting a hotel's taxes: added, rated and limited from a day on, put into classes."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import new_id, upsert
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.tariff import versions
from pms.hotel.tariff.taxes.reckoning import (
    BY_HEAD,
    NO_LIMITS,
    OLDEST_CHILD,
    Bands,
    Limits,
    TaxKind,
)
from pms.hotel.tariff.taxes.tables import Tax, TaxAgeBand, TaxClass, TaxClassTax, TaxRate


class TaxCodeTaken(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(f"There is a tax {code} already. Choose another code.", field="code")


class TaxClassCodeTaken(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(f"There is a tax class {code} already. Choose another code.", field="code")


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


SHORTEST_EXEMPT = 2
MOST_BANDS = 3


def add(
    session: Session,
    hotel: Hotel,
    *,
    code: str,
    name: str,
    kind: TaxKind,
    rate: int,
    inclusive: bool,
    on_top_of: Sequence[Tax] = (),
    levy: bool | None = None,
    limits: Limits = NO_LIMITS,
    children: Bands = (),
    from_day: date | None = None,
    by: Staff,
) -> Tax:
    """Add a tax: percent in 1/10000 of a percent (7 % is 70,000), else minor units.

    A percentage is VAT, and an amount is a `levy`, unless said otherwise.

    Refuses a code in use, a rate below zero, and a tax inside the price on top of one outside it.
    """
    require(by, Permission.SET_UP, hotel.id)
    if session.scalar(sa.select(Tax.id).where(Tax.hotel_id == hotel.id, Tax.code == code)):
        raise TaxCodeTaken(code)
    if inclusive and any(not base.inclusive for base in on_top_of):
        raise Invalid(
            "A tax inside the price can't be on top of one outside it.", field="on_top_of"
        )
    tax = Tax(
        hotel_id=hotel.id,
        id=new_id(),
        code=code,
        name=name,
        kind=kind,
        inclusive=inclusive,
        levy=kind is not TaxKind.PERCENT if levy is None else levy,
        on_top_of=[base.code for base in on_top_of],
    )
    session.add(tax)
    session.flush()
    begins = from_day or hotel.opened_on
    set_rate(session, tax, rate=rate, limits=limits, children=children, from_day=begins, by=by)
    return tax


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
    day = business_day.hold(session, session.get_one(Hotel, tax.hotel_id))
    check(tax, rate=rate, limits=limits, children=children)
    key = {"hotel_id": tax.hotel_id, "tax_id": tax.id, "from_day": from_day}
    known = sa.select(TaxRate.from_day).filter_by(hotel_id=tax.hotel_id, tax_id=tax.id)
    if from_day < day and session.scalar(known.limit(1)) is not None:
        raise TaxDayIsPast(from_day, day)
    terms = asdict(limits)
    session.execute(sa.delete(TaxAgeBand).filter_by(**key))
    upsert(session, TaxRate, [{**key, "rate": rate, **terms}], key=tuple(key))
    if children:
        bands = [{**key, "upto": upto, "amount": amount} for upto, amount in children]
        session.execute(sa.insert(TaxAgeBand), bands)
    versions.renew(session, tax.hotel_id)
    told: dict[str, Any] = {name: value for name, value in terms.items() if value}
    if children:
        told["children"] = [list(band) for band in children]
    logbook.record(
        session, "set tax rate", tax, by=by, day=day, code=tax.code, rate=rate, from_day=from_day,
        **told,
    )  # fmt: skip


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
    """Take back a rate that hasn't begun; refuses one that holds or held."""
    require(by, Permission.SET_UP, tax.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, tax.hotel_id))
    if from_day <= day:
        raise RateHasBegun(from_day)
    key = {"hotel_id": tax.hotel_id, "tax_id": tax.id, "from_day": from_day}
    rate = session.get_one(TaxRate, tuple(key.values())).rate
    for table in (TaxAgeBand, TaxRate):
        session.execute(sa.delete(table).filter_by(**key))
    versions.renew(session, tax.hotel_id)
    logbook.record(
        session, "took back tax rate", tax, by=by, day=day,
        before={"rate": rate, "from_day": from_day}, code=tax.code,
    )  # fmt: skip


def add_class(
    session: Session, hotel: Hotel, *, code: str, name: str, taxes: Sequence[Tax], by: Staff
) -> TaxClass:
    """Add a class of charges and the taxes they bear; refuses a code in use."""
    require(by, Permission.SET_UP, hotel.id)
    if class_by_code(session, hotel, code) is not None:
        raise TaxClassCodeTaken(code)
    made = TaxClass(hotel_id=hotel.id, id=new_id(), code=code, name=name)
    session.add(made)
    session.flush()
    if taxes:
        session.execute(
            sa.insert(TaxClassTax),
            [
                {"hotel_id": hotel.id, "tax_class_id": made.id, "no": no, "tax_id": tax.id}
                for no, tax in enumerate(taxes, start=1)
            ],
        )
    versions.renew(session, hotel.id)
    logbook.record(
        session,
        "added tax class",
        made,
        by=by,
        day=business_day.today(session, hotel),
        code=code,
        taxes=[tax.code for tax in taxes],
    )
    return made


def class_by_code(session: Session, hotel: Hotel, code: str) -> TaxClass | None:
    """Return the hotel's tax class of that code."""
    return session.scalar(
        sa.select(TaxClass).where(TaxClass.hotel_id == hotel.id, TaxClass.code == code)
    )
