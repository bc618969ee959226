"""Keys: which open a room for whom, made by the desk's hand or by the lock system's encoder.

A key ends with what it stands for: the stay that ends, is moved or undone ends its keys in the same
transaction. Where the hotel has a lock system, each deed is an order to it, carried after the
commit by the worker and answered later; the room is known from the key, so the order says it all.
"""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from pms.base import clock, ink
from pms.base.db import (
    Base,
    OfHotel,
    choice,
    lock,
    new_id,
    upsert,
    within_hotel,
)
from pms.base.refusal import Refusal
from pms.hotel.house import business_day, jobs, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.rooms import Room
from pms.hotel.stays.presence import Presence, Stay

JOB = "order keys"
MOST = 8  # that open one room for one party


class KeyState(enum.StrEnum):
    """An order is answered or refused by the lock system; a key opens until it is ended."""

    ORDERED = "ordered"
    ISSUED = "issued"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    LOST = "lost"

    @property
    def opens(self) -> bool:
        """Whether the key opens the room, or soon will."""
        return self in OPENING


OPENING = (KeyState.ORDERED, KeyState.ISSUED)


class LockSystem(enum.StrEnum):
    """How keys are made."""

    BY_HAND = "by_hand"
    FILE_DROP = "file_drop"


class KeySetting(Base):
    """How a hotel makes its keys; without a row, by hand."""

    __tablename__ = "key_settings"

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    system: Mapped[LockSystem] = mapped_column(choice(LockSystem))


class Key(OfHotel, Base):
    """One key of a party: the first, or a duplicate of it."""

    __tablename__ = "room_keys"
    __table_args__ = (
        within_hotel("stay_id", "stays"),
        within_hotel("room_id", "rooms"),
        sa.UniqueConstraint("hotel_id", "stay_id", "no"),
        sa.CheckConstraint("no > 0", name="counted_from_one"),
        sa.CheckConstraint(
            "(state IN ('ordered', 'issued')) = (ended_at IS NULL)", name="ended_at_a_moment"
        ),
        sa.Index(None, "hotel_id", "state"),
    )

    stay_id: Mapped[int]
    room_id: Mapped[int]
    no: Mapped[int]
    state: Mapped[KeyState] = mapped_column(choice(KeyState))
    until: Mapped[date]
    staff_id: Mapped[int]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    answer: Mapped[str | None]

    stay: Mapped[Stay] = relationship(viewonly=True)
    room: Mapped[Room] = relationship(viewonly=True)


ink.guard(
    "room_keys_end_once",
    table="room_keys",
    when="UPDATE OF state",
    refuse_if="OLD.state NOT IN ('ordered', 'issued') AND NEW.state <> OLD.state",
    message="a key that was ended opens nothing again",
)
ink.guard(
    "room_keys_open_for_who_is_in_house",
    table="room_keys",
    when="INSERT",
    refuse_if="NOT EXISTS (SELECT 1 FROM stays WHERE hotel_id = NEW.hotel_id AND id = NEW.stay_id"
    " AND state = 'in_house' AND room_id = NEW.room_id)",
    message="a key is for who is in house, and for that room",
)


class NotInHouse(Refusal):
    def __init__(self) -> None:
        super().__init__("Only who is in house has keys. Check the party in first.")


class TooManyKeys(Refusal):
    def __init__(self, room: Room) -> None:
        super().__init__(
            f"{MOST} keys at most open room {room.number}. Cancel one that isn't used.",
            field="count",
        )


class KeyEnded(Refusal):
    def __init__(self, key: Key) -> None:
        super().__init__(f"Key {key.no} is {key.state.value} and opens nothing. Make another.")


# --- how keys are made ---------------------------------------------------------------------------


def system_of(session: Session, hotel: Hotel) -> LockSystem:
    """Return how a hotel makes its keys."""
    found = session.get(KeySetting, hotel.id)
    return found.system if found else LockSystem.BY_HAND


def choose_system(session: Session, hotel: Hotel, system: LockSystem, *, by: Staff) -> None:
    """Say how keys are made from now on; those that are out stay as they are."""
    require(by, Permission.SET_UP, hotel.id)
    before = system_of(session, hotel)
    upsert(session, KeySetting, [{"hotel_id": hotel.id, "system": system}], key=["hotel_id"])
    session.expire_all()
    day = business_day.today(session, hotel)
    line = logbook.line(
        "chose the lock system", "hotels", hotel.id, hotel.id, by=by, day=day,
        before={"system": before}, after={"system": system},
    )  # fmt: skip
    logbook.write(session, [line])


