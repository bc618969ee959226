"""Arriving: giving a party its room, handing over the key, and taking that back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock, dates
from pms.base.db import lock, new_id
from pms.base.refusal import Refusal
from pms.hotel.books import ledger
from pms.hotel.guests import guests
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import blocks
from pms.hotel.rooms.inventory import Force
from pms.hotel.rooms.rooms import Condition, Room
from pms.hotel.stays import hour_fees, house_rules, keys, night_charges, settlements
from pms.hotel.stays.hour_fees import Hour
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations import Reservation, State, WrongState
from pms.hotel.stays.reservations import nights as of_nights
from pms.hotel.stays.reservations.nights import Night


class NotDueToday(Refusal):
    """The party isn't expected on this business day."""

    def __init__(self, reservation: Reservation) -> None:
        super().__init__(
            f"Reservation {reservation.number} is due on {reservation.arrival:%a %d %b %Y}. "
            "Change its arrival to today first.",
            field="arrival",
        )


class RoomNotReady(Refusal):
    """The room can't be handed over as it is."""

    def __init__(self, room: Room) -> None:
        super().__init__(
            f"Room {room.number} is {room.condition.value}. "
            "Take another, or check in when it is ready.",
            field="room",
        )


class RoomOccupied(Refusal):
    """Somebody is still in it."""

    def __init__(self, room: Room) -> None:
        super().__init__(
            f"Room {room.number} is still occupied. Check that party out, or take another room.",
            field="room",
        )


class RoomOutOfOrder(Refusal):
    """Nobody can live in it."""

    def __init__(self, room: Room) -> None:
        super().__init__(f"Room {room.number} is out of order. Take another room.", field="room")


class SharersElsewhere(Refusal):
    """A party that shares belongs in the room its sharers are in."""

    def __init__(self, room: Room) -> None:
        super().__init__(
            f"The party shares room {room.number}. Check it in there, or move the others first.",
            field="room",
        )


class ChargedAlready(Refusal):
    """A night stands on the folio that an undone check-in would leave there."""

    def __init__(self, reservation: Reservation) -> None:
        super().__init__(
            f"Reservation {reservation.number} was charged a night. Reverse that charge first."
        )


class DoNotMove(Refusal):
    """The party was promised that very room."""

    def __init__(self, reservation: Reservation) -> None:
        super().__init__(
            f"Reservation {reservation.number} is marked do not move: {reservation.do_not_move}.",
            field="room",
        )


class NotToday(Refusal):
    """It can be undone on the same business day only."""

    def __init__(self, deed: str) -> None:
        super().__init__(f"{deed} is undone on the same business day only.")


class NoRoomToLetGo(Refusal):
    def __init__(self, reservation: Reservation) -> None:
        super().__init__(f"Reservation {reservation.number} has no room yet.", field="room")


