"""Together: a group's parties in one view, their rooms handed over and back, their master."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base.refusal import Refusal
from pms.hotel.books import folios, routing
from pms.hotel.books.folios import Folio, FolioState
from pms.hotel.guests.guests import Guest
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import blocks
from pms.hotel.rooms.rooms import Room, RoomType
from pms.hotel.stays import choosing, groups, keys, rooming, settlements, stays
from pms.hotel.stays.groups import Group
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations import Origin, Reservation, ReservationNight, State, Wishes, book

KEYS = 2  # that a party of more gets when a group is checked in
_LOOKED_AT = 500


class NoRoomReady(Refusal):
    """None of the party's type is ready and vacant."""

    def __init__(self, reservation: Reservation) -> None:
        super().__init__(
            f"No {reservation.room_type.name} is ready and vacant. Assign a room, or wait for one."
        )


class RoomOutOfService(Refusal):
    """The room a party was given isn't as it should be."""

    def __init__(self, room: Room, reason: str) -> None:
        super().__init__(
            f"Room {room.number} is out of service: {reason.rstrip('.')}. "
            "Give the party another room, or check it in by itself.",
            field="room",
        )


@dataclass(frozen=True)
class Party:
    """One party of a group, with its room and its stay where it has them."""

    reservation: Reservation
    room: Room | None
    stay: Stay | None


def parties(session: Session, group: Group) -> list[Party]:
    """Return a group's parties by arrival and number: two questions, however many there are."""
    night = (
        sa.select(ReservationNight.room_id)
        .where(
            ReservationNight.hotel_id == Reservation.hotel_id,
            ReservationNight.reservation_id == Reservation.id,
            ReservationNight.room_id.is_not(None),
        )
        .order_by(ReservationNight.night)
        .limit(1)
        .scalar_subquery()
    )
    rows: Sequence[Any] = session.execute(
        sa.select(Reservation, Stay, Room)
        .options(joinedload(Reservation.guest), joinedload(Reservation.room_type))
        .outerjoin(
            Stay,
            sa.and_(
                Stay.hotel_id == Reservation.hotel_id,
                Stay.reservation_id == Reservation.id,
                Stay.state != Presence.UNDONE,
            ),
        )
        .outerjoin(
            Room,
            sa.and_(
                Room.hotel_id == Reservation.hotel_id,
                Room.id == sa.func.coalesce(Stay.room_id, night),
            ),
        )
        .where(Reservation.hotel_id == group.hotel_id, Reservation.group_id == group.id)
        .order_by(Reservation.arrival, Reservation.number)
    ).all()
    return [Party(reservation, room, stay) for reservation, stay, room in rows]


def pick_up(
    session: Session,
    group: Group,
    wanted: Sequence[tuple[RoomType, int]],
    *,
    guest: Guest,
    arrival: date,
    departure: date,
    adults: int,
    notes: str | None = None,
    by: Staff,
) -> list[Reservation]:
    """Book several rooms of several types on one booking, all of them or none.

    They come out of the allotment where it has them, and are the group's in price and guarantee.
    """
    hotel = session.get_one(Hotel, group.hotel_id)
    terms = groups.terms_of(group)
    made: list[Reservation] = []
    for room_type, count in wanted:
        for _ in range(count):
            made.append(
                book(
                    session,
                    hotel,
                    guest=guest,
                    room_type=room_type,
                    plan=terms.plan,
                    arrival=arrival,
                    departure=departure,
                    adults=min(adults, room_type.sleeps),
                    guarantee=rooming.stands_for(terms),
                    origin=Origin(source="group", channel="desk"),
                    wishes=Wishes(notes=notes),
                    company=terms.company or terms.agent,
                    group=group,
                    with_booking=made[0] if made else None,
                    by=by,
                )
            )
    return made


def take_in(
    session: Session, reservation: Reservation, *, avoid: Collection[int] = (), by: Staff
) -> Stay:
    """Check a party in to the room it was given, or to the best that is ready for it.

    Its keys are made with it. Rooms to `avoid` (by id) and those out of service aren't taken.
    Refuses a room that was given and is out of service since: that wants to be looked at.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    require(by, Permission.CHECK_IN, hotel.id)
    day = business_day.hold(session, hotel)
    room = next((night.room for night in reservation.nights if night.room), None)
    if room is None:
        kept = {each.room_id for each in blocks.standing(session, hotel, day)}
        avoid = {*avoid, *kept}
        suggested = choosing.suggest(session, reservation, avoid=avoid, limit=_LOOKED_AT)
        ready = [each for each in suggested if each.ready]
        room = next((each.room for each in ready if not each.occupied), None)
    if room is None:
        raise NoRoomReady(reservation)
    block = blocks.out_of_service(session, room, day)
    if block is not None:
        raise RoomOutOfService(room, block.reason)
    stay = stays.check_in(session, reservation, room=room, by=by)
    keys.make(session, stay, count=min(max(reservation.adults, 1), KEYS), by=by)
    return stay


def bill_anew(session: Session, group: Group, *, by: Staff) -> int:
    """Let the open folios of a group's parties follow what is agreed on the master; say how many.

    What is posted already stays where it is.
    """
    hotel = session.get_one(Hotel, group.hotel_id)
    require(by, Permission.POST, hotel.id)
    day = business_day.hold(session, hotel)
    ids = session.scalars(
        sa.select(Reservation.folio_id).where(
            Reservation.hotel_id == hotel.id,
            Reservation.group_id == group.id,
            Reservation.state.in_([State.BOOKED, State.IN_HOUSE]),
            Reservation.folio_id.is_not(None),
        )
    )
    changed = 0
    for folio_id in sorted(set(ids), key=lambda each: each or 0):
        folio = session.get_one(Folio, (hotel.id, folio_id))
        if folio.state is not FolioState.OPEN:
            continue
        for rule in routing.of(session, folio):
            if rule.to_folio_id == group.folio_id:
                routing.stop(session, rule, by=by)
        settlements.route_to_master(session, group, folio, by=by)
        changed += 1
    logbook.record(session, "routed anew", group, by=by, day=day, folios=changed)
    return changed


def master_of(session: Session, group: Group) -> Folio | None:
    """Return a group's master folio."""
    if group.folio_id is None:
        return None
    return session.get(Folio, (group.hotel_id, group.folio_id))


def master_balance(session: Session, group: Group) -> Any:
    """Return what stands on the first window of the master, or nothing."""
    master = master_of(session, group)
    return None if master is None else folios.balance_of(session, master).get(1)
