"""Setting a hotel's taxes: added, rated from a day on, put into classes, and read for a day."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import new_id, upsert
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.tariff.taxes.reckoning import NO_LIMITS, Limits, Rule, TaxKind
from pms.hotel.tariff.taxes.tables import Tax, TaxClass, TaxClassTax, TaxRate


class TaxCodeTaken(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(f"There is a tax {code} already. Choose another code.", field="code")


class TaxClassCodeTaken(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(f"There is a tax class {code} already. Choose another code.", field="code")


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
    set_rate(session, tax, rate=rate, limits=limits, from_day=begins, by=by)
    return tax


def set_rate(
    session: Session,
    tax: Tax,
    *,
    rate: int,
    limits: Limits = NO_LIMITS,
    from_day: date,
    by: Staff,
) -> None:
    """Let a tax have a rate and limits from a day on; what was posted before keeps what it bore.

    Refuses what is below zero, a most for a tax inside the price (its net couldn't be told), and
    a refund without the length of stay that brings it.
    """
    require(by, Permission.SET_UP, tax.hotel_id)
    terms = asdict(limits)
    if any(value is not None and value < 0 for value in (rate, *terms.values())):
        raise Invalid("A tax isn't below zero.", field="rate")
    if limits.cap is not None and tax.inclusive:
        raise Invalid("Only a tax on top of the price has a most.", field="cap")
    if limits.refunds and limits.exempt_from is None:
        raise Invalid("Say from which length of stay it goes back.", field="exempt_from")
    row = {"hotel_id": tax.hotel_id, "tax_id": tax.id, "from_day": from_day, "rate": rate}
    upsert(session, TaxRate, [{**row, **terms}], key=("hotel_id", "tax_id", "from_day"))
    day = business_day.today(session, session.get_one(Hotel, tax.hotel_id))
    logbook.record(
        session, "set tax rate", tax, by=by, day=day, code=tax.code, rate=rate, from_day=from_day,
        **{name: value for name, value in terms.items() if value},
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


LIMITS = tuple(getattr(TaxRate, each.name) for each in fields(Limits))


@lru_cache(maxsize=256)
def limits_of(*values: Any) -> Limits:
    """Return limits as the columns of `LIMITS` keep them; zero is a limit, none is none."""
    if all(value is None or value is False for value in values):
        return NO_LIMITS
    return Limits(**dict(zip((each.name for each in fields(Limits)), values, strict=True)))


def _rules() -> sa.Select[*tuple[Any, ...]]:
    dated = (
        sa.select(TaxRate.tax_id, sa.func.max(TaxRate.from_day).label("from_day"))
        .where(TaxRate.hotel_id == sa.bindparam("hotel"), TaxRate.from_day <= sa.bindparam("day"))
        .group_by(TaxRate.tax_id)
        .subquery()
    )
    return (
        sa.select(
            TaxClassTax.tax_class_id,
            Tax.id,
            Tax.code,
            Tax.kind,
            Tax.inclusive,
            Tax.on_top_of,
            TaxRate.rate,
            *LIMITS,
        )
        .join(Tax, sa.and_(Tax.hotel_id == TaxClassTax.hotel_id, Tax.id == TaxClassTax.tax_id))
        .join(dated, dated.c.tax_id == Tax.id)
        .join(
            TaxRate,
            sa.and_(
                TaxRate.hotel_id == Tax.hotel_id,
                TaxRate.tax_id == Tax.id,
                TaxRate.from_day == dated.c.from_day,
            ),
        )
        .where(
            TaxClassTax.hotel_id == sa.bindparam("hotel"),
            TaxClassTax.tax_class_id.in_(sa.bindparam("classes", expanding=True)),
        )
        .order_by(TaxClassTax.tax_class_id, TaxClassTax.no)
    )


_RULES = _rules()  # built once: it is asked for each charge


def rules(
    session: Session, hotel_id: int, class_ids: Iterable[int | None], day: date
) -> dict[int | None, list[Rule]]:
    """Return each class's rules as they are on a day; no class, no rules."""
    wanted = {class_id for class_id in class_ids if class_id is not None}
    found: dict[int | None, list[Rule]] = {None: []} | {class_id: [] for class_id in wanted}
    if not wanted:
        return found
    which = {"hotel": hotel_id, "classes": list(wanted), "day": day}
    for (
        class_id,
        tax_id,
        code,
        kind,
        inclusive,
        on_top_of,
        rate,
        *limits,
    ) in session.connection().execute(_RULES, which):
        bears = limits_of(*limits)
        found[class_id].append(Rule(code, kind, rate, inclusive, tuple(on_top_of), tax_id, bears))
    return found
