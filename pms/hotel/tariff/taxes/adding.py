"""Adding taxes and classes of charges: what a tax is, which charges bear it, since when."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock, new_id
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.tariff import versions
from pms.hotel.tariff.taxes.reckoning import NO_LIMITS, Bands, Limits, TaxKind
from pms.hotel.tariff.taxes.setting import set_rate
from pms.hotel.tariff.taxes.tables import Tax, TaxClass, TaxClassTax

LONGEST_CODE = 12
LONGEST_NAME = 60


class TaxCodeTaken(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(f"There is a tax {code} already. Choose another code.", field="code")


class TaxClassCodeTaken(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(f"There is a tax class {code} already. Choose another code.", field="code")


class BearsAlready(Refusal):
    """The class has that tax."""

    def __init__(self, tax: Tax, of: TaxClass) -> None:
        super().__init__(f"{of.name} bears {tax.name} already.", field="classes")


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
    day = business_day.today(session, hotel)
    logbook.record(session, "added tax", tax, by=by, day=day, code=code, name=name)
    begins = from_day or hotel.opened_on
    set_rate(session, tax, rate=rate, limits=limits, children=children, from_day=begins, by=by)
    return tax


def put_into(session: Session, tax: Tax, tax_class: TaxClass, *, by: Staff) -> None:
    """Let charges of a class bear a tax, from the day of its rate on; refuses one they bear."""
    require(by, Permission.SET_UP, tax.hotel_id)
    hotel = session.get_one(Hotel, tax.hotel_id)
    day = business_day.hold(session, hotel)
    there = dict(
        session.execute(
            sa.select(TaxClassTax.tax_id, TaxClassTax.no).where(
                TaxClassTax.hotel_id == hotel.id, TaxClassTax.tax_class_id == tax_class.id
            )
        ).all()
    )
    if tax.id in there:
        raise BearsAlready(tax, tax_class)
    no = max(there.values(), default=0) + 1
    row = {"hotel_id": hotel.id, "tax_class_id": tax_class.id, "no": no, "tax_id": tax.id}
    session.execute(sa.insert(TaxClassTax), [row])
    versions.renew(session, hotel.id)
    logbook.record(session, "put tax into class", tax, by=by, day=day, charges=tax_class.name)


def named(code: str, name: str) -> tuple[str, str]:
    """Return a code in capitals and a name; refuses what is no code, and no name."""
    code = code.strip().upper()
    if not code.isascii() or not code.isalnum() or len(code) > LONGEST_CODE:
        raise Invalid(f"A code is up to {LONGEST_CODE} letters and digits.", field="code")
    return code, _called(name)


def _called(name: str) -> str:
    """Return a name without blanks around it; refuses none."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(f"Say what it is called, in {LONGEST_NAME} letters at most.", field="name")
    return name


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


def rename_class(session: Session, tax_class: TaxClass, name: str, *, by: Staff) -> None:
    """Call a class of charges otherwise; refuses no name."""
    require(by, Permission.SET_UP, tax_class.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, tax_class.hotel_id))
    lock(session, tax_class)
    before, tax_class.name = tax_class.name, _called(name)
    if tax_class.name == before:
        return
    session.flush()
    logbook.record(
        session, "renamed tax class", tax_class, by=by, day=day,
        before={"name": before}, name=tax_class.name,
    )  # fmt: skip


def class_by_code(session: Session, hotel: Hotel, code: str) -> TaxClass | None:
    """Return the hotel's tax class of that code."""
    return session.scalar(
        sa.select(TaxClass).where(TaxClass.hotel_id == hotel.id, TaxClass.code == code)
    )
