"""Displacing: a work order takes its room from guests, after showing whose promise that breaks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import blocks
from pms.hotel.rooms.blocks import Block, RoomBlock
from pms.hotel.rooms.rooms import Condition, Room
from pms.hotel.service.maintenance.refusals import (
    KeptAlready,
    NotARoom,
    PartyIsInside,
    WouldDisplace,
    WrongOrderStep,
)
from pms.hotel.service.maintenance.tables import WorkOrder
from pms.hotel.stays import facts, stays
from pms.hotel.stays.reservations import Reservation, ReservationNight, State
from pms.hotel.stays.reservations.sharing import LOST_ITS_ROOM


@dataclass(frozen=True, slots=True)
class Displaced:
    """A party that would lose the room: on how many of its nights, and whether it is in it."""

    reservation: Reservation
    nights: int
    is_inside: bool


def displaced(session: Session, room: Room, *, first: date, until: date) -> list[Displaced]:
    """Return who would lose a room that is out of order for the nights [first, until)."""
    rows = session.execute(
        sa.select(Reservation, sa.func.count())
        .join(
            ReservationNight,
            sa.and_(
                ReservationNight.hotel_id == Reservation.hotel_id,
                ReservationNight.reservation_id == Reservation.id,
            ),
        )
        .where(
            Reservation.hotel_id == room.hotel_id,
            Reservation.state.in_([State.BOOKED, State.IN_HOUSE]),
            ReservationNight.room_id == room.id,
            ReservationNight.live,
            ReservationNight.night >= first,
            ReservationNight.night < until,
        )
        .group_by(Reservation.hotel_id, Reservation.id)
        .order_by(Reservation.arrival, Reservation.id)
    )
    return [Displaced(party, nights, party.state is State.IN_HOUSE) for party, nights in rows]


def keep_from_guests(
    session: Session,
    order: WorkOrder,
    kind: Block,
    *,
    first: date,
    until: date,
    return_condition: Condition = Condition.DIRTY,
    confirmed: Collection[int] = (),
    force: str | None = None,
    by: Staff,
) -> RoomBlock:
    """Take a work order's room out of order or out of service for the nights [first, until).

    Out of order takes the room from parties it is promised to: refused unless `confirmed` names
    exactly those (by reservation), so that nobody loses a room unseen. Their nights are booked
    still, without a room. A party that is inside stays in it, unless `force` says that it is a
    fact; then, too, a type may be sold over.
    """
    require(by, Permission.BLOCK_ROOMS, order.hotel_id)
    hotel = session.get_one(Hotel, order.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, order)
    room = _room_of(order)
    losing = displaced(session, room, first=first, until=until) if _takes(kind) else []
    if {each.reservation.id for each in losing} != set(confirmed):
        raise _unseen(room, losing)
    if force is not None and _takes(kind):
        kept = facts.put_out_of_order(
            session, room, first=first, until=until, reason=order.words[:200],
            return_condition=return_condition, force=force, by=by,
        )  # fmt: skip
    else:
        _let_go(session, room, losing, why=order.words, day=day, by=by)
        kept = blocks.block(
            session, room, kind, first=first, until=until, reason=order.words[:200],
            return_condition=return_condition, by=by,
        )  # fmt: skip
    order.block_id = kept.id
    order.version += 1
    session.flush()
    session.expire(order, ["block"])
    logbook.record(
        session, f"took {kind.value.replace('_', ' ')}", order, by=by, day=day, why=force,
        room=room.number, first=first, until=until,
        displaced=[each.reservation.number for each in losing],
    )  # fmt: skip
    return kept


def _takes(kind: Block) -> bool:
    return kind is Block.OUT_OF_ORDER


def _room_of(order: WorkOrder) -> Room:
    if order.room is None:
        raise NotARoom(order)
    if not order.is_standing:
        raise WrongOrderStep(order, "there is nothing to do in the room")
    if order.block is not None and not order.block.ended:
        raise KeptAlready(order.room)
    return order.room


def _unseen(room: Room, losing: Sequence[Displaced]) -> WouldDisplace:
    names = [each.reservation.guest.name for each in losing] or ["nobody any more"]
    return WouldDisplace(room, names)


def _let_go(
    session: Session, room: Room, losing: Sequence[Displaced], *, why: str, day: date, by: Staff
) -> None:
    for each in losing:
        if each.is_inside:
            raise PartyIsInside(room, each.reservation.guest.name)
        party = each.reservation
        stays.unassign(session, party, by=by)
        logbook.record(session, LOST_ITS_ROOM, party, by=by, day=day, why=why, room=room.number)
