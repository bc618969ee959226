"""Calling: what came of each call, and somebody sent up where nobody answered or nobody called."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pms.base import clock, dates
from pms.base.db import is_postgresql, lock
from pms.hotel.guests.guests import Guest
from pms.hotel.house import business_day, logbook, staff
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.rooms import Room
from pms.hotel.service import requests
from pms.hotel.service.requests import Category, Priority, Request, Source, Where, categories
from pms.hotel.service.wake_ups import ordering
from pms.hotel.service.wake_ups.ordering import end, plan_next
from pms.hotel.service.wake_ups.refusals import SeenTo, TooEarly
from pms.hotel.service.wake_ups.tables import CallState, WakeUp, WakeUpCall
from pms.hotel.stays import stays
from pms.hotel.stays.presence import Stay, is_in_house
from pms.hotel.stays.reservations import Reservation, State

EARLY = timedelta(minutes=10)  # a call may be made that much before it is due
GRACE = timedelta(minutes=5)  # then nobody has called, and somebody is sent up
MOST_TRIES = 2
CATEGORY = "WAKE-UP"
SEEN_MINUTES, DUE_MINUTES = 4, 15


def answered(session: Session, call: WakeUpCall, *, by: Staff) -> WakeUpCall:
    """Write down that the guest answered."""
    hotel, day = _begin(session, call, by=by)
    call.room_id, call.tries = _room_of(session, call), call.tries + 1
    end(call, CallState.ANSWERED, by=by)
    session.flush()
    logbook.record(session, "answered", call, by=by, day=day, on=call.day)
    plan_next(session, hotel, call.wake_up, after=call.day)
    return call


def no_answer(session: Session, call: WakeUpCall, *, by: Staff) -> WakeUpCall:
    """Write down that nobody answered: it is tried once more, then somebody is sent up."""
    hotel, day = _begin(session, call, by=by)
    if call.tries + 1 < MOST_TRIES:
        again = clock.now() + timedelta(minutes=call.wake_up.again_minutes)
        call.room_id, call.tries = _room_of(session, call), call.tries + 1
        call.next_at = max(again, call.due_at)
        call.version += 1
        session.flush()
        logbook.record(
            session,
            "no answer",
            call,
            by=by,
            day=day,
            again_at=f"{dates.local(again, hotel.time_zone):%H:%M}",
        )
        return call
    due = f"{dates.local(call.due_at, hotel.time_zone):%H:%M}"
    words = f"Nobody answered the wake-up call of {due}, twice. Go up and knock."
    _send_up(session, hotel, call, CallState.NO_ANSWER, words, by=by, day=day)
    return call


def _begin(session: Session, call: WakeUpCall, *, by: Staff) -> tuple[Hotel, date]:
    require(by, Permission.CONCIERGE, call.hotel_id)
    hotel = session.get_one(Hotel, call.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, call)
    if call.state is not CallState.WAITING:
        raise SeenTo(call)
    if clock.now() < call.due_at - EARLY:
        raise TooEarly(f"{dates.local(call.due_at, hotel.time_zone):%H:%M}")
    return hotel, day


def _room_of(session: Session, call: WakeUpCall) -> int | None:
    stay = stays.of(session, call.wake_up.reservation)
    return stay.room_id if stay is not None else None


def _send_up(
    session: Session,
    hotel: Hotel,
    call: WakeUpCall,
    state: CallState,
    words: str,
    *,
    by: Staff,
    day: date,
) -> Request:
    """Ask for somebody to go up, in the same deed; the request's own clocks do the rest."""
    made = requests.enter(
        session,
        hotel,
        category=_category(session, hotel),
        words=words,
        where=Where(reservation=call.wake_up.reservation),
        source=Source.STAFF,
        by=by,
    )
    room_id = _room_of(session, call)
    call.request_id, call.room_id = made.id, room_id
    call.tries += state is CallState.NO_ANSWER
    end(call, state, by=by)
    session.flush()
    logbook.record(
        session, "sent somebody up", call, by=by, day=day, request=made.number, state=state.value
    )
    plan_next(session, hotel, call.wake_up, after=call.day)
    return made


def _category(session: Session, hotel: Hotel) -> Category:
    """Return what such a request is; the house writes it down on first need."""
    found = categories.by_code(session, hotel, CATEGORY)
    if found is not None:
        return found
    try:
        with session.begin_nested():
            return categories.add(
                session,
                hotel,
                code=CATEGORY,
                name="Wake-up: go up and knock",
                department=Department.FRONT_OFFICE,
                seen=SEEN_MINUTES,
                due=DUE_MINUTES,
                priority=Priority.HIGH,
                guest_visible=False,
                by=staff.the_house(session, hotel),
            )
    except IntegrityError:  # another worker wrote it down at this moment
        found = categories.by_code(session, hotel, CATEGORY)
        if found is None:
            raise
        return found


