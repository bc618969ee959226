"""Entering a request: where it is wanted, whose work it is, by when, and who is asked."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import card_numbers, clock
from pms.base.db import new_id
from pms.base.refusal import Invalid
from pms.hotel.guests.guests import Guest
from pms.hotel.house import business_day, logbook, numbers
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.rooms import Room
from pms.hotel.service.requests import asking
from pms.hotel.service.requests.categories import Category, Priority
from pms.hotel.service.requests.refusals import NowhereToGo
from pms.hotel.service.requests.tables import Request, Source, State
from pms.hotel.stays import stays
from pms.hotel.stays.reservations import Reservation, ReservationNight

LONGEST_WORDS = 1_000
LONGEST_PLACE = 80


@dataclass(frozen=True)
class Where:
    """Where a request is wanted and by whom; a room finds its party, a party its room."""

    room: Room | None = None
    reservation: Reservation | None = None
    place: str | None = None


def enter(
    session: Session,
    hotel: Hotel,
    *,
    category: Category,
    words: str,
    where: Where,
    source: Source = Source.DESK,
    priority: Priority | None = None,
    wanted_at: datetime | None = None,
    by: Staff,
) -> Request:
    """Write down what is asked for, start its clocks, and ask who is on duty.

    With `wanted_at` it is due then, not before. Refuses what says nothing, a category that isn't
    asked for any more, and what is wanted nowhere.
    """
    require(by, Permission.REQUEST, hotel.id)
    words = said(words, field="words", longest=LONGEST_WORDS)
    if not category.active:
        raise Invalid(
            f"{category.name} isn't asked for any more. Choose another.", field="category"
        )
    day = business_day.hold(session, hotel)
    now = clock.now()
    if wanted_at is not None and wanted_at <= now:
        raise Invalid("That time is past. Leave it empty for at once.", field="wanted_at")
    room, reservation, place = _found(session, where, day)
    guest = reservation.guest if reservation is not None else None
    request = Request(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        number=numbers.next_number(session, hotel, "request"),
        category_id=category.id,
        department=category.department,
        priority=priority or category.priority,
        vip=_is_vip(guest),
        source=source,
        guest_visible=category.guest_visible,
        complaint=category.complaint,
        words=words,
        place=place,
        room_id=room.id if room else None,
        reservation_id=reservation.id if reservation else None,
        guest_id=guest.id if guest else None,
        state=State.NEW,
        turn=0,
        level=1,
        staff_id=by.id,
        asked_on=day,
        asked_at=now,
        wanted_at=wanted_at,
        clock_from=now,
        seen_by=now,
        due_at=now,
        paused=0,
    )
    session.add(request)
    session.flush()
    wind(session, request)
    logbook.record(
        session,
        "asked for",
        request,
        by=by,
        day=day,
        category=category.code,
        priority=request.priority.value,
        room=room.number if room else None,
        source=source.value,
    )
    asking.ask(session, hotel, request, by=by, day=day)
    session.flush()
    return request


def wind(session: Session, request: Request) -> None:
    """Set the clocks of a request from when they began, less what it rested."""
    minutes = asking.clock_of(session, request)
    rested = timedelta(seconds=request.paused)
    request.seen_by = request.clock_from + minutes.seen + rested
    due = request.clock_from + minutes.due + rested
    request.due_at = max(due, request.wanted_at) if request.wanted_at is not None else due


def said(words: str, *, field: str, longest: int = 200) -> str:
    """Return words as they are kept; refuses none, endless ones, and a card's number."""
    kept = words.strip()
    if not kept:
        raise Invalid("Say it in a few words.", field=field)
    if len(kept) > longest:
        raise Invalid(f"At most {longest:,} letters.", field=field)
    card_numbers.refuse(**{field: kept})
    return kept


def _is_vip(guest: Guest | None) -> bool:
    return guest is not None and guest.vip


def _found(
    session: Session, where: Where, day: date
) -> tuple[Room | None, Reservation | None, str | None]:
    """Return room, party and place: what wasn't said follows from who is where now."""
    room, reservation = where.room, where.reservation
    place = (where.place or "").strip()[:LONGEST_PLACE] or None
    card_numbers.refuse(place=place)
    if room is None and reservation is not None:
        room = _room_of(session, reservation, day)
    if reservation is None and room is not None:
        stay = stays.in_room(session, room)
        reservation = stay.reservation if stay is not None else None
    if room is None and reservation is None and place is None:
        raise NowhereToGo
    return room, reservation, place


def _room_of(session: Session, reservation: Reservation, day: date) -> Room | None:
    stay = stays.of(session, reservation)
    if stay is not None:
        return stay.room
    night = session.scalar(
        sa.select(ReservationNight)
        .where(
            ReservationNight.hotel_id == reservation.hotel_id,
            ReservationNight.reservation_id == reservation.id,
            ReservationNight.night >= day,
            ReservationNight.live,
        )
        .order_by(ReservationNight.night)
        .limit(1)
    )
    return night.room if night is not None else None
