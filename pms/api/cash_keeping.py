"""Cash keeping: drops taken back, shifts reviewed, and the safe's money on its way to the bank."""

from datetime import date, datetime
from decimal import Decimal as Exact
from typing import Annotated

import sqlalchemy as sa
from pydantic import Field
from typing_extensions import TypedDict

from pms.api import finding
from pms.api.calls import PREFIX, Made, deed, look
from pms.api.cashier_shifts import CountsAsked, ShiftReport, counted, report
from pms.api.cursors import Paged, in_order, page
from pms.api.door import bearer, opens
from pms.api.problems import NotHere
from pms.api.shapes import Amount, AmountAsked, Body, Line, Text, Version, amount
from pms.hotel.books import cashiers, ledger
from pms.hotel.books.cashiers import (
    CashierShift,
    DrawerMove,
    MoveKind,
    NotesBanked,
    NotYourShift,
    banking,
    dropping,
    safe,
)
from pms.hotel.books.cashiers.banking import Banking
from pms.hotel.books.cashiers.safe import Way
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.house.tokens import Scope
from pms.web.database import session

_SHIFT = "/hotels/<code>/cashier-shifts/<shift_id>"
_SAFE = "/hotels/<code>/safe"
_SHIFT_NOUN = "cashier shift"

Rate = Annotated[str, Field(pattern=r"^[0-9]{1,7}(\.[0-9]{1,6})?$", examples=["1.085"])]


class WhyAsked(Body):
    """Why something that was a mistake is undone."""

    reason: Line


class AcceptanceAsked(Body):
    """Why a shift is accepted, needed where it was over or short; `version` is that read."""

    reason: Text = ""
    version: Version


class RecountAsked(CountsAsked):
    """What was counted again, and why; `version` is that of the shift as it was read."""

    reason: Line
    version: Version


class CashMoveAsked(Body):
    """The house's money on its way: out of the safe to the bank, from it, or into the safe."""

    way: Annotated[Way, Field(strict=False)]
    amount: AmountAsked
    reference: Line | None = None


class BankingAsked(Body):
    """Foreign notes for the bank at its `rate`: so much of them for one of the hotel's money.

    The bank's `fee`, in the hotel's money, comes off what it gives.
    """

    notes: AmountAsked
    rate: Rate
    fee: AmountAsked | None = None
    reference: Line | None = None


class DropRead(TypedDict):
    """A drop out of a drawer, and whether it was taken back."""

    id: str
    amount: Amount
    dropped_at: datetime
    taken_back: bool


class Drops(TypedDict):
    """A shift's drops, the newest first."""

    drops: list[DropRead]


class NotesRead(TypedDict):
    """Foreign notes in the safe, and what they stand for in the books."""

    notes: Amount
    booked: Amount


class SafeRead(TypedDict):
    """The house's money in the safe, what was taken without a shift, and foreign notes."""

    cash: Amount
    without_a_shift: Amount
    foreign_notes: list[NotesRead]


class CashMoved(TypedDict):
    """A move of the house's money, and the safe with it."""

    entry_id: str
    safe: SafeRead


class BankingRead(TypedDict):
    """Notes that went to the bank: what they stood for, what it gave, its fee, the difference."""

    id: str
    day: date
    notes: Amount
    rate: str
    booked: Amount
    credited: Amount
    fee: Amount
    difference: Amount
    reference: str | None
    undone: bool


class Bankings(TypedDict):
    """A page of bankings in the order they were made."""

    bankings: list[BankingRead]
    next_cursor: str | None


# --- drawers --------------------------------------------------------------------------------------


@look(f"{_SHIFT}/drops", answers=Drops)
@opens(Scope.CASHIERS, Scope.CASH_KEEPING)
def drop_list(hotel: Hotel, shift_id: str) -> Drops:
    """List the drops out of the machine's own drawer; anybody's with the scope cash-keeping."""
    shift = finding.row(hotel, CashierShift, shift_id, _SHIFT_NOUN)
    if shift.staff_id != bearer().staff_id and Scope.CASH_KEEPING not in bearer().scopes:
        raise NotYourShift(shift.cashier.name)
    return {
        "drops": [
            {
                "id": str(each.move.id),
                "amount": amount(-each.move.amount, each.move.currency),
                "dropped_at": each.posted_at,
                "taken_back": each.is_taken_back,
            }
            for each in cashiers.drops(session(), shift)
        ]
    }


@deed(f"{_SHIFT}/drops/<drop_id>/take-back", asks=WhyAsked, answers=ShiftReport)
@opens(Scope.CASHIERS, Scope.CASH_KEEPING)
def take_drop_back(
    hotel: Hotel, asked: WhyAsked, *, by: Staff, shift_id: str, drop_id: str
) -> ShiftReport:
    """Bring a drop back out of the safe into its drawer, while the shift is open.

    The machine's own, or anybody's with the scope cash-keeping.
    """
    shift = finding.row(hotel, CashierShift, shift_id, _SHIFT_NOUN)
    move = finding.row(hotel, DrawerMove, drop_id, "drop")
    if move.shift_id != shift.id or move.kind is not MoveKind.DROP:
        raise NotHere("drop")
    dropping.take_back(session(), move, reason=asked.reason, by=by)
    return report(hotel, shift)


