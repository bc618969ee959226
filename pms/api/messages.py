"""Messages for guests: taken, listed and delivered by machines, such as a switchboard."""

from datetime import datetime
from typing import Annotated

import sqlalchemy as sa
from pydantic import Field
from typing_extensions import TypedDict

from pms.api import finding
from pms.api.calls import PREFIX, Made, deed, look
from pms.api.cursors import Paged, in_order, page
from pms.api.door import opens
from pms.api.shapes import Body, Line, Note, Phone, Version, Word, id_of
from pms.base.refusal import Invalid
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.house.tokens import Scope
from pms.hotel.service import reception
from pms.hotel.service.reception import GuestMessage, How, MessageState
from pms.web.database import session

_MESSAGES = "/hotels/<code>/messages"


class MessageAsked(Body):
    """A message for a party, or for who is in a room."""

    sender: Line
    words: Note
    reservation_id: Word | None = None
    room: Word | None = None
    phone: Phone | None = None
    urgent: bool = False


class MessagesAsked(Paged):
    """Which messages."""

    state: MessageState | None = None
    reservation_id: Word | None = None


class Delivered(Body):
    """How the guest got it."""

    how: Annotated[How, Field(strict=False)]
    version: Version | None = None


class Withdrawn(Body):
    """Why nobody should get it any more."""

    reason: Line
    version: Version | None = None


class MessageRead(TypedDict):
    """A message; `how` it reached the guest, or `why` it was taken back."""

    id: str
    number: str
    reservation_id: str
    sender: str
    phone: str | None
    words: str
    urgent: bool
    state: MessageState
    how: How | None
    why: str | None
    taken_at: datetime
    ended_at: datetime | None
    version: int


class Messages(TypedDict):
    """A page of messages; `next_cursor` asks for the next one."""

    messages: list[MessageRead]
    next_cursor: str | None


@deed(_MESSAGES, asks=MessageAsked, answers=MessageRead, status=201)
@opens(Scope.RECEPTION)
def take_message(hotel: Hotel, asked: MessageAsked, *, by: Staff) -> Made:
    """Take a message; refuses a party that isn't expected, and a room that is empty."""
    party = finding.party(hotel, asked.reservation_id, asked.room)
    if party is None:
        raise Invalid("Nobody is there to be told. Say whom it is for.", field="reservation_id")
    made = reception.take(
        session(), party, sender=asked.sender, words=asked.words, phone=asked.phone,
        urgent=asked.urgent, by=by,
    )  # fmt: skip
    return Made(read(made), f"{PREFIX}/hotels/{hotel.code}/messages/{made.id}")


@look(_MESSAGES, asks=MessagesAsked, answers=Messages)
@opens(Scope.RECEPTION)
def message_list(hotel: Hotel, asked: MessagesAsked) -> Messages:
    """List messages in the order they were taken."""
    query = sa.select(GuestMessage).where(GuestMessage.hotel_id == hotel.id)
    if asked.state is not None:
        query = query.where(GuestMessage.state == asked.state)
    if asked.reservation_id is not None:
        query = query.where(GuestMessage.reservation_id == (id_of(asked.reservation_id) or 0))
    found = session().scalars(in_order(query, asked, GuestMessage)).all()
    rows, cursor = page(found, asked.limit, "id")
    return {"messages": [read(row) for row in rows], "next_cursor": cursor}


@look(f"{_MESSAGES}/<message_id>", answers=MessageRead)
@opens(Scope.RECEPTION)
def one_message(hotel: Hotel, message_id: str) -> MessageRead:
    """Read a message."""
    return read(finding.row(hotel, GuestMessage, message_id, "message"))


@deed(f"{_MESSAGES}/<message_id>/deliver", asks=Delivered, answers=MessageRead)
@opens(Scope.RECEPTION)
def deliver_message(hotel: Hotel, asked: Delivered, *, by: Staff, message_id: str) -> MessageRead:
    """Note that the guest has it; refuses a message that doesn't wait."""
    found = finding.row(hotel, GuestMessage, message_id, "message", asked.version)
    return read(reception.deliver(session(), found, how=asked.how, by=by))


@deed(f"{_MESSAGES}/<message_id>/withdraw", asks=Withdrawn, answers=MessageRead)
@opens(Scope.RECEPTION)
def withdraw_message(hotel: Hotel, asked: Withdrawn, *, by: Staff, message_id: str) -> MessageRead:
    """Take a message back, with the reason; refuses one that doesn't wait."""
    found = finding.row(hotel, GuestMessage, message_id, "message", asked.version)
    return read(reception.withdraw(session(), found, reason=asked.reason, by=by))


def read(each: GuestMessage) -> MessageRead:
    """Return a message as machines read it."""
    return {
        "id": str(each.id),
        "number": str(each.number),
        "reservation_id": str(each.reservation_id),
        "sender": each.sender,
        "phone": each.phone,
        "words": each.words,
        "urgent": each.urgent,
        "state": each.state,
        "how": each.how,
        "why": each.why,
        "taken_at": each.taken_at,
        "ended_at": each.ended_at,
        "version": each.version,
    }
