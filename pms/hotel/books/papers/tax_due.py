"""Tax due: whether VAT on a deposit is due when it is received, or with the invoice of the stay."""

import enum
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column
from stdnum.eu import vat as eu_vat

from pms.base import ink
from pms.base.db import Base, choice, upsert
from pms.base.refusal import Invalid
from pms.hotel.books.papers import issuers
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require

# Directive 2006/112/EC, art. 65, for the EU (Germany: UStG § 13(1) no. 1a; Austria: UStG § 19(2);
# France: CGI art. 269; Italy: DPR 633/1972 art. 6; Portugal: CIVA art. 8; Spain: LIVA art. 75).
# United Kingdom: VAT Act 1994, s. 6(4), and HMRC VATTOS5120.
ON_RECEIPT_IN = frozenset({*(each.upper() for each in eu_vat.MEMBER_STATES), "GB"})


class TaxDue(enum.StrEnum):
    """When VAT on a deposit is due."""

    ON_RECEIPT = "on_receipt"
    ON_INVOICE = "on_invoice"


class DepositTaxRule(Base):
    """From which business day on a hotel owes VAT of new deposits when."""

    __tablename__ = "deposit_tax_rules"
    __table_args__ = ({"sqlite_with_rowid": False},)

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    from_day: Mapped[date] = mapped_column(primary_key=True)
    due: Mapped[TaxDue] = mapped_column(choice(TaxDue))


for _deed, _row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
    ink.guard(
        f"deposit_tax_rules_{_deed.lower()}_not_of_the_past",
        table="deposit_tax_rules",
        when=_deed,
        refuse_if=f"{_row}.from_day <"  # noqa: S608 - of the constants above
        f" (SELECT business_date FROM hotels WHERE id = {_row}.hotel_id)",
        message="when tax on past deposits was due stays as it was",
    )


class DayIsPast(Invalid):
    """What was received before keeps the tax it had."""

    def __init__(self, today: date) -> None:
        super().__init__(
            f"Deposits taken before keep their tax. Say {today:%d %b %Y} or later.",
            field="from_day",
        )


def usual(country: str) -> TaxDue:
    """Return when a country wants VAT on deposits; in ones we know nothing of, with the invoice."""
    return TaxDue.ON_RECEIPT if country in ON_RECEIPT_IN else TaxDue.ON_INVOICE


def on(session: Session, hotel: Hotel, day: date) -> TaxDue:
    """Return when VAT on a deposit received on a day is due: as set, else as its country wants.

    A hotel of which nobody wrote who issues its papers has no country yet: with the invoice.
    """
    said = session.scalar(
        sa.select(DepositTaxRule.due)
        .where(DepositTaxRule.hotel_id == hotel.id, DepositTaxRule.from_day <= day)
        .order_by(DepositTaxRule.from_day.desc())
        .limit(1)
    )
    if said is not None:
        return said
    issuer = issuers.of(session, hotel)
    return usual(issuer.country) if issuer else TaxDue.ON_INVOICE


def history(session: Session, hotel: Hotel) -> Sequence[DepositTaxRule]:
    """Return what was set, the latest day first; nothing while the country decides."""
    return session.scalars(
        sa.select(DepositTaxRule)
        .where(DepositTaxRule.hotel_id == hotel.id)
        .order_by(DepositTaxRule.from_day.desc())
        .execution_options(populate_existing=True)
    ).all()


def set_from(session: Session, hotel: Hotel, due: TaxDue, *, from_day: date, by: Staff) -> TaxDue:
    """Say when VAT is due of deposits received from a day on; refuses a day that was."""
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold_hotel(session, hotel)
    if from_day < day:
        raise DayIsPast(day)
    before = on(session, hotel, from_day)
    row = {"hotel_id": hotel.id, "from_day": from_day, "due": due}
    upsert(session, DepositTaxRule, [row], key=("hotel_id", "from_day"))
    line = logbook.line(
        "set when tax on deposits is due", "hotels", hotel.id, hotel.id, by=by, day=day,
        before={"due": before}, after={"due": due, "from_day": from_day},
    )  # fmt: skip
    logbook.write(session, [line])
    return due