# --- made and ended by the desk ------------------------------------------------------------------


def make(session: Session, stay: Stay, *, count: int = 1, by: Staff) -> list[Key]:
    """Make keys to the room a party is in, good until it leaves; after the first, duplicates.

    Refuses a party that isn't in house, and more keys than a room has.
    """
    require(by, Permission.CHECK_IN, stay.hotel_id)
    hotel = session.get_one(Hotel, stay.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, stay)
    if stay.state is not Presence.IN_HOUSE:
        raise NotInHouse
    before = of_stay(session, stay)
    if count < 1 or count + sum(key.state.opens for key in before) > MOST:
        raise TooManyKeys(stay.room)
    system = system_of(session, hotel)
    made = [
        Key(
            hotel_id=hotel.id,
            id=new_id(),
            stay_id=stay.id,
            room_id=stay.room_id,
            no=len(before) + n,
            state=KeyState.ISSUED if system is LockSystem.BY_HAND else KeyState.ORDERED,
            until=stay.reservation.departure,
            staff_id=by.id,
            made_at=clock.now(),
        )
        for n in range(1, count + 1)
    ]
    session.add_all(made)
    session.flush()
    _order(session, hotel, system, "make", made)
    logbook.record(
        session, "made keys", stay.reservation, by=by, day=day,
        room=stay.room.number, keys=[key.no for key in made],
    )  # fmt: skip
    return made


def lose(session: Session, key: Key, *, by: Staff) -> None:
    """Write a key down as lost: it opens nothing from now on; refuses one that was ended."""
    _end_one(session, key, KeyState.LOST, "lost a key", by=by)


def cancel(session: Session, key: Key, *, by: Staff) -> None:
    """Take a key back; refuses one that was ended."""
    _end_one(session, key, KeyState.CANCELLED, "cancelled a key", by=by)


def _end_one(session: Session, key: Key, state: KeyState, verb: str, *, by: Staff) -> None:
    require(by, Permission.CHECK_IN, key.hotel_id)
    hotel = session.get_one(Hotel, key.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, key)
    if not key.state.opens:
        raise KeyEnded(key)
    key.state, key.ended_at = state, clock.now()
    session.flush()
    _order(session, hotel, system_of(session, hotel), "cancel", [key])
    logbook.record(
        session, verb, key.stay.reservation, by=by, day=day, room=key.room.number, key=key.no
    )


# --- ended with the stay -------------------------------------------------------------------------


def end_with(session: Session, stay: Stay) -> None:
    """Cancel the keys of a party whose stay ends; the stay's own line of the logbook says it."""
    _end_opening(session, stay.hotel_id, _OF_STAY, stay.id)


def end_of_room(session: Session, room: Room) -> None:
    """Cancel the keys to a room that everybody in it leaves for another."""
    _end_opening(session, room.hotel_id, _OF_ROOM, room.id)


_OF_STAY, _OF_ROOM = (
    sa.select(Key)
    .where(Key.hotel_id == sa.bindparam("hotel"), which, Key.state.in_(OPENING))
    .order_by(Key.id)
    .with_for_update()  # nothing on SQLite; an answer may be written down meanwhile
    .execution_options(populate_existing=True)
    for which in (Key.stay_id == sa.bindparam("whose"), Key.room_id == sa.bindparam("whose"))
)


def _end_opening(session: Session, hotel_id: int, wanted: sa.Select[Key], whose: int) -> None:
    opening = list(session.scalars(wanted, {"hotel": hotel_id, "whose": whose}))
    if not opening:
        return
    for key in opening:
        key.state, key.ended_at = KeyState.CANCELLED, clock.now()
    session.flush()
    hotel = session.get_one(Hotel, hotel_id)
    _order(session, hotel, system_of(session, hotel), "cancel", opening)


def of_stay(session: Session, stay: Stay) -> list[Key]:
    """Return a party's keys, the first one first."""
    return list(
        session.scalars(
            sa.select(Key)
            .where(Key.hotel_id == stay.hotel_id, Key.stay_id == stay.id)
            .order_by(Key.no)
        )
    )


# --- spoken to the lock system -------------------------------------------------------------------


def _order(session: Session, hotel: Hotel, system: LockSystem, verb: str, keys: list[Key]) -> None:
    if system is LockSystem.BY_HAND:
        return
    for key in keys:
        order = f"{verb}/{key.id}"
        jobs.enqueue(session, hotel, JOB, {"key": key.id, "verb": verb}, key=f"keys/{order}")
