"""Cashier shifts as tills and kiosks keep them: opened, dropped from, counted blind and closed."""

from datetime import date, datetime
from typing import Annotated

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.orm import joinedload
from typing_extensions import TypedDict

from pms.api import finding
from pms.api.calls import PREFIX, Made, deed, look
from pms.api.cursors import Paged, in_order, page
from pms.api.door import opens
from pms.api.shapes import Amount, AmountAsked, Body, Currency, Decimal, NotMoney, Version, amount
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import cashiers, payments
from pms.hotel.books.cashiers import (
    CashierShift,
    Counted,
    DrawerCount,
    MoveKind,
    ShiftState,
    Summed,
)
from pms.hotel.books.cashiers.counting import MOST_PIECES
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.house.tokens import Scope
from pms.web.database import session

_SHIFTS = "/hotels/<code>/cashier-shifts"
_SHIFT = f"{_SHIFTS}/<shift_id>"


class ShiftsAsked(Paged):
    """Which shifts."""

    state: ShiftState | None = None


class FloatAsked(Body):
    """With how much of the house's money a drawer begins; none at all is 0."""

    opening_float: AmountAsked


class DropAsked(Body):
    """What goes from the drawer to the safe; `version` is that of the shift as it was read."""

    amount: AmountAsked
    version: Version


class PiecesAsked(Body):
    """How many notes or coins of a value there are."""

    value: Decimal
    pieces: Annotated[int, Field(ge=0, le=MOST_PIECES)]


class CountAsked(Body):
    """What lies in the drawer of a currency; an empty list is nothing."""

    currency: Currency
    pieces: Annotated[list[PiecesAsked], Field(max_length=40)]


class CountsAsked(Body):
    """What was counted, each currency that the drawer took once."""

    counts: Annotated[list[CountAsked], Field(min_length=1, max_length=20)]


class ShiftRead(TypedDict):
    """A cashier's shift; `over_short` is in the hotel's currency, once it was counted."""

    id: str
    number: int
    cashier: str
    state: ShiftState
    opening_float: Amount
    opened_on: date
    opened_at: datetime
    closed_on: date | None
    closed_at: datetime | None
    over_short: Amount | None
    version: int


class Shifts(TypedDict):
    """A page of shifts in the order they were opened."""

    shifts: list[ShiftRead]
    next_cursor: str | None


class SumRead(TypedDict):
    """What one kind of move came to; `booked` is what stands for it in the hotel's currency."""

    kind: MoveKind
    count: int
    amount: Amount
    booked: Amount


class CountRead(TypedDict):
    """A count beside what should have been there; numbers above 1 are recounts."""

    no: int
    expected: Amount
    counted: Amount


class TakenRead(TypedDict):
    """What was taken beside cash, by card brand or way."""

    way: str
    count: int
    amount: Amount


class ShiftReport(TypedDict):
    """A shift and what went through its drawer: of one not counted yet, nothing is told."""

    shift: ShiftRead
    drawer: list[SumRead]
    counts: list[CountRead]
    beside_cash: list[TakenRead]


@look(_SHIFTS, asks=ShiftsAsked, answers=Shifts)
@opens(Scope.CASHIERS)
def cashier_shift_list(hotel: Hotel, asked: ShiftsAsked) -> Shifts:
    """List the cashier shifts in the order they were opened."""
    query = (
        sa.select(CashierShift)
        .where(CashierShift.hotel_id == hotel.id)
        .options(joinedload(CashierShift.cashier))
    )
    if asked.state is not None:
        query = query.where(CashierShift.state == asked.state)
    found = session().scalars(in_order(query, asked, CashierShift)).all()
    shifts, cursor = page(found, asked.limit, "id")
    over = cashiers.over_short(session(), hotel, [each.id for each in shifts])
    return {
        "shifts": [_shift(hotel, each, over[each.id]) for each in shifts],
        "next_cursor": cursor,
    }


@look(_SHIFT, answers=ShiftReport)
@opens(Scope.CASHIERS)
def cashier_shift(hotel: Hotel, shift_id: str) -> ShiftReport:
    """Read a shift with its report, which is empty until the drawer is counted."""
    return report(hotel, finding.row(hotel, CashierShift, shift_id, "cashier shift"))


