"""Messages: taken for a party in the house or arriving, delivered or withdrawn, each once."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base import card_numbers, clock
from pms.base.db import lock, new_id
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook, numbers
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service.reception.privacy import expect
from pms.hotel.service.reception.refusals import WentAlready
from pms.hotel.service.reception.tables import GuestMessage, How, MessageState
from pms.hotel.service.requests.entering import said
from pms.hotel.stays.reservations import Reservation

LONGEST_WORDS = 1_000
LONGEST_PHONE = 40


def take(
    session: Session,
    reservation: Reservation,
    *,
    sender: str,
    words: str,
    phone: str | None = None,
    urgent: bool = False,
    by: Staff,
) -> GuestMessage:
    """Take a message for a party; refuses one that isn't expected, and a message of nothing."""
    require(by, Permission.RECEIVE, reservation.hotel_id)
    sender, words = said(sender, field="sender"), said(words, field="words", longest=LONGEST_WORDS)
    phone = telephone(phone)
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.hold(session, hotel)
    expect(session, reservation)
    message = GuestMessage(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        number=numbers.next_number(session, hotel, "message"),
        reservation_id=reservation.id,
        sender=sender,
        phone=phone,
        words=words,
        urgent=urgent,
        state=MessageState.WAITING,
        staff_id=by.id,
        taken_at=clock.now(),
        version=1,
    )
    session.add(message)
    session.flush()
    verb = "took urgent message" if urgent else "took message"
    logbook.record(session, verb, message, by=by, day=day, number=message.number)
    return message


def telephone(typed: str | None) -> str | None:
    """Return a telephone number as it was said; refuses an endless one, and a card's number."""
    kept = (typed or "").strip()
    if len(kept) > LONGEST_PHONE:
        raise Invalid(f"At most {LONGEST_PHONE} characters.", field="phone")
    card_numbers.refuse(phone=kept)
    return kept or None


def deliver(session: Session, message: GuestMessage, *, how: How, by: Staff) -> GuestMessage:
    """Write down that the guest has it, and how; refuses one that isn't waiting."""
    return _end(session, message, MessageState.DELIVERED, how=how, by=by)


def withdraw(session: Session, message: GuestMessage, *, reason: str, by: Staff) -> GuestMessage:
    """Take back a message that nobody should get any more, and say why."""
    why = said(reason, field="reason")
    return _end(session, message, MessageState.WITHDRAWN, why=why, by=by)


def _end(
    session: Session,
    message: GuestMessage,
    state: MessageState,
    *,
    how: How | None = None,
    why: str | None = None,
    by: Staff,
) -> GuestMessage:
    require(by, Permission.RECEIVE, message.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, message.hotel_id))
    lock(session, message)
    if message.state is not MessageState.WAITING:
        raise WentAlready(message)
    message.state, message.how, message.why = state, how, why
    message.ended_by, message.ended_at = by.id, clock.now()
    message.version += 1
    session.flush()
    logbook.record(
        session, f"{state.value} message", message, by=by, day=day, why=why, how=how,
        number=message.number,
    )  # fmt: skip
    return message


def waiting(
    session: Session, hotel: Hotel, *, reservation: Reservation | None = None, limit: int = 200
) -> Sequence[GuestMessage]:
    """Return messages that wait, the urgent ones first: all, or a party's."""
    query = (
        sa.select(GuestMessage)
        .options(joinedload(GuestMessage.reservation).joinedload(Reservation.guest))
        .where(GuestMessage.hotel_id == hotel.id, GuestMessage.state == MessageState.WAITING)
        .order_by(GuestMessage.urgent.desc(), GuestMessage.id)
        .limit(limit)
    )
    if reservation is not None:
        query = query.where(GuestMessage.reservation_id == reservation.id)
    return session.scalars(query).all()
