"""Sharing: whose night counts when a room is shared, and who loses a room to a fact."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.hotel.house import logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import inventory
from pms.hotel.rooms.inventory import Force, Slot
from pms.hotel.rooms.rooms import Room
from pms.hotel.stays.reservations.night import TABLE, Change, Night, NightKey, read
from pms.hotel.stays.reservations.promise import Reservation, State

LOST_ITS_ROOM = "lost its room"


def count_once(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    before: Sequence[Night],
    after: Sequence[Night],
    left: Collection[date],
) -> tuple[Sequence[Night], list[Change]]:
    """Let each night of a shared room count once: this party's, or else one of its mates'."""
    if reservation.claim_id is None:
        return after, []
    mates = roommates(session, reservation)
    if not mates and reservation.shares_with_id is None:
        return after, []
    theirs = {mate.id: read(session, mate) for mate in mates}
    counted = {each.night for nights in theirs.values() for each in nights if each.counted_type_id}
    types = {each.night: each.counted_type_id for each in before}
    ours = [_counts(session, each, hotel, counted, types, left) for each in after]
    counted |= {each.night for each in ours if each.counted_type_id}
    changes: list[Change] = []
    for mate in mates:
        shall = []
        for each in theirs[mate.id]:
            counts = each.counted_type_id is not None
            shall.append(each if counts else _counts(session, each, hotel, counted, types))
            counted |= {each.night for each in shall[-1:] if each.counted_type_id}
        if shall != theirs[mate.id]:
            changes.append((mate, theirs[mate.id], shall))
    return ours, changes


def _counts(
    session: Session,
    each: Night,
    hotel: Hotel,
    counted: Collection[date],
    types: dict[date, int | None],
    left: Collection[date] = (),
) -> Night:
    """Return a night as it counts: not when another of the room does, else as its type."""
    if each.slot is not Slot.NIGHT or not each.live or each.night < hotel.business_date:
        return each
    if each.night in counted or each.night in left:
        return replace(each, counted_type_id=None)
    if each.counted_type_id is not None:
        return each
    kind = types.get(each.night)
    if each.room_id is not None:
        kind = session.get_one(Room, {"hotel_id": hotel.id, "id": each.room_id}).type_id
    return replace(each, counted_type_id=kind or each.booked_type_id)


def roommates(session: Session, reservation: Reservation) -> list[Reservation]:
    """Return who else hangs on the same claim and is expected or in house, oldest first."""
    if reservation.claim_id is None:
        return []
    return list(
        session.scalars(
            sa.select(Reservation)
            .where(
                Reservation.hotel_id == reservation.hotel_id,
                Reservation.claim_id == reservation.claim_id,
                Reservation.id != reservation.id,
                Reservation.state.in_([State.BOOKED, State.IN_HOUSE]),
            )
            .order_by(Reservation.id)
        )
    )


def newly_taken(old: dict[NightKey, Night], new: dict[NightKey, Night]) -> dict[int, set[date]]:
    """Return the nights on which each room is taken anew, by room."""
    taken: dict[int, set[date]] = defaultdict(set)
    for each, night in new.items():
        if night.room_id is not None and (each not in old or old[each].room_id != night.room_id):
            taken[night.room_id].add(night.night)
    return taken


def evict(
    session: Session,
    hotel: Hotel,
    room_id: int,
    nights: Collection[date],
    *,
    but: Reservation | None = None,
    states: Collection[State],
    day: date,
    force: Force,
) -> list[Change]:
    """Take a room from the parties it was promised to, since a fact takes it; they need another.

    Lets their claims go and returns what becomes of their nights, which still have to be applied.
    """
    promised = sa.select(TABLE.c.reservation_id).where(
        TABLE.c.hotel_id == hotel.id,
        TABLE.c.room_id == room_id,
        TABLE.c.night.in_(sorted(nights)),
        TABLE.c.live,
    )
    losing = session.scalars(
        sa.select(Reservation)
        .where(
            Reservation.hotel_id == hotel.id,
            Reservation.id.in_(promised),
            Reservation.state.in_(states),
        )
        .order_by(Reservation.id)
    ).all()
    changes: list[Change] = []
    for party in losing:
        if but is not None and party.claim_id == but.claim_id:
            continue
        was = read(session, party)
        shall = [_roomless(n) if n.room_id == room_id and n.night in nights else n for n in was]
        inventory.let_go(session, hotel, party.claim_id or 0, nights=nights, room_id=room_id)
        why = force.reason
        logbook.record(session, LOST_ITS_ROOM, party, by=force.by, day=day, why=why)
        changes.append((party, was, shall))
    return changes


def _roomless(night: Night) -> Night:
    counts = night.counted_type_id is not None
    return replace(night, room_id=None, counted_type_id=night.booked_type_id if counts else None)
