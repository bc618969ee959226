"""Payments: money taken and given back, in cash, by card on a terminal, or by transfer."""

import enum
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import ink
from pms.base.db import Base, OfHotel, choice, lock, new_id, within_hotel
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books import card_numbers, folios, ledger
from pms.hotel.books.folios import Folio
from pms.hotel.books.ledger import Kind
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.logbook import Thing
from pms.hotel.house.staff import Permission, Staff, require


class Method(enum.StrEnum):
    """How money changed hands."""

    CASH = "cash"
    CARD = "card"
    TRANSFER = "transfer"


class PaymentKind(enum.StrEnum):
    """Why money changed hands; a void undoes a slip that was wrong."""

    PAYMENT = "payment"
    DEPOSIT = "deposit"
    REFUND = "refund"
    CITY = "city"
    VOID = "void"


class Payment(OfHotel, Base):
    """Money taken (above zero) or given back, and what the terminal's slip says of it."""

    __tablename__ = "payments"
    __table_args__ = (
        within_hotel("entry_id", "entries"),
        within_hotel("account_id", "accounts"),
        within_hotel("voids_id", "payments"),
        sa.UniqueConstraint("hotel_id", "entry_id"),
        sa.UniqueConstraint("hotel_id", "voids_id"),
        sa.CheckConstraint("(kind = 'void') = (voids_id IS NOT NULL)", name="voids_one"),
        sa.CheckConstraint("amount <> 0", name="moves_money"),
        sa.CheckConstraint(
            "last_four IS NULL OR length(last_four) = 4", name="four_digits_at_most"
        ),
        sa.CheckConstraint(
            "method = 'card' OR (brand IS NULL AND last_four IS NULL)",
            name="only_cards_have_brands",
        ),
        sa.Index(None, "hotel_id", "account_id"),
        sa.Index(None, "hotel_id", "business_day", "terminal", "batch"),
    )

    entry_id: Mapped[int]
    account_id: Mapped[int]
    voids_id: Mapped[int | None]
    business_day: Mapped[date]
    kind: Mapped[PaymentKind] = mapped_column(choice(PaymentKind))
    method: Mapped[Method] = mapped_column(choice(Method))
    amount: Mapped[int]
    brand: Mapped[str | None] = mapped_column(sa.String(24))
    last_four: Mapped[str | None] = mapped_column(sa.String(4))
    authorisation: Mapped[str | None] = mapped_column(sa.String(24))
    terminal: Mapped[str | None] = mapped_column(sa.String(24))
    batch: Mapped[str | None] = mapped_column(sa.String(24))
    staff_id: Mapped[int]


ink.append_only("payments")


class TerminalBatch(OfHotel, Base):
    """A terminal's batch as it was counted at night, beside what the books say it holds."""

    __tablename__ = "terminal_batches"
    __table_args__ = (sa.UniqueConstraint("hotel_id", "business_day", "terminal", "batch"),)

    business_day: Mapped[date]
    terminal: Mapped[str] = mapped_column(sa.String(24))
    batch: Mapped[str] = mapped_column(sa.String(24))
    counted: Mapped[int]
    recorded: Mapped[int]
    staff_id: Mapped[int]

    @property
    def difference(self) -> int:
        """Minor units the terminal has more than the books."""
        return self.counted - self.recorded


ink.append_only("terminal_batches")


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSlip:
    """What a card terminal prints; never the card's number."""

    brand: str
    last_four: str
    authorisation: str
    terminal: str
    batch: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What the books hold of one terminal's batch on a day, in minor units."""

    terminal: str
    batch: str
    payments: int
    amount: int
    counted: int | None


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


