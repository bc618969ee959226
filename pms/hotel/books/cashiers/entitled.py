"""Entitled: whose drawer it is, who keeps the cash beside them, and that they say why."""

from sqlalchemy.orm import Session

from pms.base import card_numbers
from pms.base.refusal import Invalid
from pms.hotel.books.cashiers.refusals import NotYourShift
from pms.hotel.books.cashiers.tables import CashierShift
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require

LONGEST_REASON = 300


def own(session: Session, shift: CashierShift, *, by: Staff) -> Hotel:
    """Return a shift's hotel; refuses anybody but its cashier."""
    require(by, Permission.PAY, shift.hotel_id)
    if shift.staff_id != by.id:
        raise NotYourShift(shift.cashier.name)
    return session.get_one(Hotel, shift.hotel_id)


def own_or_keeper(session: Session, shift: CashierShift, *, by: Staff) -> Hotel:
    """Return a shift's hotel; refuses anybody but its cashier and who keeps the cash."""
    if by.may(Permission.KEEP_CASH, shift.hotel_id):
        return session.get_one(Hotel, shift.hotel_id)
    return own(session, shift, by=by)


def refuse_no_words(reason: str, sentence: str) -> None:
    """Refuse a reason that says nothing, is too long, or has a card's number in it."""
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Invalid(sentence, field="reason")
    card_numbers.refuse(reason=reason)
