"""The board: every room with who is in it, who waits for it, and what keeps it from guests."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.blocks import Block, RoomBlock
from pms.hotel.rooms.rooms import Condition, Room
from pms.hotel.service.housekeeping import Discrepancy, Task, TaskState
from pms.hotel.stays import queueing
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.queueing import QueuedParty
from pms.hotel.stays.reservations.promise import Reservation, ReservationNight, State
from pms.web import paging
from pms.web.database import session

ROOMS_ON_A_PAGE = 200
NEXT = {
    Condition.DIRTY: Condition.CLEAN,
    Condition.PICKUP: Condition.CLEAN,
    Condition.CLEAN: Condition.INSPECTED,
}
TO_DO = (Condition.DIRTY, Condition.PICKUP)
WORDS = {
    Condition.DIRTY: "dirty",
    Condition.PICKUP: "to pick up",
    Condition.CLEAN: "clean",
    Condition.INSPECTED: "inspected",
}
_AT_THE_DOOR = {
    TaskState.CLEANING: "cleaning",
    TaskState.DO_NOT_DISTURB: "do_not_disturb",
    TaskState.DECLINED: "declined",
}
_DOORS = {each.value for each in (TaskState.DO_NOT_DISTURB, TaskState.DECLINED)}


@dataclass(frozen=True, slots=True)
class Tile:
    """One room of the board."""

    room: Room
    leaves: date | None
    is_taken: bool
    waits: bool
    eta: time | None
    block: RoomBlock | None
    today: date
    task: Task | None
    difference: Discrepancy | None
    queued_at: datetime | None = None

    @property
    def what(self) -> str:
        """What the room is to housekeeping: a departure, a stay, or vacant."""
        if not self.is_taken:
            return "Vacant"
        return "Departure" if self.leaves is not None and self.leaves <= self.today else "Stay"

    @property
    def is_out_of_order(self) -> bool:
        """Whether nobody can live in it tonight."""
        return self.block is not None and self.block.kind is Block.OUT_OF_ORDER

    @property
    def says(self) -> str | None:
        """What is going on at its door, where that says more than its condition."""
        if self.task is None or self.room.is_ready or self.task.state not in _AT_THE_DOOR:
            return None
        return _AT_THE_DOOR[self.task.state]

    @property
    def next(self) -> Condition | None:
        """What one tap makes of it; nothing is left to do in an inspected room."""
        return NEXT.get(self.room.condition)

    @property
    def others(self) -> list[Condition]:
        """What else it can be made."""
        return [each for each in Condition if each not in {self.next, self.room.condition}]

    @property
    def is_urgent(self) -> bool:
        """Whether a party waits for it and it isn't ready."""
        return self.waits and not self.room.is_ready


def rooms_page(hotel: Hotel, *, floor: str, show: str) -> paging.Page[Any]:
    """Return a page of the rooms on a floor (or all) that are as asked (or all)."""
    query = sa.select(Room).where(Room.hotel_id == hotel.id)
    if floor:
        query = query.where(Room.floor == floor)
    if show in {condition.value for condition in Condition}:
        query = query.where(Room.condition == Condition(show), Room.id.not_in(_out(hotel)))
    elif show == "to_do":
        query = query.where(Room.condition.in_(TO_DO), Room.id.not_in(_out(hotel)))
    elif show == "out_of_order":
        query = query.where(Room.id.in_(_out(hotel)))
    elif show == "due_out":
        query = query.where(
            Room.id.in_(_in_house(hotel).where(Reservation.departure <= hotel.business_date))
        )
    elif show == "waiting":
        query = query.where(Room.id.in_(_coming(hotel)))
    elif show == "occupied":
        query = query.where(Room.id.in_(_in_house(hotel)))
    elif show in _DOORS:
        query = query.where(Room.id.in_(_at_the_door(hotel, TaskState(show))))
    return paging.page(query.order_by(Room.floor, Room.number), size=ROOMS_ON_A_PAGE)


def tiles(hotel: Hotel, rooms: list[Room]) -> list[Tile]:
    """Return the rooms as tiles: five queries, however many there are."""
    ids = [room.id for room in rooms]
    leaves: dict[int, date] = {}
    for room_id, departure in _rows(_in_house(hotel).add_columns(Reservation.departure), ids):
        leaves[room_id] = max(departure, leaves.get(room_id, departure))
    coming = _coming(hotel).outerjoin(
        QueuedParty,
        sa.and_(queueing.WITH_RESERVATION, queueing.still(hotel, hotel.business_date)),
    )
    rows = _rows(coming.add_columns(Reservation.eta, QueuedParty.queued_at), ids)
    etas = {room_id: eta for room_id, eta, _ in rows}
    queued = {room_id: since for room_id, _, since in rows if since is not None}
    kept = {
        block.room_id: block
        for block in blocks_standing(hotel)
        if block.first <= hotel.business_date
    }
    tasks = tasks_of_today(hotel)
    differ = {each.room_id: each for each in open_differences(hotel)}
    return [
        Tile(
            room,
            leaves.get(room.id),
            room.id in leaves,
            room.id in etas,
            etas.get(room.id),
            kept.get(room.id),
            hotel.business_date,
            tasks.get(room.id),
            differ.get(room.id),
            queued.get(room.id),
        )
        for room in sorted(rooms, key=lambda room: (room.floor, room.id not in queued))
    ]


