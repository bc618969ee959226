"""Counting: what lies in a drawer beside what should, and the difference posted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from pms.base import clock
from pms.base.db import lock, new_id
from pms.base.money import Money, round_half_up
from pms.base.refusal import Invalid
from pms.hotel.books import ledger
from pms.hotel.books.cashiers import banking, exchange
from pms.hotel.books.cashiers.denominations import counted_in
from pms.hotel.books.cashiers.drawers import (
    OVER_SHORT,
    Part,
    carry,
    in_drawers,
    in_safe,
    refuse_empty_safe,
    write_down,
)
from pms.hotel.books.cashiers.refusals import BankedSince, NothingCounted
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

    def over(self, counted: int, hotel: Hotel) -> int:
        """Return the hotel's minor units of what a count has more, or (below zero) less.

        What is short takes its share of the whole along, whatever rates it was taken at: an empty
        drawer is worth nothing. What is over is worth what the rate says.
        """
        difference = counted - self.amount
        if self.rate is None:
            return difference
        if difference < 0:
            return round_half_up(Fraction(self.booked * difference, self.amount))
        more = Money(difference, self.currency)
        return more.convert(hotel.currency, rate=exchange.as_decimal(self.rate)).minor


def currencies(session: Session, hotel: Hotel, shift: CashierShift) -> list[str]:
    """Return what a drawer has to be counted in: the house's money, then what else it took."""
    taken = session.scalars(
        sa.select(DrawerMove.currency)
        .where(DrawerMove.hotel_id == shift.hotel_id, DrawerMove.shift_id == shift.id)
        .distinct()
    )
    return [hotel.currency, *sorted(set(taken) - {hotel.currency})]


def stands(session: Session, hotel: Hotel, shift: CashierShift) -> dict[str, Stand]:
    """Return what a drawer's count is measured by, by currency; the house's money first.

    That is all but what counts do: while a shift is open what the drawer holds, once counted what
    it should have held.
    """
    rows = session.execute(
        sa.select(
            DrawerMove.currency, sa.func.sum(DrawerMove.amount), sa.func.sum(DrawerMove.booked)
        )
        .where(
            DrawerMove.hotel_id == shift.hotel_id,
            DrawerMove.shift_id == shift.id,
            DrawerMove.kind.not_in(CLOSING),
        )
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
    """Return the minor units by currency of what `stands` says."""
    return {each.currency: each.amount for each in stands(session, hotel, shift).values()}


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
    counted = {each.currency: each for each in counts}
    no = max((each.no for each in before.values()), default=0) + 1
    differences = []
    for currency, should in stands(session, hotel, shift).items():
        if currency not in counted:
            raise NothingCounted(currency)
        _refuse_odd_pieces(counted[currency], is_foreign=currency != hotel.currency)
        found = counted[currency].amount
        _note(session, shift, counted[currency], no=no, expected=should.amount, by=by)
        was = before[currency].counted if currency in before else None
        _post(session, hotel, shift, should, found, was, day=day, by=by)
        differences.append(Money(found - should.amount, currency))
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
    should: Stand,
    found: int,
    was: int | None,
    *,
    day: date,
    by: Staff,
) -> None:
    """Post what is over (short below zero) and bring what lies in the drawer to the safe.

    Where it `was` counted before, only what is otherwise now.
    """
    over, brings = found - should.amount, found
    counts_for = booked = should.over(found, hotel)
    worth = should.booked + booked
    if was is not None:
        over = brings = found - was
        counts_for -= should.over(was, hotel)
        booked = worth = _out_of_the_safe(session, hotel, should, brings, counts_for)
    if over:
        part = Part(
            kind=MoveKind.OVER_SHORT,
            currency=should.currency,
            amount=over,
            booked=booked,
            rate=should.rate,
        )
        _post_over_short(session, hotel, shift, part, counts_for, day=day, by=by)
    if brings:
        part = Part(
            kind=MoveKind.HANDED_IN,
            currency=should.currency,
            amount=-brings,
            booked=-worth,
            rate=should.rate,
        )
        carry(session, hotel, shift, part, day=day, by=by)


def _out_of_the_safe(
    session: Session, hotel: Hotel, should: Stand, brings: int, counts_for: int
) -> int:
    """Return the booked minor units that a recount moves out of the safe (below zero) or into it.

    That is what the notes count for, unless nothing or less would be left in the books for those
    that stay, or something for none. Refuses to take out what went on since: notes to
    the bank, the house's own money to anywhere.
    """
    if brings >= 0:
        return counts_for
    if should.rate is None:
        field, out = should.currency.lower(), Money(-brings, should.currency)
        refuse_empty_safe(session, hotel, out, field=field)
        return counts_for
    safe = in_safe(hotel, should.currency)
    account_id = ledger.accounts(session, hotel, [safe])[safe.code]
    lock(session, session.get_one(ledger.Account, (hotel.id, account_id)))  # as who banks them does
    there = banking.in_the_safe(session, hotel).get(should.currency)
    stays = (there.notes.minor if there else 0) + brings
    if there is None or stays < 0:
        raise BankedSince(Money(-stays, should.currency))
    if stays and there.booked.minor + counts_for > 0:
        return counts_for
    return -there.share(Money(-brings, should.currency))


def _post_over_short(
    session: Session,
    hotel: Hotel,
    shift: CashierShift,
    part: Part,
    counts_for: int,
    *,
    day: date,
    by: Staff,
) -> None:
    """Post what is over or short as what it counts for; what the safe has otherwise, apart."""
    drawers = in_drawers(hotel, part.currency)
    accounts = ledger.accounts(session, hotel, [drawers, OVER_SHORT, banking.DIFFERENCES])
    word = "over" if part.amount > 0 else "short"
    amount = Money(abs(part.amount), part.currency)
    apart = ledger.Side(accounts[banking.DIFFERENCES.code], counts_for - part.booked)
    draft = ledger.Draft(
        kind=ledger.Kind.ADJUSTMENT,
        text=f"Cashier shift {shift.number}: {amount} {part.currency} {word}",
        reason="Counted",
        lines=(
            ledger.Side(accounts[drawers.code], part.booked),
            ledger.Side(accounts[OVER_SHORT.code], -counts_for),
            *([apart] if apart.amount else []),
        ),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    write_down(session, shift, [part], entry_id=posted.entry_id, day=day)
