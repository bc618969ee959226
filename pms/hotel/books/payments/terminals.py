"""Terminals at night: each batch counted once beside what the books hold of it."""

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import card_numbers, dates
from pms.base.db import new_id
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books.payments.tables import Payment, TerminalBatch
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require

LOOKS_BACK = timedelta(days=7)  # what nobody counted for a week is asked for no more


@dataclass(frozen=True, slots=True)
class Batch:
    """What the books hold of one terminal's batch on a day, in minor units."""

    terminal: str
    batch: str
    payments: int
    amount: int
    counted: int | None


class BatchTiedOut(Refusal):
    """A batch is counted once."""

    def __init__(self, terminal: str, batch: str) -> None:
        super().__init__(
            f"Batch {batch} of terminal {terminal} is tied out already for today.", field="batch"
        )


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


def uncounted(session: Session, hotel: Hotel, day: date) -> list[tuple[date, Batch]]:
    """Return the batches of the days before that nobody has counted yet: one question."""
    counted = sa.exists().where(
        TerminalBatch.hotel_id == Payment.hotel_id,
        TerminalBatch.business_day == Payment.business_day,
        TerminalBatch.terminal == Payment.terminal,
        TerminalBatch.batch == Payment.batch,
    )
    rows = session.execute(
        sa.select(
            Payment.business_day,
            Payment.terminal,
            Payment.batch,
            sa.func.count(),
            sa.func.sum(Payment.amount),
        )
        .where(
            Payment.hotel_id == hotel.id,
            Payment.business_day.between(day - LOOKS_BACK, day - dates.ONE_DAY),
            Payment.terminal.is_not(None),
            sa.not_(counted),
        )
        .group_by(Payment.business_day, Payment.terminal, Payment.batch)
        .order_by(Payment.business_day, Payment.terminal, Payment.batch)
    )
    return [
        (row[0], Batch(str(row[1]), str(row[2]), int(row[3]), int(row[4]), None)) for row in rows
    ]


def tie_out(
    session: Session,
    hotel: Hotel,
    *,
    terminal: str,
    batch: str,
    counted: Money,
    of_day: date | None = None,
    by: Staff,
) -> TerminalBatch:
    """Write down what a terminal says its batch of today (or of a day before) holds.

    The difference is shown. Refuses a second count of the same batch on the same day, and a day
    to come.
    """
    require(by, Permission.PAY, hotel.id)
    card_numbers.refuse(terminal=terminal, batch=batch)
    terminal, batch = terminal.strip(), batch.strip()
    day = business_day.hold(session, hotel)
    if of_day is not None and of_day > day:
        raise Invalid("That day is still to come.", field="of_day")
    counts_for = of_day or day
    there = {(row.terminal, row.batch): row for row in batches(session, hotel, counts_for)}
    held = there.get((terminal, batch))
    if held is not None and held.counted is not None:
        raise BatchTiedOut(terminal, batch)
    tied = TerminalBatch(
        hotel_id=hotel.id,
        id=new_id(),
        business_day=counts_for,
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
        of_day=counts_for,
        counted=counted,
        difference=Money(tied.difference, hotel.currency),
    )
    return tied