def assign(
    session: Session,
    reservation: Reservation,
    *,
    room: Room,
    first: date | None = None,
    force: str | None = None,
    by: Staff,
) -> None:
    """Give a party a room for its nights to come, or from `first` on (a planned move).

    From then on the nights count against that room's type. Refuses a room that somebody has, a
    party marked do not move, and a type that is sold out (unless forced).
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    require(by, Permission.CHECK_IN, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    if reservation.state not in {State.BOOKED, State.IN_HOUSE}:
        raise WrongState(reservation, "only a booked or in-house party gets a room")
    start = max(first or reservation.arrival, day)
    give_room(session, hotel, reservation, room, day=day, first=start, force=force, by=by)
    reservation.version += 1
    session.flush()
    logbook.record(
        session, "assigned", reservation, by=by, day=day, why=force, room=room.number, first=start
    )


def unassign(session: Session, reservation: Reservation, *, by: Staff) -> None:
    """Take back the room of a party that isn't in it; the nights count as booked again."""
    hotel = session.get_one(Hotel, reservation.hotel_id)
    require(by, Permission.CHECK_IN, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    if reservation.state is not State.BOOKED:
        raise WrongState(reservation, "only a party not yet in house can lose its room")
    if reservation.do_not_move:
        raise DoNotMove(reservation)
    before = of_nights.read(session, reservation)
    if not any(night.room_id for night in before):
        raise NoRoomToLetGo(reservation)
    after = [
        replace(
            night,
            room_id=None,
            counted_type_id=night.booked_type_id if night.counted_type_id else None,
        )
        for night in before
    ]
    of_nights.rewrite(session, hotel, reservation, before, after, day=day)
    reservation.version += 1
    session.flush()
    logbook.record(session, "unassigned", reservation, by=by, day=day)


def give_room(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    room: Room,
    *,
    day: date,
    first: date,
    force: str | None,
    by: Staff,
) -> None:
    """Put the nights from `first` on into a room, sharers with them."""
    before = of_nights.read(session, reservation)
    after = [_in_room(night, room) if _goes(night, first) else night for night in before]
    if reservation.do_not_move and any(
        old.room_id not in (None, new.room_id) for old, new in zip(before, after, strict=True)
    ):
        raise DoNotMove(reservation)
    leave = Force(force, by) if force is not None else None
    party = [reservation, *of_nights.roommates(session, reservation)]
    of_nights.rewrite(
        session, hotel, reservation, before, after, day=day, force=leave, rooms=[room]
    )
    for other in party[1:]:
        nights = of_nights.read(session, other)
        moved = [_in_room(night, room) if _goes(night, first) else night for night in nights]
        of_nights.rewrite(session, hotel, other, nights, moved, day=day, force=leave, rooms=[room])


def _goes(night: Night, first: date) -> bool:
    return night.live and night.night >= first


def _in_room(night: Night, room: Room) -> Night:
    return replace(
        night,
        room_id=room.id,
        counted_type_id=room.type_id if night.counted_type_id is not None else None,
    )


def check_in(
    session: Session,
    reservation: Reservation,
    *,
    room: Room,
    force: str | None = None,
    passing: str | None = None,
    by: Staff,
) -> Stay:
    """Hand a room to a party due today.

    A deposit paid before matures onto the folio; a day's use is charged now. A party that comes
    after the roll for last night's booking is charged last night now. Refuses a party that is not
    due, a room that is not ready, out of order or still occupied, one that somebody else has, and
    what the house's rules block, unless `passing` says why (a manager).
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    require(by, Permission.CHECK_IN, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    if reservation.state is not State.BOOKED:
        raise WrongState(reservation, "only a booked party can be checked in")
    if not reservation.is_due(day):
        raise NotDueToday(reservation)
    guests.refuse_merged(session, reservation.guest)
    if not room.is_ready:
        raise RoomNotReady(room)
    _check_room(session, reservation, room, day)
    house_rules.enforce_arrival(session, reservation, room=room, passing=passing, day=day, by=by)
    give_room(session, hotel, reservation, room, day=day, first=day, force=force, by=by)

    stay = Stay(
        hotel_id=hotel.id,
        id=new_id(),
        reservation_id=reservation.id,
        room_id=room.id,
        state=Presence.IN_HOUSE,
        arrived_on=day,
        arrived_at=clock.now(),
    )
    reservation.state = State.IN_HOUSE
    reservation.option_date = None  # who comes has confirmed
    reservation.version += 1
    session.add(stay)
    session.flush()
    settlements.apply_deposit(session, reservation, by=by)
    if reservation.is_day_use:
        night_charges.charge_day_use(session, hotel, reservation, by=by)
    elif reservation.arrival < day:
        night_charges.charge_nights(
            session, hotel, reservation, dates.nights(reservation.arrival, day), by=by
        )
    logbook.record(session, "checked in", reservation, by=by, day=day, why=force, room=room.number)
    return stay


def _check_room(session: Session, reservation: Reservation, room: Room, day: date) -> None:
    """Refuse a room that is out of order or occupied, and one beside the sharers' own."""
    occupant = in_room(session, room)
    if occupant is not None and (
        reservation.claim_id is None or occupant.reservation.claim_id != reservation.claim_id
    ):
        raise RoomOccupied(room)
    if blocks.out_of_order(session, room, day):
        raise RoomOutOfOrder(room)
    for mate in of_nights.roommates(session, reservation):
        if mate.state is State.IN_HOUSE:
            theirs = session.scalar(
                sa.select(Stay).where(
                    Stay.hotel_id == mate.hotel_id,
                    Stay.reservation_id == mate.id,
                    Stay.state == Presence.IN_HOUSE,
                )
            )
            if theirs is not None and theirs.room_id != room.id:
                raise SharersElsewhere(theirs.room)


def _charged_a_night(session: Session, reservation: Reservation) -> bool:
    """Tell whether a night (or a day's use) stands charged to a reservation."""
    return (
        session.scalar(
            sa.select(ledger.Entry.id)
            .where(
                ledger.Entry.hotel_id == reservation.hotel_id,
                ledger.Entry.subject_id == reservation.id,
                ledger.Entry.service_night.is_not(None),
                ledger.standing(),
            )
            .limit(1)
        )
        is not None
    )


def undo_check_in(session: Session, stay: Stay, *, reason: str, by: Staff) -> None:
    """Take the key back on the same business day: the party is expected again, the room kept.

    The room wants a touch-up. Refuses a later day, and a stay that was charged a night.
    """
    hotel = session.get_one(Hotel, stay.hotel_id)
    require(by, Permission.CHECK_IN, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, stay)
    reservation = lock(session, stay.reservation)
    if stay.state is not Presence.IN_HOUSE:
        raise WrongState(reservation, "only a party in house can be taken back")
    if stay.arrived_on != day:
        raise NotToday("A check-in")
    if _charged_a_night(session, reservation):
        raise ChargedAlready(reservation)
    hour_fees.take_back(session, stay, Hour.EARLY, reason=reason, by=by)
    settlements.unapply_deposit(session, reservation, since=stay.id, reason=reason, by=by)
    stay.state = Presence.UNDONE
    stay.version += 1
    keys.end_with(session, stay)
    reservation.state = State.BOOKED
    reservation.version += 1
    room = lock(session, stay.room)
    room.condition, room.condition_at = Condition.PICKUP, clock.now()
    session.flush()
    logbook.record(
        session, "undid check-in", reservation, by=by, day=day, why=reason, room=room.number
    )


_IN_ROOM = (
    sa.select(Stay)
    .where(
        Stay.hotel_id == sa.bindparam("hotel"),
        Stay.state == Presence.IN_HOUSE,
        Stay.room_id == sa.bindparam("room"),
    )
    .limit(1)
)


def in_room(session: Session, room: Room) -> Stay | None:
    """Return a stay that is in the room now."""
    return session.scalar(_IN_ROOM, {"hotel": room.hotel_id, "room": room.id})


_OCCUPIED = (
    sa.select(Stay.room_id)
    .where(Stay.hotel_id == sa.bindparam("hotel"), Stay.state == Presence.IN_HOUSE)
    .distinct()
)


def occupied(session: Session, hotel: Hotel) -> Sequence[int]:
    """Return the ids of the rooms somebody is in."""
    return session.scalars(_OCCUPIED, {"hotel": hotel.id}).all()
