"""A house to be kept: rooms on three floors, attendants, and a morning after."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pms.hotel.house import hiring
from pms.hotel.house.hotels import Chain, Hotel
from pms.hotel.house.staff import Role, Staff
from pms.hotel.rooms import inventory, rooms
from pms.hotel.rooms.rooms import Condition, Room
from pms.hotel.service import housekeeping
from pms.hotel.stays import stays
from tests import make

NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)


@dataclass
class Kept:
    """The hotel, who is in charge, and three who clean."""

    hotel: Hotel
    head: Staff
    hands: list[Staff]


def house(session, *, per_floor=4, floors=3, condition=Condition.DIRTY) -> Kept:
    """A hotel with dirty rooms on each floor, one who is in charge and three who clean."""
    hotel = make.hotel(session)
    kind = make.room_type(session, hotel)
    for floor in range(1, floors + 1):
        for number in range(1, per_floor + 1):
            make.room(session, hotel, f"{floor}{number:02}", kind=kind, condition=condition)
    inventory.extend(session, hotel, until=hotel.business_date + timedelta(days=60))
    make.plan(session, hotel, kind)
    head = make.by(session, hotel, Role.HOUSEKEEPING_MANAGER)
    hands = [attendant(session, hotel, name) for name in ("Amira", "Hoa", "Oksana")]
    return Kept(hotel, head, hands)


def attendant(session, hotel, name) -> Staff:
    """Somebody who cleans."""
    return hiring.hire(
        session,
        session.get_one(Chain, hotel.chain_id),
        email=f"{name.lower()}@keeping.example",
        name=name,
        password=None,
        roles={hotel: Role.HOUSEKEEPER},
    )


def room(session, kept, number) -> Room:
    """The room with that number."""
    found = rooms.by_number(session, kept.hotel, number)
    assert found is not None
    return found


def party(session, kept, number, *, nights=2, adults=2, surname="Dvořák"):
    """A party in house in that room, whose key was handed over when it was clean."""
    there = room(session, kept, number)
    was, there.condition = there.condition, Condition.INSPECTED
    booked = make.reservation(session, kept.hotel, nights=nights, adults=adults, surname=surname)
    stays.check_in(session, booked, room=there, by=make.by(session, kept.hotel))
    there.condition = was
    session.flush()
    return booked


def task_of(session, kept, number, *, on=None):
    """The room's task, put on somebody's sheet by hand if it has none."""
    there = room(session, kept, number)
    found = next(e for e in housekeeping.today(session, kept.hotel) if e.room_id == there.id)
    if found.task is not None:
        return found.task
    return housekeeping.put(session, there, on=on or kept.hands[0], by=kept.head)


def seen(session, kept, number):
    """The room as housekeeping sees it."""
    there = room(session, kept, number)
    return next(e for e in housekeeping.today(session, kept.hotel) if e.room_id == there.id)
