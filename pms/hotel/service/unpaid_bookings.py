"""Unpaid bookings: of the web, that nobody paid when they were booked; asked on, or let go."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.base import clock
from pms.base.db import Base, lock
from pms.base.money import Money
from pms.hotel.house import business_day, staff
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.rooms import inventory
from pms.hotel.service import web_payments
from pms.hotel.service.checkout import (
    OPEN_STATES,
    Intent,
    IntentState,
    PaymentPart,
    PaymentRequest,
    Purpose,
    RequestState,
    asking,
    standing_cards,
)
from pms.hotel.service.web_payments import DUE
from pms.hotel.stays import reservations, settlements, traces
from pms.hotel.stays.reservations import Guarantee, Reservation, State
from pms.hotel.stays.reservations import nights as of_nights
from pms.hotel.stays.traces import Trace
from pms.hotel.stays.web_bookings import WebBooking

ENDED = (State.CANCELLED, State.NO_SHOW)
UNPAID = "Booked on the web, and not paid in time"
HALF = "Booked on the web: "
ASKED_ON = timedelta(minutes=30)  # at least so long: who is asked on couldn't do it before


def ask_on(session: Session, hotel: Hotel, *, by: Staff, limit: int) -> list[PaymentRequest]:
    """Ask for the card of a booking by its next room, where the room it was asked of is over.

    It is asked for until the same hour, or for half an hour. Not where the desk took the request
    back, nor where a card stands for the room. Asks at most `limit` bookings.
    """
    made: list[PaymentRequest] = []
    seen: set[int] = set()
    for room in session.scalars(_to_ask_on(hotel)).all():
        if len(made) == limit:
            break
        before = None if room.booking_number in seen else _ended_with(session, room)
        if before is None or not _wants_card(session, hotel, room):
            continue
        seen.add(room.booking_number)
        until = max(before.expires_at, clock.now() + ASKED_ON)
        made.append(
            web_payments.ask_at_once(
                session, hotel, room, Money.zero(hotel.currency), until,
                language=before.language, by=by,
            )
        )  # fmt: skip
    return made


def _wants_card(session: Session, hotel: Hotel, room: Reservation) -> bool:
    """Lock a room; tell whether its terms want a card still, and nobody was asked meanwhile."""
    business_day.hold(session, hotel)
    lock(session, room)
    amount = web_payments.wanted_at_once(session, hotel, room)
    if amount is None or amount or standing_cards.of(session, room):
        return False
    return session.scalar(_to_ask_on(hotel).where(Reservation.id == room.id)) is not None


def _ended_with(session: Session, room: Reservation) -> PaymentRequest | None:
    """Return the card's request that ended with a room of the same booking, the latest."""
    others = session.scalars(
        sa.select(Reservation).where(
            Reservation.hotel_id == room.hotel_id,
            Reservation.booking_number == room.booking_number,
            Reservation.guest_id == room.guest_id,
            Reservation.state.in_(ENDED),
        )
    ).all()
    ended = [each for other in others for each in asking.ended_with(session, other)]
    cards = [each for each in ended if each.purpose is Purpose.CARD]
    return max(cards, key=lambda each: each.id, default=None)


def _to_ask_on(hotel: Hotel) -> sa.Select[Reservation]:
    """Ask for rooms to come of bookings whose card was asked of rooms that are all over."""
    beside = aliased(Reservation)
    asked = (
        sa.select(PaymentRequest.id)
        .where(
            beside.hotel_id == Reservation.hotel_id,
            beside.booking_number == Reservation.booking_number,
            beside.guest_id == Reservation.guest_id,
            PaymentRequest.hotel_id == beside.hotel_id,
            PaymentRequest.reservation_id == beside.id,
            PaymentRequest.purpose == Purpose.CARD,
            PaymentRequest.asked_by.in_(staff.id_of_a_guest(hotel)),
        )
        .correlate(Reservation)
    )
    undone = (*OPEN_STATES, RequestState.WITHDRAWN)
    return (
        _on_the_web(hotel)
        .where(
            Reservation.guarantee == Guarantee.CARD,
            asked.where(beside.state.in_(ENDED), PaymentRequest.state.in_(undone)).exists(),
            ~asked.where(beside.state.not_in(ENDED)).exists(),
        )
        .order_by(Reservation.id)
    )


def let_go(session: Session, hotel: Hotel, *, by: Staff, limit: int = 200) -> list[Reservation]:
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
    _tell_desk_of_halves(session, hotel, {rooms[0].booking_number for rooms in unpaid}, by=by)
    return [room for rooms in gone for room in rooms]


