"""Looking: every room of today as housekeeping sees it, and what each still wants.

Seven questions, however many rooms there are; nothing here changes anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.hotel.guests.guests import Guest
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.rooms.blocks import Block, RoomBlock
from pms.hotel.rooms.rooms import Condition, Room, RoomType
from pms.hotel.service.housekeeping import standards
from pms.hotel.service.housekeeping.standards import Effort
from pms.hotel.service.housekeeping.tables import Discrepancy, Sheet, Task, Work
from pms.hotel.stays import queueing
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.queueing import QueuedParty
from pms.hotel.stays.reservations import Reservation, ReservationNight, State

TO_DO = frozenset({Condition.DIRTY, Condition.PICKUP})
_LATEST = time(23, 59)


@dataclass(frozen=True, slots=True)
class Inside:
    """Who is in a room: together until when, how many, and whether one of them is a VIP."""

    leaves: date
    arrived_on: date
    persons: int
    vip: bool


@dataclass(frozen=True, slots=True)
class Coming:
    """Who is to have a room: from when, and whether a VIP; `queued_at` if they wait for it here."""

    eta: time | None
    vip: bool
    persons: int
    children: int
    queued_at: datetime | None = None
    promised_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class RoomToday:
    """A room of today: how it is, who is in it, who waits for it, and the work in it."""

    room_id: int
    number: str
    floor: str
    type_id: int
    type_code: str
    type_name: str
    condition: Condition
    condition_at: datetime
    version: int
    day: date
    linen_due: bool
    inside: Inside | None
    coming: Coming | None
    block: RoomBlock | None
    task: Task | None
    attendant: str | None
    discrepancy: Discrepancy | None

    @property
    def is_out_of_order(self) -> bool:
        """Whether nobody can live in it tonight."""
        return self.block is not None and self.block.kind is Block.OUT_OF_ORDER

    @property
    def is_due_out(self) -> bool:
        """Whether who is in it leaves today."""
        return self.inside is not None and self.inside.leaves <= self.day

    @property
    def what(self) -> str:
        """What the room is to housekeeping: a departure, a stay, or vacant."""
        if self.inside is None:
            return "Vacant"
        return "Due out" if self.is_due_out else "Stay"

    @property
    def is_rush(self) -> bool:
        """Whether a party waits for it and it isn't ready."""
        return self.coming is not None and self.condition in TO_DO

    @property
    def is_queued(self) -> bool:
        """Whether its party is here already and waits for it."""
        return self.coming is not None and self.coming.queued_at is not None

    @property
    def rush(self) -> int:
        """How far its party in the queue moves it up a sheet; 0 where nobody waits in the house."""
        return -1 - self._waited if self.is_queued and self.is_rush else 0

    @property
    def _waited(self) -> int:
        """For how many whole minutes its party has waited."""
        since = self.coming.queued_at if self.coming else None
        return int((clock.now() - since).total_seconds() // 60) if since else 0

    @property
    def wants(self) -> Work | None:
        """What work the room asks for as it is now, whoever does it."""
        if self.is_out_of_order or self.condition not in TO_DO:
            return None
        if self.inside is None:
            return Work.TOUCH_UP if self.condition is Condition.PICKUP else Work.DEPARTURE
        if self.is_due_out:
            return Work.DEPARTURE
        if self.condition is Condition.PICKUP:
            return Work.TOUCH_UP
        return Work.LINEN if self.linen_due else Work.STAY

    @property
    def work_now(self) -> Work | None:
        """What is to be done in it now; a guest may have left since the sheet was made."""
        if self.task is not None and not (self.task.is_open and self.wants):
            return self.task.work
        return self.wants

    @property
    def is_seen_to(self) -> bool:
        """Whether a task of today answers for how the room is now."""
        if self.task is None:
            return False
        rests = self.task.rests_since
        return self.task.is_open or (rests is not None and rests >= self.condition_at)

    @property
    def unshared(self) -> Work | None:
        """What the room wants that is on nobody's sheet."""
        return None if self.is_seen_to else self.wants

    @property
    def place(self) -> tuple[int, time, str, str]:
        """Where it comes on a sheet: who waits first, then what is vacant, then who is still in.

        Who waits in the house goes before who is only expected, the longest wait first.
        """
        if self.rush and self.inside is None:
            return (self.rush, _LATEST, self.floor, self.number)
        if self.is_rush and self.inside is None:
            eta = self.coming.eta if self.coming else None
            return (0, eta or _LATEST, self.floor, self.number)
        if self.inside is None:
            return (1, _LATEST, self.floor, self.number)
        return (3 if self.is_due_out else 2, _LATEST, self.floor, self.number)


def today(session: Session, hotel: Hotel) -> list[RoomToday]:
    """Return every room of the hotel as it is today, in door order."""
    day = business_day.today(session, hotel)
    ways = standards.rules(session, hotel)
    inside, coming = _inside(session, hotel), _coming(session, hotel, day)
    blocks = _blocks(session, hotel, day)
    tasks = _tasks(session, hotel, day)
    open_ones = {
        each.room_id: each
        for each in session.scalars(
            sa.select(Discrepancy).where(
                Discrepancy.hotel_id == hotel.id, Discrepancy.resolution.is_(None)
            )
        )
    }
    found = []
    for row in _rooms(session, hotel):
        there = inside.get(row.id)
        task, attendant = tasks.get(row.id, (None, None))
        found.append(
            RoomToday(
                row.id, row.number, row.floor, row.type_id, row.code, row.name, row.condition,
                row.condition_at, row.version, day,
                _linen_is_due(there, day, ways.linen_every),
                there, coming.get(row.id), blocks.get(row.id), task, attendant,
                open_ones.get(row.id),
            )
        )  # fmt: skip
    return found


def efforts(
    session: Session, hotel: Hotel, rooms: Sequence[RoomToday]
) -> dict[int, tuple[Work, Effort]]:
    """Return what each room that is on nobody's sheet wants, and how long that takes."""
    known = standards.read(session, hotel)
    return {
        each.room_id: (work, standards.effort(known, each.type_id, work))
        for each in rooms
        if (work := each.unshared) is not None
    }


def desk_persons(session: Session, room: Room) -> int:
    """Return how many persons the desk has in a room, none where it has it vacant."""
    heads = session.scalar(
        sa.select(sa.func.sum(Reservation.adults + Reservation.children))
        .join(
            Stay,
            sa.and_(Stay.hotel_id == Reservation.hotel_id, Stay.reservation_id == Reservation.id),
        )
        .where(
            Stay.hotel_id == room.hotel_id,
            Stay.room_id == room.id,
            Stay.state == Presence.IN_HOUSE,
        )
    )
    return int(heads or 0)


def _linen_is_due(there: Inside | None, day: date, every: int) -> bool:
    if there is None or every == 0 or day <= there.arrived_on:
        return False
    return (day - there.arrived_on).days % every == 0


def _rooms(session: Session, hotel: Hotel) -> Sequence[Any]:
    return session.execute(
        sa.select(
            Room.id, Room.number, Room.floor, Room.type_id, RoomType.code, RoomType.name,
            Room.condition, Room.condition_at, Room.version,
        )
        .join(RoomType, sa.and_(RoomType.hotel_id == Room.hotel_id, RoomType.id == Room.type_id))
        .where(Room.hotel_id == hotel.id)
        .order_by(Room.floor, Room.number)
    ).all()  # fmt: skip


_GUEST = sa.and_(Guest.chain_id == Reservation.chain_id, Guest.id == Reservation.guest_id)


def _inside(session: Session, hotel: Hotel) -> dict[int, Inside]:
    rows = session.execute(
        sa.select(
            Stay.room_id, Stay.arrived_on, Reservation.departure, Guest.vip,
            (Reservation.adults + Reservation.children).label("persons"),
        )
        .join(
            Reservation,
            sa.and_(Reservation.hotel_id == Stay.hotel_id, Reservation.id == Stay.reservation_id),
        )
        .join(Guest, _GUEST)
        .where(Stay.hotel_id == hotel.id, Stay.state == Presence.IN_HOUSE)
    )  # fmt: skip
    found: dict[int, Inside] = {}
    for row in rows:
        was = found.get(row.room_id)
        found[row.room_id] = Inside(
            max(row.departure, was.leaves) if was else row.departure,
            min(row.arrived_on, was.arrived_on) if was else row.arrived_on,
            row.persons + (was.persons if was else 0),
            row.vip or (was is not None and was.vip),
        )
    return found


def _coming(session: Session, hotel: Hotel, day: date) -> dict[int, Coming]:
    rows = session.execute(
        sa.select(
            ReservationNight.room_id, Reservation.eta, Guest.vip,
            Reservation.adults, Reservation.children,
            QueuedParty.queued_at, QueuedParty.promised_by,
        )
        .join(
            Reservation,
            sa.and_(
                Reservation.hotel_id == ReservationNight.hotel_id,
                Reservation.id == ReservationNight.reservation_id,
            ),
        )
        .join(Guest, _GUEST)
        .outerjoin(
            QueuedParty, sa.and_(queueing.WITH_RESERVATION, queueing.still(hotel, day))
        )
        .where(
            ReservationNight.hotel_id == hotel.id,
            ReservationNight.night == day,
            ReservationNight.live,
            ReservationNight.room_id.is_not(None),
            Reservation.state == State.BOOKED,
        )
        .order_by(Reservation.id)
    )  # fmt: skip
    return {
        row.room_id: Coming(
            row.eta,
            row.vip,
            row.adults + row.children,
            row.children,
            row.queued_at,
            row.promised_by,
        )
        for row in rows
    }


def _blocks(session: Session, hotel: Hotel, day: date) -> dict[int, RoomBlock]:
    rows = session.scalars(
        sa.select(RoomBlock).where(
            RoomBlock.hotel_id == hotel.id,
            RoomBlock.first <= day,
            RoomBlock.until > day,
            sa.not_(RoomBlock.ended),
        )
    )
    found: dict[int, RoomBlock] = {}
    for each in rows:
        if each.room_id not in found or each.kind is Block.OUT_OF_ORDER:
            found[each.room_id] = each
    return found


def _tasks(session: Session, hotel: Hotel, day: date) -> dict[int, tuple[Task, str]]:
    """Return each room's newest task of the day, and on whose sheet it is."""
    rows = session.execute(
        sa.select(Task, Staff.name)
        .join(Sheet, sa.and_(Sheet.hotel_id == Task.hotel_id, Sheet.id == Task.sheet_id))
        .join(Staff, sa.and_(Staff.chain_id == Sheet.chain_id, Staff.id == Sheet.attendant_id))
        .where(Task.hotel_id == hotel.id, Task.day == day)
        .order_by(Task.id)
    )
    return {task.room_id: (task, name) for task, name in rows}
