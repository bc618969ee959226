"""Requests: asked for, followed and acted on by machines, such as the guest's own page."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field
from typing_extensions import TypedDict

from pms.api import finding, reservations
from pms.api.calls import PREFIX, Made, deed, look
from pms.api.cursors import AnyRow, AnySelect, Paged, in_order, page
from pms.api.door import opens
from pms.api.problems import NotHere, UnknownCode, WordsNeeded
from pms.api.shapes import Body, Line, Version, Word, id_of
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.house.tokens import Scope
from pms.hotel.rooms.rooms import Room
from pms.hotel.service import requests
from pms.hotel.service.requests import (
    OPEN,
    Category,
    Priority,
    Request,
    Source,
    State,
    Where,
    categories,
)
from pms.web.database import session

_REQUESTS = "/hotels/<code>/requests"


class Act(StrEnum):
    """What a machine may do to a request."""

    ACKNOWLEDGE = "acknowledge"
    TAKE = "take"
    START = "start"
    HOLD = "hold"
    RESUME = "resume"
    FINISH = "finish"
    CLOSE = "close"
    CANCEL = "cancel"
    REOPEN = "reopen"
    NOTE = "note"


class RequestAsked(Body):
    """What is asked for: for a party, in a room, or at a place; the house knows the rest."""

    category: Word
    words: Line
    reservation_id: Word | None = None
    room: Word | None = None
    place: Word | None = None
    priority: Annotated[Priority, Field(strict=False)] | None = None
    source: Annotated[Source, Field(strict=False)] = Source.GUEST


class ActAsked(Body):
    """What is done: `words` say why, or what was done; some acts can't do without."""

    act: Annotated[Act, Field(strict=False)]
    words: Line | None = None
    version: Version | None = None


class RequestsAsked(Paged):
    """Which requests; `open` are those that somebody still has to do something about."""

    state: State | None = None
    open: bool | None = None
    department: Department | None = None
    room: Word | None = None
    reservation_id: Word | None = None
    guest_visible: bool | None = None


class CategoryRead(TypedDict):
    """A kind of request, and how long it may take at its usual priority."""

    code: str
    name: str
    department: Department
    priority: Priority
    complaint: bool
    guest_visible: bool
    seen_minutes: int
    due_minutes: int


class Categories(TypedDict):
    """What can be asked for."""

    categories: list[CategoryRead]


class RequestRead(TypedDict):
    """A request; `taken` tells who has it from who was only asked."""

    id: str
    number: str
    category: str
    department: Department
    state: State
    priority: Priority
    vip: bool
    complaint: bool
    guest_visible: bool
    source: Source
    words: str
    room: str | None
    place: str | None
    reservation_id: str | None
    assignee: str | None
    taken: bool
    level: int
    asked_at: datetime
    seen_by: datetime
    due_at: datetime
    done_at: datetime | None
    version: int


class Requests(TypedDict):
    """A page of requests; `next_cursor` asks for the next one."""

    requests: list[RequestRead]
    next_cursor: str | None


@look(f"{_REQUESTS}/categories", answers=Categories)
@opens(Scope.REQUESTS)
def request_categories(hotel: Hotel) -> Categories:
    """List what can be asked for."""
    clock = categories.RequestClock
    rows = session().execute(
        sa.select(Category, clock)
        .join(
            clock,
            sa.and_(
                clock.hotel_id == Category.hotel_id,
                clock.category_id == Category.id,
                clock.priority == Category.priority,
                sa.not_(clock.vip),
            ),
        )
        .where(Category.hotel_id == hotel.id, Category.active)
        .order_by(Category.code)
        .limit(500)
    )
    return {
        "categories": [
            {
                "code": each.code,
                "name": each.name,
                "department": each.department,
                "priority": each.priority,
                "complaint": each.complaint,
                "guest_visible": each.guest_visible,
                "seen_minutes": minutes.seen_minutes,
                "due_minutes": minutes.due_minutes,
            }
            for each, minutes in rows
        ]
    }


@deed(_REQUESTS, asks=RequestAsked, answers=RequestRead, status=201)
@opens(Scope.REQUESTS)
def ask(hotel: Hotel, asked: RequestAsked, *, by: Staff) -> Made:
    """Ask the house for something; its clocks start, and who is on duty is asked."""
    here = session()
    category = categories.by_code(here, hotel, asked.category)
    if category is None or not category.active:
        raise UnknownCode("category", asked.category)
    party = reservations.find(hotel, asked.reservation_id) if asked.reservation_id else None
    made = requests.enter(
        here,
        hotel,
        category=category,
        words=asked.words,
        where=Where(finding.room(hotel, asked.room), party, asked.place),
        source=asked.source,
        priority=asked.priority,
        by=by,
    )
    return Made(_read(hotel, made.id), f"{PREFIX}/hotels/{hotel.code}/requests/{made.id}")


