"""Voiding: a payment that was written down wrongly, undone on the day it was taken."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock, new_id
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books import deposit_taxes, folios, ledger, reserving
from pms.hotel.books.cashiers import drawers
from pms.hotel.books.payments import online
from pms.hotel.books.payments.tables import Payment, PaymentKind
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require


class VoidedAlready(Refusal):
    """The payment was undone before."""

    def __init__(self) -> None:
        super().__init__("That payment is voided already. Look at the folio again.")


class OfAnAccount(Refusal):
    """A company's payment may be set against bills, and what it got back is an item too."""

    def __init__(self) -> None:
        super().__init__("That is a company's money. Undo it on its account.")


def void(session: Session, payment: Payment, *, reason: str, by: Staff) -> Payment:
    """Undo a payment on the day it was taken; later it is a refund.

    Refuses one voided already, also when two ask at once, cash whose drawer is counted since, and
    one of a company's account.
    """
    account = session.get_one(ledger.Account, (payment.hotel_id, payment.account_id))
    if account.ledger is ledger.Ledger.CITY:
        raise OfAnAccount
    return undo(session, payment, reason=reason, by=by)


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


# --- for whoever owns the account -----------------------------------------------------------------


def undo(session: Session, payment: Payment, *, reason: str, by: Staff) -> Payment:
    """Undo a payment of any account; refuses what `void` refuses of a folio's."""
    require(by, Permission.REFUND, payment.hotel_id)
    folios.refuse_no_reason(reason)
    hotel = session.get_one(Hotel, payment.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, payment)
    _refuse_past(session, payment, today=day)
    entry = session.get_one(ledger.Entry, (hotel.id, payment.entry_id))
    _hold_entry(session, hotel, payment, entry)
    moves = drawers.lock_to_undo(session, entry)
    posted = ledger.reverse(session, hotel, entry, reason=reason, day=day, by=by)
    drawers.undo(session, moves, reversal_id=posted.entry_id, day=day)
    voided = Payment(
        hotel_id=hotel.id, id=new_id(), entry_id=posted.entry_id, account_id=payment.account_id,
        voids_id=payment.id, business_day=day, kind=PaymentKind.VOID, method=payment.method,
        amount=-payment.amount, brand=payment.brand, last_four=payment.last_four,
        authorisation=payment.authorisation, terminal=payment.terminal, batch=payment.batch,
        staff_id=by.id,
    )  # fmt: skip
    session.add(voided)
    session.flush()
    if payment.kind is PaymentKind.DEPOSIT:
        deposit_taxes.set_off(
            session, hotel, payment, amount=payment.amount, account_id=payment.account_id,
            moved_id=posted.entry_id, first=payment.id, credited=True, day=day,
            by=by,
        )  # fmt: skip
    else:  # what went back of a deposit is held again, and its VAT owed
        deposit_taxes.owe_again(
            session, hotel, moved_id=payment.entry_id, reversal_id=posted.entry_id, day=day, by=by
        )
    amount = Money(payment.amount, hotel.currency)
    logbook.record(session, "voided", payment, by=by, day=day, why=reason, amount=amount)
    return voided


def _refuse_past(session: Session, payment: Payment, *, today: date) -> None:
    """Refuse what was undone before, went through a gateway, or was paid on an earlier day."""
    if payment.kind is PaymentKind.VOID or is_voided(session, payment):
        raise VoidedAlready
    online.refuse_online(session, payment)
    if payment.business_day != today:
        raise Invalid("Only today's payments are voided. Refund it instead.", field="payment")


def _hold_entry(session: Session, hotel: Hotel, payment: Payment, entry: ledger.Entry) -> None:
    """Lock the folios a payment stands on; refuses one that moved on, is invoiced or used up."""
    folios.lock_open(session, folios.of_entry(session, entry))
    folios.refuse_moved(session, entry)
    folios.refuse_invoiced(session, entry)
    if payment.kind is PaymentKind.DEPOSIT:  # what matured on a folio isn't held any more
        amount = Money(payment.amount, hotel.currency)
        reserving.refuse_more_than_credit(session, hotel, payment.account_id, amount)
