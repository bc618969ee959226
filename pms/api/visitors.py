"""Visitors: let in, listed and seen out by machines, such as a door."""

from datetime import datetime

import sqlalchemy as sa
from typing_extensions import TypedDict

from pms.api import finding
from pms.api.calls import PREFIX, Made, deed, look
from pms.api.cursors import Paged, in_order, page
from pms.api.door import opens
from pms.api.shapes import Body, Line, Version, Word, optional
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.house.tokens import Scope
from pms.hotel.service import reception
from pms.hotel.service.reception import Visitor
from pms.web.database import session

_VISITORS = "/hotels/<code>/visitors"


class VisitorAsked(Body):
    """Who comes to see a party, who is in a room, or somebody of the house (`host`)."""

    name: Line
    reservation_id: Word | None = None
    room: Word | None = None
    host: Word | None = None
    badge: Word | None = None
    vehicle: Word | None = None


class VisitorsAsked(Paged):
    """Which visitors; `still_in` are those on the evacuation list."""

    still_in: bool | None = None


class SeenOut(Body):
    """That a visitor left."""

    version: Version | None = None


class VisitorRead(TypedDict):
    """A visitor; `left_at` is when they were seen out."""

    id: str
    number: str
    name: str
    reservation_id: str | None
    host: str | None
    badge: str | None
    vehicle: str | None
    came_at: datetime
    left_at: datetime | None
    version: int


class Visitors(TypedDict):
    """A page of visitors; `next_cursor` asks for the next one."""

    visitors: list[VisitorRead]
    next_cursor: str | None


@deed(_VISITORS, asks=VisitorAsked, answers=VisitorRead, status=201)
@opens(Scope.RECEPTION)
def let_in(hotel: Hotel, asked: VisitorAsked, *, by: Staff) -> Made:
    """Let a visitor in; refuses who visits nobody, and a badge that another one wears."""
    made = reception.arrive(
        session(),
        hotel,
        name=asked.name,
        visits=finding.party(hotel, asked.reservation_id, asked.room),
        host=asked.host,
        badge=asked.badge,
        vehicle=asked.vehicle,
        by=by,
    )
    return Made(_visitor(made), f"{PREFIX}/hotels/{hotel.code}/visitors/{made.id}")


@look(_VISITORS, asks=VisitorsAsked, answers=Visitors)
@opens(Scope.RECEPTION)
def visitor_list(hotel: Hotel, asked: VisitorsAsked) -> Visitors:
    """List visitors in the order they came."""
    query = sa.select(Visitor).where(Visitor.hotel_id == hotel.id)
    if asked.still_in is not None:
        is_in = Visitor.left_at.is_(None)
        query = query.where(is_in if asked.still_in else sa.not_(is_in))
    found = session().scalars(in_order(query, asked, Visitor)).all()
    rows, cursor = page(found, asked.limit, "id")
    return {"visitors": [_visitor(row) for row in rows], "next_cursor": cursor}


@look(f"{_VISITORS}/<visitor_id>", answers=VisitorRead)
@opens(Scope.RECEPTION)
def one_visitor(hotel: Hotel, visitor_id: str) -> VisitorRead:
    """Read a visitor."""
    return _visitor(finding.row(hotel, Visitor, visitor_id, "visitor"))


@deed(f"{_VISITORS}/<visitor_id>/leave", asks=SeenOut, answers=VisitorRead)
@opens(Scope.RECEPTION)
def see_out(hotel: Hotel, asked: SeenOut, *, by: Staff, visitor_id: str) -> VisitorRead:
    """See a visitor out; refuses who has left."""
    found = finding.row(hotel, Visitor, visitor_id, "visitor", asked.version)
    return _visitor(reception.leave(session(), found, by=by))


def _visitor(each: Visitor) -> VisitorRead:
    return {
        "id": str(each.id),
        "number": str(each.number),
        "name": each.name,
        "reservation_id": optional(each.reservation_id),
        "host": each.host,
        "badge": each.badge,
        "vehicle": each.vehicle,
        "came_at": each.came_at,
        "left_at": each.left_at,
        "version": each.version,
    }
