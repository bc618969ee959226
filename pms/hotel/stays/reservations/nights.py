"""The nights of a reservation: one diff that keeps counters, claims and books on one page."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import new_id
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import inventory
from pms.hotel.rooms.inventory import Force, NightChange, Slot
from pms.hotel.rooms.rooms import Room
from pms.hotel.stays.reservations.night import TABLE as _TABLE
from pms.hotel.stays.reservations.night import Change, NightKey, keyed
from pms.hotel.stays.reservations.night import Night as Night
from pms.hotel.stays.reservations.night import read as read
from pms.hotel.stays.reservations.promise import Reservation, State
from pms.hotel.stays.reservations.sharing import count_once, newly_taken
from pms.hotel.stays.reservations.sharing import evict as evict
from pms.hotel.stays.reservations.sharing import roommates as roommates


def rewrite(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    before: Sequence[Night],
    after: Sequence[Night],
    *,
    day: date,
    force: Force | None = None,
    rooms: Iterable[Room] = (),
    left: Collection[date] = (),
) -> None:
    """Make the nights `after` out of `before`: counters, claims, rows and night changes.

    Counters first, so that a sold-out night refuses before anything is written; `rooms` are the
    rooms that `after` names. `day` is the business day the change belongs to; `left` are nights
    that are paid and no longer needed. A shared room counts once each night, whoever of its party
    stays: all are weighed together. It is let go only when no sharer is left in it.
    """
    after, mates = count_once(session, hotel, reservation, before, after, left)
    old, new = keyed(before), keyed(after)
    if force is not None:
        for room_id, nights in newly_taken(old, new).items():
            mates += evict(
                session, hotel, room_id, nights,
                but=reservation, states=[State.BOOKED], day=day, force=force,
            )  # fmt: skip
    inventory.change(
        session,
        hotel,
        inventory.together(
            _counted(before, -1),
            _counted(after, +1),
            *(_counted(was, -1) for _, was, _ in mates),
            *(_counted(shall, +1) for _, _, shall in mates),
        ),
        subject_id=reservation.id,
        force=force,
        picked=_picked((reservation, before, after), *mates),
    )
    _write_rows(session, reservation, old, new)
    _move_claims(session, hotel, reservation, old, new, {room.id: room for room in rooms})
    _note_changes(session, reservation, before, after, day)
    for mate, was, shall in mates:
        _write_rows(session, mate, keyed(was), keyed(shall))
        _note_changes(session, mate, was, shall, day)


def apply(
    session: Session, hotel: Hotel, changes: Sequence[Change], *, subject_id: int, day: date,
    force: Force,
) -> None:  # fmt: skip
    """Make what an eviction says of other parties' nights so: counters, rows, night changes."""
    inventory.change(
        session,
        hotel,
        inventory.together(
            *(_counted(was, -1) for _, was, _ in changes),
            *(_counted(shall, +1) for _, _, shall in changes),
        ),
        subject_id=subject_id,
        force=force,
        picked=_picked(*changes),
    )
    for party, was, shall in changes:
        _write_rows(session, party, keyed(was), keyed(shall))
        _note_changes(session, party, was, shall, day)


def _counted(nights: Iterable[Night], sign: int) -> dict[tuple[date, int], int]:
    return {
        (night.night, night.counted_type_id): sign
        for night in nights
        if night.counted_type_id is not None
    }


def _picked(
    *changes: tuple[Reservation, Sequence[Night], Sequence[Night]],
) -> dict[int, dict[tuple[date, int], int]]:
    """Return what parties of groups pick up of their group's allotment, or hand back to it."""
    picked: dict[int, dict[tuple[date, int], int]] = {}
    for party, was, shall in changes:
        if party.group_id is not None:
            gained = inventory.together(_counted(was, -1), _counted(shall, +1))
            picked[party.group_id] = inventory.together(picked.get(party.group_id, {}), gained)
    return picked


def _write_rows(
    session: Session,
    reservation: Reservation,
    old: dict[NightKey, Night],
    new: dict[NightKey, Night],
) -> None:
    key = {"hotel_id": reservation.hotel_id, "reservation_id": reservation.id}
    connection = session.connection()
    if gone := [each for each in old if each not in new]:
        connection.execute(_DELETE, [_key_of(key, each) for each in gone])
    if added := [night for each, night in new.items() if each not in old]:
        connection.execute(_INSERT, [key | _values(night, _NAMES) for night in added])
    if changed := [n for each, n in new.items() if each in old and old[each] != n]:
        connection.execute(
            _UPDATE, [_key_of(key, (n.night, n.slot)) | _values(n, _CHANGEABLE) for n in changed]
        )


