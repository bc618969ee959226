"""Moving money for whoever owns an account: a folio's window, a deposit, a company, the house."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import card_numbers
from pms.base.db import new_id
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import ledger
from pms.hotel.books.cashiers import MoveKind, drawers
from pms.hotel.books.cashiers.drawers import Cash
from pms.hotel.books.ledger import Kind
from pms.hotel.books.payments import slips
from pms.hotel.books.payments.slips import CardSlip
from pms.hotel.books.payments.tables import Method, Payment, PaymentKind
from pms.hotel.house import logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.logbook import Thing
from pms.hotel.house.staff import Staff


class AmountNotPositive(Invalid):
    """Money moves in whole units above zero."""

    def __init__(self) -> None:
        super().__init__("The amount is above zero. Say how much changed hands.", field="amount")


class OnlyCashIsForeign(Invalid):
    """A terminal and a bank convert by themselves."""

    def __init__(self) -> None:
        super().__init__("Only cash is taken in another currency. Choose cash.", field="tendered")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kinds:
    """What a payment is called among the payments, in the books and in the drawer, and its sign."""

    payment: PaymentKind
    entry: Kind
    drawer: MoveKind
    sign: int


_TAKES = {
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
    tendered: Money | None = None,
    reference: str | None = None,
    subject_id: int | None = None,
    key: str | None = None,
    day: date,
    by: Staff,
) -> Payment:
    """Take money for an account whose owner is locked and has checked; `thing` is what for.

    `tendered` is what the guest gives in foreign notes: change is given in the house's money.
    """
    kinds = _Kinds(payment=kind, entry=_TAKES[kind], drawer=MoveKind.TAKEN, sign=1)
    return _move(
        session,
        hotel,
        thing,
        kinds,
        account_id=account_id,
        amount=amount,
        method=method,
        card=card,
        tendered=tendered,
        reference=reference,
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
    kinds = _Kinds(
        payment=PaymentKind.REFUND, entry=entry_kind, drawer=MoveKind.GIVEN_BACK, sign=-1
    )
    return _move(
        session,
        hotel,
        thing,
        kinds,
        account_id=account_id,
        amount=amount,
        method=method,
        card=card,
        reason=reason,
        subject_id=subject_id,
        key=key,
        day=day,
        by=by,
    )


def lay_out(
    session: Session,
    hotel: Hotel,
    thing: Thing,
    *,
    account_id: int,
    amount: Money,
    words: str,
    key: str | None = None,
    day: date,
    by: Staff,
) -> Payment:
    """Hand cash out for whoever owns an account, who owes it then.

    It is no revenue and bears no tax: a payment below zero, in the words it was laid out for.
    """
    kinds = _Kinds(
        payment=PaymentKind.REFUND, entry=Kind.PAYMENT, drawer=MoveKind.PAID_OUT, sign=-1
    )
    return _move(
        session,
        hotel,
        thing,
        kinds,
        account_id=account_id,
        amount=amount,
        method=Method.CASH,
        card=None,
        words=words,
        key=key,
        day=day,
        by=by,
    )


def _move(
    session: Session,
    hotel: Hotel,
    thing: Thing,
    kinds: _Kinds,
    *,
    account_id: int,
    amount: Money,
    method: Method,
    card: CardSlip | None,
    tendered: Money | None = None,
    words: str | None = None,
    reference: str | None = None,
    reason: str | None = None,
    subject_id: int | None = None,
    key: str | None,
    day: date,
    by: Staff,
) -> Payment:
    refuse_odd_amount(hotel, amount)
    slips.refuse_odd(method, card)
    card_numbers.refuse(reference=reference)
    moved = kinds.sign * amount.minor
    way = _way(session, hotel, kinds, amount, method, card, tendered, day=day, by=by)
    draft = ledger.Draft(
        kind=kinds.entry,
        key=key,
        text=words or way.words,
        reference=reference,
        reason=reason,
        subject_id=subject_id,
        lines=(*way.sides, ledger.Side(account_id, -moved)),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    if not posted.fresh:
        return of_entry(session, hotel, posted.entry_id)
    if way.shift is not None:
        drawers.write_down(session, way.shift, way.parts, entry_id=posted.entry_id, day=day)
    payment = Payment(
        hotel_id=hotel.id,
        id=new_id(),
        entry_id=posted.entry_id,
        account_id=account_id,
        business_day=day,
        kind=kinds.payment,
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
        _verb(kinds),
        thing,
        by=by,
        day=day,
        why=reason,
        amount=amount,
        method=way.words if tendered else method.value,
        entry=posted.entry_id,
    )
    return payment


def of_entry(session: Session, hotel: Hotel, entry_id: int) -> Payment:
    """Return the payment an entry is."""
    return session.scalars(
        sa.select(Payment).where(Payment.hotel_id == hotel.id, Payment.entry_id == entry_id)
    ).one()


def refuse_odd_amount(hotel: Hotel, amount: Money) -> None:
    """Refuse what isn't an amount above zero in the hotel's currency."""
    if amount.currency != hotel.currency:
        raise Invalid(
            f"{hotel.name} counts in {hotel.currency}, not in {amount.currency}.", field="amount"
        )
    if amount.minor <= 0:
        raise AmountNotPositive


def _verb(kinds: _Kinds) -> str:
    if kinds.drawer is MoveKind.PAID_OUT:
        return "paid out"
    return "paid" if kinds.sign > 0 else "refunded"


def _way(
    session: Session,
    hotel: Hotel,
    kinds: _Kinds,
    amount: Money,
    method: Method,
    card: CardSlip | None,
    tendered: Money | None,
    *,
    day: date,
    by: Staff,
) -> Cash:
    """Return the money's side of the entry: a drawer for cash, a clearing account for the rest."""
    moved = amount * kinds.sign
    if tendered is not None:
        if method is not Method.CASH:
            raise OnlyCashIsForeign
        return drawers.foreign(session, hotel, amount, tendered=tendered, day=day, by=by)
    if method is Method.CASH:
        return drawers.cash(session, hotel, moved, kind=kinds.drawer, by=by)
    wanted = _clearing(card)
    account = ledger.accounts(session, hotel, [wanted])[wanted.code]
    words = f"{card.brand} {card.last_four}" if card else method.value.capitalize()
    return Cash((ledger.Side(account, moved.minor),), words=words)


def _clearing(card: CardSlip | None) -> ledger.Wanted:
    clearing = ledger.Ledger.CLEARING
    if card is not None:
        brand = card.brand.strip()
        return ledger.Wanted(clearing, f"clearing/card/{brand.lower()}", f"Cards, {brand}")
    return ledger.Wanted(clearing, "clearing/transfer", "Bank transfers")
