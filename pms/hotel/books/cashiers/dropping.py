"""Dropping: money out of an open drawer into the safe, and a drop that was a mistake taken back.

A drop is never measured by what the drawer holds: a refusal would tell a cashier who tries what
is to be counted blind. More than was there is shown to who reviews the shift.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.base.db import lock
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import ledger
from pms.hotel.books.cashiers import drawers
from pms.hotel.books.cashiers.drawers import carry, house_money
from pms.hotel.books.cashiers.entitled import own, own_or_keeper, refuse_no_words
from pms.hotel.books.cashiers.refusals import BeingCounted, DropTakenBack, ShiftOver
from pms.hotel.books.cashiers.tables import CashierShift, DrawerMove, MoveKind, ShiftState
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff


@dataclass(frozen=True, slots=True)
class Drop:
    """A drop out of a drawer, when it was, and why it was taken back if it was."""

    move: DrawerMove
    posted_at: datetime
    taken_back_why: str | None

    @property
    def is_taken_back(self) -> bool:
        """Whether it is in the drawer again."""
        return self.taken_back_why is not None

    @property
    def amount(self) -> int:
        """What went into the safe, in minor units."""
        return -self.move.amount

    @property
    def in_safe(self) -> int:
        """What of it is still in the safe, in minor units."""
        return 0 if self.is_taken_back else self.amount


@dataclass(frozen=True, slots=True)
class Excess:
    """A drop of more than its drawer held by the books: both in minor units."""

    shift_id: int
    move_id: int
    dropped: int
    held: int


def drop(session: Session, shift: CashierShift, *, amount: Money, by: Staff) -> CashierShift:
    """Put money out of one's drawer into the safe while the shift goes on."""
    hotel = own(session, shift, by=by)
    if amount.currency != hotel.currency or amount.minor <= 0:
        raise Invalid("A drop is an amount of the house's money above zero.", field="amount")
    day = business_day.hold(session, hotel)
    lock(session, shift)
    _refuse_unless_open(shift)
    carry(session, hotel, shift, house_money(MoveKind.DROP, -amount), day=day, by=by)
    shift.version += 1  # the same page sent twice drops once
    session.flush()
    logbook.record(session, "dropped", shift, by=by, day=day, amount=amount)
    return shift


def take_back(session: Session, move: DrawerMove, *, reason: str, by: Staff) -> DrawerMove:
    """Bring a drop back out of the safe into its drawer, and say why, while the shift is open.

    By the cashier who dropped it, or who keeps the cash. Refuses a second time, also at once, and
    what went on to the bank or into another drawer since.
    """
    shift = session.get_one(CashierShift, (move.hotel_id, move.shift_id))
    hotel = own_or_keeper(session, shift, by=by)
    refuse_no_words(reason, "Say why the drop is taken back.")
    if move.kind is not MoveKind.DROP:
        raise ValueError(f"A {move.kind} is no drop.")
    day = business_day.hold(session, hotel)
    lock(session, shift)
    _refuse_unless_open(shift)
    entry = session.get_one(ledger.Entry, (hotel.id, move.entry_id))
    if ledger.is_reversed(session, entry):
        raise DropTakenBack
    drawers.refuse_empty_safe(session, hotel, Money(-move.amount, move.currency))
    posted = ledger.reverse(session, hotel, entry, reason=reason.strip(), day=day, by=by)
    drawers.undo(session, [move], reversal_id=posted.entry_id, day=day)
    shift.version += 1
    session.flush()
    logbook.record(
        session,
        "took back drop",
        shift,
        by=by,
        day=day,
        why=reason.strip(),
        number=shift.number,
        amount=Money(-move.amount, move.currency),
    )
    return move


def drops(session: Session, shift: CashierShift) -> list[Drop]:
    """Return a shift's drops, the newest first."""
    undoing = aliased(ledger.Entry)
    rows = session.execute(
        sa.select(DrawerMove, ledger.Entry.posted_at, undoing.reason)
        .join(
            ledger.Entry,
            sa.and_(
                ledger.Entry.hotel_id == DrawerMove.hotel_id, ledger.Entry.id == DrawerMove.entry_id
            ),
        )
        .outerjoin(
            undoing,
            sa.and_(
                undoing.hotel_id == DrawerMove.hotel_id, undoing.reverses_id == DrawerMove.entry_id
            ),
        )
        .where(
            DrawerMove.hotel_id == shift.hotel_id,
            DrawerMove.shift_id == shift.id,
            DrawerMove.kind == MoveKind.DROP,
        )
        .order_by(DrawerMove.id.desc())
    )
    return [Drop(move, at, why) for move, at, why in rows]


def excesses(session: Session, hotel: Hotel, shift_ids: Collection[int]) -> list[Excess]:
    """Return the drops of shifts that were more than the drawer held, and stand: one question."""
    held = (
        sa.func.sum(DrawerMove.amount)
        .over(partition_by=[DrawerMove.shift_id, DrawerMove.currency], order_by=DrawerMove.id)
        .label("after")
    )
    moves = (
        sa.select(
            DrawerMove.shift_id, DrawerMove.id, DrawerMove.kind, DrawerMove.amount, held,
            _taken_back().label("is_taken_back"),
        )
        .where(DrawerMove.hotel_id == hotel.id, DrawerMove.shift_id.in_(shift_ids))
        .subquery()
    )  # fmt: skip
    rows = session.execute(
        sa.select(moves.c.shift_id, moves.c.id, moves.c.amount, moves.c.after)
        .where(moves.c.kind == MoveKind.DROP, moves.c.after < 0, ~moves.c.is_taken_back)
        .order_by(moves.c.id)
    )
    return [
        Excess(row.shift_id, row.id, dropped=-row.amount, held=int(row.after) - row.amount)
        for row in rows
    ]


def _taken_back() -> sa.Exists:
    undoing = aliased(ledger.Entry)
    return sa.exists().where(
        undoing.hotel_id == DrawerMove.hotel_id, undoing.reverses_id == DrawerMove.entry_id
    )


def _refuse_unless_open(shift: CashierShift) -> None:
    if shift.state is ShiftState.COUNTING:
        raise BeingCounted
    if shift.state.is_over:
        raise ShiftOver
