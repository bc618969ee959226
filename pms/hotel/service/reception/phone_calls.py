"""Telephone calls: logged, called back, and made a request or a message by one deed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base import clock
from pms.base.db import lock, new_id
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook, numbers
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.rooms import Room
from pms.hotel.service import requests
from pms.hotel.service.reception import messages, privacy
from pms.hotel.service.reception.messages import telephone
from pms.hotel.service.reception.refusals import (
    BecameAlready,
    NotToBeCalledBack,
    TakesNoCalls,
)
from pms.hotel.service.reception.tables import Direction, GuestMessage, Outcome, PhoneCall
from pms.hotel.service.requests import Category, Request, Source, Where
from pms.hotel.service.requests.entering import said
from pms.hotel.stays import stays
from pms.hotel.stays.reservations import Reservation

LONGEST_MATTER = 1_000
ON_THE_TELEPHONE = "On the telephone"


@dataclass(frozen=True)
class About:
    """Whom or which room a call is about; a room finds its party."""

    reservation: Reservation | None = None
    room: Room | None = None


def log(
    session: Session,
    hotel: Hotel,
    *,
    direction: Direction,
    with_whom: str,
    matter: str,
    outcome: Outcome,
    about: About | None = None,
    phone: str | None = None,
    back_by: datetime | None = None,
    by: Staff,
) -> PhoneCall:
    """Write down a call, and until when they are to be called back.

    Refuses a call back that is past or has no number, and to put a call through to a party that
    takes none.
    """
    require(by, Permission.RECEIVE, hotel.id)
    with_whom = said(with_whom, field="with_whom")
    matter = said(matter, field="matter", longest=LONGEST_MATTER)
    phone = telephone(phone)
    day, now = business_day.hold(session, hotel), clock.now()
    party, room = _found(session, about or About())
    if outcome is Outcome.PUT_THROUGH and direction is Direction.INCOMING:
        _refuse_private(session, party)
    _refuse_no_way_back(back_by, phone, party, now)
    call = PhoneCall(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        number=numbers.next_number(session, hotel, "phone call"),
        direction=direction,
        with_whom=with_whom,
        phone=phone,
        reservation_id=party.id if party else None,
        room_id=room.id if room else None,
        matter=matter,
        outcome=outcome,
        back_by=back_by,
        staff_id=by.id,
        called_at=now,
        version=1,
    )
    session.add(call)
    session.flush()
    logbook.record(
        session, "logged call", call, by=by, day=day, number=call.number,
        direction=direction.value, outcome=outcome.value,
    )  # fmt: skip
    return call


def _found(session: Session, about: About) -> tuple[Reservation | None, Room | None]:
    room, party = about.room, about.reservation
    stay = stays.in_room(session, room) if room is not None and party is None else None
    return (party or (stay.reservation if stay is not None else None)), room


def _refuse_private(session: Session, party: Reservation | None) -> None:
    wish = privacy.wish_of(session, party) if party is not None else None
    if wish is not None and wish.no_calls:
        raise TakesNoCalls


def _refuse_no_way_back(
    back_by: datetime | None, phone: str | None, party: Reservation | None, now: datetime
) -> None:
    if back_by is None:
        return
    if back_by <= now:
        raise Invalid("That time is past. Say until when to call back.", field="back_by")
    if phone is None and party is None:
        raise Invalid("Ask for the number to call back.", field="phone")


def call_back(session: Session, call: PhoneCall, *, by: Staff) -> PhoneCall:
    """Write down that they were called back; refuses where nobody waits for it."""
    day = _begin(session, call, by=by)
    if not call.is_to_be_called_back:
        raise NotToBeCalledBack(call)
    call.called_back_at, call.called_back_by = clock.now(), by.id
    _end(session, call, "called back", by=by, day=day)
    return call


def make_request(session: Session, call: PhoneCall, *, category: Category, by: Staff) -> Request:
    """Make a request of what a call was about, in the same room for the same party.

    Refuses a call that became something already.
    """
    day = _begin(session, call, by=by)
    _refuse_twice(call)
    place = None if call.room_id or call.reservation_id else ON_THE_TELEPHONE
    made = requests.enter(
        session,
        session.get_one(Hotel, call.hotel_id),
        category=category,
        words=call.matter,
        where=Where(call.room, call.reservation, place),
        source=Source.PHONE,
        by=by,
    )
    call.request_id = made.id
    _end(session, call, "became request", by=by, day=day)
    return made


def pass_on(session: Session, call: PhoneCall, *, urgent: bool = False, by: Staff) -> GuestMessage:
    """Make a message for the party of what a call was about.

    Refuses a call about nobody, and one that became something already.
    """
    day = _begin(session, call, by=by)
    _refuse_twice(call)
    if call.reservation is None:
        raise Invalid("This call is about no party. Take the message by hand.")
    made = messages.take(
        session, call.reservation, sender=call.with_whom, phone=call.phone, words=call.matter,
        urgent=urgent, by=by,
    )  # fmt: skip
    call.message_id = made.id
    _end(session, call, "became message", by=by, day=day)
    return made


def _begin(session: Session, call: PhoneCall, *, by: Staff) -> date:
    require(by, Permission.RECEIVE, call.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, call.hotel_id))
    lock(session, call)
    return day


def _refuse_twice(call: PhoneCall) -> None:
    if call.request_id is not None or call.message_id is not None:
        raise BecameAlready(call)


def _end(session: Session, call: PhoneCall, verb: str, *, by: Staff, day: date) -> None:
    call.version += 1
    session.flush()
    logbook.record(session, verb, call, by=by, day=day, number=call.number)


def to_call_back(session: Session, hotel: Hotel, *, limit: int = 200) -> Sequence[PhoneCall]:
    """Return calls whose other side waits to be called back, what is due first, first."""
    return session.scalars(
        sa.select(PhoneCall)
        .options(
            joinedload(PhoneCall.reservation).joinedload(Reservation.guest),
            joinedload(PhoneCall.room).lazyload("*"),
        )
        .where(
            PhoneCall.hotel_id == hotel.id,
            PhoneCall.back_by.is_not(None),
            PhoneCall.called_back_at.is_(None),
        )
        .order_by(PhoneCall.back_by, PhoneCall.id)
        .limit(limit)
    ).all()
