"""Work orders: reported, followed and acted on by machines, such as a building's own controls."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import sqlalchemy as sa
from pydantic import Field
from typing_extensions import TypedDict

from pms.api import finding
from pms.api.calls import PREFIX, Made, deed, look
from pms.api.cursors import AnyRow, AnySelect, Paged, in_order, page
from pms.api.door import opens
from pms.api.problems import NotHere, WordsNeeded
from pms.api.shapes import Body, Day, Line, Version, Word, id_of
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.house.tokens import Scope
from pms.hotel.rooms.rooms import Room
from pms.hotel.service import maintenance
from pms.hotel.service.maintenance import STANDING, OrderState, WorkOrder
from pms.hotel.service.requests import Priority
from pms.web.database import session

_ORDERS = "/hotels/<code>/work-orders"


class OrderAct(StrEnum):
    """What a machine may do to a work order."""

    START = "start"
    HOLD = "hold"
    FINISH = "finish"
    REOPEN = "reopen"


class OrderAsked(Body):
    """What is broken, in a room or at a place."""

    words: Line
    room: Word | None = None
    place: Word | None = None
    priority: Annotated[Priority, Field(strict=False)] = Priority.NORMAL
    due_on: Day | None = None


class OrderActAsked(Body):
    """What is done; `words` say why, or what was done. Some acts can't do without."""

    act: Annotated[OrderAct, Field(strict=False)]
    words: Line | None = None
    labour_minutes: Annotated[int, Field(ge=0, le=10_000)] = 0
    version: Version | None = None


class OrdersAsked(Paged):
    """Which work orders; `standing` are those that are still to be done."""

    state: OrderState | None = None
    standing: bool | None = None
    room: Word | None = None


class OrderRead(TypedDict):
    """A work order."""

    id: str
    number: str
    state: OrderState
    priority: Priority
    words: str
    room: str | None
    place: str | None
    assignee: str | None
    reported_at: datetime
    due_on: date | None
    done_at: datetime | None
    version: int


class Orders(TypedDict):
    """A page of work orders; `next_cursor` asks for the next one."""

    work_orders: list[OrderRead]
    next_cursor: str | None


@deed(_ORDERS, asks=OrderAsked, answers=OrderRead, status=201)
@opens(Scope.HOUSEKEEPING)
def report_order(hotel: Hotel, asked: OrderAsked, *, by: Staff) -> Made:
    """Report something to be mended."""
    made = maintenance.report(
        session(), hotel, words=asked.words, room=finding.room(hotel, asked.room),
        place=asked.place, priority=asked.priority, due_on=asked.due_on, by=by,
    )  # fmt: skip
    return Made(_read(hotel, made.id), f"{PREFIX}/hotels/{hotel.code}/work-orders/{made.id}")


@look(_ORDERS, asks=OrdersAsked, answers=Orders)
@opens(Scope.HOUSEKEEPING)
def order_list(hotel: Hotel, asked: OrdersAsked) -> Orders:
    """List work orders in the order they were reported."""
    query = _rows(hotel)
    if asked.state is not None:
        query = query.where(WorkOrder.state == asked.state)
    if asked.standing is not None:
        stands = WorkOrder.state.in_(STANDING)
        query = query.where(stands if asked.standing else sa.not_(stands))
    if asked.room is not None:
        query = query.where(Room.number == asked.room)
    found = session().execute(in_order(query, asked, WorkOrder)).all()
    rows, cursor = page(found, asked.limit, "id")
    return {"work_orders": [_one(row) for row in rows], "next_cursor": cursor}


@look(f"{_ORDERS}/<order_id>", answers=OrderRead)
@opens(Scope.HOUSEKEEPING)
def one_order(hotel: Hotel, order_id: str) -> OrderRead:
    """Read a work order."""
    return _read(hotel, id_of(order_id))


@deed(f"{_ORDERS}/<order_id>/acts", asks=OrderActAsked, answers=OrderRead)
@opens(Scope.HOUSEKEEPING)
def act_on_order(hotel: Hotel, asked: OrderActAsked, *, by: Staff, order_id: str) -> OrderRead:
    """Do something to a work order; refuses what its state doesn't allow."""
    here, found = session(), finding.row(hotel, WorkOrder, order_id, "work order", asked.version)
    if asked.act is OrderAct.START:
        maintenance.start(here, found, by=by)
    elif asked.act is OrderAct.FINISH:
        minutes = asked.labour_minutes
        maintenance.finish(here, found, words=asked.words, labour_minutes=minutes, by=by)
    elif asked.words is None:
        raise WordsNeeded(asked.act)
    else:
        verb = maintenance.hold if asked.act is OrderAct.HOLD else maintenance.reopen
        verb(here, found, reason=asked.words, by=by)
    return _read(hotel, found.id)


def _rows(hotel: Hotel) -> AnySelect:
    return (
        sa.select(
            WorkOrder.id, WorkOrder.number, WorkOrder.state, WorkOrder.priority, WorkOrder.words,
            Room.number.label("room"), WorkOrder.place, Staff.name.label("assignee"),
            WorkOrder.reported_at, WorkOrder.due_on, WorkOrder.done_at, WorkOrder.version,
        )
        .outerjoin(Room, sa.and_(Room.hotel_id == WorkOrder.hotel_id, Room.id == WorkOrder.room_id))
        .outerjoin(
            Staff, sa.and_(Staff.chain_id == WorkOrder.chain_id, Staff.id == WorkOrder.assignee_id)
        )
        .where(WorkOrder.hotel_id == hotel.id)
    )  # fmt: skip


def _read(hotel: Hotel, number: int | None) -> OrderRead:
    session().flush()
    row = session().execute(_rows(hotel).where(WorkOrder.id == number)).first() if number else None
    if row is None:
        raise NotHere("work order")
    return _one(row)


def _one(row: AnyRow) -> OrderRead:
    return {
        "id": str(row.id),
        "number": str(row.number),
        "state": row.state,
        "priority": row.priority,
        "words": row.words,
        "room": row.room,
        "place": row.place,
        "assignee": row.assignee,
        "reported_at": row.reported_at,
        "due_on": row.due_on,
        "done_at": row.done_at,
        "version": row.version,
    }
