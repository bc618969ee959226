"""Drawers: which one a person's cash goes through, and what each entry moved in it.

The books have one account for all drawers of a currency, one for the safe, and `cash` for what
is taken without a shift; which drawer it was, the moves say.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock, new_id
from pms.base.money import Money
from pms.hotel.books import ledger
from pms.hotel.books.cashiers import exchange, setting
from pms.hotel.books.cashiers.refusals import (
    BeingCounted,
    CountedSince,
    ForeignWithoutShift,
    NoShift,
    SafeTooEmpty,
    WorthLess,
)
from pms.hotel.books.cashiers.tables import CashierShift, DrawerMove, MoveKind, ShiftState
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff

OUTSIDE = ledger.Wanted(ledger.Ledger.CASH, "cash", "Cash")
OVER_SHORT = ledger.Wanted(ledger.Ledger.CLEARING, "clearing/over-short", "Cash over and short")
AT_WORK = (ShiftState.OPEN, ShiftState.COUNTING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Money of one currency into a drawer (above zero) or out of it; see `DrawerMove`."""

    kind: MoveKind
    currency: str
    amount: int
    booked: int
    rate: int | None = None


def house_money(kind: MoveKind, amount: Money) -> Part:
    """Return a part in the house's own currency, which is booked as it is."""
    return Part(kind=kind, currency=amount.currency, amount=amount.minor, booked=amount.minor)


@dataclass(frozen=True, slots=True)
class Cash:
    """Cash about to change hands: the lines and words of its entry, and the drawer it is in."""

    sides: tuple[ledger.Side, ...]
    shift: CashierShift | None = None
    parts: tuple[Part, ...] = ()
    words: str = "Cash"


def in_drawers(hotel: Hotel, currency: str) -> ledger.Wanted:
    """Return the account of what lies in the drawers of a currency."""
    return _of_place(hotel, currency, "cash/drawers", "in drawers")


def in_safe(hotel: Hotel, currency: str) -> ledger.Wanted:
    """Return the account of what lies in the safe of a currency."""
    return _of_place(hotel, currency, "cash/safe", "in the safe")


def _of_place(hotel: Hotel, currency: str, code: str, where: str) -> ledger.Wanted:
    if currency == hotel.currency:
        return ledger.Wanted(ledger.Ledger.CASH, code, f"Cash {where}")
    return ledger.Wanted(ledger.Ledger.CASH, f"{code}/{currency.lower()}", f"{currency} {where}")


def open_shift_of(session: Session, hotel: Hotel, person: Staff) -> CashierShift | None:
    """Return the shift somebody has open or is counting."""
    return session.scalar(
        sa.select(CashierShift).where(
            CashierShift.hotel_id == hotel.id,
            CashierShift.staff_id == person.id,
            CashierShift.state.in_(AT_WORK),
        )
    )


def at_hand(session: Session, hotel: Hotel, *, by: Staff) -> CashierShift | None:
    """Return the shift that somebody's cash goes through, locked; none is cash without a shift.

    Refuses while the drawer is counted, and no shift where the house asks for one.
    """
    shift = open_shift_of(session, hotel, by)
    if shift is not None:
        lock(session, shift)
        if shift.state is ShiftState.OPEN:
            return shift
        if shift.state is ShiftState.COUNTING:
            raise BeingCounted
    if setting.read(session, hotel).asks_for_shift:
        raise NoShift
    return None


def cash(session: Session, hotel: Hotel, moved: Money, *, kind: MoveKind, by: Staff) -> Cash:
    """Return how cash of the house's currency changes hands; out of the drawer is below zero."""
    shift = at_hand(session, hotel, by=by)
    if shift is None:
        account = ledger.accounts(session, hotel, [OUTSIDE])[OUTSIDE.code]
        return Cash((ledger.Side(account, moved.minor),))
    part = house_money(kind, moved)
    return Cash(_sides(session, hotel, [part]), shift, (part,))


def foreign(
    session: Session, hotel: Hotel, amount: Money, *, tendered: Money, day: date, by: Staff
) -> Cash:
    """Return how `amount` is paid with foreign notes at today's house rate, change in our money.

    Refuses a currency that isn't taken, coins, what is worth less, and a cashier without a shift.
    """
    rate = exchange.rate_for(session, hotel, tendered, day)
    worth = rate.worth(tendered, hotel.currency)
    if worth < amount:
        raise WorthLess(tendered, worth)
    shift = at_hand(session, hotel, by=by)
    if shift is None:
        raise ForeignWithoutShift
    parts = [
        Part(
            kind=MoveKind.TAKEN,
            currency=tendered.currency,
            amount=tendered.minor,
            booked=worth.minor,
            rate=rate.rate,
        )
    ]
    if change := worth - amount:
        parts.append(house_money(MoveKind.CHANGE, -change))
    words = f"{tendered.currency} {tendered} at {rate.decimal:f}"
    return Cash(_sides(session, hotel, parts), shift, tuple(parts), words)


