"""Fee codes: what fees for not coming are posted as, and so how each is taxed; the hotel's choice.

In many countries such a fee is compensation outside the scope of VAT; in others it is taxed like
the stay. City tax is due of nobody who doesn't sleep here.
"""

import enum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base.db import Base, choice, new_id, upsert, within_hotel
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.tariff import taxes
from pms.hotel.tariff.charges import ChargeCode, Department, by_code
from pms.hotel.tariff.taxes import Rule, TaxedAmount


class FeeOf(enum.StrEnum):
    """What a fee is for."""

    CANCELLATION = "cancellation"
    NO_SHOW = "no_show"


USUAL = {
    FeeOf.CANCELLATION: ("CXLFEE", "Cancellation fee"),
    FeeOf.NO_SHOW: ("NOSHOW", "No-show fee"),
}


class FeeCode(Base):
    """The charge code that a hotel posts a kind of fee as."""

    __tablename__ = "fee_codes"
    __table_args__ = (
        within_hotel("charge_code_id", "charge_codes"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    of: Mapped[FeeOf] = mapped_column(choice(FeeOf), primary_key=True)
    charge_code_id: Mapped[int]


class TaxesOnTop(Invalid):
    """What was agreed is what is paid."""

    def __init__(self, code: ChargeCode) -> None:
        super().__init__(
            f"Taxes come on top of {code.name}. Choose a charge whose taxes are in its price.",
            field="fee_code",
        )


def put(session: Session, hotel: Hotel, of: FeeOf, code: ChargeCode | None, *, by: Staff) -> None:
    """Post a kind of fee as a charge code from now on, or (None) as each policy says.

    Refuses a charge code with taxes on top.
    """
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold(session, hotel)
    if said(session, hotel).get(of) == code:
        return
    if code is None:
        session.execute(sa.delete(FeeCode).filter_by(hotel_id=hotel.id, of=of))
    else:
        refuse_taxes_on_top(session, hotel, code)
        row = {"hotel_id": hotel.id, "of": of, "charge_code_id": code.id}
        upsert(session, FeeCode, [row], key=("hotel_id", "of"))
    line = logbook.line(
        "set what fees are posted as", "hotels", hotel.id, hotel.id, by=by, day=day,
        after={"of": of.value, "code": code.code if code else None},
    )  # fmt: skip
    logbook.write(session, [line])


def refuse_taxes_on_top(session: Session, hotel: Hotel, code: ChargeCode) -> None:
    """Refuse a charge code that would make a fee larger than what was agreed."""
    day = business_day.today(session, hotel)
    rules = taxes.rules(session, hotel.id, [code.tax_class_id], day)[code.tax_class_id]
    if any(not rule.inclusive for rule in rules):
        raise TaxesOnTop(code)


def said(session: Session, hotel: Hotel) -> dict[FeeOf, ChargeCode]:
    """Return what the hotel said each kind of fee is posted as."""
    rows = session.execute(
        sa.select(FeeCode.of, ChargeCode)
        .join(
            ChargeCode,
            sa.and_(
                ChargeCode.hotel_id == FeeCode.hotel_id, ChargeCode.id == FeeCode.charge_code_id
            ),
        )
        .where(FeeCode.hotel_id == hotel.id)
    )
    return {row[0]: row[1] for row in rows}


def of(session: Session, hotel: Hotel, kind: FeeOf, *, otherwise: int | None) -> ChargeCode:
    """Return what a kind of fee is posted as: what the hotel said, or what the policy says.

    `otherwise` is the policy's charge code; where there is none, the kind gets a code of its own
    on first need, which bears no tax.
    """
    chosen = said(session, hotel).get(kind)
    if chosen is not None:
        return chosen
    if otherwise is not None:
        return session.get_one(ChargeCode, (hotel.id, otherwise))
    code, name = USUAL[kind]
    made = by_code(session, hotel, code)
    if made is None:
        made = ChargeCode(
            hotel_id=hotel.id, id=new_id(), code=code, name=name,
            department=Department.MISCELLANEOUS,
        )  # fmt: skip
        session.add(made)
        session.flush()
    return made


def reckoned(session: Session, hotel: Hotel, code: ChargeCode, amount: Money) -> TaxedAmount:
    """Return a fee taken apart into net and the taxes that are in it, as of today."""
    return taxes.split(amount, bears(session, hotel, code))


def bears(session: Session, hotel: Hotel, code: ChargeCode) -> tuple[Rule, ...]:
    """Return the taxes that a fee bears that is posted as that code today."""
    day = business_day.today(session, hotel)
    rules = taxes.rules(session, hotel.id, [code.tax_class_id], day)[code.tax_class_id]
    return taxes.of_a_fee(rules)
