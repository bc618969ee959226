"""Web payments: what a guest is asked to pay on their own pages, and bookings that nobody paid."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import lock
from pms.base.gateway import card_step
from pms.base.money import Money
from pms.hotel.books import folios
from pms.hotel.books.folios import Folio
from pms.hotel.house import business_day, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.rooms.policies import terms_of
from pms.hotel.service import checkout
from pms.hotel.service.booked_rooms import BookedRoom
from pms.hotel.service.checkout import (
    OPEN_STATES,
    PaymentPart,
    PaymentRequest,
    Purpose,
    parts,
)
from pms.hotel.service.checkout.parts import RoomOwes
from pms.hotel.stays import promised
from pms.hotel.stays.reservations import Guarantee, Reservation, agreed

PAY_WITHIN, BILL_STANDS = timedelta(hours=2), timedelta(days=2)
DUE = (Purpose.DEPOSIT, Purpose.CARD)  # what the terms want at once


def ask_at_booking(
    session: Session, reservation: Reservation, *, language: str, by: Staff
) -> PaymentRequest | None:
    """Ask who just booked for what the terms want at once: a deposit that is due, else a card.

    None where they want nothing now, or the hotel takes no money online.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    amount = wanted_at_once(session, hotel, reservation)
    if amount is None:
        return None
    until = clock.now() + PAY_WITHIN
    return ask_at_once(session, hotel, reservation, amount, until, language=language, by=by)


def ask_at_once(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    amount: Money,
    until: datetime,
    *,
    language: str,
    by: Staff,
) -> PaymentRequest:
    """Ask a room's guest for a deposit, or where the amount is zero for a card."""
    return checkout.ask(
        session,
        hotel,
        purpose=Purpose.DEPOSIT if amount else Purpose.CARD,
        amount=amount or None,
        reservation=reservation,
        language=language,
        expires_at=until,
        by=by,
    )


def wanted_at_once(session: Session, hotel: Hotel, reservation: Reservation) -> Money | None:
    """Return the deposit that a booking's terms want now, zero for a card; None for nothing."""
    policy = agreed.policy_of(session, reservation)
    if policy is None or not pays_online(session, hotel):
        return None
    terms, today = terms_of(policy), business_day.today(session, hotel)
    due = terms.deposit_due(reservation.booked_on, reservation.arrival)
    if due is not None and due <= today:
        [room] = promised.promised(session, hotel, [reservation])
        asked = terms.deposit.of([each.room for each in room.nights], hotel.currency)
        return -_by_card(-asked, hotel)  # up, so that it is enough
    return Money.zero(hotel.currency) if reservation.guarantee is Guarantee.CARD else None


def ask_rooms_at_booking(
    session: Session, rooms: Sequence[Reservation], *, language: str, by: Staff
) -> None:
    """Ask who just booked for what the terms of each room want at once.

    Deposits are asked for room by room, so that they can be paid so, or together; a card is asked
    for once, however many rooms it stands for.
    """
    has_card, until = False, clock.now() + PAY_WITHIN
    for room in rooms:
        hotel = session.get_one(Hotel, room.hotel_id)
        amount = wanted_at_once(session, hotel, room)
        if amount is None or (has_card and not amount):
            continue
        ask_at_once(session, hotel, room, amount, until, language=language, by=by)
        has_card = has_card or not amount


def to_do_first(
    session: Session,
    booking: Reservation,
    rooms: Sequence[BookedRoom],
    *,
    language: str,
    by: Staff,
) -> PaymentRequest | None:
    """Return what who booked several rooms is asked to do first: one payment for all deposits.

    Else the one deposit, else the card; None where nothing is asked for.
    """
    if len([each for room in rooms for each in room.owes]) > 1:
        return ask_for_rooms(session, booking, rooms, language=language, by=by)
    asked = [each for room in rooms for each in room.asked]
    return min(asked, key=lambda each: each.purpose is not Purpose.DEPOSIT, default=None)


