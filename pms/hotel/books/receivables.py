"""Receivables: what companies owe after the stay, on the city ledger."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import ink
from pms.base.db import Base, OfHotel, new_id, within_chain, within_hotel
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.books import folios, ledger, payments
from pms.hotel.books.folios import Folio
from pms.hotel.guests.companies import Company
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require


class DirectBill(OfHotel, Base):
    """A window billed to a company: the open item its payments are for."""

    __tablename__ = "direct_bills"
    __table_args__ = (
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        within_chain("company_id", "companies"),
        within_hotel("entry_id", "entries"),
        sa.ForeignKeyConstraint(
            ["hotel_id", "folio_id", "window_no"],
            ["folio_windows.hotel_id", "folio_windows.folio_id", "folio_windows.no"],
        ),
        sa.UniqueConstraint("hotel_id", "entry_id"),
        sa.CheckConstraint("amount > 0", name="bills_something"),
        sa.Index(None, "hotel_id", "company_id", "billed_on"),
    )

    chain_id: Mapped[int]
    company_id: Mapped[int]
    entry_id: Mapped[int]
    folio_id: Mapped[int]
    window_no: Mapped[int] = mapped_column(sa.SmallInteger)
    amount: Mapped[int]
    billed_on: Mapped[date]


ink.append_only("direct_bills")


class NoDirectBill(Refusal):
    """The company has no account with the house."""

    def __init__(self, company: Company) -> None:
        super().__init__(
            f"{company.name} has no direct billing. Take payment, or let a manager grant it.",
            field="company",
        )


class NothingToBill(Refusal):
    """The window owes nothing."""

    def __init__(self, window: int) -> None:
        super().__init__(f"Window {window} owes nothing that could be billed.", field="window")


class OverCreditLimit(Refusal):
    """The company would owe more than it may."""

    def __init__(self, company: Company, limit: Money) -> None:
        super().__init__(
            f"{company.name} may owe {limit} {limit.currency} at most. "
            "Take payment, or let a manager raise the limit.",
            field="company",
        )


def direct_bill(
    session: Session,
    folio: Folio,
    *,
    window: int = 1,
    company: Company,
    reference: str | None = None,
    by: Staff,
) -> DirectBill:
    """Move what a window owes to a company's city account.

    Refuses a company without direct billing or over its limit, and a window that owes nothing.
    """
    require(by, Permission.DIRECT_BILL, folio.hotel_id)
    hotel = session.get_one(Hotel, folio.hotel_id)
    day = business_day.hold(session, hotel)
    folios.lock_open(session, [folio])
    if not company.direct_bill or company.chain_id != hotel.chain_id:
        raise NoDirectBill(company)
    guest = folios.window_account(session, folio, window)
    owed = Money(ledger.balances(session, hotel, [guest])[guest], hotel.currency)
    if owed.minor <= 0:
        raise NothingToBill(window)
    city = account_of(session, hotel, company)
    if company.credit_limit is not None:
        stands = ledger.balances(session, hotel, [city])[city]
        if stands + owed.minor > company.credit_limit:
            raise OverCreditLimit(company, Money(company.credit_limit, hotel.currency))
    [posted] = ledger.post(
        session,
        hotel,
        [
            ledger.Draft(
                kind=ledger.Kind.DIRECT_BILL,
                text=f"Folio {folio.number}/{window} to {company.code}",
                reference=reference,
                lines=(ledger.Side(city, owed.minor), ledger.Side(guest, -owed.minor)),
            )
        ],
        day=day,
        by=by,
    )
    bill = DirectBill(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        company_id=company.id,
        entry_id=posted.entry_id,
        folio_id=folio.id,
        window_no=window,
        amount=owed.minor,
        billed_on=day,
    )
    session.add(bill)
    session.flush()
    logbook.record(
        session,
        "billed to company",
        folio,
        by=by,
        day=day,
        company=company.code,
        window=window,
        amount=owed,
        entry=posted.entry_id,
    )
    return bill


def pay_city(
    session: Session,
    hotel: Hotel,
    company: Company,
    *,
    amount: Money,
    method: payments.Method,
    card: payments.CardSlip | None = None,
    reference: str | None = None,
    key: str | None = None,
    by: Staff,
) -> payments.Payment:
    """Take a company's money for what it owes; more than that stands in its credit."""
    require(by, Permission.PAY, hotel.id)
    day = business_day.hold(session, hotel)
    account_id = account_of(session, hotel, company)
    account = session.get_one(ledger.Account, (hotel.id, account_id))
    return payments.take(
        session,
        hotel,
        account,
        account_id=account_id,
        kind=payments.PaymentKind.CITY,
        amount=amount,
        method=method,
        card=card,
        reference=reference,
        key=key,
        day=day,
        by=by,
    )


def write_off(
    session: Session, folio: Folio, *, window: int = 1, reason: str, by: Staff
) -> ledger.Entry:
    """Give up what a window owes, at the cost of the day's miscellaneous income."""
    require(by, Permission.ADJUST, folio.hotel_id)
    folios.refuse_no_reason(reason)
    hotel = session.get_one(Hotel, folio.hotel_id)
    day = business_day.hold(session, hotel)
    folios.lock_open(session, [folio])
    guest = folios.window_account(session, folio, window)
    owed = Money(ledger.balances(session, hotel, [guest])[guest], hotel.currency)
    if owed.minor <= 0:
        raise NothingToBill(window)
    wanted = ledger.Wanted(ledger.Ledger.REVENUE, "revenue/miscellaneous/write-off", "Written off")
    loss = ledger.accounts(session, hotel, [wanted])[wanted.code]
    [posted] = ledger.post(
        session,
        hotel,
        [
            ledger.Draft(
                kind=ledger.Kind.WRITE_OFF,
                text=f"Folio {folio.number}/{window} written off",
                reason=reason,
                lines=(ledger.Side(loss, owed.minor), ledger.Side(guest, -owed.minor)),
            )
        ],
        day=day,
        by=by,
    )
    logbook.record(
        session,
        "wrote off",
        folio,
        by=by,
        day=day,
        why=reason,
        window=window,
        amount=owed,
        entry=posted.entry_id,
    )
    return ledger.get(session, hotel.id, posted)


def balance_of(session: Session, hotel: Hotel, company: Company) -> Money:
    """Return what a company owes the hotel."""
    stands = session.scalar(
        sa.select(ledger.Account.id).where(
            ledger.Account.hotel_id == hotel.id, ledger.Account.code == f"city/{company.code}"
        )
    )
    if stands is None:
        return Money.zero(hotel.currency)
    return Money(ledger.balances(session, hotel, [stands])[stands], hotel.currency)


def bills_of(
    session: Session, hotel: Hotel, company: Company, *, limit: int = 100
) -> list[DirectBill]:
    """Return a company's bills, the newest first."""
    return list(
        session.scalars(
            sa.select(DirectBill)
            .where(DirectBill.hotel_id == hotel.id, DirectBill.company_id == company.id)
            .order_by(DirectBill.billed_on.desc(), DirectBill.id.desc())
            .limit(limit)
        )
    )


def account_of(session: Session, hotel: Hotel, company: Company) -> int:
    """Return the company's city account, opened on first need."""
    wanted = ledger.Wanted(ledger.Ledger.CITY, f"city/{company.code}", f"Company {company.code}")
    return ledger.accounts(session, hotel, [wanted])[wanted.code]
