"""New taxes: a tax or a class of charges added while the house sells, or another class for some.

A fee is what was agreed with who booked, so nothing may come on top of it.
"""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.refusal import Invalid
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.rooms.policies import Policy
from pms.hotel.tariff import charges, fee_codes, taxes
from pms.hotel.tariff.charges import ChargeCode
from pms.hotel.tariff.taxes import Bands, Limits, Tax, TaxClass, TaxDayIsPast, TaxKind


class FeesWouldGrow(Invalid):
    """A fee was agreed with the taxes in it."""

    def __init__(self, code: ChargeCode, *, field: str) -> None:
        super().__init__(
            f"{code.name} is charged as a fee, and a fee stays what was agreed. Put the tax in the "
            "price, or post that fee as another charge.",
            field=field,
        )


def introduce(
    session: Session,
    hotel: Hotel,
    *,
    code: str,
    name: str,
    kind: TaxKind,
    rate: int,
    inclusive: bool,
    levy: bool,
    on_top_of: Sequence[Tax] = (),
    limits: Limits = taxes.NO_LIMITS,
    children: Bands = (),
    classes: Sequence[TaxClass],
    from_day: date,
    by: Staff,
) -> Tax:
    """Add a tax that charges of some classes bear from a day on.

    Its account in the journal is `tax/` and its code. Refuses a code that isn't letters and digits,
    no name, a day that was, one on top of what fees are charged as, and whatever `taxes.add` does.
    """
    day = business_day.hold(session, hotel)
    if from_day < day:
        raise TaxDayIsPast(from_day, day)
    code, name = taxes.named(code, name)
    tax = taxes.add(
        session,
        hotel,
        code=code,
        name=name,
        kind=kind,
        rate=rate,
        inclusive=inclusive,
        on_top_of=on_top_of,
        levy=levy,
        limits=limits,
        children=children,
        from_day=from_day,
        by=by,
    )
    for each in classes:
        taxes.put_into(session, tax, each, by=by)
    _refuse_dearer_fees(session, hotel, from_day, field="classes")
    return tax


def open_class(
    session: Session,
    hotel: Hotel,
    *,
    code: str,
    name: str,
    bears: Sequence[Tax],
    charged: Sequence[ChargeCode],
    by: Staff,
) -> TaxClass:
    """Add a class that bears some taxes, and let charges belong to it from the next posting on.

    Refuses a code in use or that isn't letters and digits, no name, and taxes on top of what fees
    are charged as.
    """
    code, name = taxes.named(code, name)
    made = taxes.add_class(session, hotel, code=code, name=name, taxes=bears, by=by)
    for each in charged:
        charges.tax_as(session, each, made, by=by)
    _refuse_dearer_fees(session, hotel, business_day.today(session, hotel), field="charges")
    return made


def change_class(
    session: Session,
    tax_class: TaxClass,
    *,
    name: str,
    joining: Sequence[ChargeCode],
    by: Staff,
) -> TaxClass:
    """Call a class of charges otherwise, and let more belong to it from the next posting on.

    Refuses no name, and taxes on top of what fees are charged as.
    """
    taxes.rename_class(session, tax_class, name, by=by)
    for each in joining:
        charges.tax_as(session, each, tax_class, by=by)
    hotel = session.get_one(Hotel, tax_class.hotel_id)
    _refuse_dearer_fees(session, hotel, business_day.today(session, hotel), field="charges")
    return tax_class


def _refuse_dearer_fees(session: Session, hotel: Hotel, day: date, *, field: str) -> None:
    """Refuse a tax on top of a charge that fees are posted as; a levy isn't due of a fee."""
    by_policy = sa.select(Policy.fee_code_id).where(Policy.hotel_id == hotel.id).distinct()
    policies = sa.select(ChargeCode).where(
        ChargeCode.hotel_id == hotel.id, ChargeCode.id.in_(by_policy)
    )
    codes = {*session.scalars(policies), *fee_codes.said(session, hotel).values()}
    ruled = taxes.rules(session, hotel.id, {code.tax_class_id for code in codes}, day)
    for code in sorted(codes, key=lambda code: code.name):
        if any(not rule.inclusive for rule in taxes.of_a_fee(ruled[code.tax_class_id])):
            raise FeesWouldGrow(code, field=field)
