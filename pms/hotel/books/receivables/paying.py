"""Paying: a company's money for what it owes, given back, or undone where it was wrong."""

from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.hotel.books import folios, payments
from pms.hotel.books.papers import crediting
from pms.hotel.books.payments import CardSlip, Method, Payment, PaymentKind
from pms.hotel.books.receivables import allocating, items
from pms.hotel.books.receivables.refusals import MoreThanOpen, NotAPayment, StillAllocated
from pms.hotel.books.receivables.tables import CityItem, ItemKind
from pms.hotel.guests.companies import Company
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require


def pay_city(
    session: Session,
    hotel: Hotel,
    company: Company,
    *,
    amount: Money,
    method: Method,
    card: CardSlip | None = None,
    tendered: Money | None = None,
    reference: str | None = None,
    key: str | None = None,
    oldest_first: bool = False,
    by: Staff,
) -> Payment:
    """Take a company's money for what it owes; what isn't allocated stands in its favour.

    Cash may be `tendered` in foreign notes as on a folio; it is given back in the house's money.
    With `oldest_first` it is set against the oldest bills at once. The same key with the same
    content is one payment.
    """
    require(by, Permission.PAY, hotel.id)
    day = business_day.hold(session, hotel)
    account = items.lock_account(session, hotel, company)
    paid = payments.take(
        session,
        hotel,
        account,
        account_id=account.id,
        kind=PaymentKind.CITY,
        amount=amount,
        method=method,
        card=card,
        tendered=tendered,
        reference=reference,
        key=key,
        day=day,
        by=by,
    )
    if items.of_entry(session, hotel, paid.entry_id) is not None:
        return paid
    item = items.enter(
        session, hotel, company, entry_id=paid.entry_id, kind=ItemKind.PAYMENT,
        amount=-paid.amount, dated=day,
    )  # fmt: skip
    if oldest_first and allocating.owed_oldest_first(session, hotel, company):
        allocating.allocate_oldest(session, item, by=by)
    return paid


def void_payment(session: Session, item: CityItem, *, reason: str, by: Staff) -> Payment:
    """Undo a payment of an account that was written down wrongly, on the day it was taken.

    Its receipt is credited. Refuses one that is set against bills, and what voiding refuses of any
    payment.
    """
    hotel, company, day = items.locked(session, item)
    if item.kind is not ItemKind.PAYMENT:
        raise NotAPayment
    paid = payments.by_entry(session, hotel, item.id)
    if payments.is_voided(session, paid):
        raise payments.VoidedAlready
    if item.open != item.amount:
        raise StillAllocated
    voided = payments.undo(session, paid, reason=reason, by=by)
    crediting.take_back_of(session, paid, reason=reason, by=by)
    undoing = items.enter(
        session, hotel, company, entry_id=voided.entry_id, kind=ItemKind.REVERSAL,
        amount=-item.amount, dated=day,
    )  # fmt: skip
    allocating.set_against(
        session, hotel, undoing, item, undoing.amount, reason=reason, day=day, by=by
    )
    logbook.record(
        session, "voided", item, by=by, day=day, why=reason,
        amount=Money(paid.amount, hotel.currency),
    )  # fmt: skip
    return voided


def refund_payment(
    session: Session,
    item: CityItem,
    *,
    amount: Money,
    method: Method,
    card: CardSlip | None = None,
    reason: str,
    by: Staff,
) -> Payment:
    """Give back of what is in a company's favour what isn't set against anything.

    A payment, a credit note of a bill that was paid, or either moved here. Refuses more than that.
    """
    require(by, Permission.REFUND, item.hotel_id)
    folios.refuse_no_reason(reason)
    hotel, company, day = items.locked(session, item)
    if item.kind not in allocating.IN_FAVOUR or item.amount > 0:
        raise NotAPayment
    if amount.minor > -item.open:
        raise MoreThanOpen(Money(-item.open, hotel.currency))
    account = items.lock_account(session, hotel, company)
    given = payments.give_back(
        session, hotel, account, account_id=account.id, amount=amount, method=method, card=card,
        reason=reason, day=day, by=by,
    )  # fmt: skip
    refund = items.enter(
        session, hotel, company, entry_id=given.entry_id, kind=ItemKind.REFUND,
        amount=-given.amount, dated=day,
    )  # fmt: skip
    allocating.set_against(
        session, hotel, refund, item, refund.amount, reason=reason, day=day, by=by
    )
    return given
