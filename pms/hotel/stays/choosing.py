"""Choosing rooms: for one party or the whole day, ready ones first, and saying why."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import inventory
from pms.hotel.rooms.inventory import RoomClaim, Slot
from pms.hotel.rooms.rooms import Room
from pms.hotel.stays import arriving
from pms.hotel.stays.reservations import Reservation, ReservationNight, State

_LOOKS_AHEAD = timedelta(days=60)


@dataclass(frozen=True)
class Suggestion:
    """A room for a party, and why it comes where it does."""

    room: Room
    ready: bool
    occupied: bool
    wishes_met: int
    gap_days: int
    why: str


@dataclass(frozen=True)
class Assigned:
    """What the auto-assignment did for a party: a room, or nothing and why."""

    reservation: Reservation
    room: Room | None
    why: str


def suggest(
    session: Session,
    reservation: Reservation,
    *,
    type_id: int | None = None,
    avoid: Collection[int] = (),
    occupied: Collection[int] | None = None,
    limit: int = 10,
) -> list[Suggestion]:
    """Return vacant rooms of a type (the booked one) for a party's nights, the best first.

    Rooms to `avoid` (by id: somebody was seen in them) aren't suggested; which are `occupied` is
    asked unless it is said.
    Ready rooms before others, then those that meet more wishes, then those whose gap the stay
    fills best, so that long gaps stay whole for long stays.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    first = max(reservation.arrival, business_day.today(session, hotel))
    slot = Slot.DAY if reservation.is_day_use else Slot.NIGHT
    rooms = inventory.vacant(
        session,
        hotel,
        type_id=type_id or reservation.type_id,
        first=first,
        until=reservation.departure,
        slot=slot,
    )
    rooms = [room for room in rooms if room.id not in avoid]
    gaps = _gaps(session, hotel, rooms, first, reservation.departure)
    busy = set(arriving.occupied(session, hotel) if occupied is None else occupied)
    suggestions = [
        _weighed(room, reservation, gaps[room.id], occupied=room.id in busy) for room in rooms
    ]
    suggestions.sort(
        key=lambda each: (
            each.occupied,
            not each.ready,
            -each.wishes_met,
            each.gap_days,
            each.room.number,
        )
    )
    return suggestions[:limit]


def _weighed(room: Room, reservation: Reservation, gap: int, *, occupied: bool) -> Suggestion:
    met = [wish for wish in reservation.wishes if wish in room.features]
    words = [f"{room.condition.value}{', still occupied' if occupied else ''}"]
    if met:
        words.append("has " + ", ".join(met))
    words.append(_gap_in_words(gap))
    return Suggestion(
        room=room,
        ready=room.is_ready,
        occupied=occupied,
        wishes_met=len(met),
        gap_days=gap,
        why="; ".join(words),
    )


def _gap_in_words(gap: int) -> str:
    """Say how well the stay fits between its neighbours in the room."""
    if gap == 0:
        return "fits exactly between two stays"
    if gap >= 2 * _LOOKS_AHEAD.days:
        return "nobody before or after"
    return f"{gap} free {'night' if gap == 1 else 'nights'} beside it"


def _gaps(
    session: Session, hotel: Hotel, rooms: list[Room], first: date, until: date
) -> dict[int, int]:
    """Return how many nights would stay free before and after the stay, up to 60 each way."""
    ids = [room.id for room in rooms]
    gaps = {}
    before: dict[int, date] = {}
    after: dict[int, date] = {}
    for room_id, earlier, later in session.execute(
        sa.select(
            RoomClaim.room_id,
            sa.func.max(sa.case((RoomClaim.night < first, RoomClaim.night))),
            sa.func.min(sa.case((RoomClaim.night >= until, RoomClaim.night))),
        )
        .where(
            RoomClaim.hotel_id == hotel.id,
            RoomClaim.night.between(first - _LOOKS_AHEAD, until + _LOOKS_AHEAD),
            RoomClaim.slot == Slot.NIGHT,
            RoomClaim.room_id.in_(ids),
        )
        .group_by(RoomClaim.room_id)
    ):
        before[room_id], after[room_id] = earlier, later
    for room_id in ids:
        left = (first - before[room_id]).days - 1 if before.get(room_id) else _LOOKS_AHEAD.days
        right = (after[room_id] - until).days if after.get(room_id) else _LOOKS_AHEAD.days
        gaps[room_id] = left + right
    return gaps