def _key_of(key: dict[str, int], each: NightKey) -> dict[str, Any]:
    return {
        "of_hotel": key["hotel_id"],
        "of_reservation": key["reservation_id"],
        "of_night": each[0],
        "of_slot": each[1],
    }


_NAMES = list(Night.__dataclass_fields__)
_CHANGEABLE = [name for name in _NAMES if name not in {"night", "slot"}]


def _values(night: Night, names: list[str]) -> dict[str, Any]:
    return {name: getattr(night, name) for name in names}


_SAME_ROW = (
    _TABLE.c.hotel_id == sa.bindparam("of_hotel"),
    _TABLE.c.reservation_id == sa.bindparam("of_reservation"),
    _TABLE.c.night == sa.bindparam("of_night"),
    _TABLE.c.slot == sa.bindparam("of_slot"),
)
_INSERT = sa.insert(_TABLE)
_DELETE = sa.delete(_TABLE).where(*_SAME_ROW)
_UPDATE = (
    sa.update(_TABLE).where(*_SAME_ROW).values({name: sa.bindparam(name) for name in _CHANGEABLE})
)


def _move_claims(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    old: dict[NightKey, Night],
    new: dict[NightKey, Night],
    rooms: dict[int, Room],
) -> None:
    """Let go of rooms left and claim rooms taken, night by night."""
    left: dict[int, list[date]] = defaultdict(list)
    taken: dict[tuple[int, Slot], list[date]] = defaultdict(list)
    for each in old.keys() | new.keys():
        was = old[each].room_id if each in old else None
        shall = new[each].room_id if each in new else None
        if was == shall:
            continue
        if was is not None:
            left[was].append(each[0])
        if shall is not None:
            taken[shall, each[1]].append(each[0])
    if left and reservation.claim_id is not None:
        _leave(session, hotel, reservation, left)
    for (room_id, slot), nights in taken.items():
        if reservation.claim_id is None:
            reservation.claim_id = new_id()
        room = rooms.get(room_id) or session.get_one(Room, {"hotel_id": hotel.id, "id": room_id})
        inventory.claim(session, room, nights, claim_id=reservation.claim_id, slot=slot)


def _leave(
    session: Session, hotel: Hotel, reservation: Reservation, left: dict[int, list[date]]
) -> None:
    for room_id, nights in left.items():
        kept = set(
            session.scalars(
                sa.select(_TABLE.c.night)
                .join(
                    Reservation,
                    sa.and_(
                        Reservation.hotel_id == _TABLE.c.hotel_id,
                        Reservation.id == _TABLE.c.reservation_id,
                    ),
                )
                .where(
                    _TABLE.c.hotel_id == hotel.id,
                    _TABLE.c.night.in_(nights),
                    _TABLE.c.room_id == room_id,
                    _TABLE.c.live,
                    Reservation.claim_id == reservation.claim_id,
                    Reservation.id != reservation.id,
                )
            )
        )
        inventory.let_go(
            session,
            hotel,
            int(reservation.claim_id or 0),
            nights=set(nights) - kept,
            room_id=room_id,
        )


_CHANGES: Any = NightChange.__table__
_INSERT_CHANGES = sa.insert(_CHANGES)


def _note_changes(
    session: Session,
    reservation: Reservation,
    before: Iterable[Night],
    after: Iterable[Night],
    day: date,
) -> None:
    """Write what the books to come gain or lose, so that any day's books are a sum."""
    rooms: dict[tuple[date, int], int] = defaultdict(int)
    amounts: dict[tuple[date, int], int] = defaultdict(int)
    for nights, sign in ((before, -1), (after, +1)):
        for night in nights:
            if night.live and night.slot is Slot.NIGHT:
                key = (night.night, night.counted_type_id or night.booked_type_id)
                rooms[key] += sign * (night.counted_type_id is not None)
                amounts[key] += sign * night.price
    changed = [key for key in rooms if rooms[key] or amounts[key]]
    if changed:
        session.connection().execute(
            _INSERT_CHANGES,
            [
                {
                    "hotel_id": reservation.hotel_id,
                    "id": new_id(),
                    "business_day": day,
                    "night": night,
                    "type_id": type_id,
                    "market": reservation.market,
                    "reservation_id": reservation.id,
                    "rooms": rooms[night, type_id],
                    "amount": amounts[night, type_id],
                }
                for night, type_id in changed
            ],
        )
