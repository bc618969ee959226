"""Telephone calls: logged by machines, called back, and made a message or a request."""

from datetime import datetime
from typing import Annotated

import sqlalchemy as sa
from pydantic import AwareDatetime, Field
from sqlalchemy.orm import joinedload
from typing_extensions import TypedDict

from pms.api import finding, messages
from pms.api.calls import PREFIX, Made, deed, look
from pms.api.cursors import Paged, in_order, page
from pms.api.door import opens
from pms.api.messages import MessageRead
from pms.api.problems import UnknownCode
from pms.api.shapes import Body, Line, Note, Phone, Version, Word, optional
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.house.tokens import Scope
from pms.hotel.service import reception
from pms.hotel.service.reception import Direction, Outcome, PhoneCall
from pms.hotel.service.reception.phone_calls import About
from pms.hotel.service.requests import categories
from pms.web.database import session

_CALLS = "/hotels/<code>/phone-calls"


class PhoneCallAsked(Body):
    """A call that was made, about a party or a room; `back_by` is until when to call back."""

    direction: Annotated[Direction, Field(strict=False)]
    with_whom: Line
    matter: Note
    outcome: Annotated[Outcome, Field(strict=False)]
    reservation_id: Word | None = None
    room: Word | None = None
    phone: Phone | None = None
    back_by: Annotated[AwareDatetime, Field(strict=False)] | None = None


class PhoneCallsAsked(Paged):
    """Which calls; `to_call_back` are those whose other side waits."""

    direction: Direction | None = None
    to_call_back: bool | None = None


class CalledBack(Body):
    """That they were called back."""

    version: Version | None = None


class PassedOn(Body):
    """That what a call was about is a message for its party."""

    urgent: bool = False
    version: Version | None = None


class AskedFor(Body):
    """That what a call was about is a request of a category."""

    category: Word
    version: Version | None = None


class PhoneCallRead(TypedDict):
    """A call, and what it became."""

    id: str
    number: str
    direction: Direction
    with_whom: str
    phone: str | None
    reservation_id: str | None
    room: str | None
    matter: str
    outcome: Outcome
    called_at: datetime
    back_by: datetime | None
    called_back_at: datetime | None
    message_id: str | None
    request_id: str | None
    version: int


class PhoneCalls(TypedDict):
    """A page of calls; `next_cursor` asks for the next one."""

    phone_calls: list[PhoneCallRead]
    next_cursor: str | None


@deed(_CALLS, asks=PhoneCallAsked, answers=PhoneCallRead, status=201)
@opens(Scope.RECEPTION)
def log_phone_call(hotel: Hotel, asked: PhoneCallAsked, *, by: Staff) -> Made:
    """Log a call; refuses to have put one through to a party that takes none."""
    party = finding.party(hotel, asked.reservation_id, asked.room)
    made = reception.log(
        session(),
        hotel,
        direction=asked.direction,
        with_whom=asked.with_whom,
        matter=asked.matter,
        outcome=asked.outcome,
        about=About(party, finding.room(hotel, asked.room)),
        phone=asked.phone,
        back_by=asked.back_by,
        by=by,
    )
    return Made(_call(made), f"{PREFIX}/hotels/{hotel.code}/phone-calls/{made.id}")


@look(_CALLS, asks=PhoneCallsAsked, answers=PhoneCalls)
@opens(Scope.RECEPTION)
def phone_call_list(hotel: Hotel, asked: PhoneCallsAsked) -> PhoneCalls:
    """List calls in the order they were logged."""
    query = (
        sa.select(PhoneCall)
        .options(joinedload(PhoneCall.room).lazyload("*"))
        .where(PhoneCall.hotel_id == hotel.id)
    )
    if asked.direction is not None:
        query = query.where(PhoneCall.direction == asked.direction)
    if asked.to_call_back is not None:
        waits = sa.and_(PhoneCall.back_by.is_not(None), PhoneCall.called_back_at.is_(None))
        query = query.where(waits if asked.to_call_back else sa.not_(waits))
    found = session().scalars(in_order(query, asked, PhoneCall)).all()
    rows, cursor = page(found, asked.limit, "id")
    return {"phone_calls": [_call(row) for row in rows], "next_cursor": cursor}


@look(f"{_CALLS}/<call_id>", answers=PhoneCallRead)
@opens(Scope.RECEPTION)
def one_phone_call(hotel: Hotel, call_id: str) -> PhoneCallRead:
    """Read a call and what it became."""
    return _call(finding.row(hotel, PhoneCall, call_id, "call"))


@deed(f"{_CALLS}/<call_id>/call-back", asks=CalledBack, answers=PhoneCallRead)
@opens(Scope.RECEPTION)
def call_back(hotel: Hotel, asked: CalledBack, *, by: Staff, call_id: str) -> PhoneCallRead:
    """Note that they were called back; refuses where nobody waits for it."""
    found = finding.row(hotel, PhoneCall, call_id, "call", asked.version)
    return _call(reception.call_back(session(), found, by=by))


@deed(f"{_CALLS}/<call_id>/message", asks=PassedOn, answers=MessageRead)
@opens(Scope.RECEPTION)
def pass_call_on(hotel: Hotel, asked: PassedOn, *, by: Staff, call_id: str) -> MessageRead:
    """Make a message of a call for its party; refuses one that became something already."""
    found = finding.row(hotel, PhoneCall, call_id, "call", asked.version)
    return messages.read(reception.pass_on(session(), found, urgent=asked.urgent, by=by))


@deed(f"{_CALLS}/<call_id>/request", asks=AskedFor, answers=PhoneCallRead)
@opens(Scope.RECEPTION)
def ask_of_call(hotel: Hotel, asked: AskedFor, *, by: Staff, call_id: str) -> PhoneCallRead:
    """Make a request of a call; refuses one that became something already."""
    found = finding.row(hotel, PhoneCall, call_id, "call", asked.version)
    category = categories.by_code(session(), hotel, asked.category)
    if category is None or not category.active:
        raise UnknownCode("category", asked.category)
    reception.make_request(session(), found, category=category, by=by)
    return _call(found)


def _call(each: PhoneCall) -> PhoneCallRead:
    return {
        "id": str(each.id),
        "number": str(each.number),
        "direction": each.direction,
        "with_whom": each.with_whom,
        "phone": each.phone,
        "reservation_id": optional(each.reservation_id),
        "room": each.room.number if each.room is not None else None,
        "matter": each.matter,
        "outcome": each.outcome,
        "called_at": each.called_at,
        "back_by": each.back_by,
        "called_back_at": each.called_back_at,
        "message_id": optional(each.message_id),
        "request_id": optional(each.request_id),
        "version": each.version,
    }
