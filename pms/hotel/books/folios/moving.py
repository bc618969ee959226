"""Moving and voiding what stands on folios: nothing is erased, everything is counter-posted."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books import ledger
from pms.hotel.books.folios.invoiced import refuse_invoiced
from pms.hotel.books.folios.opening import (
    balance_of,
    lock_open,
    of_entry,
    refuse_no_reason,
    window_account,
)
from pms.hotel.books.folios.tables import Folio, FolioWindow
from pms.hotel.books.ledger import Kind
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require

VOIDABLE = frozenset({Kind.CHARGE, Kind.ADJUSTMENT, Kind.TRANSFER})


class NotVoidable(Refusal):
    """Money that changed hands isn't undone by a void of the charge's kind."""

    def __init__(self, entry: ledger.Entry) -> None:
        words = entry.kind.value.replace("_", " ")
        super().__init__(f"A {words} is not voided here. Refund it, or void the payment.")


class MovedOn(Refusal):
    """What is asked about stands somewhere else by now."""

    def __init__(self, text: str) -> None:
        super().__init__(f"“{text}” was moved to another window. Void that transfer first.")


class NotOnAFolio(Refusal):
    """The entry has nothing on any window that could be moved."""

    def __init__(self, text: str) -> None:
        super().__init__(f"“{text}” stands on no folio. Choose a charge or a payment of a folio.")


class AlreadyThere(Refusal):
    """From a window to itself."""

    def __init__(self) -> None:
        super().__init__("It stands on that window already. Choose another.", field="to_window")


def void(session: Session, entry: ledger.Entry, *, reason: str, by: Staff) -> ledger.Entry:
    """Undo a charge, an adjustment or a transfer, with a reason: today's reversal of it.

    Who may post may void what was posted today; older entries need the permission to adjust. A
    night's charge that is voided is due again; to let someone off, adjust it. A tax that the house
    gave back of it meanwhile goes with it. Refuses payments, what is reversed already, what was
    moved to another window, and what is invoiced.
    """
    hotel = session.get_one(Hotel, entry.hotel_id)
    day = business_day.hold(session, hotel)
    todays = entry.business_day == day
    require(by, Permission.POST if todays else Permission.ADJUST, hotel.id)
    refuse_no_reason(reason)
    if entry.kind not in VOIDABLE:
        raise NotVoidable(entry)
    folios = of_entry(session, entry)
    lock_open(session, folios)
    for each in _given_back(session, entry):
        lock_open(session, of_entry(session, each))
        _reverse(session, hotel, each, reason, day, by=by)
    posted = _reverse(session, hotel, entry, reason, day, by=by)
    for folio in folios:
        logbook.record(
            session,
            "voided",
            folio,
            by=by,
            day=day,
            before={"entry": entry.id, "text": entry.text},
            why=reason,
            entry=posted.entry_id,
        )
    return ledger.get(session, hotel.id, posted)


def _reverse(
    session: Session, hotel: Hotel, entry: ledger.Entry, reason: str, day: date, *, by: Staff
) -> ledger.Posted:
    refuse_moved(session, entry)
    refuse_invoiced(session, entry)
    return ledger.reverse(session, hotel, entry, reason=reason, day=day, by=by)


def _given_back(session: Session, entry: ledger.Entry) -> list[ledger.Entry]:
    """Return what the house gave back of a charge by itself: its key begins with the charge's."""
    return list(
        session.scalars(
            sa.select(ledger.Entry)
            .where(
                ledger.Entry.hotel_id == entry.hotel_id,
                ledger.Entry.concerns_id == entry.id,
                ledger.Entry.kind == Kind.ADJUSTMENT,
                ledger.Entry.key.startswith(f"{entry.key}/", autoescape=True),
                ledger.standing(),
            )
            .order_by(ledger.Entry.id)
        )
    )


