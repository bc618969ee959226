"""Billing: what windows owe goes to a company's account, and what it owed before."""

from datetime import date

from sqlalchemy.orm import Session

from pms.base import card_numbers
from pms.base.db import new_id
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios, ledger, payments
from pms.hotel.books.folios import Folio
from pms.hotel.books.receivables import items
from pms.hotel.books.receivables.refusals import (
    BroughtForwardAlready,
    NoCreditHere,
    NoDirectBill,
    NotDatedThen,
    NothingToBill,
    OverCreditLimit,
)
from pms.hotel.books.receivables.tables import CityItem, DirectBill, ItemKind
from pms.hotel.guests import credit_limits
from pms.hotel.guests.companies import Company
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require

LONGEST_REFERENCE = 60
BROUGHT_FORWARD = "clearing/brought-forward"
_BROUGHT = ledger.Wanted(ledger.Ledger.CLEARING, BROUGHT_FORWARD, "Brought forward")


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
    refuse_no_account(hotel, company)
    guest = folios.window_account(session, folio, window)
    owed = Money(ledger.balances(session, hotel, [guest])[guest], hotel.currency)
    if owed.minor <= 0:
        raise NothingToBill(window)
    city = items.lock_account(session, hotel, company).id
    refuse_over_limit(session, hotel, company, city, more=owed)
    draft = ledger.Draft(
        kind=ledger.Kind.DIRECT_BILL,
        text=f"Folio {folio.number}/{window} to {company.code}",
        reference=reference,
        lines=(ledger.Side(city, owed.minor), ledger.Side(guest, -owed.minor)),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    bill = _enter(session, hotel, company, folio, window, posted.entry_id, owed, day)
    logbook.record(
        session, "billed to company", folio, by=by, day=day, company=company.code, window=window,
        amount=owed, entry=posted.entry_id,
    )  # fmt: skip
    return bill


def refuse_no_account(hotel: Hotel, company: Company) -> None:
    """Refuse a company that has no direct billing, and one of another chain."""
    if not company.direct_bill or company.chain_id != hotel.chain_id:
        raise NoDirectBill(company)


def refuse_over_limit(
    session: Session, hotel: Hotel, company: Company, account_id: int, *, more: Money
) -> None:
    """Refuse what would have a company owe this hotel more than it may; its account is locked.

    Refuses too where other hotels of the chain granted it credit, and this one none.
    """
    if credit_limits.is_granted_elsewhere_only(session, hotel, company.id):
        raise NoCreditHere(company, hotel)
    limit = credit_limits.limit_of(session, hotel, company.id)
    if limit is None:
        return
    owes = Money(ledger.balances(session, hotel, [account_id])[account_id], hotel.currency)
    if owes + more > limit:
        raise OverCreditLimit(company, limit, owes=owes)


def _enter(
    session: Session,
    hotel: Hotel,
    company: Company,
    folio: Folio,
    window: int,
    entry_id: int,
    owed: Money,
    day: date,
) -> DirectBill:
    """Enter the bill of a window, and what it is on the company's account."""
    bill = DirectBill(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        company_id=company.id,
        entry_id=entry_id,
        folio_id=folio.id,
        window_no=window,
        amount=owed.minor,
        billed_on=day,
    )
    session.add(bill)
    items.enter(
        session, hotel, company, entry_id=entry_id, kind=ItemKind.BILL, amount=owed.minor,
        dated=day,
    )  # fmt: skip
    return bill


def bring_forward(
    session: Session,
    hotel: Hotel,
    company: Company,
    *,
    amount: Money,
    dated: date,
    reference: str,
    by: Staff,
) -> CityItem:
    """Enter what a company owed when the house came to this program; it ages from its own day.

    `reference` is the bill's number there, which is brought forward once. Refuses a day that isn't
    before today. The credit limit isn't asked: it is owed already.
    """
    require(by, Permission.KEEP_ACCOUNTS, hotel.id)
    day = business_day.hold(session, hotel)
    reference = reference.strip()
    if amount.currency != hotel.currency or amount.minor <= 0:
        raise payments.AmountNotPositive
    if dated >= day:
        raise NotDatedThen
    if not reference or len(reference) > LONGEST_REFERENCE or not reference.isprintable():
        raise Invalid("Write the number of the bill.", field="reference")
    card_numbers.refuse(reference=reference)
    account = items.lock_account(session, hotel, company)
    against = ledger.accounts(session, hotel, [_BROUGHT])[_BROUGHT.code]
    draft = ledger.Draft(
        kind=ledger.Kind.DIRECT_BILL,
        key=f"brought-forward/{company.code}/{reference}",
        text="Brought forward",
        reference=reference,
        lines=(ledger.Side(account.id, amount.minor), ledger.Side(against, -amount.minor)),
    )
    try:
        [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    except ledger.KeyUsedForOther:
        raise BroughtForwardAlready(reference) from None
    if not posted.fresh:
        raise BroughtForwardAlready(reference)
    item = items.enter(
        session, hotel, company, entry_id=posted.entry_id, kind=ItemKind.OPENING,
        amount=amount.minor, dated=dated,
    )  # fmt: skip
    logbook.record(
        session, "brought forward", item, by=by, day=day, company=company.code, amount=amount,
        dated=dated, reference=reference,
    )  # fmt: skip
    return item
