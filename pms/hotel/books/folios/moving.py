"""Moving what stands on folios: nothing is erased, everything is counter-posted."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books import ledger, reserving
from pms.hotel.books.folios import parts, prepaid
from pms.hotel.books.folios.invoiced import refuse_invoiced
from pms.hotel.books.folios.opening import (
    balance_of,
    lock_open,
    of_entry,
    refuse_no_reason,
    window_account,
)
from pms.hotel.books.folios.tables import Folio, FolioWindow
from pms.hotel.books.folios.voiding import MovedOn, NotOnAFolio
from pms.hotel.books.ledger import Kind
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require


class SeveralPay(Refusal):
    """The entry stands on several windows, and nobody said which of them it is to leave."""

    def __init__(self, text: str) -> None:
        super().__init__(f"Several windows pay for “{text}”. Move it from one of them.")


class NotAPart(Refusal):
    """A part is more than nothing and less than all of it."""

    status = 422

    def __init__(self, whole: Money, *, field: str) -> None:
        super().__init__(
            f"{whole.said} stand there. Say a part of it, or move all of it.",
            field=field,
        )


class MoreThanStands(Invalid):
    """What isn't owed on a window, or isn't in credit there, can't leave it."""

    def __init__(self, window: int, stands: Money) -> None:
        super().__init__(
            f"Window {window} stands at {stands.said}. Move that, or a part of it.", field="amount"
        )


class AlreadyThere(Refusal):
    """From a window to itself."""

    def __init__(self) -> None:
        super().__init__("It stands on that window already. Choose another.", field="to_window")


def transfer(
    session: Session,
    entry: ledger.Entry,
    *,
    to_folio: Folio,
    to_window: int = 1,
    leaving: FolioWindow | None = None,
    reason: str | None = None,
    by: Staff,
) -> ledger.Entry:
    """Move what stands of an entry on a window to another window, taxes and all.

    `leaving` says which window, where several pay for it. Refuses a reversed entry, one that moved
    on already or is invoiced, credit that is on its way back, and closed folios at either end.
    """
    return _move(session, entry, to_folio, to_window, leaving, None, reason, by=by)


def split(
    session: Session,
    entry: ledger.Entry,
    *,
    amount: Money | None = None,
    percent: Decimal | None = None,
    to_folio: Folio,
    to_window: int = 1,
    leaving: FolioWindow | None = None,
    reason: str | None = None,
    by: Staff,
) -> ledger.Entry:
    """Move a part of what stands of an entry on a window to another window, taxes in proportion.

    The part is an amount with its taxes, or a percentage; voiding the transfer takes it back.
    Refuses nothing, all of it and more, both said or neither, a deposit that was taxed when it was
    received, and whatever `transfer` refuses.
    """
    if (amount is None) == (percent is None):
        raise Invalid("Say an amount or a percentage.", field="amount")
    part = percent if amount is None else amount
    prepaid.refuse_part(session, entry)
    return _move(session, entry, to_folio, to_window, leaving, part, reason, by=by)


