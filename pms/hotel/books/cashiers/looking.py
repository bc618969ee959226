"""Looking: which shifts there are, who waits for a review, and what one came to."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.hotel.books.cashiers.tables import CashierShift, DrawerMove, MoveKind, ShiftState
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff

MOST_NAMED = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """A shift somebody should look at: still open, or closed and not reviewed."""

    shift_id: int
    number: int
    cashier: str
    state: ShiftState


def not_reviewed(session: Session, hotel: Hotel) -> list[Waiting]:
    """Return the shifts that are open, being counted or closed, but not reviewed yet."""
    rows = session.execute(
        sa.select(CashierShift.id, CashierShift.number, Staff.name, CashierShift.state)
        .join(
            Staff,
            sa.and_(Staff.chain_id == CashierShift.chain_id, Staff.id == CashierShift.staff_id),
        )
        .where(CashierShift.hotel_id == hotel.id, CashierShift.state != ShiftState.REVIEWED)
        .order_by(CashierShift.number)
        .limit(MOST_NAMED)
    )
    return [Waiting(row.id, row.number, row.name, row.state) for row in rows]


def over_short(session: Session, hotel: Hotel, shift_ids: Collection[int]) -> dict[int, int]:
    """Return what shifts were over (short below zero), in the hotel's minor units: one question."""
    rows = session.execute(
        sa.select(DrawerMove.shift_id, sa.func.sum(DrawerMove.booked))
        .where(
            DrawerMove.hotel_id == hotel.id,
            DrawerMove.shift_id.in_(shift_ids),
            DrawerMove.kind == MoveKind.OVER_SHORT,
        )
        .group_by(DrawerMove.shift_id)
    )
    return dict.fromkeys(shift_ids, 0) | {row[0]: int(row[1]) for row in rows}


@dataclass(frozen=True, slots=True)
class Summed:
    """What one kind of move came to in a shift: how often, minor units of its currency, booked."""

    kind: MoveKind
    currency: str
    count: int
    amount: int
    booked: int


def sums(session: Session, shift: CashierShift) -> list[Summed]:
    """Return a shift's moves added up by currency and kind, in the order of `MoveKind`."""
    rows = session.execute(
        sa.select(
            DrawerMove.kind,
            DrawerMove.currency,
            sa.func.count(),
            sa.func.sum(DrawerMove.amount),
            sa.func.sum(DrawerMove.booked),
        )
        .where(DrawerMove.hotel_id == shift.hotel_id, DrawerMove.shift_id == shift.id)
        .group_by(DrawerMove.kind, DrawerMove.currency)
    )
    order = list(MoveKind)
    return sorted(
        (Summed(kind, currency, int(n), int(amount), int(booked)) for kind, currency, n, amount,
         booked in rows),
        key=lambda each: (each.currency, order.index(each.kind)),
    )  # fmt: skip