@look(_REQUESTS, asks=RequestsAsked, answers=Requests)
@opens(Scope.REQUESTS)
def request_list(hotel: Hotel, asked: RequestsAsked) -> Requests:
    """List requests in the order they were asked."""
    query = in_order(_rows(hotel).where(*_conditions(asked)), asked, Request)
    rows, cursor = page(session().execute(query).all(), asked.limit, "id")
    return {"requests": [_one(row) for row in rows], "next_cursor": cursor}


@look(f"{_REQUESTS}/<request_id>", answers=RequestRead)
@opens(Scope.REQUESTS)
def request(hotel: Hotel, request_id: str) -> RequestRead:
    """Read a request and its clocks."""
    return _read(hotel, id_of(request_id))


@deed(f"{_REQUESTS}/<request_id>/acts", asks=ActAsked, answers=RequestRead)
@opens(Scope.REQUESTS)
def act(hotel: Hotel, asked: ActAsked, *, by: Staff, request_id: str) -> RequestRead:
    """Do something to a request; refuses what its state, or who has it, doesn't allow."""
    here, found = session(), finding.row(hotel, Request, request_id, "request", asked.version)
    if asked.act in _AT_ONCE:
        _AT_ONCE[asked.act](here, found, by=by)
    elif asked.act in _OPTIONAL:
        verb, name = _OPTIONAL[asked.act]
        verb(here, found, **{name: asked.words}, by=by)
    elif asked.words is None:
        raise WordsNeeded(asked.act)
    else:
        verb, name = _WORDED[asked.act]
        verb(here, found, **{name: asked.words}, by=by)
    return _read(hotel, found.id)


Verb = Callable[..., Any]
_AT_ONCE: dict[Act, Verb] = {
    Act.ACKNOWLEDGE: requests.acknowledge,
    Act.TAKE: requests.take,
    Act.START: requests.start,
    Act.RESUME: requests.resume,
}
_OPTIONAL: dict[Act, tuple[Verb, str]] = {
    Act.FINISH: (requests.finish, "words"),
    Act.CLOSE: (requests.close, "cause"),
}
_WORDED: dict[Act, tuple[Verb, str]] = {
    Act.HOLD: (requests.hold, "reason"),
    Act.CANCEL: (requests.cancel, "reason"),
    Act.REOPEN: (requests.reopen, "reason"),
    Act.NOTE: (requests.note, "words"),
}


def _conditions(asked: RequestsAsked) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if asked.state is not None:
        wanted.append(Request.state == asked.state)
    if asked.open is not None:
        is_open = Request.state.in_(OPEN)
        wanted.append(is_open if asked.open else sa.not_(is_open))
    if asked.department is not None:
        wanted.append(Request.department == asked.department)
    if asked.room is not None:
        wanted.append(Room.number == asked.room)
    if asked.reservation_id is not None:
        wanted.append(Request.reservation_id == (id_of(asked.reservation_id) or 0))
    if asked.guest_visible is not None:
        wanted.append(Request.guest_visible == asked.guest_visible)
    return wanted


def _rows(hotel: Hotel) -> AnySelect:
    return (
        sa.select(
            Request.id, Request.number, Category.code.label("category"), Request.department,
            Request.state, Request.priority, Request.vip, Request.complaint,
            Request.guest_visible, Request.source, Request.words, Room.number.label("room"),
            Request.place, Request.reservation_id, Staff.name.label("assignee"),
            Request.taken_at, Request.level, Request.asked_at, Request.seen_by, Request.due_at,
            Request.done_at, Request.version,
        )
        .join(
            Category,
            sa.and_(Category.hotel_id == Request.hotel_id, Category.id == Request.category_id),
        )
        .outerjoin(Room, sa.and_(Room.hotel_id == Request.hotel_id, Room.id == Request.room_id))
        .outerjoin(
            Staff, sa.and_(Staff.chain_id == Request.chain_id, Staff.id == Request.assignee_id)
        )
        .where(Request.hotel_id == hotel.id)
    )  # fmt: skip


def _read(hotel: Hotel, number: int | None) -> RequestRead:
    session().flush()
    row = session().execute(_rows(hotel).where(Request.id == number)).first() if number else None
    if row is None:
        raise NotHere("request")
    return _one(row)


def _one(row: AnyRow) -> RequestRead:
    party = row.reservation_id
    return {
        "id": str(row.id),
        "number": str(row.number),
        "category": row.category,
        "department": row.department,
        "state": row.state,
        "priority": row.priority,
        "vip": row.vip,
        "complaint": row.complaint,
        "guest_visible": row.guest_visible,
        "source": row.source,
        "words": row.words,
        "room": row.room,
        "place": row.place,
        "reservation_id": None if party is None else str(party),
        "assignee": row.assignee,
        "taken": row.taken_at is not None,
        "level": row.level,
        "asked_at": row.asked_at,
        "seen_by": row.seen_by,
        "due_at": row.due_at,
        "done_at": row.done_at,
        "version": row.version,
    }
