"""Shifts: opened with a float, counted blind, reviewed by somebody who didn't count it."""

from datetime import date

from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import insert_new, lock, new_id
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books.cashiers import counting
from pms.hotel.books.cashiers.counting import Counted
from pms.hotel.books.cashiers.drawers import carry, house_money, refuse_empty_safe
from pms.hotel.books.cashiers.entitled import own_or_keeper, refuse_no_words
from pms.hotel.books.cashiers.refusals import (
    CountedByYou,
    NotBeingCounted,
    NotToReview,
    ShiftOpenAlready,
    ShiftOver,
    YourOwnShift,
)
from pms.hotel.books.cashiers.tables import CashierShift, MoveKind, ShiftState
from pms.hotel.house import business_day, logbook, numbers
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require


def open_shift(session: Session, hotel: Hotel, *, opening_float: Money, by: Staff) -> CashierShift:
    """Open somebody's shift with a float out of the safe.

    Refuses a second one, also at once, and more than lies in the safe.
    """
    require(by, Permission.PAY, hotel.id)
    if opening_float.currency != hotel.currency or opening_float.minor < 0:
        raise Invalid("A float is an amount of the house's money, or none.", field="opening_float")
    day = business_day.hold(session, hotel)
    if opening_float:
        refuse_empty_safe(session, hotel, opening_float, field="opening_float")
    shift_id = new_id()
    row = {
        "hotel_id": hotel.id,
        "id": shift_id,
        "chain_id": hotel.chain_id,
        "number": numbers.next_number(session, hotel, "cashier shift"),
        "staff_id": by.id,
        "state": ShiftState.OPEN,
        "opening_float": opening_float.minor,
        "opened_on": day,
        "opened_at": clock.now(),
        "version": 1,
    }
    insert_new(session, CashierShift, [row])  # one open shift each: the later of two finds it there
    shift = session.get(CashierShift, (hotel.id, shift_id))
    if shift is None:
        raise ShiftOpenAlready(by.name)
    if opening_float:
        part = house_money(MoveKind.FLOAT, opening_float)
        carry(session, hotel, shift, part, day=day, by=by)
    logbook.record(
        session, "opened", shift, by=by, day=day, number=shift.number, opening_float=opening_float
    )
    return shift


def begin_count(session: Session, shift: CashierShift, *, by: Staff) -> CashierShift:
    """Shut a drawer for its count: nothing goes in or out until it is closed, or at work again.

    Who keeps the cash may count the drawer of somebody who left.
    """
    return _turn(session, shift, ShiftState.COUNTING, "began count", by=by)


def back_to_work(session: Session, shift: CashierShift, *, by: Staff) -> CashierShift:
    """Give up a count that was begun; the shift goes on."""
    return _turn(session, shift, ShiftState.OPEN, "went back to work", by=by)


def _turn(
    session: Session, shift: CashierShift, wanted: ShiftState, verb: str, *, by: Staff
) -> CashierShift:
    hotel = own_or_keeper(session, shift, by=by)
    day = business_day.hold(session, hotel)
    lock(session, shift)
    if shift.state.is_over:
        raise ShiftOver
    if shift.state is not wanted:
        shift.state = wanted
        shift.version += 1
        session.flush()
        logbook.record(session, verb, shift, by=by, day=day, number=shift.number)
    return shift


def close(
    session: Session, shift: CashierShift, *, counts: list[Counted], by: Staff
) -> CashierShift:
    """Close a shift with what was counted, every currency it took; all of it goes to the safe.

    What is over or short is posted today. Refuses a drawer whose count wasn't begun, and a second
    closing, also at once.
    """
    hotel = own_or_keeper(session, shift, by=by)
    day = business_day.hold(session, hotel)
    lock(session, shift)
    if shift.state.is_over:
        raise ShiftOver
    if shift.state is not ShiftState.COUNTING:
        raise NotBeingCounted
    differences = counting.settle(session, hotel, shift, counts, day=day, by=by)
    shift.state, shift.closed_on, shift.closed_at = ShiftState.CLOSED, day, clock.now()
    shift.version += 1
    session.flush()
    logbook.record(
        session,
        "closed",
        shift,
        by=by,
        day=day,
        number=shift.number,
        over_short=differences,
    )
    return shift


def recount(
    session: Session, shift: CashierShift, *, counts: list[Counted], reason: str, by: Staff
) -> CashierShift:
    """Count a closed shift's money again before it is accepted; the first count stays beside it."""
    hotel, day = _for_review(session, shift, by=by)
    refuse_no_words(reason, "Say why it is counted again.")
    differences = counting.settle(session, hotel, shift, counts, day=day, by=by)
    shift.version += 1
    session.flush()
    logbook.record(
        session,
        "recounted",
        shift,
        by=by,
        day=day,
        why=reason.strip(),
        number=shift.number,
        over_short=differences,
    )
    return shift


def accept(session: Session, shift: CashierShift, *, reason: str, by: Staff) -> CashierShift:
    """Accept a closed shift as it was counted; what is over or short wants a reason.

    Four eyes: refuses the cashier, and who made the count that is accepted.
    """
    _, day = _for_review(session, shift, by=by)
    counts = counting.last_counts(session, shift)
    if any(each.staff_id == by.id for each in counts):
        raise CountedByYou
    if any(each.difference for each in counts) or reason.strip():
        refuse_no_words(reason, "The drawer was over or short. Say why it is accepted.")
    shift.state, shift.review = ShiftState.REVIEWED, reason.strip()
    shift.reviewed_by, shift.reviewed_at = by.id, clock.now()
    shift.version += 1
    session.flush()
    logbook.record(
        session, "accepted", shift, by=by, day=day, why=reason.strip() or None, number=shift.number
    )
    return shift


def _for_review(session: Session, shift: CashierShift, *, by: Staff) -> tuple[Hotel, date]:
    require(by, Permission.KEEP_CASH, shift.hotel_id)
    if shift.staff_id == by.id:
        raise YourOwnShift
    hotel = session.get_one(Hotel, shift.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, shift)
    if shift.state is not ShiftState.CLOSED:
        raise NotToReview
    return hotel, day
