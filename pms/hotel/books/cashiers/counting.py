"""Counting: what lies in a drawer beside what should, and the difference posted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from pms.base import clock
from pms.base.db import new_id
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import ledger
from pms.hotel.books.cashiers import exchange
from pms.hotel.books.cashiers.denominations import counted_in
from pms.hotel.books.cashiers.drawers import OVER_SHORT, Part, carry, in_drawers, write_down
from pms.hotel.books.cashiers.refusals import NothingCounted
from pms.hotel.books.cashiers.tables import (
    CLOSING,
    CashierShift,
    CountedPieces,
    DrawerCount,
    DrawerMove,
    MoveKind,
)
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff

MOST_PIECES = 100_000


@dataclass(frozen=True, slots=True)
class Counted:
    """What somebody counted of a currency: how many pieces of each value in minor units."""

    currency: str
    pieces: Mapping[int, int]

    @property
    def amount(self) -> int:
        """What it comes to, in minor units."""
        return sum(value * pieces for value, pieces in self.pieces.items())


@dataclass(frozen=True, slots=True)
class Stand:
    """What should lie in a drawer of a currency: its minor units, and those of the hotel's.

    `rate` is that of the newest foreign money in it.
    """

    currency: str
    amount: int
    booked: int
    rate: int | None


def currencies(session: Session, hotel: Hotel, shift: CashierShift) -> list[str]:
    """Return what a drawer has to be counted in: the house's money, then what else it took."""
    taken = session.scalars(
        sa.select(DrawerMove.currency)
        .where(DrawerMove.hotel_id == shift.hotel_id, DrawerMove.shift_id == shift.id)
        .distinct()
    )
    return [hotel.currency, *sorted(set(taken) - {hotel.currency})]


def stands(session: Session, hotel: Hotel, shift: CashierShift) -> dict[str, Stand]:
    """Return what should lie in a drawer now, by currency; the house's money first."""
    rows = session.execute(
        sa.select(
            DrawerMove.currency, sa.func.sum(DrawerMove.amount), sa.func.sum(DrawerMove.booked)
        )
        .where(DrawerMove.hotel_id == shift.hotel_id, DrawerMove.shift_id == shift.id)
        .group_by(DrawerMove.currency)
        .order_by(DrawerMove.currency)
    )
    rates = {
        row.currency: row.rate
        for row in session.execute(
            sa.select(DrawerMove.currency, DrawerMove.rate)
            .where(
                DrawerMove.hotel_id == shift.hotel_id,
                DrawerMove.shift_id == shift.id,
                DrawerMove.rate.is_not(None),
                DrawerMove.kind == MoveKind.TAKEN,
            )
            .order_by(DrawerMove.id)
        )
    }
    found = {hotel.currency: Stand(hotel.currency, 0, 0, None)}
    for currency, amount, booked in rows:
        found[currency] = Stand(currency, int(amount), int(booked), rates.get(currency))
    return found


def expected(session: Session, hotel: Hotel, shift: CashierShift) -> dict[str, int]:
    """Return minor units by currency that a drawer's count is measured by: all but what counts do.

    While a shift is open this is what it holds; once counted, what it should have held.
    """
    rows = session.execute(
        sa.select(DrawerMove.currency, sa.func.sum(DrawerMove.amount))
        .where(
            DrawerMove.hotel_id == shift.hotel_id,
            DrawerMove.shift_id == shift.id,
            DrawerMove.kind.not_in(CLOSING),
        )
        .group_by(DrawerMove.currency)
    )
    return {hotel.currency: 0} | {currency: int(amount) for currency, amount in rows}


def counts_of(session: Session, shift: CashierShift) -> list[DrawerCount]:
    """Return a shift's counts with their pieces: the first first, the recounts after it."""
    return list(
        session.scalars(
            sa.select(DrawerCount)
            .where(DrawerCount.hotel_id == shift.hotel_id, DrawerCount.shift_id == shift.id)
            .options(selectinload(DrawerCount.pieces))
            .order_by(DrawerCount.no, DrawerCount.id)
        )
    )


def last_counts(session: Session, shift: CashierShift) -> list[DrawerCount]:
    """Return the counts that hold: those of the newest number."""
    counts = counts_of(session, shift)
    return [each for each in counts if each.no == counts[-1].no]


