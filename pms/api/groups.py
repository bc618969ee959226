"""Groups: what is agreed, what is picked up and what is left, read by machines.

A room is picked up by booking with the group's code.
"""

from datetime import date

import sqlalchemy as sa
from typing_extensions import TypedDict

from pms.api.calls import look
from pms.api.cursors import AnyRow, AnySelect, Paged, after, behind, page
from pms.api.door import opens
from pms.api.problems import NotHere, UnknownCode
from pms.api.shapes import LONGEST_WORD, Day
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.tokens import Scope
from pms.hotel.rooms.inventory import AllotmentNight
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.stays import groups
from pms.hotel.stays.groups import Billing, Group, GroupTerms, Status
from pms.web.database import session


class GroupsAsked(Paged):
    """Which groups: of a status, or in the house on a day."""

    status: Status | None = None
    on: Day | None = None


class GroupBrief(TypedDict):
    """A group as it stands in a list."""

    id: str
    code: str
    name: str
    status: Status
    arrival: date
    departure: date
    cut_off: date | None
    cut_off_days: int | None
    billing: Billing


class AllotmentRead(TypedDict):
    """One night of one type: agreed, picked up, and what is still kept for the group."""

    night: date
    room_type: str
    agreed: int
    picked_up: int
    left: int


class GroupRead(GroupBrief):
    """A group with its allotment."""

    allotment: list[AllotmentRead]


class Groups(TypedDict):
    """A page of groups; `next_cursor` asks for the next one."""

    groups: list[GroupBrief]
    next_cursor: str | None


@look("/hotels/<code>/groups", asks=GroupsAsked, answers=Groups)
@opens(Scope.RESERVATIONS)
def group_list(hotel: Hotel, asked: GroupsAsked) -> Groups:
    """List the groups by arrival."""
    key = (GroupTerms.arrival, Group.id)
    query = _groups(hotel).order_by(*key).limit(asked.limit + 1)
    if asked.status is not None:
        query = query.where(GroupTerms.status == asked.status)
    if asked.on is not None:
        query = query.where(GroupTerms.arrival <= asked.on, GroupTerms.departure > asked.on)
    reached = after(asked.cursor, date, int)
    if reached is not None:
        query = query.where(behind(key, reached))
    rows, cursor = page(session().execute(query).all(), asked.limit, "arrival", "id")
    return {"groups": [_group(row) for row in rows], "next_cursor": cursor}


@look("/hotels/<code>/groups/<group_code>", answers=GroupRead)
@opens(Scope.RESERVATIONS)
def group(hotel: Hotel, group_code: str) -> GroupRead:
    """Read the group of that code, night by night."""
    if len(group_code) > LONGEST_WORD or not group_code.isprintable():
        raise NotHere("group")
    row = session().execute(_groups(hotel).where(Group.code == group_code.upper())).first()
    if row is None:
        raise NotHere("group")
    a = AllotmentNight
    nights = session().execute(
        sa.select(a.night, RoomType.code, a.agreed, a.picked, a.kept)
        .join(RoomType, sa.and_(RoomType.hotel_id == a.hotel_id, RoomType.id == a.type_id))
        .where(a.hotel_id == hotel.id, a.holder_id == row.id)
        .order_by(a.night, RoomType.rank, RoomType.code)
    )
    allotment: list[AllotmentRead] = [
        {"night": each[0], "room_type": each[1], "agreed": each[2], "picked_up": each[3],
         "left": each[4]}
        for each in nights
    ]  # fmt: skip
    return {**_group(row), "allotment": allotment}


def named(hotel: Hotel, code: str) -> Group:
    """Return the group of a code; refuses one that isn't there."""
    found = groups.by_code(session(), hotel, code)
    if found is None:
        raise UnknownCode("group", code)
    return found


def _groups(hotel: Hotel) -> AnySelect:
    return (
        sa.select(
            Group.id,
            Group.code,
            Group.name,
            GroupTerms.status,
            GroupTerms.arrival,
            GroupTerms.departure,
            GroupTerms.cut_off,
            GroupTerms.cut_off_days,
            GroupTerms.billing,
        )
        .join(
            GroupTerms,
            sa.and_(GroupTerms.hotel_id == Group.hotel_id, GroupTerms.group_id == Group.id),
        )
        .where(Group.hotel_id == hotel.id)
    )


def _group(row: AnyRow) -> GroupBrief:
    return {
        "id": str(row.id),
        "code": row.code,
        "name": row.name,
        "status": row.status,
        "arrival": row.arrival,
        "departure": row.departure,
        "cut_off": row.cut_off,
        "cut_off_days": row.cut_off_days,
        "billing": row.billing,
    }
