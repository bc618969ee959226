"""Guest changes: what a guest may change or end of a stay themselves, within the terms agreed.

The verbs are the desk's own. A guest sees the new total or the fee first and says yes to that very
amount; where it is another by then, nothing is done.
"""

import enum
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.stays import fees, promised, reservations, settlements
from pms.hotel.stays.fees import Ended
from pms.hotel.stays.reservations import (
    Collects,
    Purpose,
    Reservation,
    State,
    Wanted,
    sharers_of,
)
from pms.hotel.stays.web_bookings import PriceIsAnother

REASON = "Cancelled by the guest"


class Fixed(enum.StrEnum):
    """Why a guest can't change a stay alone."""

    NOT_BOOKED = "not_booked"
    ARRIVES_TODAY = "arrives_today"
    OTHERS = "others"
    LATE = "late"


class AskTheDesk(Refusal):
    """The stay isn't the guest's alone to change, or it is too late for that."""

    def __init__(self, why: Fixed) -> None:
        super().__init__("That is for the reception to do. Call it, please.")
        self.why = why


@dataclass(frozen=True, slots=True)
class Stay:
    """The stay a guest wishes for instead; children by their ages."""

    arrival: date
    departure: date
    adults: int
    ages: tuple[int, ...] = ()


def why_fixed(session: Session, reservation: Reservation) -> Fixed | None:
    """Return why a guest can't change dates or party themselves; None where they can."""
    if (why := why_not_ended(session, reservation)) is not None:
        return why
    return Fixed.LATE if fees.of_cancelling(session, reservation) else None


def why_not_ended(session: Session, reservation: Reservation) -> Fixed | None:
    """Return why a guest can't cancel a stay themselves; None where they can, even at a fee."""
    hotel = session.get_one(Hotel, reservation.hotel_id)
    if reservation.state is not State.BOOKED:
        return Fixed.NOT_BOOKED
    if reservation.arrival < business_day.today(session, hotel):
        return Fixed.ARRIVES_TODAY
    others = (
        reservation.group_id is not None
        or reservation.company_id is not None
        or reservation.shares_with_id is not None
        or reservation.purpose is not Purpose.PAYING
        or reservation.collects is not Collects.HOTEL
        or bool(sharers_of(session, reservation))
    )
    return Fixed.OTHERS if others else None


def total(session: Session, reservation: Reservation) -> Money:
    """Return what a stay comes to as it is promised, taxes included."""
    hotel = session.get_one(Hotel, reservation.hotel_id)
    return promised.promised(session, hotel, [reservation])[0].total


def change(
    session: Session,
    reservation: Reservation,
    stay: Stay,
    *,
    expected: Money | None = None,
    by: Staff,
) -> Money:
    """Change dates and party and return the new total; another party pays today's prices.

    Nights that stay keep theirs otherwise. Refuses what `amend` refuses, another total than the
    one `expected`, and what only the desk can change.
    """
    lock(session, reservation)
    if (why := why_fixed(session, reservation)) is not None:
        raise AskTheDesk(why)
    same = (stay.adults, len(stay.ages)) == (reservation.adults, reservation.children)
    wanted = Wanted(
        arrival=stay.arrival if stay.arrival != reservation.arrival else None,
        departure=stay.departure if stay.departure != reservation.departure else None,
        adults=None if same else stay.adults,
        children=None if same else len(stay.ages),
        child_ages=None if same else stay.ages,
    )
    reservations.amend(session, reservation, wanted, reprice=None if same else True, by=by)
    settlements.price_changed(session, reservation, by=by)
    now = total(session, reservation)
    if expected is not None and now != expected:
        raise PriceIsAnother(now)
    return now


def cancel(session: Session, reservation: Reservation, *, expected: Money, by: Staff) -> Ended:
    """End a stay at the fee the guest was shown; refuses another fee, and what the desk must do."""
    lock(session, reservation)
    if (why := why_not_ended(session, reservation)) is not None:
        raise AskTheDesk(why)
    return fees.cancel(session, reservation, reason=REASON, expected=expected, by=by)