# --- without anyone looking -----------------------------------------------------------------------


def look_after(session: Session, hotel: Hotel, *, by: Staff, limit: int = 50) -> int:
    """Send somebody up for calls that nobody made in time; return how many were looked after.

    Calls of a party that isn't in the house end by themselves, and daily ones get their next
    morning. Whoever runs it, each call is ended once: its row is locked, and what another worker
    has in hand is passed over.
    """
    day = business_day.hold(session, hotel)
    now = clock.now()
    due = (
        sa.select(WakeUpCall)
        .where(
            WakeUpCall.hotel_id == hotel.id,
            WakeUpCall.next_at.is_not(None),
            WakeUpCall.next_at <= now - GRACE,
        )
        .order_by(WakeUpCall.next_at, WakeUpCall.id)
        .limit(limit)
    )
    if is_postgresql(session):
        due = due.with_for_update(skip_locked=True)
    found = session.scalars(due.execution_options(populate_existing=True)).all()
    for call in found:
        session.refresh(call.wake_up.reservation)
        if call.wake_up.reservation.state is State.IN_HOUSE:
            _send_up(session, hotel, call, CallState.MISSED, _missed(hotel, call), by=by, day=day)
            continue
        end(call, CallState.CANCELLED, by=by)
        session.flush()
        logbook.record(session, "nobody to call", call, by=by, day=day, on=call.day)
        plan_next(session, hotel, call.wake_up, after=call.day)
    return len(found) + ordering.top_up(session, hotel)


def _missed(hotel: Hotel, call: WakeUpCall) -> str:
    due = f"{dates.local(call.due_at, hotel.time_zone):%H:%M}"
    if call.tries:
        return f"Nobody answered the wake-up call of {due}, and nobody called again. Go and knock."
    return f"The wake-up call of {due} was not made. Go up and knock now."


# --- questions ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listed:
    """A call as a list shows it: whose it is, and in which room they are now."""

    call: WakeUpCall
    wake_up: WakeUp
    guest: str
    vip: bool
    room: str | None
    in_house: bool

    def is_due(self, now: datetime) -> bool:
        """Whether somebody should be calling."""
        return self.in_house and self.call.next_at is not None and self.call.next_at <= now


def listed(
    session: Session,
    hotel: Hotel,
    *,
    first: datetime | None = None,
    until: datetime | None = None,
    reservation: Reservation | None = None,
    waiting: bool = False,
    limit: int = 500,
) -> list[Listed]:
    """Return calls due in [first, until), the earliest first, with the room the party is in now.

    What a party that has left asked for isn't listed any more.
    """
    query = (
        sa.select(WakeUpCall, WakeUp, Guest, Room.number, Reservation.state)
        .join(WakeUpCall.wake_up)
        .join(WakeUp.reservation)
        .join(Reservation.guest)
        .outerjoin(
            Stay,
            is_in_house(),
        )
        .outerjoin(Room, sa.and_(Room.hotel_id == Stay.hotel_id, Room.id == Stay.room_id))
        .where(
            WakeUpCall.hotel_id == hotel.id,
            sa.or_(
                WakeUpCall.state != CallState.WAITING,
                Reservation.state.in_(ordering.EXPECTED),
            ),
        )
        .order_by(WakeUpCall.due_at, Room.number, WakeUpCall.id)
        .limit(limit)
    )
    if first is not None:
        query = query.where(WakeUpCall.due_at >= first)
    if until is not None:
        query = query.where(WakeUpCall.due_at < until)
    if reservation is not None:
        query = query.where(Reservation.id == reservation.id)
    if waiting:
        query = query.where(WakeUpCall.state == CallState.WAITING)
    return [
        Listed(call, wake_up, guest.name, guest.vip, room, state is State.IN_HOUSE)
        for call, wake_up, guest, room, state in session.execute(query)
    ]


def due_now(hotel: Hotel) -> sa.ScalarSelect[int]:
    """Return the count of calls to guests in the house to be made now, as a part of a question."""
    return (
        sa.select(sa.func.count())
        .select_from(WakeUpCall)
        .join(WakeUpCall.wake_up)
        .join(WakeUp.reservation)
        .where(
            WakeUpCall.hotel_id == hotel.id,
            WakeUpCall.next_at <= clock.now(),
            Reservation.state == State.IN_HOUSE,
        )
        .scalar_subquery()
    )
