"""Paid-outs: cash handed out for a guest, who owes it on the folio, or for the house."""

import enum
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import card_numbers, ink
from pms.base.db import Base, OfHotel, choice, lock, new_id, within_hotel
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books import folios, ledger, reserving
from pms.hotel.books.cashiers import MoveKind, drawers
from pms.hotel.books.folios import Folio
from pms.hotel.books.payments import moving
from pms.hotel.house import business_day, logbook, numbers
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Role, Staff, require

LONGEST = 80


class Expense(enum.StrEnum):
    """What the house spent petty cash on."""

    SUPPLIES = "supplies"
    FOOD = "food"
    POSTAGE = "postage"
    TRAVEL = "travel"
    REPAIRS = "repairs"
    OTHER = "other"

    @property
    def account(self) -> ledger.Wanted:
        """The account it is spent on."""
        words = f"Petty cash, {self.value}"
        return ledger.Wanted(ledger.Ledger.CLEARING, f"clearing/expenses/{self.value}", words)


class PaidOut(OfHotel, Base):
    """A voucher for cash that was handed out: for a folio, or as an expense of the house."""

    __tablename__ = "paid_outs"
    __table_args__ = (
        within_hotel("entry_id", "entries"),
        within_hotel("folio_id", "folios"),
        sa.UniqueConstraint("hotel_id", "number"),
        sa.UniqueConstraint("hotel_id", "entry_id"),
        sa.CheckConstraint("(folio_id IS NULL) = (expense IS NOT NULL)", name="guest_or_house"),
        sa.CheckConstraint("amount > 0", name="hands_money_out"),
        sa.Index(None, "hotel_id", "business_day"),
    )

    number: Mapped[int]
    entry_id: Mapped[int]
    folio_id: Mapped[int | None]
    expense: Mapped[Expense | None] = mapped_column(choice(Expense))
    words: Mapped[str] = mapped_column(sa.String(LONGEST))
    amount: Mapped[int]
    business_day: Mapped[date]
    staff_id: Mapped[int]


ink.append_only("paid_outs")


class OverPaidOutLimit(Refusal):
    """More than one of the role hands out in a day."""

    status = 403

    def __init__(self, role: Role, most: Money, *, paid_out: Money) -> None:
        handed = f", and handed out {paid_out.said} today" if paid_out else ""
        super().__init__(
            f"Your role ({role.words.lower()}) pays out {most.said} a day{handed}. "
            "Ask a manager to pay the rest out.",
            field="amount",
        )


def pay_out(
    session: Session,
    folio: Folio,
    *,
    window: int = 1,
    amount: Money,
    words: str,
    key: str | None = None,
    by: Staff,
) -> PaidOut:
    """Hand cash out for a guest (a taxi, flowers, a parcel's duty) and put it on the folio.

    No revenue and no tax of the house's. Refuses a closed folio, a drawer that is counted,
    credit that is on its way back online, and more than the person's role may hand out in a day.
    """
    require(by, Permission.PAY_OUT, folio.hotel_id)
    said = _said(words)
    hotel = session.get_one(Hotel, folio.hotel_id)
    day = business_day.hold(session, hotel)
    folios.lock_open(session, [folio])
    account_id = folios.window_account(session, folio, window)
    reserving.refuse_kept_back(session, hotel, account_id, amount)
    payment = moving.lay_out(
        session,
        hotel,
        folio,
        account_id=account_id,
        amount=amount,
        words=f"Paid-out: {said}",
        key=key,
        day=day,
        by=by,
    )
    made = _of_entry(session, hotel, payment.entry_id)
    return made or _write(
        session, hotel, payment.entry_id, folio=folio, amount=amount, words=said, day=day, by=by
    )