def auto_assign(
    session: Session, hotel: Hotel, day: date, *, avoid: Collection[int] = (), by: Staff
) -> list[Assigned]:
    """Give every party that arrives on a day and has no room one of its booked type.

    Parties with wishes choose first, then the longer stays. A party for which nothing is vacant
    is left without, and told why.
    """
    require(by, Permission.CHECK_IN, hotel.id)
    business_day.hold(session, hotel)
    done = []
    for reservation in without_room(session, hotel, day):
        suggestions = suggest(session, reservation, avoid=avoid, limit=1)
        if not suggestions:
            done.append(Assigned(reservation, None, "No room of its type is vacant all nights."))
            continue
        best = suggestions[0]
        arriving.assign(session, reservation, room=best.room, by=by)
        done.append(Assigned(reservation, best.room, best.why))
    return done


def without_room(
    session: Session, hotel: Hotel, day: date, *, limit: int = 500
) -> list[Reservation]:
    """Return the parties that arrive on a day and have no room for their first night."""
    rows = session.scalars(
        sa.select(Reservation)
        .join(
            ReservationNight,
            sa.and_(
                ReservationNight.hotel_id == Reservation.hotel_id,
                ReservationNight.reservation_id == Reservation.id,
                ReservationNight.night == day,
                ReservationNight.live,
                ReservationNight.room_id.is_(None),
            ),
        )
        .where(
            Reservation.hotel_id == hotel.id,
            Reservation.state == State.BOOKED,
            Reservation.arrival <= day,
            Reservation.shares_with_id.is_(None),
        )
        .options(joinedload(Reservation.guest), joinedload(Reservation.room_type))
        .limit(limit)
    ).all()
    return sorted(
        rows, key=lambda each: (-len(each.wishes), each.arrival - each.departure, each.number)
    )


@dataclass(frozen=True)
class ToWalk:
    """A night on which more is promised than there is, and the parties that could be walked."""

    night: date
    type_id: int | None
    over: int
    parties: list[Reservation]


def walk_list(session: Session, hotel: Hotel, first: date, last: date) -> list[ToWalk]:
    """Return who must be walked or moved: the nights that are over, and whom it can concern.

    Those that arrive on that night, the least sure first: no guarantee before guaranteed, one
    night before many, the latest booking first.
    """
    nights = inventory.oversold(session, hotel, first, last)
    if not nights:
        return []
    rows = session.execute(
        sa.select(ReservationNight.night, ReservationNight.counted_type_id, Reservation)
        .join(
            Reservation,
            sa.and_(
                Reservation.hotel_id == ReservationNight.hotel_id,
                Reservation.id == ReservationNight.reservation_id,
            ),
        )
        .where(
            ReservationNight.hotel_id == hotel.id,
            ReservationNight.night.in_({each.night for each in nights}),
            ReservationNight.counted_type_id.is_not(None),
            Reservation.state == State.BOOKED,
        )
        .limit(2000)
    ).all()
    return [
        ToWalk(
            night=each.night,
            type_id=each.type_id,
            over=each.over,
            parties=sorted(
                (
                    party
                    for night, type_id, party in rows
                    if night == each.night and each.type_id in (None, type_id)
                ),
                key=_least_sure_first,
            )[:20],
        )
        for each in nights
    ]


def _least_sure_first(party: Reservation) -> tuple[bool, int, int]:
    return (party.guarantee.value != "none", (party.departure - party.arrival).days, -party.number)
