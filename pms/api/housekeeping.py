"""Housekeeping: every room of today for machines, and a room turned by one, such as a telephone."""

from datetime import datetime
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from pms.api.calls import deed, look
from pms.api.door import opens
from pms.api.problems import NotHere
from pms.api.shapes import LONGEST_WORD, Body, Version
from pms.base.db import lock
from pms.base.refusal import Stale
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.house.tokens import Scope
from pms.hotel.rooms import rooms
from pms.hotel.rooms.blocks import Block
from pms.hotel.rooms.rooms import Condition, Room
from pms.hotel.service import housekeeping
from pms.hotel.service.housekeeping import Difference, RoomToday, TaskState, Work
from pms.web.database import session


class ConditionAsked(Body):
    """How a room is now; with `version`, only if nobody turned it since it was read."""

    condition: Annotated[Condition, Field(strict=False)]
    version: Version | None = None


class KeptRoom(TypedDict):
    """A room of today: who is in it, who waits for it, the work in it and how it stands."""

    number: str
    room_type: str
    floor: str
    condition: Condition
    condition_at: datetime
    version: int
    occupied: bool
    persons: int
    due_out: bool
    arrival_waiting: bool
    guest_waits_since: datetime | None
    block: Block | None
    wants: Work | None
    task: TaskState | None
    attendant: str | None
    discrepancy: Difference | None


class KeptRooms(TypedDict):
    """Every room of the hotel, in door order."""

    rooms: list[KeptRoom]


@look("/hotels/<code>/housekeeping/rooms", answers=KeptRooms)
@opens(Scope.HOUSEKEEPING)
def kept_rooms(hotel: Hotel) -> KeptRooms:
    """List every room as housekeeping sees it today."""
    return {"rooms": [_one(each) for each in housekeeping.today(session(), hotel)]}


@deed("/hotels/<code>/housekeeping/rooms/<number>/condition", asks=ConditionAsked, answers=KeptRoom)
@opens(Scope.HOUSEKEEPING)
def turn_room(hotel: Hotel, asked: ConditionAsked, *, by: Staff, number: str) -> KeptRoom:
    """Say how a room is now; today's task in it goes along."""
    here, room = session(), _room(hotel, number)
    if asked.version is not None and lock(here, room).version != asked.version:
        raise Stale("room")
    housekeeping.turn(here, room, asked.condition, by=by)
    here.flush()
    return next(_one(e) for e in housekeeping.today(here, hotel) if e.room_id == room.id)


def _room(hotel: Hotel, number: str) -> Room:
    fits = len(number) <= LONGEST_WORD and number.isprintable()
    found = rooms.by_number(session(), hotel, number) if fits else None
    if found is None:
        raise NotHere("room")
    return found


def _one(each: RoomToday) -> KeptRoom:
    return {
        "number": each.number,
        "room_type": each.type_code,
        "floor": each.floor,
        "condition": each.condition,
        "condition_at": each.condition_at,
        "version": each.version,
        "occupied": each.inside is not None,
        "persons": each.inside.persons if each.inside else 0,
        "due_out": each.is_due_out,
        "arrival_waiting": each.coming is not None,
        "guest_waits_since": each.coming.queued_at if each.coming else None,
        "block": each.block.kind if each.block else None,
        "wants": each.wants,
        "task": each.task.state if each.task else None,
        "attendant": each.attendant,
        "discrepancy": each.discrepancy.kind if each.discrepancy else None,
    }