@deed(_SHIFTS, asks=FloatAsked, answers=ShiftReport, status=201)
@opens(Scope.CASHIERS)
def open_cashier_shift(hotel: Hotel, asked: FloatAsked, *, by: Staff) -> Made:
    """Open the machine's own shift with a float out of the safe; it has one at a time."""
    opening = asked.opening_float.money("opening_float")
    shift = cashiers.open_shift(session(), hotel, opening_float=opening, by=by)
    where = f"{PREFIX}/hotels/{hotel.code}/cashier-shifts/{shift.id}"
    return Made(report(hotel, shift), where)


@deed(f"{_SHIFT}/drops", asks=DropAsked, answers=ShiftReport)
@opens(Scope.CASHIERS)
def drop_from_cashier_shift(
    hotel: Hotel, asked: DropAsked, *, by: Staff, shift_id: str
) -> ShiftReport:
    """Put money out of the machine's own drawer into the safe."""
    shift = finding.row(hotel, CashierShift, shift_id, "cashier shift", asked.version)
    return report(
        hotel, cashiers.drop(session(), shift, amount=asked.amount.money("amount"), by=by)
    )


@deed(f"{_SHIFT}/count", asks=CountsAsked, answers=ShiftReport)
@opens(Scope.CASHIERS)
def count_cashier_shift(
    hotel: Hotel, asked: CountsAsked, *, by: Staff, shift_id: str
) -> ShiftReport:
    """Count the drawer and close the shift; what is over or short is told in the answer."""
    shift = finding.row(hotel, CashierShift, shift_id, "cashier shift")
    cashiers.begin_count(session(), shift, by=by)
    return report(hotel, cashiers.close(session(), shift, counts=counted(asked), by=by))


def counted(asked: CountsAsked) -> list[Counted]:
    """Return what was counted; refuses a currency, or a value, that is named twice."""
    counts = [_counted(each) for each in asked.counts]
    if len({each.currency for each in counts}) < len(counts):
        raise Invalid("Count each currency once, with all its pieces.", field="counts")
    return counts


def _counted(asked: CountAsked) -> Counted:
    pieces: dict[int, int] = {}
    for each in asked.pieces:
        try:
            value = Money.parse(each.value, asked.currency).minor
        except Invalid as no:
            raise NotMoney(no.sentence, field="counts") from None
        if value in pieces:
            raise Invalid("Name each value once, with how many there are.", field="counts")
        pieces[value] = each.pieces
    return Counted(asked.currency, pieces)


def report(hotel: Hotel, shift: CashierShift) -> ShiftReport:
    """Return a shift as machines read it; of one not counted yet, nothing of its drawer."""
    [over_short] = cashiers.over_short(session(), hotel, [shift.id]).values()
    read = _shift(hotel, shift, over_short)
    if not shift.state.is_over:
        return {"shift": read, "drawer": [], "counts": [], "beside_cash": []}
    return {
        "shift": read,
        "drawer": [_sum(hotel, each) for each in cashiers.sums(session(), shift)],
        "counts": [_count(each) for each in cashiers.counts_of(session(), shift)],
        "beside_cash": [
            {"way": each.way, "count": each.count, "amount": amount(each.amount, hotel.currency)}
            for each in payments.beside_cash(session(), shift)
        ],
    }


def _shift(hotel: Hotel, shift: CashierShift, over_short: int) -> ShiftRead:
    return {
        "id": str(shift.id),
        "number": shift.number,
        "cashier": shift.cashier.name,
        "state": shift.state,
        "opening_float": amount(shift.opening_float, hotel.currency),
        "opened_on": shift.opened_on,
        "opened_at": shift.opened_at,
        "closed_on": shift.closed_on,
        "closed_at": shift.closed_at,
        "over_short": amount(over_short, hotel.currency) if shift.state.is_over else None,
        "version": shift.version,
    }


def _sum(hotel: Hotel, each: Summed) -> SumRead:
    return {
        "kind": each.kind,
        "count": each.count,
        "amount": amount(each.amount, each.currency),
        "booked": amount(each.booked, hotel.currency),
    }


def _count(each: DrawerCount) -> CountRead:
    return {
        "no": each.no,
        "expected": amount(each.expected, each.currency),
        "counted": amount(each.counted, each.currency),
    }
