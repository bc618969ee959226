"""Itineraries: what a party has planned, and what a day at the concierge's brings, by the hour."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from pms.base import dates
from pms.hotel.guests.guests import Guest
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.rooms import Room
from pms.hotel.service import wake_ups
from pms.hotel.service.concierge import LIVE, Activity, ActivityBooking, ActivityTime
from pms.hotel.service.wake_ups import CallState, Listed
from pms.hotel.stays.presence import Stay, is_in_house
from pms.hotel.stays.reservations import Reservation, State

MOST = 1_000


class Happens(enum.StrEnum):
    """What is on the docket at a time."""

    CALL = "call"
    PICK_UP = "pick_up"
    BOOKING = "booking"


@dataclass(frozen=True, slots=True)
class Planned:
    """A booking with its party, and the room they are in now."""

    booking: ActivityBooking
    time: ActivityTime
    activity: Activity
    guest: Guest
    room: str | None
    party: State

    @property
    def is_orphaned(self) -> bool:
        """Whether the party isn't coming, or has left, while the booking stands."""
        return self.booking.is_live and self.party not in {State.BOOKED, State.IN_HOUSE}


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the docket: a call, a pick-up or a booking."""

    at: datetime
    kind: Happens
    planned: Planned | None = None
    call: Listed | None = None

    @property
    def room(self) -> str | None:
        """The room it is for, where the party is in the house."""
        return self.planned.room if self.planned else self.call.room if self.call else None

    @property
    def guest(self) -> str:
        """Whose it is."""
        return self.planned.guest.name if self.planned else self.call.guest if self.call else ""


def day_of(hotel: Hotel, day: date) -> tuple[datetime, datetime]:
    """Return the instants at which a day begins and ends on the hotel's clock."""
    begins, ends = (
        dates.instant(datetime.combine(each, time()), hotel.time_zone)
        for each in (day, day + dates.ONE_DAY)
    )
    return begins, ends


def planned(
    session: Session,
    hotel: Hotel,
    *conditions: sa.ColumnElement[bool],
    live: bool = True,
    latest_first: bool = False,
    limit: int = MOST,
) -> list[Planned]:
    """Return bookings with activity, party and room, the earliest first: one question."""
    order = (ActivityTime.starts_at, ActivityBooking.id)
    query = (
        sa.select(ActivityBooking, ActivityTime, Activity, Guest, Room.number, Reservation.state)
        .join(ActivityBooking.time)
        .join(ActivityTime.activity)
        .join(Activity.vendor)
        .join(ActivityBooking.reservation)
        .join(Reservation.guest)
        .outerjoin(
            Stay,
            is_in_house(),
        )
        .outerjoin(Room, sa.and_(Room.hotel_id == Stay.hotel_id, Room.id == Stay.room_id))
        .options(
            contains_eager(ActivityBooking.time)
            .contains_eager(ActivityTime.activity)
            .contains_eager(Activity.vendor),
        )
        .where(ActivityBooking.hotel_id == hotel.id, *conditions)
        .order_by(*(each.desc() for each in order) if latest_first else order)
        .limit(limit)
    )
    if live:
        query = query.where(ActivityBooking.state.in_(LIVE))
    return [Planned(*row) for row in session.execute(query)]


def docket(session: Session, hotel: Hotel, day: date) -> list[Item]:
    """Return everything of a day in the order it happens: calls, pick-ups, bookings."""
    begins, ends = day_of(hotel, day)
    today = ActivityTime.starts_at.between(begins, ends)
    fetched = ActivityBooking.pickup_at.between(begins, ends)
    items = []
    for each in planned(session, hotel, sa.or_(today, fetched)):
        pickup = each.booking.pickup_at
        if pickup is not None and begins <= pickup < ends:
            items.append(Item(pickup, Happens.PICK_UP, planned=each))
        if begins <= each.time.starts_at < ends:
            items.append(Item(each.time.starts_at, Happens.BOOKING, planned=each))
    items += [
        Item(each.call.due_at, Happens.CALL, call=each)
        for each in wake_ups.listed(session, hotel, first=begins, until=ends)
        if each.call.state is not CallState.CANCELLED
    ]
    return sorted(items, key=lambda item: (item.at, list(Happens).index(item.kind)))


def of_party(session: Session, hotel: Hotel, reservation: Reservation) -> list[Item]:
    """Return what a party has planned, and its calls that are still to come."""
    mine = ActivityBooking.reservation_id == reservation.id
    items = [
        Item(each.time.starts_at, Happens.BOOKING, planned=each)
        for each in planned(session, hotel, mine)
    ]
    calls: Sequence[Listed] = wake_ups.listed(session, hotel, reservation=reservation, waiting=True)
    items += [Item(each.call.due_at, Happens.CALL, call=each) for each in calls]
    return sorted(items, key=lambda item: item.at)
