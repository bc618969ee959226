"""Holds: rooms kept off sale for a while; they end by themselves."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock, dates
from pms.base.db import is_postgresql, lock, new_id
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.inventory.availability import check_dates
from pms.hotel.rooms.inventory.counters import Hold, HoldState
from pms.hotel.rooms.inventory.selling import change, per_night
from pms.hotel.rooms.rooms import RoomType


class HoldEnded(Refusal):
    """The rooms were given back to sale."""

    def __init__(self) -> None:
        super().__init__("That hold has ended. Look again for what is free.")


def hold(
    session: Session,
    hotel: Hotel,
    *,
    room_type: RoomType,
    arrival: date,
    departure: date,
    rooms: int = 1,
    lasts: timedelta = timedelta(minutes=30),
    by: Staff,
) -> Hold:
    """Keep rooms off sale for a while; refuses what isn't free."""
    require(by, Permission.RESERVE, hotel.id)
    today = business_day.hold(session, hotel)
    check_dates(arrival, departure)
    if arrival == departure or arrival < today:
        raise Invalid("A hold is for nights to come.", field="arrival")
    if not 1 <= rooms <= 500:
        raise Invalid("Hold at least one room.", field="rooms")
    kept = Hold(
        hotel_id=hotel.id,
        id=new_id(),
        type_id=room_type.id,
        arrival=arrival,
        departure=departure,
        rooms=rooms,
        expires_at=clock.now() + lasts,
    )
    nights = dates.nights(arrival, departure)
    change(
        session, hotel, per_night(nights, room_type.id, rooms), column="held", subject_id=kept.id
    )
    session.add(kept)
    session.flush()
    logbook.record(session, "held", kept, by=by, day=today, rooms=rooms, until=kept.expires_at)
    return kept


def end(session: Session, hotel: Hotel, kept: Hold, *, as_: HoldState) -> None:
    """Give a hold's rooms back, once: released, or used by a booking that sells them next."""
    lock(session, kept)
    if kept.state is not HoldState.OPEN:
        raise HoldEnded
    nights = dates.nights(kept.arrival, kept.departure)
    change(
        session,
        hotel,
        per_night(nights, kept.type_id, -kept.rooms),
        column="held",
        subject_id=kept.id,
    )
    kept.state = as_
    session.flush()


def release(session: Session, hotel: Hotel, kept: Hold, *, by: Staff) -> None:
    """Give a hold's rooms back to sale; refuses one that has ended."""
    require(by, Permission.RESERVE, hotel.id)
    end(session, hotel, kept, as_=HoldState.RELEASED)
    day = business_day.today(session, hotel)
    logbook.record(session, "released hold", kept, by=by, day=day)


def release_due(session: Session, hotel: Hotel, *, by: Staff, limit: int = 200) -> int:
    """Give back what has expired, oldest first; returns how many holds ended."""
    wanted = (
        sa.select(Hold)
        .where(
            Hold.hotel_id == hotel.id,
            Hold.state == HoldState.OPEN,
            Hold.expires_at <= clock.now(),
        )
        .order_by(Hold.expires_at)
        .limit(limit)
    )
    if is_postgresql(session):
        wanted = wanted.with_for_update(skip_locked=True)
    due = list(session.scalars(wanted))
    for kept in due:
        release(session, hotel, kept, by=by)
    return len(due)
