"""Charge codes: what can be put on a bill, whose revenue it is, and how it is taxed."""

import enum
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base.db import Base, OfHotel, choice, lock, new_id, within_hotel
from pms.base.refusal import Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.tariff import versions
from pms.hotel.tariff.taxes import TaxClass


class Department(enum.StrEnum):
    """Whose revenue it is, in the words of the Uniform System of Accounts (USALI)."""

    ROOMS = "rooms"
    FOOD_AND_BEVERAGE = "food_and_beverage"
    OTHER = "other"
    MISCELLANEOUS = "miscellaneous"


class ChargeCodeTaken(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(f"There is a charge code {code} already.", field="code")


class ChargeCode(OfHotel, Base):
    """Something a guest can be charged for; `tax_class` names the taxes on it."""

    __tablename__ = "charge_codes"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "code"),
        within_hotel("tax_class_id", "tax_classes"),
    )

    code: Mapped[str]
    name: Mapped[str]
    department: Mapped[Department] = mapped_column(choice(Department))
    tax_class_id: Mapped[int | None]
    price: Mapped[int | None]
    active: Mapped[bool] = mapped_column(default=True)


def add(
    session: Session,
    hotel: Hotel,
    *,
    code: str,
    name: str,
    department: Department,
    tax_class_id: int | None = None,
    price: int | None = None,
    by: Staff,
) -> ChargeCode:
    """Add a charge code; `price` is its usual price in minor units."""
    require(by, Permission.SET_UP, hotel.id)
    if by_code(session, hotel, code) is not None:
        raise ChargeCodeTaken(code)
    charge_code = ChargeCode(
        hotel_id=hotel.id,
        id=new_id(),
        code=code,
        name=name,
        department=department,
        tax_class_id=tax_class_id,
        price=price,
    )
    session.add(charge_code)
    session.flush()
    day = business_day.today(session, hotel)
    logbook.record(session, "added charge code", charge_code, by=by, day=day, code=code)
    return charge_code


def tax_as(session: Session, code: ChargeCode, tax_class: TaxClass, *, by: Staff) -> None:
    """Let a charge code bear the taxes of a class from the next posting on."""
    require(by, Permission.SET_UP, code.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, code.hotel_id))
    lock(session, code)
    known = code.tax_class_id
    before = None if known is None else session.get_one(TaxClass, (code.hotel_id, known))
    code.tax_class_id = tax_class.id
    session.flush()
    versions.renew(session, code.hotel_id)
    logbook.record(
        session,
        "changed tax class",
        code,
        by=by,
        day=day,
        before={"tax_class": before.name if before else None},
        tax_class=tax_class.name,
    )


def active(
    session: Session, hotel: Hotel, *, first: Collection[str] = (), limit: int = 500
) -> list[ChargeCode]:
    """Return what can be charged now, by name; those with the codes of `first` come before."""
    return list(
        session.scalars(
            sa.select(ChargeCode)
            .where(ChargeCode.hotel_id == hotel.id, ChargeCode.active)
            .order_by(ChargeCode.code.not_in(first), ChargeCode.name)
            .limit(limit)
        )
    )


def by_code(session: Session, hotel: Hotel, code: str) -> ChargeCode | None:
    """Return the hotel's charge code."""
    return session.scalar(
        sa.select(ChargeCode).where(ChargeCode.hotel_id == hotel.id, ChargeCode.code == code)
    )
