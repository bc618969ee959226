"""Rooms: types and numbers, and whether a room is fit to hand over."""

import enum
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from pms.base import clock
from pms.base.db import Base, OfHotel, choice, is_postgresql, lock, new_id, within_hotel
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require


class Condition(enum.StrEnum):
    """How a room is: dirty, to be touched up, clean, or clean and looked over."""

    DIRTY = "dirty"
    PICKUP = "pickup"
    CLEAN = "clean"
    INSPECTED = "inspected"


READY = frozenset({Condition.CLEAN, Condition.INSPECTED})


class RoomNumberTaken(Refusal):
    def __init__(self, number: str) -> None:
        super().__init__(f"There is a room {number} already.", field="number")


class TypeCodeTaken(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(f"There is a room type {code} already.", field="code")


class RoomType(OfHotel, Base):
    """A kind of room that is sold; `rank` orders types from plain to best."""

    __tablename__ = "room_types"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "code"),
        sa.CheckConstraint("sleeps > 0", name="sleeps_someone"),
    )

    code: Mapped[str]
    name: Mapped[str]
    sleeps: Mapped[int] = mapped_column(default=2)
    rank: Mapped[int] = mapped_column(default=0)


class Room(OfHotel, Base):
    """A room with a number on its door."""

    __tablename__ = "rooms"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "number"),
        within_hotel("type_id", "room_types"),
        within_hotel("connects_to_id", "rooms"),
        sa.Index(None, "hotel_id", "type_id"),
    )

    number: Mapped[str]
    type_id: Mapped[int]
    floor: Mapped[str]
    features: Mapped[list[str]] = mapped_column(default=list)
    connects_to_id: Mapped[int | None]
    condition: Mapped[Condition] = mapped_column(choice(Condition), default=Condition.CLEAN)
    condition_at: Mapped[datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column(default=1)
    type: Mapped[RoomType] = relationship(viewonly=True, lazy="joined")

    @property
    def is_ready(self) -> bool:
        """Whether it may be handed to a guest."""
        return self.condition in READY


def add_type(
    session: Session,
    hotel: Hotel,
    *,
    code: str,
    name: str,
    sleeps: int = 2,
    rank: int = 0,
    by: Staff,
) -> RoomType:
    """Add a kind of room; refuses a code in use."""
    require(by, Permission.SET_UP, hotel.id)
    if not code or len(code) > 16:
        raise Invalid("A type's code has 1 to 16 characters.", field="code")
    if type_by_code(session, hotel, code) is not None:
        raise TypeCodeTaken(code)
    if sleeps < 1:
        raise Invalid("A room sleeps at least one.", field="sleeps")
    kind = RoomType(hotel_id=hotel.id, id=new_id(), code=code, name=name, sleeps=sleeps, rank=rank)
    session.add(kind)
    session.flush()
    day = business_day.today(session, hotel)
    logbook.record(session, "added room type", kind, by=by, day=day, code=code, sleeps=sleeps)
    return kind


def turn(
    session: Session,
    room: Room,
    condition: Condition,
    *,
    by: Staff,
    why: str | None = None,
    at: datetime | None = None,
    under: Permission | None = None,
) -> Room:
    """Say how a room is now, or since then: cleaned, inspected, or dirty again.

    Who turns rooms doesn't inspect them by that alone; `under` is the permission it is done under
    where a later room has its own rules of who inspects.
    """
    require(by, under or _needs(condition), room.hotel_id)
    lock(session, room)
    if room.condition is condition:
        return room
    before, room.condition = room.condition, condition
    room.condition_at = at or clock.now()
    room.version += 1
    session.flush()
    day = business_day.today(session, session.get_one(Hotel, room.hotel_id))
    logbook.record(
        session,
        "turned",
        room,
        by=by,
        day=day,
        why=why,
        before={"condition": before.value},
        condition=condition.value,
    )
    return room


def _needs(condition: Condition) -> Permission:
    inspects = condition is Condition.INSPECTED
    return Permission.INSPECT_ROOMS if inspects else Permission.TURN_ROOMS


def turn_all(
    session: Session, some: Sequence[Room], condition: Condition, *, by: Staff
) -> list[int]:
    """Say of many rooms of a hotel at once how they are now; return the ids of those that changed.

    One line of the logbook for each, as if they had been turned one by one.
    """
    if not some:
        return []
    hotel_id = some[0].hotel_id
    require(by, _needs(condition), hotel_id)
    wanted = (
        sa.select(Room.id, Room.condition)
        .where(Room.hotel_id == hotel_id, Room.id.in_([room.id for room in some]))
        .order_by(Room.id)
    )
    session.flush()
    rows = session.execute(wanted.with_for_update() if is_postgresql(session) else wanted)
    before = {room_id: was for room_id, was in rows if was is not condition}
    session.execute(
        sa.update(Room)
        .where(Room.hotel_id == hotel_id, Room.id.in_(list(before)))
        .values(condition=condition, condition_at=clock.now(), version=Room.version + 1)
    )
    day = business_day.today(session, session.get_one(Hotel, hotel_id))
    logbook.write(
        session,
        [
            logbook.line(
                "turned",
                Room.__tablename__,
                hotel_id,
                room_id,
                by=by,
                day=day,
                before={"condition": was.value},
                after={"condition": condition.value},
            )
            for room_id, was in before.items()
        ],
    )
    return list(before)


class ConnectsNot(Refusal):
    """The two rooms can't have a door between them."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, field="connects_to")


def connect(session: Session, room: Room, other: Room, *, by: Staff) -> None:
    """Note the door between two rooms, both ways; refuses a room with a door to a third."""
    require(by, Permission.SET_UP, room.hotel_id)
    if room.id == other.id or room.hotel_id != other.hotel_id:
        raise ConnectsNot("A connecting door is between two rooms of the hotel.")
    for one, two in ((room, other), (other, room)):
        if lock(session, one).connects_to_id not in (None, two.id):
            raise ConnectsNot(f"Room {one.number} connects to another room already.")
    room.connects_to_id, other.connects_to_id = other.id, room.id
    session.flush()
    day = business_day.today(session, session.get_one(Hotel, room.hotel_id))
    logbook.record(session, "connected", room, by=by, day=day, to=other.number)


def by_number(session: Session, hotel: Hotel, number: str) -> Room | None:
    """Return the room with that number on its door."""
    return session.scalar(sa.select(Room).where(Room.hotel_id == hotel.id, Room.number == number))


def type_by_code(session: Session, hotel: Hotel, code: str) -> RoomType | None:
    """Return the hotel's type of that code."""
    return session.scalar(
        sa.select(RoomType).where(RoomType.hotel_id == hotel.id, RoomType.code == code)
    )


def types(session: Session, hotel: Hotel) -> list[RoomType]:
    """Return the hotel's types, plain to best."""
    return list(
        session.scalars(
            sa.select(RoomType)
            .where(RoomType.hotel_id == hotel.id)
            .order_by(RoomType.rank, RoomType.code)
        )
    )


def all_rooms(session: Session, hotel: Hotel) -> list[Room]:
    """Return the hotel's rooms, by floor and number."""
    return list(
        session.scalars(
            sa.select(Room).where(Room.hotel_id == hotel.id).order_by(Room.floor, Room.number)
        )
    )