def _move(
    session: Session,
    entry: ledger.Entry,
    to_folio: Folio,
    to_window: int,
    leaving: FolioWindow | None,
    part: Money | Decimal | None,
    reason: str | None,
    *,
    by: Staff,
) -> ledger.Entry:
    require(by, Permission.POST, entry.hotel_id)
    if reason:
        refuse_no_reason(reason)
    hotel = session.get_one(Hotel, entry.hotel_id)
    day = business_day.hold(session, hotel)
    lock_open(session, [*of_entry(session, entry), to_folio])
    source = _window_left(session, entry, leaving).account_id
    if ledger.is_reversed(session, entry):
        raise ledger.ReversedAlready(entry.text)
    stands = parts.standing_on(session, entry, source)
    if not stands:
        raise MovedOn(entry.text)
    refuse_invoiced(session, entry, source)
    target = window_account(session, to_folio, to_window)
    if source == target:
        raise AlreadyThere
    moved = stands if part is None else _part(hotel, stands, part)
    amount = Money(sum(side.amount for side in moved), hotel.currency)
    refuse_kept_back(session, hotel, source, target, amount)
    draft = ledger.Draft(
        kind=Kind.TRANSFER,
        text=entry.text,
        reference=entry.reference,
        reason=reason,
        concerns_id=entry.id,
        turn=times_moved(session, hotel.id, [entry.id]).get(entry.id, 0),
        lines=lines_of_move(moved, source, target),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    logbook.record(
        session,
        "transferred" if part is None else "split",
        to_folio,
        by=by,
        day=day,
        before={"entry": entry.id},
        why=reason,
        window=to_window,
        amount=amount,
        entry=posted.entry_id,
    )
    return ledger.get(session, hotel.id, posted)


def _window_left(session: Session, entry: ledger.Entry, leaving: FolioWindow | None) -> FolioWindow:
    """Return the window that an entry, or a part of it, is to leave."""
    windows = [] if entry.kind is Kind.REVERSAL else parts.windows_put_on(session, entry)
    if leaving is None:
        if len(windows) > 1:
            raise SeveralPay(entry.text)
        found = windows
    else:
        found = [each for each in windows if each.account_id == leaving.account_id]
    if not found:
        raise NotOnAFolio(entry.text)
    return found[0]


def _part(hotel: Hotel, stands: Sequence[ledger.Side], part: Money | Decimal) -> list[ledger.Side]:
    whole = Money(sum(side.amount for side in stands), hotel.currency)
    moved = part if isinstance(part, Money) else whole.percent(part)
    if moved.currency != hotel.currency or not 0 < moved.minor * _sign(whole) < abs(whole.minor):
        raise NotAPart(whole, field="amount" if isinstance(part, Money) else "percent")
    return parts.part_of(stands, moved.minor)


def _sign(amount: Money) -> int:
    return -1 if amount.minor < 0 else 1


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
    """Move a window's whole balance, or a part of it, to another window.

    Refuses more than stands there, credit that is on its way back online, and credit of a deposit
    that was taxed when it was received.
    """
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
    stands = balance_of(session, folio)[window]
    moved = amount if amount is not None else stands
    if not moved or moved.currency != hotel.currency:
        raise Invalid("There is nothing to move. Say another amount.", field="amount")
    refuse_kept_back(session, hotel, source, target, moved)
    if moved.minor < 0:
        prepaid.refuse_credit_of(session, hotel.id, source)
    is_part = abs(moved.minor) <= abs(stands.minor) and _sign(moved) == _sign(stands)
    if not is_part and not ledger.is_posted(session, hotel, key):
        raise MoreThanStands(window, stands)
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


def refuse_kept_back(
    session: Session, hotel: Hotel, source: int, target: int, moved: Money
) -> None:
    """Refuse a move that uses credit which is on its way back: it would be given back twice."""
    debited = target if moved.minor > 0 else source
    amount = Money(abs(moved.minor), hotel.currency)
    reserving.refuse_kept_back(session, hotel, debited, amount, is_moved=True)


def lines_of_move(
    sides: Sequence[ledger.Side], source: int, target: int
) -> tuple[ledger.Side, ...]:
    """Return the lines of a transfer: first what leaves, then what arrives.

    Readers tell them apart by this order.
    """
    return (
        *(_onto(side, source, -1) for side in sides),
        *(_onto(side, target, 1) for side in sides),
    )


def _onto(side: ledger.Side, account_id: int, sign: int) -> ledger.Side:
    return replace(
        side,
        account_id=account_id,
        amount=sign * side.amount,
        quantity=None if side.quantity is None else sign * side.quantity,
        base=None if side.base is None else sign * side.base,
    )


def times_moved(session: Session, hotel_id: int, entry_ids: Collection[int]) -> dict[int, int]:
    """Return how often entries were moved, taken back or not; none for who never was."""
    rows = session.execute(
        sa.select(ledger.Entry.concerns_id, sa.func.count())
        .where(
            ledger.Entry.hotel_id == hotel_id,
            ledger.Entry.concerns_id.in_(entry_ids),
            ledger.Entry.kind == Kind.TRANSFER,
        )
        .group_by(ledger.Entry.concerns_id)
    )
    return {int(entry_id or 0): int(count) for entry_id, count in rows}