def _sides(session: Session, hotel: Hotel, parts: Sequence[Part]) -> tuple[ledger.Side, ...]:
    wanted = [in_drawers(hotel, part.currency) for part in parts]
    accounts = ledger.accounts(session, hotel, wanted)
    return tuple(
        ledger.Side(accounts[account.code], part.booked)
        for account, part in zip(wanted, parts, strict=True)
    )


def write_down(
    session: Session, shift: CashierShift, parts: Sequence[Part], *, entry_id: int, day: date
) -> None:
    """Write down what an entry moved in a drawer that is locked."""
    session.add_all(
        DrawerMove(
            hotel_id=shift.hotel_id,
            id=new_id(),
            shift_id=shift.id,
            entry_id=entry_id,
            business_day=day,
            kind=part.kind,
            currency=part.currency,
            amount=part.amount,
            booked=part.booked,
            rate=part.rate,
        )
        for part in parts
    )
    session.flush()


def carry(
    session: Session, hotel: Hotel, shift: CashierShift, part: Part, *, day: date, by: Staff
) -> None:
    """Post money between a drawer that is locked and the safe, and write it down.

    Who takes some out of the safe has looked that it lies there.
    """
    drawers, safe = in_drawers(hotel, part.currency), in_safe(hotel, part.currency)
    accounts = ledger.accounts(session, hotel, [drawers, safe])
    draft = ledger.Draft(
        kind=ledger.Kind.TRANSFER,
        text=f"Cashier shift {shift.number}: {part.kind.words.lower()}",
        lines=(
            ledger.Side(accounts[drawers.code], part.booked),
            ledger.Side(accounts[safe.code], -part.booked),
        ),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    write_down(session, shift, [part], entry_id=posted.entry_id, day=day)


def refuse_empty_safe(
    session: Session, hotel: Hotel, wanted: Money, *, field: str | None = None
) -> None:
    """Refuse to take more of the house's own money out of the safe than lies there, also at once.

    The safe's account is locked, as by who banks it.
    """
    safe = in_safe(hotel, hotel.currency)
    account_id = ledger.accounts(session, hotel, [safe])[safe.code]
    lock(session, session.get_one(ledger.Account, (hotel.id, account_id)))
    if ledger.balances(session, hotel, [account_id])[account_id] < wanted.minor:
        raise SafeTooEmpty(wanted, field=field)


def moves_of(session: Session, entry: ledger.Entry) -> list[DrawerMove]:
    """Return what an entry moved in a drawer."""
    return list(
        session.scalars(
            sa.select(DrawerMove)
            .where(DrawerMove.hotel_id == entry.hotel_id, DrawerMove.entry_id == entry.id)
            .order_by(DrawerMove.id)
        )
    )


def foreign_words(session: Session, hotel: Hotel, entry_ids: Collection[int]) -> dict[int, str]:
    """Return how foreign notes read with their kept rate, by entry that moved some: one question.

    Of house money nothing is said.
    """
    rows = session.execute(
        sa.select(ledger.Entry.id, ledger.Entry.text)
        .join(
            DrawerMove,
            sa.and_(
                DrawerMove.hotel_id == ledger.Entry.hotel_id,
                DrawerMove.entry_id == ledger.Entry.id,
            ),
        )
        .where(
            ledger.Entry.hotel_id == hotel.id,
            ledger.Entry.id.in_(entry_ids),
            DrawerMove.rate.is_not(None),
        )
    )
    return {row.id: row.text for row in rows}


def lock_to_undo(session: Session, entry: ledger.Entry) -> list[DrawerMove]:
    """Return an entry's moves, their drawer locked; refuses a drawer that is counted since."""
    moves = moves_of(session, entry)
    if not moves:
        return []
    shift = session.get_one(CashierShift, (entry.hotel_id, moves[0].shift_id))
    lock(session, shift)
    if shift.state is ShiftState.COUNTING:
        raise BeingCounted
    if shift.state.is_over:
        raise CountedSince
    return moves


def undo(session: Session, moves: Sequence[DrawerMove], *, reversal_id: int, day: date) -> None:
    """Take moves back with the entry that reverses theirs: the money returns where it was."""
    if not moves:
        return
    shift = session.get_one(CashierShift, (moves[0].hotel_id, moves[0].shift_id))
    parts = [
        Part(
            kind=MoveKind.VOIDED,
            currency=move.currency,
            amount=-move.amount,
            booked=-move.booked,
            rate=move.rate,
        )
        for move in moves
    ]
    write_down(session, shift, parts, entry_id=reversal_id, day=day)
