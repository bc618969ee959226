"""Web payments: what a guest is asked to pay on their own pages, and bookings that nobody paid."""

from collections.abc import Sequence
from datetime import timedelta

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
    Intent,
    IntentState,
    PaymentPart,
    PaymentRequest,
    Purpose,
    RequestState,
    parts,
)
from pms.hotel.service.checkout.parts import RoomOwes
from pms.hotel.stays import promised, reservations, settlements
from pms.hotel.stays.reservations import Guarantee, Reservation, State, agreed
from pms.hotel.stays.web_bookings import WebBooking

PAY_WITHIN, BILL_STANDS = timedelta(hours=2), timedelta(days=2)
UNPAID = "Booked on the web, and not paid in time"
DUE = (Purpose.DEPOSIT, Purpose.CARD)  # what the terms want at once


def ask_at_booking(
    session: Session, reservation: Reservation, *, language: str, by: Staff
) -> PaymentRequest | None:
    """Ask who just booked for what the terms want at once: a deposit that is due, else a card.

    None where they want nothing now, or the hotel takes no money online.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    policy = agreed.policy_of(session, reservation)
    if policy is None or not pays_online(session, hotel):
        return None
    terms, today = terms_of(policy), business_day.today(session, hotel)
    due = terms.deposit_due(reservation.booked_on, reservation.arrival)
    amount = None
    if due is not None and due <= today:
        [room] = promised.promised(session, hotel, [reservation])
        asked = terms.deposit.of([each.room for each in room.nights], hotel.currency)
        amount = -_by_card(-asked, hotel)  # up, so that it is enough
    elif reservation.guarantee is not Guarantee.CARD:
        return None
    return checkout.ask(
        session,
        hotel,
        purpose=Purpose.DEPOSIT if amount else Purpose.CARD,
        amount=amount or None,
        reservation=reservation,
        language=language,
        expires_at=clock.now() + PAY_WITHIN,
        by=by,
    )


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
    return parts.ask(
        session, hotel, booking, owes, language=language, expires_at=clock.now() + BILL_STANDS,
        by=by,
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


def asked_at_booking(session: Session, reservation: Reservation) -> PaymentRequest | None:
    """Return what a guest was asked for as they booked on the web, while they can still do it."""
    hotel = session.get_one(Hotel, reservation.hotel_id)
    guest = session.scalar(staff.id_of_a_guest(hotel))
    asked = open_requests(session, reservation)
    return next((each for each in asked if each.asked_by == guest and each.purpose in DUE), None)


def let_go_unpaid(
    session: Session, hotel: Hotel, *, by: Staff, limit: int = 200
) -> list[Reservation]:
    """Cancel web bookings whose payment was due at booking and never came; return which.

    A guest who is at the gateway's page meanwhile isn't disturbed, nor one the desk asked again,
    nor who paid at the desk. What the desk alone asked for, ahead of its day, ends no booking.
    """
    mine = sa.and_(
        PaymentRequest.hotel_id == Reservation.hotel_id,
        PaymentRequest.reservation_id == Reservation.id,
    )
    lives = (*OPEN_STATES, RequestState.PAID)
    ran_out = sa.and_(
        PaymentRequest.state == RequestState.EXPIRED,
        PaymentRequest.purpose.in_(DUE),
        PaymentRequest.asked_by.in_(staff.id_of_a_guest(hotel)),
    )
    at_gateway = sa.exists().where(
        mine,
        Intent.hotel_id == PaymentRequest.hotel_id,
        Intent.request_id == PaymentRequest.id,
        Intent.state.in_((IntentState.INTENDED, IntentState.CALLED)),
    )
    asked = session.scalars(
        sa.select(Reservation)
        .join(
            WebBooking,
            sa.and_(
                WebBooking.hotel_id == Reservation.hotel_id,
                WebBooking.reservation_id == Reservation.id,
            ),
        )
        .where(
            Reservation.hotel_id == hotel.id,
            Reservation.state == State.BOOKED,
            Reservation.guarantee.in_((Guarantee.CARD, Guarantee.DEPOSIT)),
            sa.exists().where(mine, ran_out),
            ~sa.exists().where(mine, PaymentRequest.state.in_(lives)),
            ~at_gateway,
        )
        .order_by(Reservation.id)
    ).all()
    held = settlements.deposits_held(session, hotel, asked)
    unpaid = [each for each in asked if not held[each.id]][:limit]
    business_day.hold(session, hotel)
    gone = [each for each in unpaid if _is_unpaid(session, lock(session, each))]
    for reservation in gone:
        reservations.cancel(session, reservation, reason=UNPAID, by=by)
    return gone


def _is_unpaid(session: Session, reservation: Reservation) -> bool:
    """Tell whether a booking that is locked still waits for its money."""
    return reservation.state is State.BOOKED and not settlements.deposit_held(session, reservation)
