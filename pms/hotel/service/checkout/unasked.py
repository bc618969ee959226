"""Unasked: what was done in the gateway's own pages, or by a bank, and nobody here intended.

Money that was given back there is gone, and a hold that was taken there is money: both are booked
as if they had been asked for here, once, and the desk is told.
"""

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import lock
from pms.base.gateway import Heard, Stand
from pms.base.money import Money
from pms.hotel.books import reserving
from pms.hotel.books.payments import online
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service.checkout import giving_back, intending, settling
from pms.hotel.service.checkout.homes import THERE, tell_desk, trace
from pms.hotel.service.checkout.refundable import ON_ITS_WAY
from pms.hotel.service.checkout.tables import CardHold, Deed, HoldState, Intent
from pms.hotel.stays.reservations import Reservation


def given_back(session: Session, hotel: Hotel, heard: Heard, *, by: Staff) -> Intent | None:
    """Book a refund that was made in the gateway's own pages, once; one that failed is none.

    Of a charge that paid for several rooms it comes off the rooms' parts, as `giving_back` shares
    it out. Returns None where it is of no payment of ours, and where the parts haven't that much
    left: then its line of the payout stays unexplained, for somebody to look at.
    """
    require(by, Permission.PAY, hotel.id)
    day = business_day.hold(session, hotel)
    if heard.stand not in {Stand.PAID, Stand.PENDING} or not heard.payment or not heard.amount:
        return None
    paid = online.of_charge(session, hotel, heard.payment)
    if not paid or heard.amount.currency != hotel.currency:
        return None
    lock(session, paid[0])  # two who hear of it are one after the other
    known = sa.select(Intent).where(
        Intent.hotel_id == hotel.id, Intent.object_id == heard.object_id
    )
    if session.scalar(known) is not None:
        return None
    some = giving_back.shares(session, hotel, paid, heard.amount.minor)
    if not some:
        return None
    of, whose = some[0].of, some[0].whose
    made = intending.write(
        session, hotel, Deed.REFUND, mode=of.mode, amount=heard.amount.minor, words="Refund",
        of_id=of.id, object_id=heard.object_id, payment=heard.payment, by=by,
        reason=f"Given back {THERE}", reservation_id=whose.reservation_id, folio_id=whose.folio_id,
        window=whose.window,
    )  # fmt: skip
    if len(some) > 1:
        giving_back.book_shares(session, hotel, made, heard, some, day)
        return made
    reserving.reserve(session, hotel, of.payment.account_id, heard.amount, of=made.id)
    words = f"{heard.amount.said} of what was paid online were given back {THERE}"
    trace(session, hotel, made, words)
    return settling.settle(session, made, replace(heard, ours=None))


def hold_ended(session: Session, hold: CardHold, heard: Heard, *, by: Staff) -> CardHold:
    """End a hold that was taken or let go, and by nobody here; one that stands is left alone.

    What was taken is booked. One that is being taken or let go here is left to that.
    """
    require(by, Permission.PAY, hold.hotel_id)
    hotel = session.get_one(Hotel, hold.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, hold)
    if hold.state not in {HoldState.HELD, HoldState.LAPSED} or _is_busy(session, hold):
        return hold
    party = session.get_one(Reservation, (hotel.id, hold.reservation_id))
    if heard.stand is Stand.PAID and heard.amount is not None:
        settling.taken_there(session, hotel, hold, heard, day, by=by)
    elif heard.stand is Stand.RELEASED and hold.state is HoldState.HELD:
        settling.end_hold(session, hold, HoldState.LAPSED)
        amount = Money(hold.amount, hotel.currency)
        logbook.record(session, "lost a hold", hold, by=by, day=day, amount=amount)
        if hold.capture_before > clock.now():
            words = f"The hold of {amount.said} on {hold.words} was let go, and not by the house"
            tell_desk(session, hotel, f"{words}: ask the guest for another", party)
    return hold


def _is_busy(session: Session, hold: CardHold) -> bool:
    going = sa.select(Intent.id).where(
        Intent.hotel_id == hold.hotel_id,
        Intent.hold_id == hold.id,
        Intent.deed != Deed.RENEW,
        Intent.state.in_(ON_ITS_WAY),
    )
    return session.scalar(going.limit(1)) is not None