class BatchTiedOut(Refusal):
    """A batch is counted once."""

    def __init__(self, terminal: str, batch: str) -> None:
        super().__init__(
            f"Batch {batch} of terminal {terminal} is tied out already for today.", field="batch"
        )


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

    Later it is a refund. Refuses one voided already, also when two ask at once.
    """
    require(by, Permission.REFUND, payment.hotel_id)
    folios.refuse_no_reason(reason)
    hotel = session.get_one(Hotel, payment.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, payment)
    if payment.kind is PaymentKind.VOID or _voided(session, payment):
        raise VoidedAlready
    if payment.business_day != day:
        raise Invalid("Only today's payments are voided. Refund it instead.", field="payment")
    entry = session.get_one(ledger.Entry, (hotel.id, payment.entry_id))
    folios.lock_open(session, folios.of_entry(session, entry))
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


def _voided(session: Session, payment: Payment) -> bool:
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


def refuse_more_than_credit(session: Session, hotel: Hotel, account_id: int, amount: Money) -> None:
    """Refuse to give back more than an account is in credit."""
    credit = -ledger.balances(session, hotel, [account_id])[account_id]
    if amount.minor > credit:
        raise MoreThanOwed(Money(max(credit, 0), hotel.currency))


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
        text = getattr(card, field)
        if len(text) > 24:
            raise Invalid("The slip has at most 24 characters there.", field=field)
        card_numbers.refuse(**{field: text})


def _money_account(method: Method, card: CardSlip | None) -> ledger.Wanted:
    if card is not None:
        brand = card.brand.strip().lower()
        return ledger.Wanted(
            ledger.Ledger.CLEARING, f"clearing/card/{brand}", f"Cards, {card.brand.strip()}"
        )
    if method is Method.TRANSFER:
        return ledger.Wanted(ledger.Ledger.CLEARING, "clearing/transfer", "Bank transfers")
    return ledger.Wanted(ledger.Ledger.CASH, "cash", "Cash")


# --- terminals at night -------------------------------------------------------------------------


def batches(session: Session, hotel: Hotel, day: date) -> list[Batch]:
    """Return what each terminal's batch holds on a day, and what was counted, if it was."""
    counted = {
        (row.terminal, row.batch): row.counted
        for row in session.scalars(
            sa.select(TerminalBatch).where(
                TerminalBatch.hotel_id == hotel.id, TerminalBatch.business_day == day
            )
        )
    }
    rows = session.execute(
        sa.select(Payment.terminal, Payment.batch, sa.func.count(), sa.func.sum(Payment.amount))
        .where(
            Payment.hotel_id == hotel.id,
            Payment.business_day == day,
            Payment.terminal.is_not(None),
        )
        .group_by(Payment.terminal, Payment.batch)
    )
    held = {(str(row[0]), str(row[1])): (int(row[2]), int(row[3])) for row in rows}
    return [
        Batch(*key, *held.get(key, (0, 0)), counted.get(key))
        for key in sorted(held.keys() | counted.keys())
    ]


def tie_out(
    session: Session, hotel: Hotel, *, terminal: str, batch: str, counted: Money, by: Staff
) -> TerminalBatch:
    """Write down what a terminal says its batch of today holds; the difference is shown.

    Refuses a second count of the same batch on the same day.
    """
    require(by, Permission.PAY, hotel.id)
    card_numbers.refuse(terminal=terminal, batch=batch)
    day = business_day.hold(session, hotel)
    today = {(row.terminal, row.batch): row for row in batches(session, hotel, day)}
    held = today.get((terminal, batch))
    if held is not None and held.counted is not None:
        raise BatchTiedOut(terminal, batch)
    tied = TerminalBatch(
        hotel_id=hotel.id,
        id=new_id(),
        business_day=day,
        terminal=terminal,
        batch=batch,
        counted=counted.minor,
        recorded=held.amount if held else 0,
        staff_id=by.id,
    )
    session.add(tied)
    session.flush()
    logbook.record(
        session,
        "tied out",
        tied,
        by=by,
        day=day,
        terminal=terminal,
        batch=batch,
        counted=counted,
        difference=Money(tied.difference, hotel.currency),
    )
    return tied
