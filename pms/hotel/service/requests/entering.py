"""Entering a request: where it is wanted, whose work it is, by when, and who is asked."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

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


class _Found(NamedTuple):
    """Where a request is wanted: room, party and place, as far as they are known."""

    room: Room | None
    reservation: Reservation | None
    place: str | None

    @property
    def guest(self) -> Guest | None:
        """Who booked for the party."""
        return self.reservation.guest if self.reservation is not None else None


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
    if wanted_at is not None and wanted_at <= clock.now():
        raise Invalid("That time is past. Leave it empty for at once.", field="wanted_at")
    found = _found(session, where, day)
    request = _new(session, hotel, category, found, day=day, by=by)
    request.words, request.source, request.wanted_at = words, source, wanted_at
    request.priority = priority or category.priority
    session.add(request)
    session.flush()
    wind(session, request)
    logbook.record(
        session, "asked for", request, by=by, day=day, category=category.code,
        priority=request.priority.value, room=found.room.number if found.room else None,
        source=source.value,
    )  # fmt: skip
    asking.ask(session, hotel, request, by=by, day=day)
    session.flush()
    return request


def _new(
    session: Session, hotel: Hotel, category: Category, found: _Found, *, day: date, by: Staff
) -> Request:
    """Return a request of a category as it begins, its clocks not wound yet."""
    now = clock.now()
    return Request(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        number=numbers.next_number(session, hotel, "request"),
        category_id=category.id,
        department=category.department,
        vip=found.guest is not None and found.guest.vip,
        guest_visible=category.guest_visible,
        complaint=category.complaint,
        place=found.place,
        room_id=found.room.id if found.room else None,
        reservation_id=found.reservation.id if found.reservation else None,
        guest_id=found.guest.id if found.guest else None,
        state=State.NEW,
        turn=0,
        level=1,
        staff_id=by.id,
        asked_on=day,
        asked_at=now,
        clock_from=now,
        seen_by=now,
        due_at=now,
        paused=0,
    )


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


def _found(session: Session, where: Where, day: date) -> _Found:
    """Find room and party: what wasn't said follows from who is where now."""
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
    return _Found(room, reservation, place)


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
