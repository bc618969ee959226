"""Ending: a booking cancelled by the vendor's rule, or a party that didn't show up."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from pms.base import card_numbers, clock
from pms.base.db import lock
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.house import logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service.concierge import charging, places
from pms.hotel.service.concierge.bookings import begin, commission_of
from pms.hotel.service.concierge.refusals import WrongStep
from pms.hotel.service.concierge.tables import (
    LIVE,
    ActivityBooking,
    BookingState,
    Pays,
)
from pms.hotel.stays.reservations import State

LONGEST_REASON = 200


@dataclass(frozen=True)
class Rule:
    """What cancelling now costs: nothing while it is free, then a share of the price."""

    fee: Money
    is_free: bool


def rule_now(booking: ActivityBooking, currency: str) -> Rule:
    """Return what cancelling a booking costs at this moment."""
    if clock.now() < booking.free_until:
        return Rule(Money.zero(currency), is_free=True)
    fee = Money(booking.price, currency).percent(Decimal(booking.fee_percent))
    return Rule(fee, is_free=not fee)


def cancel(
    session: Session,
    booking: ActivityBooking,
    *,
    reason: str,
    waive: bool = False,
    by: Staff,
) -> ActivityBooking:
    """Cancel a booking: its places are free again, its charge comes off, a late one costs its fee.

    The fee goes on the bill that the charge came off, or of a party in the house whose booking was
    to be paid there; else it is noted. `waive` lets somebody off who may do that. Refuses what is
    ended already.
    """
    reason = _reason(reason)
    hotel = session.get_one(Hotel, booking.hotel_id)
    if waive:
        require(by, Permission.WAIVE_FEE, hotel.id)
    day = begin(session, booking, by=by)
    if booking.state not in LIVE:
        raise WrongStep(booking, "there is nothing to cancel")
    fee = Money.zero(hotel.currency) if waive else rule_now(booking, hotel.currency).fee
    time = lock(session, booking.time)
    places.give_back(session, time, booking.places)
    words = f"Booking {booking.number} cancelled: {reason}"
    was_charged = charging.take_off(session, booking, reason=words, by=by)
    before = booking.state
    booking.state, booking.cancel_reason = BookingState.CANCELLED, reason
    booking.ended_at = clock.now()
    booking.fee = fee.minor
    booking.commission = commission_of(fee.minor, booking.commission_rate)
    booking.version += 1
    session.flush()
    is_here = booking.reservation.state is State.IN_HOUSE
    if fee and (was_charged or (is_here and booking.pays is Pays.FOLIO)):
        charging.charge_fee(session, booking, fee, by=by)
        session.flush()
    logbook.record(
        session, "cancelled", booking, by=by, day=day, before={"state": before.value}, why=reason,
        fee=fee, waived=waive or None, charge_taken_off=was_charged or None,
    )  # fmt: skip
    return booking


def no_show(session: Session, booking: ActivityBooking, *, by: Staff) -> ActivityBooking:
    """Write down that nobody came: the places stay taken and the charge stands."""
    day = begin(session, booking, by=by)
    if booking.state not in LIVE:
        raise WrongStep(booking, "nobody was expected")
    if clock.now() < booking.time.starts_at:
        raise WrongStep(booking, "it hasn't begun yet. Cancel it instead")
    before = booking.state
    booking.state, booking.ended_at = BookingState.NO_SHOW, clock.now()
    booking.version += 1
    session.flush()
    logbook.record(
        session, "marked as no-show", booking, by=by, day=day, before={"state": before.value}
    )
    return booking


def _reason(reason: str) -> str:
    kept = reason.strip()
    if not kept:
        raise Invalid("Say why.", field="reason")
    if len(kept) > LONGEST_REASON:
        raise Invalid(f"At most {LONGEST_REASON} letters.", field="reason")
    card_numbers.refuse(reason=kept)
    return kept