def transfer(
    session: Session,
    entry: ledger.Entry,
    *,
    to_folio: Folio,
    to_window: int = 1,
    reason: str | None = None,
    by: Staff,
) -> ledger.Entry:
    """Move what an entry put on a window to another window, taxes and all.

    Refuses a reversed entry, one that moved on already or is invoiced, and closed folios at either
    end.
    """
    require(by, Permission.POST, entry.hotel_id)
    if reason:
        refuse_no_reason(reason)
    hotel = session.get_one(Hotel, entry.hotel_id)
    day = business_day.hold(session, hotel)
    lock_open(session, [*of_entry(session, entry), to_folio])
    lines = _standing_lines(session, entry)
    if not lines or entry.kind is Kind.REVERSAL:
        raise NotOnAFolio(entry.text)
    if ledger.is_reversed(session, entry):
        raise ledger.ReversedAlready(entry.text)
    refuse_moved(session, entry)
    refuse_invoiced(session, entry)
    target = window_account(session, to_folio, to_window)
    if all(line.account_id == target for line in lines):
        raise AlreadyThere
    draft = ledger.Draft(
        kind=Kind.TRANSFER,
        text=entry.text,
        reference=entry.reference,
        reason=reason,
        concerns_id=entry.id,
        turn=_times_moved(session, entry),
        # First what leaves, then what arrives: `_standing_lines` tells them apart by this order.
        lines=(
            *(_copy(line, line.account_id, -1) for line in lines),
            *(_copy(line, target, 1) for line in lines),
        ),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    logbook.record(
        session,
        "transferred",
        to_folio,
        by=by,
        day=day,
        before={"entry": entry.id},
        why=reason,
        window=to_window,
        amount=Money(sum(line.amount for line in lines), hotel.currency),
        entry=posted.entry_id,
    )
    return ledger.get(session, hotel.id, posted)


def transfer_balance(
    session: Session,
    folio: Folio,
    *,
    window: int = 1,
    to_folio: Folio,
    to_window: int = 1,
    amount: Money | None = None,
    reason: str | None = None,
    key: str | None = None,
    by: Staff,
) -> ledger.Entry:
    """Move a window's whole balance, or a part of it, to another window."""
    require(by, Permission.POST, folio.hotel_id)
    if reason:
        refuse_no_reason(reason)
    hotel = session.get_one(Hotel, folio.hotel_id)
    day = business_day.hold(session, hotel)
    lock_open(session, [folio, to_folio])
    source = window_account(session, folio, window)
    target = window_account(session, to_folio, to_window)
    if source == target:
        raise AlreadyThere
    moved = amount if amount is not None else balance_of(session, folio)[window]
    if not moved or moved.currency != hotel.currency:
        raise Invalid("There is nothing to move. Say another amount.", field="amount")
    draft = ledger.Draft(
        kind=Kind.TRANSFER,
        key=key,
        text=f"Folio {folio.number}/{window} to {to_folio.number}/{to_window}",
        reason=reason,
        lines=(ledger.Side(source, -moved.minor), ledger.Side(target, moved.minor)),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    if posted.fresh:
        logbook.record(
            session,
            "transferred balance",
            folio,
            by=by,
            day=day,
            why=reason,
            amount=moved,
            window=window,
            to=f"{to_folio.number}/{to_window}",
            entry=posted.entry_id,
        )
    return ledger.get(session, hotel.id, posted)


def _copy(line: ledger.Line, account_id: int, sign: int) -> ledger.Side:
    return ledger.Side(
        account_id,
        sign * line.amount,
        charge_code_id=line.charge_code_id,
        tax_id=line.tax_id,
        quantity=None if line.quantity is None else sign * line.quantity,
        base=None if line.base is None else sign * line.base,
    )


def _standing_lines(session: Session, entry: ledger.Entry) -> list[ledger.Line]:
    lines = ledger.lines_of(session, entry)
    if entry.kind is Kind.TRANSFER:
        lines = lines[len(lines) // 2 :]
    windows = set(
        session.scalars(
            sa.select(FolioWindow.account_id).where(
                FolioWindow.hotel_id == entry.hotel_id,
                FolioWindow.account_id.in_({line.account_id for line in lines}),
            )
        )
    )
    return [line for line in lines if line.account_id in windows]


def _moves_of(entry: ledger.Entry) -> sa.ColumnElement[bool]:
    return sa.and_(
        ledger.Entry.hotel_id == entry.hotel_id,
        ledger.Entry.concerns_id == entry.id,
        ledger.Entry.kind == Kind.TRANSFER,
    )


def _times_moved(session: Session, entry: ledger.Entry) -> int:
    return session.scalar(sa.select(sa.func.count()).where(_moves_of(entry))) or 0


def refuse_moved(session: Session, entry: ledger.Entry) -> None:
    """Refuse an entry whose lines were transferred: it can't be undone where it was."""
    moved = session.scalar(
        sa.select(ledger.Entry.id).where(_moves_of(entry), ledger.standing()).limit(1)
    )
    if moved is not None:
        raise MovedOn(entry.text)