def counts(hotel: Hotel) -> dict[str, int]:
    """Return how many rooms are as each filter says."""
    by_condition = session().execute(
        sa.select(Room.condition, sa.func.count())
        .where(Room.hotel_id == hotel.id, Room.id.not_in(_out(hotel)))
        .group_by(Room.condition)
    )
    found = {condition.value: count for condition, count in by_condition}
    found["to_do"] = sum(found.get(each.value, 0) for each in TO_DO)
    due = _in_house(hotel).where(Reservation.departure <= hotel.business_date)
    for name, query in (
        ("out_of_order", _out(hotel)),
        ("due_out", due),
        ("waiting", _coming(hotel)),
        ("occupied", _in_house(hotel)),
        ("do_not_disturb", _at_the_door(hotel, TaskState.DO_NOT_DISTURB)),
        ("declined", _at_the_door(hotel, TaskState.DECLINED)),
    ):
        rooms = query.distinct().subquery()
        found[name] = session().scalar(sa.select(sa.func.count()).select_from(rooms)) or 0
    return found


def floors(hotel: Hotel) -> list[str]:
    """Return the hotel's floors."""
    return list(
        session().scalars(
            sa.select(Room.floor).where(Room.hotel_id == hotel.id).distinct().order_by(Room.floor)
        )
    )


def blocks_standing(hotel: Hotel) -> list[RoomBlock]:
    """Return what keeps rooms from guests now or later, the next to come back first."""
    return list(
        session().scalars(
            sa.select(RoomBlock)
            .where(
                RoomBlock.hotel_id == hotel.id,
                RoomBlock.until > hotel.business_date,
                sa.not_(RoomBlock.ended),
            )
            .order_by(RoomBlock.until, RoomBlock.id)
            .limit(500)
        )
    )


def room_numbers(hotel: Hotel, ids: set[int]) -> dict[int, str]:
    """Return the numbers on the doors of rooms."""
    rows = session().execute(
        sa.select(Room.id, Room.number).where(Room.hotel_id == hotel.id, Room.id.in_(ids))
    )
    return {row.id: row.number for row in rows}


def tasks_of_today(hotel: Hotel) -> dict[int, Task]:
    """Return the newest task of each room today."""
    rows = session().scalars(
        sa.select(Task)
        .where(Task.hotel_id == hotel.id, Task.day == hotel.business_date)
        .order_by(Task.id)
    )
    return {each.room_id: each for each in rows}


def open_differences(hotel: Hotel) -> list[Discrepancy]:
    """Return what attendants saw otherwise than the desk has it, and isn't resolved."""
    return list(
        session().scalars(
            sa.select(Discrepancy)
            .options(
                sa.orm.joinedload(Discrepancy.room).lazyload("*"),
                sa.orm.joinedload(Discrepancy.seen_by).lazyload("*"),
            )
            .where(Discrepancy.hotel_id == hotel.id, Discrepancy.resolution.is_(None))
            .order_by(Discrepancy.id)
            .limit(100)
        )
    )


def _at_the_door(hotel: Hotel, state: TaskState) -> sa.Select[Any]:
    return sa.select(Task.room_id).where(
        Task.hotel_id == hotel.id, Task.day == hotel.business_date, Task.state == state
    )


def _rows(query: Any, ids: list[int]) -> list[Any]:
    room = query.selected_columns[0]
    return list(session().execute(query.where(room.in_(ids))))


def _out(hotel: Hotel) -> sa.Select[Any]:
    day = hotel.business_date
    return sa.select(RoomBlock.room_id).where(
        RoomBlock.hotel_id == hotel.id,
        RoomBlock.kind == Block.OUT_OF_ORDER,
        RoomBlock.first <= day,
        RoomBlock.until > day,
        sa.not_(RoomBlock.ended),
    )


def _in_house(hotel: Hotel) -> sa.Select[Any]:
    return (
        sa.select(Stay.room_id)
        .join(
            Reservation,
            sa.and_(Reservation.hotel_id == Stay.hotel_id, Reservation.id == Stay.reservation_id),
        )
        .where(Stay.hotel_id == hotel.id, Stay.state == Presence.IN_HOUSE)
    )


def _coming(hotel: Hotel) -> sa.Select[Any]:
    return (
        sa.select(ReservationNight.room_id)
        .join(
            Reservation,
            sa.and_(
                Reservation.hotel_id == ReservationNight.hotel_id,
                Reservation.id == ReservationNight.reservation_id,
            ),
        )
        .where(
            ReservationNight.hotel_id == hotel.id,
            ReservationNight.night == hotel.business_date,
            ReservationNight.live,
            ReservationNight.room_id.is_not(None),
            Reservation.state == State.BOOKED,
        )
    )
