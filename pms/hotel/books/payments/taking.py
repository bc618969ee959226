"""Taking money and giving it back, for a folio's window or whoever owns the account."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import card_numbers
from pms.base.db import lock, new_id
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books import folios, ledger
from pms.hotel.books.folios import Folio
from pms.hotel.books.ledger import Kind
from pms.hotel.books.payments import online, reserving
from pms.hotel.books.payments.tables import Method, Payment, PaymentKind
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.logbook import Thing
from pms.hotel.house.staff import Permission, Staff, require


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSlip:
    """What a card terminal prints; never the card's number."""

    brand: str
    last_four: str
    authorisation: str
    terminal: str
    batch: str


class CardSlipNeeded(Invalid):
    """A card leaves a slip; other money doesn't."""

    def __init__(self, method: Method) -> None:
        super().__init__(
            "Copy the terminal's slip: brand, last four digits, authorisation, terminal and batch."
            if method is Method.CARD
            else "Only a card payment has a terminal's slip. Choose card, or leave the slip out.",
            field="card",
        )


class AmountNotPositive(Invalid):
    """Money moves in whole units above zero."""

    def __init__(self) -> None:
        super().__init__("The amount is above zero. Say how much changed hands.", field="amount")


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
    reference: str | None = None,
    key: str | None = None,
    by: Staff,
) -> Payment:
    """Take money for a window of a folio. The same key with the same content is one payment."""
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
    reserving.refuse_more_than_credit(session, hotel, account_id, amount)
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

    Later it is a refund. Refuses one voided already, also when two ask at once.
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
    posted = ledger.reverse(session, hotel, entry, reason=reason, day=day, by=by)
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


# --- for whoever owns the account: folios, deposits, the city ledger ------------------------------

_ENTRY_OF = {
    PaymentKind.PAYMENT: Kind.PAYMENT,
    PaymentKind.DEPOSIT: Kind.DEPOSIT,
    PaymentKind.CITY: Kind.CITY_PAYMENT,
}


def take(
    session: Session,
    hotel: Hotel,
    thing: Thing,
    *,
    account_id: int,
    kind: PaymentKind,
    amount: Money,
    method: Method,
    card: CardSlip | None,
    reference: str | None = None,
    subject_id: int | None = None,
    key: str | None = None,
    day: date,
    by: Staff,
) -> Payment:
    """Take money for an account whose owner is locked and has checked; `thing` is what for."""
    return _move(
        session,
        hotel,
        thing,
        account_id=account_id,
        kind=kind,
        entry_kind=_ENTRY_OF[kind],
        amount=amount,
        sign=1,
        method=method,
        card=card,
        reference=reference,
        reason=None,
        subject_id=subject_id,
        key=key,
        day=day,
        by=by,
    )


def give_back(
    session: Session,
    hotel: Hotel,
    thing: Thing,
    *,
    account_id: int,
    entry_kind: Kind = Kind.REFUND,
    amount: Money,
    method: Method,
    card: CardSlip | None,
    reason: str,
    subject_id: int | None = None,
    key: str | None = None,
    day: date,
    by: Staff,
) -> Payment:
    """Give money back from an account whose owner is locked and has checked."""
    return _move(
        session,
        hotel,
        thing,
        account_id=account_id,
        kind=PaymentKind.REFUND,
        entry_kind=entry_kind,
        amount=amount,
        sign=-1,
        method=method,
        card=card,
        reference=None,
        reason=reason,
        subject_id=subject_id,
        key=key,
        day=day,
        by=by,
    )


def _move(
    session: Session,
    hotel: Hotel,
    thing: Thing,
    *,
    account_id: int,
    kind: PaymentKind,
    entry_kind: Kind,
    amount: Money,
    sign: int,
    method: Method,
    card: CardSlip | None,
    reference: str | None,
    reason: str | None,
    subject_id: int | None,
    key: str | None,
    day: date,
    by: Staff,
) -> Payment:
    _check(hotel, amount, method, card, reference=reference)
    wanted = _money_account(method, card)
    money = ledger.accounts(session, hotel, [wanted])[wanted.code]
    moved = sign * amount.minor
    draft = ledger.Draft(
        kind=entry_kind,
        key=key,
        text=f"{card.brand} {card.last_four}" if card else method.value.capitalize(),
        reference=reference,
        reason=reason,
        subject_id=subject_id,
        lines=(ledger.Side(money, moved), ledger.Side(account_id, -moved)),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    if not posted.fresh:
        return session.scalars(
            sa.select(Payment).where(
                Payment.hotel_id == hotel.id, Payment.entry_id == posted.entry_id
            )
        ).one()
    payment = Payment(
        hotel_id=hotel.id,
        id=new_id(),
        entry_id=posted.entry_id,
        account_id=account_id,
        business_day=day,
        kind=kind,
        method=method,
        amount=moved,
        brand=card.brand if card else None,
        last_four=card.last_four if card else None,
        authorisation=card.authorisation if card else None,
        terminal=card.terminal if card else None,
        batch=card.batch if card else None,
        staff_id=by.id,
    )
    session.add(payment)
    session.flush()
    logbook.record(
        session,
        "paid" if moved > 0 else "refunded",
        thing,
        by=by,
        day=day,
        why=reason,
        amount=amount,
        method=method.value,
        entry=posted.entry_id,
    )
    return payment


def _check(
    hotel: Hotel,
    amount: Money,
    method: Method,
    card: CardSlip | None,
    *,
    reference: str | None,
) -> None:
    if amount.currency != hotel.currency:
        raise Invalid(
            f"{hotel.name} counts in {hotel.currency}, not in {amount.currency}.", field="amount"
        )
    if amount.minor <= 0:
        raise AmountNotPositive
    if (method is Method.CARD) != (card is not None):
        raise CardSlipNeeded(method)
    card_numbers.refuse(reference=reference)
    if card is None:
        return
    if len(card.last_four) != 4 or not (card.last_four.isascii() and card.last_four.isdigit()):
        raise Invalid("Write the card's last four digits.", field="last_four")
    if not card.brand.strip() or not card.terminal.strip() or not card.batch.strip():
        raise CardSlipNeeded(method)
    for field in ("brand", "authorisation", "terminal", "batch"):
        if len(text := getattr(card, field)) > 24:
            raise Invalid("The slip has at most 24 characters there.", field=field)
        card_numbers.refuse(**{field: text})


def _money_account(method: Method, card: CardSlip | None) -> ledger.Wanted:
    clearing = ledger.Ledger.CLEARING
    if card is not None:
        brand = card.brand.strip()
        return ledger.Wanted(clearing, f"clearing/card/{brand.lower()}", f"Cards, {brand}")
    if method is Method.TRANSFER:
        return ledger.Wanted(clearing, "clearing/transfer", "Bank transfers")
    return ledger.Wanted(ledger.Ledger.CASH, "cash", "Cash")
