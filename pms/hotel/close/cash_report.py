"""The cashier's day: what each drawer began with, took, gave and was left with on a business day.

Shifts are closed by shift and reported by day: one that spans the roll is brought forward.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.books.cashiers import CashierShift, DrawerMove, MoveKind, open_shift_of
from pms.hotel.books.ledger import Entry
from pms.hotel.books.payments import Method, PaidOut, Payment
from pms.hotel.close.reports import DayNotClosed, Report, Value
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff

NAME = "cashier"
BROUGHT, CARRIED, OUTSIDE = "brought_forward", "carried_forward", "without_shift"
COLUMNS = ("shift", "cashier", "line", "currency", "count", "amount", "booked")
_LINES = (BROUGHT, *(kind.value for kind in MoveKind), CARRIED)


class NotCountedYet(Refusal):
    """Who counts a drawer isn't told before what should be in it."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"Your shift {number} was open that day and is still to be counted. "
            "Count the drawer, then read what should have been in it."
        )


def refuse_before_count(session: Session, hotel: Hotel, day: date, *, by: Staff) -> None:
    """Refuse the report of a day to whose own drawer was open on it and isn't counted yet."""
    mine = uncounted(session, hotel, day, by=by)
    if mine is not None:
        raise NotCountedYet(mine.number)


def uncounted(session: Session, hotel: Hotel, day: date, *, by: Staff) -> CashierShift | None:
    """Return somebody's own shift that was open on a day and isn't counted yet."""
    mine = open_shift_of(session, hotel, by)
    return mine if mine is not None and mine.opened_on <= day else None


def of_day(session: Session, hotel: Hotel, day: date) -> Report:
    """Return each drawer's day by currency and kind, and the cash that was in none.

    `amount` is of the row's currency, `booked` what stands for it in the hotel's.
    """
    if not hotel.opened_on <= day <= business_day.today(session, hotel):
        raise DayNotClosed(day)
    rows: list[tuple[Value, ...]] = []
    for (number, cashier, currency), lines in sorted(_by_drawer(session, hotel, day).items()):
        for name in _LINES:
            if name in lines:
                count, amount, booked = lines[name]
                rows.append(
                    (number, cashier, name, currency, count, str(Money(amount, currency)),
                     str(Money(booked, hotel.currency)))
                )  # fmt: skip
    return Report(NAME, COLUMNS, rows + _outside(session, hotel, day))


_Lines = dict[str, tuple[int, int, int]]


def _by_drawer(session: Session, hotel: Hotel, day: date) -> dict[tuple[int, str, str], _Lines]:
    found: dict[tuple[int, str, str], _Lines] = {}
    for row in _sums(session, hotel, day):
        lines = found.setdefault((row.number, row.name, row.currency), {})
        amount, booked = int(row.amount), int(row.booked)
        if row.times:
            lines[row.kind.value] = (int(row.times), amount, booked)
        if row.times < row.times_till:
            _add(lines, BROUGHT, int(row.amount_till) - amount, int(row.booked_till) - booked)
        _add(lines, CARRIED, int(row.amount_till), int(row.booked_till))
    return found


def _add(lines: _Lines, name: str, amount: int, booked: int) -> None:
    before = lines.get(name, (0, 0, 0))
    lines[name] = (0, before[1] + amount, before[2] + booked)


def _sums(session: Session, hotel: Hotel, day: date) -> Iterable[Any]:
    """Add up the moves of the day, and all till its end, of the drawers that were open on it."""

    def todays(column: Any) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((DrawerMove.business_day == day, column), else_=0))

    return session.execute(
        sa.select(
            CashierShift.number,
            Staff.name,
            DrawerMove.currency,
            DrawerMove.kind,
            todays(1).label("times"),
            todays(DrawerMove.amount).label("amount"),
            todays(DrawerMove.booked).label("booked"),
            sa.func.count().label("times_till"),
            sa.func.sum(DrawerMove.amount).label("amount_till"),
            sa.func.sum(DrawerMove.booked).label("booked_till"),
        )
        .join(
            CashierShift,
            sa.and_(
                CashierShift.hotel_id == DrawerMove.hotel_id,
                CashierShift.id == DrawerMove.shift_id,
            ),
        )
        .join(
            Staff,
            sa.and_(Staff.chain_id == CashierShift.chain_id, Staff.id == CashierShift.staff_id),
        )
        .where(
            DrawerMove.hotel_id == hotel.id,
            DrawerMove.business_day <= day,
            DrawerMove.shift_id.in_(_drawers_of(hotel, day)),
        )
        .group_by(CashierShift.number, Staff.name, DrawerMove.currency, DrawerMove.kind)
    )


def _drawers_of(hotel: Hotel, day: date) -> sa.Select[int]:
    """Ask for the shifts that were open on a day, or counted again on it."""
    moved = sa.select(DrawerMove.shift_id).where(
        DrawerMove.hotel_id == hotel.id, DrawerMove.business_day == day
    )
    return sa.select(CashierShift.id).where(
        CashierShift.hotel_id == hotel.id,
        sa.or_(
            CashierShift.id.in_(moved),
            sa.and_(
                CashierShift.opened_on < day,
                sa.or_(CashierShift.closed_on.is_(None), CashierShift.closed_on > day),
            ),
        ),
    )


def _outside(session: Session, hotel: Hotel, day: date) -> list[tuple[Value, ...]]:
    """Add up the cash that people took, gave and spent for the house without a shift."""
    undoing = aliased(Entry)
    taken_back = sa.exists().where(
        undoing.hotel_id == PaidOut.hotel_id, undoing.reverses_id == PaidOut.entry_id
    )
    cash = sa.union_all(
        sa.select(Payment.entry_id, Payment.staff_id, Payment.amount).where(
            Payment.hotel_id == hotel.id,
            Payment.business_day == day,
            Payment.method == Method.CASH,
        ),
        sa.select(PaidOut.entry_id, PaidOut.staff_id, -PaidOut.amount).where(
            PaidOut.hotel_id == hotel.id,
            PaidOut.business_day == day,
            PaidOut.expense.is_not(None),
            ~taken_back,
        ),
    ).subquery()
    in_a_drawer = sa.exists().where(
        DrawerMove.hotel_id == hotel.id, DrawerMove.entry_id == cash.c.entry_id
    )
    rows = session.execute(
        sa.select(Staff.name, sa.func.count(), sa.func.sum(cash.c.amount))
        .select_from(cash)
        .outerjoin(Staff, Staff.id == cash.c.staff_id)
        .where(~in_a_drawer)
        .group_by(Staff.id, Staff.name)
        .order_by(Staff.name)
    )
    found: list[tuple[Value, ...]] = []
    for name, count, amount in rows:
        written = str(Money(int(amount), hotel.currency))
        found.append((None, name, OUTSIDE, hotel.currency, int(count), written, written))
    return found