def spend(
    session: Session,
    hotel: Hotel,
    *,
    expense: Expense,
    amount: Money,
    words: str,
    key: str | None = None,
    by: Staff,
) -> PaidOut:
    """Hand cash out for the house, on the account of what it was spent on.

    Refuses more than the person's role may hand out in a day.
    """
    require(by, Permission.PAY_OUT, hotel.id)
    said = _said(words)
    moving.refuse_odd_amount(hotel, amount)
    day = business_day.hold(session, hotel)
    out = drawers.cash(session, hotel, -amount, kind=MoveKind.PAID_OUT, by=by)
    account = ledger.accounts(session, hotel, [expense.account])[expense.account.code]
    draft = ledger.Draft(
        kind=ledger.Kind.TRANSFER,
        key=key,
        text=f"Paid-out: {said}",
        lines=(*out.sides, ledger.Side(account, amount.minor)),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    made = _of_entry(session, hotel, posted.entry_id)
    if made is not None:
        return made
    if out.shift is not None:
        drawers.write_down(session, out.shift, out.parts, entry_id=posted.entry_id, day=day)
    return _write(
        session, hotel, posted.entry_id, expense=expense, amount=amount, words=said, day=day, by=by
    )


def take_back(session: Session, paid_out: PaidOut, *, reason: str, by: Staff) -> PaidOut:
    """Undo an expense of the house that was written down wrongly, while its drawer is open.

    What was paid out for a guest is voided on the folio. Refuses one undone already.
    """
    require(by, Permission.REFUND, paid_out.hotel_id)
    folios.refuse_no_reason(reason)
    if paid_out.folio_id is not None:
        raise Invalid("That stands on a folio. Void it there instead.", field="paid_out")
    hotel = session.get_one(Hotel, paid_out.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, paid_out)
    if paid_out.business_day != day:
        raise Invalid("Only today's paid-outs are undone. Put the money back.", field="paid_out")
    entry = session.get_one(ledger.Entry, (hotel.id, paid_out.entry_id))
    moves = drawers.lock_to_undo(session, entry)
    posted = ledger.reverse(session, hotel, entry, reason=reason, day=day, by=by)
    drawers.undo(session, moves, reversal_id=posted.entry_id, day=day)
    logbook.record(
        session,
        "undid paid-out",
        paid_out,
        by=by,
        day=day,
        why=reason,
        number=paid_out.number,
        amount=Money(paid_out.amount, hotel.currency),
    )
    return paid_out


def _said(words: str) -> str:
    said = " ".join(words.split())
    if not said or len(said) > LONGEST:
        raise Invalid(
            f"Say what it is for, in {LONGEST} letters at most: a taxi, flowers.", field="words"
        )
    card_numbers.refuse(words=said)
    return said


def _of_entry(session: Session, hotel: Hotel, entry_id: int) -> PaidOut | None:
    return session.scalar(
        sa.select(PaidOut).where(PaidOut.hotel_id == hotel.id, PaidOut.entry_id == entry_id)
    )


def _write(
    session: Session,
    hotel: Hotel,
    entry_id: int,
    *,
    folio: Folio | None = None,
    expense: Expense | None = None,
    amount: Money,
    words: str,
    day: date,
    by: Staff,
) -> PaidOut:
    _refuse_over_limit(session, hotel, amount, day=day, by=by)
    made = PaidOut(
        hotel_id=hotel.id,
        id=new_id(),
        number=numbers.next_number(session, hotel, "paid-out"),
        entry_id=entry_id,
        folio_id=folio.id if folio else None,
        expense=expense,
        words=words,
        amount=amount.minor,
        business_day=day,
        staff_id=by.id,
    )
    session.add(made)
    session.flush()
    logbook.record(
        session, "paid out", made, by=by, day=day, number=made.number, amount=amount, words=words
    )
    return made


def _refuse_over_limit(
    session: Session, hotel: Hotel, amount: Money, *, day: date, by: Staff
) -> None:
    """Refuse what is, with the person's other paid-outs of the day, more than their role's limit.

    What was undone since doesn't count. It is asked of fresh paid-outs only: the same key sent
    twice hands out once. The limit's row is locked, so two at once don't pass together.
    """
    role = by.role_in(hotel.id)
    limit = session.get(folios.AdjustmentLimit, (hotel.id, role)) if role is not None else None
    if role is None or limit is None:
        return
    most = Money(lock(session, limit).most, hotel.currency)
    paid_out = session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(PaidOut.amount), 0))
        .join(
            ledger.Entry,
            sa.and_(ledger.Entry.hotel_id == PaidOut.hotel_id, ledger.Entry.id == PaidOut.entry_id),
        )
        .where(
            PaidOut.hotel_id == hotel.id,
            PaidOut.business_day == day,
            PaidOut.staff_id == by.id,
            ledger.standing(),
        )
    )
    already = Money(int(paid_out or 0), hotel.currency)
    if already + amount > most:
        raise OverPaidOutLimit(role, most, paid_out=already)
