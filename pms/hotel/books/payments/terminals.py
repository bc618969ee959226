"""Terminals at night: each batch counted beside what the books hold of it, and again if wrong."""

from collections import defaultdict
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
LONGEST_REASON = 200
MOVED_SINCE = "The books moved after the count"


@dataclass(frozen=True, slots=True)
class Batch:
    """What the books hold of one terminal's batch on a day, in minor units, and its counts."""

    day: date
    terminal: str
    batch: str
    payments: int
    amount: int
    counts: tuple[TerminalBatch, ...] = ()

    @property
    def counted(self) -> int | None:
        """What the last count found; None where nobody counted."""
        return self.counts[-1].counted if self.counts else None

    @property
    def is_open(self) -> bool:
        """Whether it waits to be counted: it never was, or the books moved after the last count."""
        return not self.counts or self.counts[-1].recorded != self.amount

    @property
    def difference(self) -> int:
        """What the last count has more than the books hold now."""
        return (self.counted or 0) - self.amount


class BatchTiedOut(Refusal):
    """A batch is counted once, and again only for a reason."""

    def __init__(self, terminal: str, batch: str) -> None:
        super().__init__(
            f"Batch {batch} of terminal {terminal} is tied out already for that day. Count it "
            "again and say why.",
            field="batch",
        )


class NeverCounted(Refusal):
    """What nobody counted can't be counted again."""

    def __init__(self, terminal: str, batch: str) -> None:
        super().__init__(
            f"Batch {batch} of terminal {terminal} wasn't counted on that day. Tie it out.",
            field="batch",
        )


def batches(session: Session, hotel: Hotel, day: date, *, since: date | None = None) -> list[Batch]:
    """Return what each terminal's batch holds on a day, or on days since one, and its counts.

    Two questions, however many there are.
    """
    first = since or day
    counts: dict[tuple[date, str, str], list[TerminalBatch]] = defaultdict(list)
    for row in session.scalars(
        sa.select(TerminalBatch)
        .where(TerminalBatch.hotel_id == hotel.id, TerminalBatch.business_day.between(first, day))
        .order_by(TerminalBatch.no)
    ):
        counts[row.business_day, row.terminal, row.batch].append(row)
    key = (Payment.business_day, Payment.terminal, Payment.batch)
    rows = session.execute(
        sa.select(*key, sa.func.count(), sa.func.sum(Payment.amount))
        .where(
            Payment.hotel_id == hotel.id,
            Payment.business_day.between(first, day),
            Payment.terminal.is_not(None),
        )
        .group_by(*key)
    )
    held = {(row[0], str(row[1]), str(row[2])): (int(row[3]), int(row[4])) for row in rows}
    return [
        Batch(*key, *held.get(key, (0, 0)), tuple(counts.get(key, ())))
        for key in sorted(held.keys() | counts.keys())
    ]


def uncounted(session: Session, hotel: Hotel, day: date) -> list[Batch]:
    """Return the batches of the week before a day that wait to be counted."""
    found = batches(session, hotel, day - dates.ONE_DAY, since=day - LOOKS_BACK)
    return [each for each in found if each.is_open]


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

    The difference is shown. Refuses a batch that was counted and in which nothing moved since
    (`recount`), and a day to come.
    """
    require(by, Permission.PAY, hotel.id)
    held = _held(session, hotel, terminal, batch, of_day)
    if not held.is_open:
        raise BatchTiedOut(held.terminal, held.batch)
    reason = MOVED_SINCE if held.counts else None
    return _write(session, hotel, held, "tied out", counted=counted, reason=reason, by=by)


def recount(
    session: Session,
    hotel: Hotel,
    *,
    terminal: str,
    batch: str,
    counted: Money,
    of_day: date | None = None,
    reason: str,
    by: Staff,
) -> TerminalBatch:
    """Count a batch again that was counted wrongly; both counts stay, and the last one counts.

    Refuses no reason, and a batch that nobody counted yet.
    """
    require(by, Permission.ADJUST, hotel.id)
    card_numbers.refuse(reason=reason)
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise Invalid("Say why it is counted again, in 200 letters at most.", field="reason")
    held = _held(session, hotel, terminal, batch, of_day)
    if not held.counts:
        raise NeverCounted(held.terminal, held.batch)
    return _write(
        session, hotel, held, "counted again", counted=counted, reason=reason.strip(), by=by
    )


def _held(session: Session, hotel: Hotel, terminal: str, batch: str, of_day: date | None) -> Batch:
    """Hold the day, and return a batch as it stands; refuses a day to come."""
    card_numbers.refuse(terminal=terminal, batch=batch)
    today = business_day.hold(session, hotel)
    day = of_day or today
    if day > today:
        raise Invalid("That day is still to come.", field="of_day")
    asked = (terminal.strip(), batch.strip())
    there = {(each.terminal, each.batch): each for each in batches(session, hotel, day)}
    return there.get(asked) or Batch(day, *asked, payments=0, amount=0)


def _write(
    session: Session,
    hotel: Hotel,
    held: Batch,
    verb: str,
    *,
    counted: Money,
    reason: str | None,
    by: Staff,
) -> TerminalBatch:
    """Write a count under the next number of its batch."""
    tied = TerminalBatch(
        hotel_id=hotel.id,
        id=new_id(),
        business_day=held.day,
        terminal=held.terminal,
        batch=held.batch,
        no=len(held.counts) + 1,
        counted=counted.minor,
        recorded=held.amount,
        reason=reason,
        staff_id=by.id,
    )
    session.add(tied)
    session.flush()
    last = held.counts[-1] if held.counts else None
    logbook.record(
        session,
        verb,
        tied,
        by=by,
        day=business_day.today(session, hotel),
        before={"counted": Money(last.counted, hotel.currency)} if last else None,
        why=reason,
        terminal=held.terminal,
        batch=held.batch,
        of_day=held.day,
        counted=counted,
        difference=Money(tied.difference, hotel.currency),
    )
    return tied