@deed(f"{_SHIFT}/accept", asks=AcceptanceAsked, answers=ShiftReport)
@opens(Scope.CASH_KEEPING)
def accept_cashier_shift(
    hotel: Hotel, asked: AcceptanceAsked, *, by: Staff, shift_id: str
) -> ShiftReport:
    """Accept a closed shift as it was counted, by somebody who didn't count it."""
    shift = finding.row(hotel, CashierShift, shift_id, _SHIFT_NOUN, asked.version)
    return report(hotel, cashiers.accept(session(), shift, reason=asked.reason, by=by))


@deed(f"{_SHIFT}/recount", asks=RecountAsked, answers=ShiftReport)
@opens(Scope.CASH_KEEPING)
def recount_cashier_shift(
    hotel: Hotel, asked: RecountAsked, *, by: Staff, shift_id: str
) -> ShiftReport:
    """Count a closed shift's money again; the first count stays beside it."""
    shift = finding.row(hotel, CashierShift, shift_id, _SHIFT_NOUN, asked.version)
    return report(
        hotel,
        cashiers.recount(session(), shift, counts=counted(asked), reason=asked.reason, by=by),
    )


# --- the safe -------------------------------------------------------------------------------------


@look(_SAFE, answers=SafeRead)
@opens(Scope.CASH_KEEPING)
def read_safe(hotel: Hotel) -> SafeRead:
    """Read what lies in the safe by the books, and what cash lies in no drawer."""
    return _safe(hotel)


@deed(f"{_SAFE}/moves", asks=CashMoveAsked, answers=CashMoved, status=201)
@opens(Scope.CASH_KEEPING)
def move_cash(hotel: Hotel, asked: CashMoveAsked, *, by: Staff) -> Made:
    """Take the house's money to the bank or from it, or put what is in no drawer into the safe."""
    entry = safe.move(
        session(),
        hotel,
        asked.way,
        amount=asked.amount.money("amount"),
        reference=asked.reference,
        by=by,
    )
    body: CashMoved = {"entry_id": str(entry.id), "safe": _safe(hotel)}
    return Made(body, f"{PREFIX}/hotels/{hotel.code}/safe")


@look(f"{_SAFE}/bankings", asks=Paged, answers=Bankings)
@opens(Scope.CASH_KEEPING)
def banking_list(hotel: Hotel, asked: Paged) -> Bankings:
    """List the foreign notes that went to the bank, in the order they did."""
    query = sa.select(NotesBanked).where(NotesBanked.hotel_id == hotel.id)
    found = session().scalars(in_order(query, asked, NotesBanked)).all()
    rows, cursor = page(found, asked.limit, "id")
    told = banking.bankings(session(), hotel, rows)
    return {"bankings": [_banking(hotel, each) for each in told], "next_cursor": cursor}


@deed(f"{_SAFE}/bankings", asks=BankingAsked, answers=BankingRead, status=201)
@opens(Scope.CASH_KEEPING)
def bank_notes(hotel: Hotel, asked: BankingAsked, *, by: Staff) -> Made:
    """Pay foreign notes of the safe into the bank at its rate; the difference is posted."""
    banked = banking.bank(
        session(),
        hotel,
        notes=asked.notes.money("notes"),
        rate=Exact(asked.rate),
        fee=asked.fee.money("fee") if asked.fee else None,
        reference=asked.reference,
        by=by,
    )
    return Made(_told(hotel, banked), f"{PREFIX}/hotels/{hotel.code}/safe/bankings")


@deed(f"{_SAFE}/bankings/<banking_id>/undo", asks=WhyAsked, answers=BankingRead)
@opens(Scope.CASH_KEEPING)
def undo_banking(hotel: Hotel, asked: WhyAsked, *, by: Staff, banking_id: str) -> BankingRead:
    """Bring notes back into the safe that were banked by mistake today."""
    found = finding.row(hotel, NotesBanked, banking_id, "banking")
    return _told(hotel, banking.undo(session(), found, reason=asked.reason, by=by))


def _safe(hotel: Hotel) -> SafeRead:
    lies = ledger.open_balances(session(), hotel, ledger.Ledger.CASH)
    in_safe = cashiers.drawers.in_safe(hotel, hotel.currency)
    return {
        "cash": amount(lies.get(in_safe.code, 0), hotel.currency),
        "without_a_shift": amount(lies.get(cashiers.drawers.OUTSIDE.code, 0), hotel.currency),
        "foreign_notes": [
            {
                "notes": amount(each.notes.minor, currency),
                "booked": amount(each.booked.minor, hotel.currency),
            }
            for currency, each in cashiers.in_the_safe(session(), hotel).items()
        ],
    }


def _told(hotel: Hotel, banked: NotesBanked) -> BankingRead:
    [told] = banking.bankings(session(), hotel, [banked])
    return _banking(hotel, told)


def _banking(hotel: Hotel, told: Banking) -> BankingRead:
    notes = told.notes
    return {
        "id": str(notes.id),
        "day": notes.business_day,
        "notes": amount(notes.amount, notes.currency),
        "rate": f"{cashiers.as_decimal(notes.rate):f}",
        "booked": amount(notes.booked, hotel.currency),
        "credited": amount(notes.credited, hotel.currency),
        "fee": amount(notes.fee, hotel.currency),
        "difference": amount(notes.difference, hotel.currency),
        "reference": told.reference,
        "undone": told.is_undone,
    }
