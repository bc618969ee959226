"""Moving money for whoever owns an account: a folio's window, a deposit, a company, the house."""

from dataclasses import dataclass, replace
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
class _Asked:
    """Money that is to change hands: what it is called among the payments, in the books and in
    the drawer, its sign, and what was said of it.
    """

    payment: PaymentKind
    entry: Kind
    drawer: MoveKind
    sign: int
    account_id: int
    amount: Money
    method: Method
    card: CardSlip | None = None
    tendered: Money | None = None
    words: str | None = None
    reference: str | None = None
    reason: str | None = None
    subject_id: int | None = None
    key: str | None = None

    @property
    def moved(self) -> Money:
        """What the house has more of; below zero what it gives."""
        return self.amount * self.sign

    @property
    def verb(self) -> str:
        """What the logbook says was done."""
        if self.drawer is MoveKind.PAID_OUT:
            return "paid out"
        return "paid" if self.sign > 0 else "refunded"


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
    asked = _Asked(
        payment=kind,
        entry=_TAKES[kind],
        drawer=MoveKind.TAKEN,
        sign=1,
        account_id=account_id,
        amount=amount,
        method=method,
        card=card,
        tendered=tendered,
        reference=reference,
        subject_id=subject_id,
        key=key,
    )
    return _move(session, hotel, thing, asked, day=day, by=by)


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
    asked = _Asked(
        payment=PaymentKind.REFUND,
        entry=entry_kind,
        drawer=MoveKind.GIVEN_BACK,
        sign=-1,
        account_id=account_id,
        amount=amount,
        method=method,
        card=card,
        reason=reason,
        subject_id=subject_id,
        key=key,
    )
    return _move(session, hotel, thing, asked, day=day, by=by)


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
    asked = _Asked(
        payment=PaymentKind.REFUND,
        entry=Kind.PAYMENT,
        drawer=MoveKind.PAID_OUT,
        sign=-1,
        account_id=account_id,
        amount=amount,
        method=Method.CASH,
        words=words,
        key=key,
    )
    return _move(session, hotel, thing, asked, day=day, by=by)


def _move(
    session: Session, hotel: Hotel, thing: Thing, asked: _Asked, *, day: date, by: Staff
) -> Payment:
    refuse_odd_amount(hotel, asked.amount)
    asked = replace(asked, card=slips.checked(asked.method, asked.card))
    card_numbers.refuse(reference=asked.reference)
    way = _way(session, hotel, asked, day=day, by=by)
    draft = ledger.Draft(
        kind=asked.entry,
        key=asked.key,
        text=asked.words or way.words,
        reference=asked.reference,
        reason=asked.reason,
        subject_id=asked.subject_id,
        lines=(*way.sides, ledger.Side(asked.account_id, -asked.moved.minor)),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    if not posted.fresh:
        return by_entry(session, hotel, posted.entry_id)
    if way.shift is not None:
        drawers.write_down(session, way.shift, way.parts, entry_id=posted.entry_id, day=day)
    payment = _write(session, hotel, asked, entry_id=posted.entry_id, day=day, by=by)
    logbook.record(
        session,
        asked.verb,
        thing,
        by=by,
        day=day,
        why=asked.reason,
        amount=asked.amount,
        method=way.words if asked.tendered else asked.method.value,
        entry=posted.entry_id,
    )
    return payment


def _write(
    session: Session, hotel: Hotel, asked: _Asked, *, entry_id: int, day: date, by: Staff
) -> Payment:
    card = asked.card
    payment = Payment(
        hotel_id=hotel.id,
        id=new_id(),
        entry_id=entry_id,
        account_id=asked.account_id,
        business_day=day,
        kind=asked.payment,
        method=asked.method,
        amount=asked.moved.minor,
        brand=card.brand if card else None,
        last_four=card.last_four if card else None,
        authorisation=card.authorisation if card else None,
        terminal=card.terminal if card else None,
        batch=card.batch if card else None,
        staff_id=by.id,
    )
    session.add(payment)
    session.flush()
    return payment


def by_entry(session: Session, hotel: Hotel, entry_id: int) -> Payment:
    """Return the payment that an entry is."""
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


def _way(session: Session, hotel: Hotel, asked: _Asked, *, day: date, by: Staff) -> Cash:
    """Return the money's side of the entry: a drawer for cash, a clearing account for the rest."""
    if asked.tendered is not None:
        if asked.method is not Method.CASH:
            raise OnlyCashIsForeign
        return drawers.foreign(
            session, hotel, asked.amount, tendered=asked.tendered, day=day, by=by
        )
    if asked.method is Method.CASH:
        return drawers.cash(session, hotel, asked.moved, kind=asked.drawer, by=by)
    card = asked.card
    wanted = _clearing(card)
    account = ledger.accounts(session, hotel, [wanted])[wanted.code]
    words = f"{card.brand} {card.last_four}" if card else asked.method.value.capitalize()
    return Cash((ledger.Side(account, asked.moved.minor),), words=words)


def _clearing(card: CardSlip | None) -> ledger.Wanted:
    clearing = ledger.Ledger.CLEARING
    if card is not None:
        code = f"clearing/card/{card.brand.lower()}"
        return ledger.Wanted(clearing, code, f"Cards, {card.brand}")
    return ledger.Wanted(clearing, "clearing/transfer", "Bank transfers")