def _tell_desk_of_halves(
    session: Session, hotel: Hotel, unpaid: Collection[int], *, by: Staff
) -> None:
    """Trace once what ran out of bookings that stay, as something else of them was done."""
    of_room = sa.and_(
        PaymentRequest.hotel_id == Reservation.hotel_id,
        PaymentRequest.reservation_id == Reservation.id,
    )
    opened = _asked_of_booking(PaymentRequest, PaymentRequest.state.in_(OPEN_STATES))
    told = sa.exists().where(
        Trace.hotel_id == Reservation.hotel_id,
        Trace.reservation_id == Reservation.id,
        Trace.words.startswith(HALF, autoescape=True),
    )
    found = session.execute(
        _on_the_web(hotel)
        .add_columns(PaymentRequest)
        .join(PaymentRequest, of_room)
        .where(
            _ran_out(hotel, PaymentRequest), Reservation.booking_number.not_in(unpaid),
            Reservation.guarantee.in_((Guarantee.CARD, Guarantee.DEPOSIT)),  # else it isn't wanted
            ~opened, ~_at_gateway(), ~told,
        )
        .order_by(PaymentRequest.id)
    ).all()  # fmt: skip
    held = settlements.deposits_held(session, hotel, [room for room, _ in found])
    for room, request in found:
        is_card = request.purpose is Purpose.CARD
        was_done = held[room.id].minor >= request.amount
        if standing_cards.of(session, room) if is_card else was_done:
            continue
        what = "the card" if is_card else f"{Money(request.amount, hotel.currency).said}"
        traces.add(
            session, hotel, department=Department.FRONT_OFFICE,
            due_on=business_day.today(session, hotel),
            words=f"{HALF}{what} for booking {room.number} didn't come in time, and something "
            f"else of its rooms was paid. Ask again, or cancel it",
            reservation=room, by=by,
        )  # fmt: skip


def _late(session: Session, hotel: Hotel) -> Sequence[Reservation]:
    """Return web bookings that promised money, or a card, at once, and did nothing in time.

    What was asked of one room of a booking was asked of all of them. A card that was given with
    the booking stands for no deposit.
    """
    due, done = aliased(PaymentRequest), aliased(PaymentRequest)
    only_a_card = sa.and_(
        done.state == RequestState.PAID,
        done.purpose == Purpose.CARD,
        done.asked_by.in_(staff.id_of_a_guest(hotel)),
        due.purpose != Purpose.CARD,
    )
    lives = done.state.in_((*OPEN_STATES, RequestState.PAID))
    stands = _asked_of_booking(done, lives, ~only_a_card, of=(Reservation, due))
    return session.scalars(
        _on_the_web(hotel)
        .where(
            Reservation.guarantee.in_((Guarantee.CARD, Guarantee.DEPOSIT)),
            _asked_of_booking(due, _ran_out(hotel, due), ~stands),
            ~_at_gateway(),
        )
        .order_by(Reservation.id)
    ).all()


def _asked_of_booking(
    request: type[PaymentRequest],
    *which: sa.ColumnElement[bool],
    of: Sequence[type[Base]] = (Reservation,),
) -> sa.ColumnElement[bool]:
    """Ask whether the booking of a room was asked for such a thing, by room or for several.

    Two questions, each by an index of its own: to ask for either at once walks every request.
    """
    beside = aliased(Reservation)
    by_room = sa.exists().where(
        beside.hotel_id == Reservation.hotel_id,
        beside.booking_number == Reservation.booking_number,
        request.hotel_id == beside.hotel_id,
        request.reservation_id == beside.id,
        *which,
    )
    together = sa.exists().where(
        PaymentPart.hotel_id == Reservation.hotel_id,
        PaymentPart.reservation_id == Reservation.id,
        request.hotel_id == PaymentPart.hotel_id,
        request.id == PaymentPart.request_id,
        *which,
    )
    return sa.or_(by_room.correlate(*of), together.correlate(*of))


def _ran_out(hotel: Hotel, request: type[PaymentRequest]) -> sa.ColumnElement[bool]:
    return sa.and_(
        request.state == RequestState.EXPIRED,
        request.purpose.in_(DUE),
        request.asked_by.in_(staff.id_of_a_guest(hotel)),
    )


def _at_gateway() -> sa.ColumnElement[bool]:
    """Ask whether somebody is just paying, of what a room's booking was asked for."""
    return _asked_of_booking(
        PaymentRequest,
        sa.exists().where(
            Intent.hotel_id == PaymentRequest.hotel_id,
            Intent.request_id == PaymentRequest.id,
            Intent.state.in_((IntentState.INTENDED, IntentState.CALLED)),
        ),
    )


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
