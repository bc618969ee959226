"""Taking money and giving it back at the desk, for a window of a folio."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock, new_id
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books import folios, ledger
from pms.hotel.books.cashiers import drawers
from pms.hotel.books.folios import Folio
from pms.hotel.books.payments import online
from pms.hotel.books.payments.moving import give_back, take
from pms.hotel.books.payments.slips import CardSlip
from pms.hotel.books.payments.tables import Method, Payment, PaymentKind
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require


class MoreThanOwed(Refusal):
    """What isn't owed to the guest isn't given back."""

    def __init__(self, credit: Money) -> None:
        super().__init__(
            f"At most {credit} {credit.currency} can be given back: that is what is in credit.",
            field="amount",
        )


class VoidedAlready(Refusal):
    """The payment was undone before."""

    def __init__(self) -> None:
        super().__init__("That payment is voided already. Look at the folio again.")


def pay(
    session: Session,
    folio: Folio,
    *,
    window: int = 1,
    amount: Money,
    method: Method,
    card: CardSlip | None = None,
    tendered: Money | None = None,
    reference: str | None = None,
    key: str | None = None,
    by: Staff,
) -> Payment:
    """Take money for a window of a folio. The same key with the same content is one payment.

    Cash may be `tendered` in foreign notes, at today's house rate and with change in our money.
    """
    require(by, Permission.PAY, folio.hotel_id)
    hotel = session.get_one(Hotel, folio.hotel_id)
    day = business_day.hold(session, hotel)
    folios.lock_open(session, [folio])
    account_id = folios.window_account(session, folio, window)
    return take(
        session,
        hotel,
        folio,
        account_id=account_id,
        kind=PaymentKind.PAYMENT,
        amount=amount,
        method=method,
        card=card,
        tendered=tendered,
        reference=reference,
        key=key,
        day=day,
        by=by,
    )


def refund(
    session: Session,
    folio: Folio,
    *,
    window: int = 1,
    amount: Money,
    method: Method,
    card: CardSlip | None = None,
    reason: str,
    key: str | None = None,
    by: Staff,
) -> Payment:
    """Give back what a window is in credit, and no more."""
    require(by, Permission.REFUND, folio.hotel_id)
    folios.refuse_no_reason(reason)
    hotel = session.get_one(Hotel, folio.hotel_id)
    day = business_day.hold(session, hotel)
    folios.lock_open(session, [folio])
    account_id = folios.window_account(session, folio, window)
    refuse_more_than_credit(session, hotel, account_id, amount)
    return give_back(
        session,
        hotel,
        folio,
        account_id=account_id,
        amount=amount,
        method=method,
        card=card,
        reason=reason,
        key=key,
        day=day,
        by=by,
    )


def void(session: Session, payment: Payment, *, reason: str, by: Staff) -> Payment:
    """Undo a payment that was written down wrongly, on the day it was taken.

    Later it is a refund, and so is cash whose drawer is counted since. Refuses one voided already,
    also when two ask at once.
    """
    require(by, Permission.REFUND, payment.hotel_id)
    folios.refuse_no_reason(reason)
    hotel = session.get_one(Hotel, payment.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, payment)
    if payment.kind is PaymentKind.VOID or is_voided(session, payment):
        raise VoidedAlready
    online.refuse_online(session, payment)
    if payment.business_day != day:
        raise Invalid("Only today's payments are voided. Refund it instead.", field="payment")
    entry = session.get_one(ledger.Entry, (hotel.id, payment.entry_id))
    folios.lock_open(session, folios.of_entry(session, entry))
    folios.refuse_moved(session, entry)
    folios.refuse_invoiced(session, entry)
    moves = drawers.lock_to_undo(session, entry)
    posted = ledger.reverse(session, hotel, entry, reason=reason, day=day, by=by)
    drawers.undo(session, moves, reversal_id=posted.entry_id, day=day)
    voided = Payment(
        hotel_id=hotel.id,
        id=new_id(),
        entry_id=posted.entry_id,
        account_id=payment.account_id,
        voids_id=payment.id,
        business_day=day,
        kind=PaymentKind.VOID,
        method=payment.method,
        amount=-payment.amount,
        brand=payment.brand,
        last_four=payment.last_four,
        authorisation=payment.authorisation,
        terminal=payment.terminal,
        batch=payment.batch,
        staff_id=by.id,
    )
    session.add(voided)
    session.flush()
    logbook.record(
        session,
        "voided",
        payment,
        by=by,
        day=day,
        why=reason,
        amount=Money(payment.amount, hotel.currency),
    )
    return voided


def is_voided(session: Session, payment: Payment) -> bool:
    """Tell whether a payment was undone."""
    return (
        session.scalar(
            sa.select(Payment.id).where(
                Payment.hotel_id == payment.hotel_id, Payment.voids_id == payment.id
            )
        )
        is not None
    )


def refuse_more_than_credit(session: Session, hotel: Hotel, account_id: int, amount: Money) -> None:
    """Refuse to give back more than an account is in credit."""
    credit = -ledger.balances(session, hotel, [account_id])[account_id]
    if amount.minor > credit:
        raise MoreThanOwed(Money(max(credit, 0), hotel.currency))
