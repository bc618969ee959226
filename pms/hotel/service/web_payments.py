"""Web payments: what a guest is asked to pay on their own pages, and bookings that nobody paid."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.base import clock
from pms.base.db import lock
from pms.base.gateway import card_step
from pms.base.money import Money
from pms.hotel.books import folios
from pms.hotel.books.folios import Folio
from pms.hotel.house import business_day, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.rooms import inventory
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
from pms.hotel.stays.reservations import nights as of_nights
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
    amount = _wanted_at_once(session, hotel, reservation)
    if amount is None:
        return None
    until = clock.now() + PAY_WITHIN
    return _ask_at_once(session, hotel, reservation, amount, until, language=language, by=by)


def _ask_at_once(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    amount: Money,
    until: datetime,
    *,
    language: str,
    by: Staff,
) -> PaymentRequest:
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


def _wanted_at_once(session: Session, hotel: Hotel, reservation: Reservation) -> Money | None:
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
        amount = _wanted_at_once(session, hotel, room)
        if amount is None or (has_card and not amount):
            continue
        _ask_at_once(session, hotel, room, amount, until, language=language, by=by)
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
    return session.scalars(
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
    ).all()


def let_go_unpaid(
    session: Session, hotel: Hotel, *, by: Staff, limit: int = 200
) -> list[Reservation]:
    """Cancel web bookings whose payment was due at booking and never came; return their rooms.

    All rooms of a booking go together, or none: where something is held for one of them, somebody
    decides. A guest who is at the gateway's page meanwhile isn't disturbed, nor one the desk asked
    again, nor who paid at the desk, nor a room that the desk reinstated. What the desk alone asked
    for, ahead of its day, ends no booking. At most so many bookings are let go as `limit` says.
    """
    bookings: dict[int, list[Reservation]] = defaultdict(list)
    late = [each.booking_number for each in _late(session, hotel)]
    for room in _rooms_on_the_web(session, hotel, late):
        bookings[room.booking_number].append(room)
    every = [room for rooms in bookings.values() for room in rooms]
    held = settlements.deposits_held(session, hotel, every)
    unpaid = [rooms for rooms in bookings.values() if not any(held[room.id] for room in rooms)]
    business_day.hold(session, hotel)
    gone = [_let_go(session, hotel, rooms, by=by) for rooms in unpaid[:limit]]
    return [room for rooms in gone for room in rooms]


def _late(session: Session, hotel: Hotel) -> Sequence[Reservation]:
    """Return web bookings that promised money, or a card, at once, and did nothing in time.

    What was asked of one room of a booking was asked of all of them.
    """
    beside = aliased(Reservation)
    of_booking = (
        sa.select(beside.id)
        .where(
            beside.hotel_id == Reservation.hotel_id,
            beside.booking_number == Reservation.booking_number,
        )
        .correlate(Reservation)
    )
    shared = (
        sa.exists()
        .where(
            PaymentPart.hotel_id == PaymentRequest.hotel_id,
            PaymentPart.request_id == PaymentRequest.id,
            PaymentPart.reservation_id == Reservation.id,
        )
        .correlate(Reservation, PaymentRequest)
    )
    mine = sa.and_(
        PaymentRequest.hotel_id == Reservation.hotel_id,
        sa.or_(PaymentRequest.reservation_id.in_(of_booking), shared),
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
    return session.scalars(
        _on_the_web(hotel)
        .where(
            Reservation.guarantee.in_((Guarantee.CARD, Guarantee.DEPOSIT)),
            sa.exists().where(mine, ran_out),
            ~sa.exists().where(mine, PaymentRequest.state.in_(lives)),
            ~at_gateway,
        )
        .order_by(Reservation.id)
    ).all()


def _on_the_web(hotel: Hotel) -> sa.Select[Reservation]:
    """Ask for the rooms that guests booked on the web and that are still to come.

    Not for those that the desk reinstated: what they promised at booking ended with them.
    """
    return (
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
            Reservation.reinstated_at.is_(None),
        )
    )


def _rooms_on_the_web(
    session: Session, hotel: Hotel, bookings: Sequence[int]
) -> Sequence[Reservation]:
    """Return all rooms of bookings; what the desk added to one isn't the web's to end."""
    if not bookings:
        return ()
    theirs = Reservation.booking_number.in_(bookings)
    return session.scalars(_on_the_web(hotel).where(theirs).order_by(Reservation.id)).all()


def _let_go(
    session: Session, hotel: Hotel, rooms: Sequence[Reservation], *, by: Staff
) -> list[Reservation]:
    """Cancel the rooms of a booking unless its money came meanwhile; return which."""
    waiting = [room for room in rooms if lock(session, room).state is State.BOOKED]
    if any(settlements.deposit_held(session, room) for room in waiting):
        return []
    nights = [each for room in waiting for each in of_nights.read(session, room)]
    counted = {(each.night, each.counted_type_id) for each in nights}
    inventory.lock_nights(session, hotel, {(at, kind) for at, kind in counted if kind is not None})
    for room in waiting:
        reservations.cancel(session, room, reason=UNPAID, by=by)
    return waiting