def settle(
    session: Session,
    hotel: Hotel,
    shift: CashierShift,
    counts: Sequence[Counted],
    *,
    day: date,
    by: Staff,
) -> list[Money]:
    """Write a count of a locked drawer down and post it: over or short, then all to the safe.

    Returns what is over (or below zero short) by currency. A recount posts only what it changes.
    """
    before = {each.currency: each for each in last_counts(session, shift)}
    should = expected(session, hotel, shift)
    holds = stands(session, hotel, shift)
    counted = {each.currency: each for each in counts}
    no = max((each.no for each in before.values()), default=0) + 1
    differences = []
    for currency in should:
        if currency not in counted:
            raise NothingCounted(currency)
        _refuse_odd_pieces(counted[currency], is_foreign=currency != hotel.currency)
        found = counted[currency].amount
        _note(session, shift, counted[currency], no=no, expected=should[currency], by=by)
        there = before[currency].counted if currency in before else should[currency]
        _post(session, hotel, shift, holds[currency], over=found - there, day=day, by=by)
        differences.append(Money(found - should[currency], currency))
    return differences


def _refuse_odd_pieces(counted: Counted, *, is_foreign: bool) -> None:
    known = counted_in(counted.currency, is_foreign=is_foreign)
    if not all(
        value in known and 0 <= pieces <= MOST_PIECES for value, pieces in counted.pieces.items()
    ):
        raise Invalid(
            f"Count the notes and coins of {counted.currency}, at most {MOST_PIECES:,} of each.",
            field=counted.currency.lower(),
        )


def _note(
    session: Session, shift: CashierShift, counted: Counted, *, no: int, expected: int, by: Staff
) -> None:
    row = DrawerCount(
        hotel_id=shift.hotel_id,
        id=new_id(),
        shift_id=shift.id,
        no=no,
        currency=counted.currency,
        expected=expected,
        counted=counted.amount,
        staff_id=by.id,
        at=clock.now(),
    )
    session.add(row)
    session.flush()
    session.add_all(
        CountedPieces(hotel_id=shift.hotel_id, count_id=row.id, value=value, pieces=pieces)
        for value, pieces in counted.pieces.items()
        if pieces
    )
    session.flush()


def _post(
    session: Session,
    hotel: Hotel,
    shift: CashierShift,
    holds: Stand,
    *,
    over: int,
    day: date,
    by: Staff,
) -> None:
    """Post what is over (short below zero) and bring what then lies in the drawer to the safe."""
    brings = holds.amount + over
    booked = _booked(hotel, holds, over, brings=brings)
    if over:
        part = Part(
            kind=MoveKind.OVER_SHORT,
            currency=holds.currency,
            amount=over,
            booked=booked,
            rate=holds.rate,
        )
        _post_over_short(session, hotel, shift, part, day=day, by=by)
    if brings:
        part = Part(
            kind=MoveKind.HANDED_IN,
            currency=holds.currency,
            amount=-brings,
            booked=-(holds.booked + booked),
            rate=holds.rate,
        )
        carry(session, hotel, shift, part, day=day, by=by)


def _booked(hotel: Hotel, holds: Stand, over: int, *, brings: int) -> int:
    """Return what a difference is in the hotel's minor units; an empty drawer is worth nothing."""
    if holds.rate is None:
        return over
    if not brings:
        return -holds.booked
    difference = Money(abs(over), holds.currency)
    worth = difference.convert(hotel.currency, rate=exchange.as_decimal(holds.rate)).minor
    return worth if over > 0 else -worth


def _post_over_short(
    session: Session, hotel: Hotel, shift: CashierShift, part: Part, *, day: date, by: Staff
) -> None:
    drawers = in_drawers(hotel, part.currency)
    accounts = ledger.accounts(session, hotel, [drawers, OVER_SHORT])
    word = "over" if part.amount > 0 else "short"
    amount = Money(abs(part.amount), part.currency)
    draft = ledger.Draft(
        kind=ledger.Kind.ADJUSTMENT,
        text=f"Cashier shift {shift.number}: {amount} {part.currency} {word}",
        reason="Counted",
        lines=(
            ledger.Side(accounts[drawers.code], part.booked),
            ledger.Side(accounts[OVER_SHORT.code], -part.booked),
        ),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    write_down(session, shift, [part], entry_id=posted.entry_id, day=day)