def ask_for_bill(
    session: Session,
    reservation: Reservation,
    *,
    window: int,
    language: str,
    by: Staff,
) -> PaymentRequest | None:
    """Ask a guest for what a window of their bill owes, by the request that is open if it is for
    that very amount; None where nothing is owed that a card can be charged.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    business_day.hold(session, hotel)
    folio = session.get_one(Folio, (hotel.id, reservation.folio_id))
    owed = _by_card(folios.balance_of(session, folio)[window], hotel)
    if owed.minor <= 0:
        return None
    for request in open_requests(session, reservation):
        if (request.purpose, request.window) == (Purpose.BALANCE, window):
            if request.amount == owed.minor:
                return request
            checkout.withdraw(session, request, reason="The bill has changed", by=by)
    return checkout.ask(
        session,
        hotel,
        purpose=Purpose.BALANCE,
        amount=owed,
        folio=folio,
        window=window,
        language=language,
        expires_at=clock.now() + BILL_STANDS,
        by=by,
    )


def _by_card(owed: Money, hotel: Hotel) -> Money:
    """Return what of a sum a card can be charged: down to whole steps, of 10 fils for one."""
    step = card_step(hotel.currency)
    return Money(owed.minor // step * step, hotel.currency)


def ask_for_rooms(
    session: Session,
    booking: Reservation,
    rooms: Sequence[BookedRoom],
    *,
    language: str,
    by: Staff,
) -> PaymentRequest | None:
    """Ask who booked several rooms for what all of them owe, by the request that is open if it is
    for that very thing; None where nothing is owed.
    """
    hotel = session.get_one(Hotel, booking.hotel_id)
    business_day.hold(session, hotel)
    owes = [each for room in rooms for each in room.owes]
    if not owes:
        return None
    _lock_asked(session, booking, owes)
    for request in open_requests(session, booking):
        if request.purpose is Purpose.ROOMS:
            if _is_for(parts.of(session, request), owes):
                return request
            if request.asked_by == by.id:  # the desk's own link stays as it was sent
                checkout.withdraw(session, request, reason="The bills have changed", by=by)
    stands = [each.stands_for.expires_at for each in owes if each.stands_for is not None]
    return parts.ask(
        session, hotel, booking, owes, language=language,
        expires_at=min([clock.now() + BILL_STANDS, *stands]), by=by,
    )  # fmt: skip


def _lock_asked(session: Session, booking: Reservation, owes: Sequence[RoomOwes]) -> None:
    """Lock what a booking is asked for, in the order in which it is paid: requests before rooms.

    The booking last, so that two presses of the button are one request.
    """
    together = [each for each in open_requests(session, booking) if each.purpose is Purpose.ROOMS]
    alone = [each.stands_for for each in owes if each.stands_for is not None]
    for some in (together, alone):
        for request in sorted(some, key=lambda each: each.id):
            lock(session, request)
    lock(session, booking)


def _is_for(fixed: Sequence[PaymentPart], owes: Sequence[RoomOwes]) -> bool:
    """Tell whether a request's parts are what is owed, all of it and nothing else."""
    return len(fixed) == len(owes) and all(
        any(each.is_part(part) for part in fixed) for each in owes
    )


def pays_online(session: Session, hotel: Hotel) -> bool:
    """Tell whether guests can pay a hotel on their own pages."""
    return checkout.mode_of(session, hotel) is not None


def open_requests(session: Session, reservation: Reservation) -> list[PaymentRequest]:
    """Return what a party is asked for and can still do, the oldest first."""
    asked = checkout.of_reservation(session, reservation)
    now = clock.now()
    return [each for each in reversed(asked) if each.is_open and each.expires_at > now]


def asked_at_booking(
    session: Session, hotel: Hotel, rooms: Sequence[Reservation]
) -> Sequence[PaymentRequest]:
    """Return what a guest was asked for as they booked rooms on the web, while they can do it."""
    asked = session.scalars(
        sa.select(PaymentRequest)
        .where(
            PaymentRequest.hotel_id == hotel.id,
            PaymentRequest.reservation_id.in_([room.id for room in rooms]),
            PaymentRequest.purpose.in_(DUE),
            PaymentRequest.asked_by.in_(staff.id_of_a_guest(hotel)),
            PaymentRequest.state.in_(OPEN_STATES),
            PaymentRequest.expires_at > clock.now(),
        )
        .order_by(PaymentRequest.id)
    )
    return [each for each in asked if each.is_open]
