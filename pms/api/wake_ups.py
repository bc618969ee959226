"""Wake-up calls: listed, ordered and cancelled by machines, such as a telephone system."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from pms.api import finding
from pms.api.calls import PREFIX, Made, deed, look
from pms.api.door import opens
from pms.api.shapes import Body, Day, Note, Version, Word
from pms.base import clock
from pms.base.refusal import Invalid
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.house.tokens import Scope
from pms.hotel.service import wake_ups
from pms.hotel.service.wake_ups import CallState, Listed, WakeUp, WakeUpCall
from pms.hotel.stays import stays
from pms.hotel.stays.reservations import Reservation
from pms.web.database import session

_WAKE_UPS = "/hotels/<code>/wake-ups"
_CALLS = "/hotels/<code>/wake-up-calls"
BEHIND, AHEAD = timedelta(hours=12), timedelta(days=3)


class Came(StrEnum):
    """What came of a call."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"


class WakeUpAsked(Body):
    """Who is called when, on the hotel's clock: a party, or whoever is in a room.

    Without a day it is the next time the clock shows the hour; `daily` goes on until departure.
    """

    at: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["07:00"])]
    reservation_id: Word | None = None
    room: Word | None = None
    first_on: Day | None = None
    daily: bool = False
    again_minutes: Annotated[int, Field(ge=1, le=60)] = wake_ups.AGAIN
    notes: Note | None = None


class WakeUpCancelled(Body):
    """That nobody is to be called any more."""

    version: Version | None = None


class CallMade(Body):
    """What came of a call; where nobody answers twice, somebody is asked to go up."""

    came: Annotated[Came, Field(strict=False)]
    version: Version | None = None


class WakeUpRead(TypedDict):
    """What a party asked for; `ended_at` is when it was taken back."""

    id: str
    reservation_id: str
    at: str
    first_on: date
    daily: bool
    notes: str | None
    ended_at: datetime | None
    version: int


class CallRead(TypedDict):
    """One call: `room` is where the party is now, `next_at` when to ring, or ring again."""

    id: str
    wake_up_id: str
    reservation_id: str
    room: str | None
    due_at: datetime
    next_at: datetime | None
    state: CallState
    tries: int
    version: int


class Calls(TypedDict):
    """The calls of the last twelve hours and the next three days, the earliest first."""

    calls: list[CallRead]


@look(_CALLS, answers=Calls)
@opens(Scope.WAKE_UPS, Scope.CONCIERGE)
def wake_up_calls(hotel: Hotel) -> Calls:
    """List whom to call when."""
    now = clock.now()
    found = wake_ups.listed(session(), hotel, first=now - BEHIND, until=now + AHEAD)
    return {"calls": [_listed(each) for each in found]}


@deed(_WAKE_UPS, asks=WakeUpAsked, answers=WakeUpRead, status=201)
@opens(Scope.WAKE_UPS, Scope.CONCIERGE)
def order_wake_up(hotel: Hotel, asked: WakeUpAsked, *, by: Staff) -> Made:
    """Order a call; refuses an hour that is past, and a day on which the party isn't here."""
    [made] = wake_ups.ask(
        session(),
        hotel,
        [_party(hotel, asked)],
        at=time.fromisoformat(asked.at),
        first_on=asked.first_on,
        daily=asked.daily,
        again_minutes=asked.again_minutes,
        notes=asked.notes,
        by=by,
    )
    return Made(_read(made), f"{PREFIX}/hotels/{hotel.code}/wake-ups/{made.id}")


@look(f"{_WAKE_UPS}/<wake_up_id>", answers=WakeUpRead)
@opens(Scope.WAKE_UPS, Scope.CONCIERGE)
def one_wake_up(hotel: Hotel, wake_up_id: str) -> WakeUpRead:
    """Read what was ordered."""
    return _read(finding.row(hotel, WakeUp, wake_up_id, "wake-up"))


@deed(f"{_WAKE_UPS}/<wake_up_id>/cancel", asks=WakeUpCancelled, answers=WakeUpRead)
@opens(Scope.WAKE_UPS, Scope.CONCIERGE)
def cancel_wake_up(
    hotel: Hotel, asked: WakeUpCancelled, *, by: Staff, wake_up_id: str
) -> WakeUpRead:
    """Take a wake-up back with all its calls to come."""
    found = finding.row(hotel, WakeUp, wake_up_id, "wake-up", asked.version)
    wake_ups.take_back(session(), found, by=by)
    return _read(found)


@deed(f"{_CALLS}/<call_id>/came", asks=CallMade, answers=CallRead)
@opens(Scope.WAKE_UPS, Scope.CONCIERGE)
def wake_up_call_came(hotel: Hotel, asked: CallMade, *, by: Staff, call_id: str) -> CallRead:
    """Note what came of a call that was made; refuses one somebody has seen to."""
    found = finding.row(hotel, WakeUpCall, call_id, "wake-up call", asked.version)
    verb = wake_ups.answered if asked.came is Came.ANSWERED else wake_ups.no_answer
    verb(session(), found, by=by)
    stay = stays.of(session(), found.wake_up.reservation)
    return _call(found, found.wake_up, stay.room.number if stay is not None else None)


def _party(hotel: Hotel, asked: WakeUpAsked) -> Reservation:
    """Return the party that was named, or who is in the room that was."""
    if asked.reservation_id is None and asked.room is None:
        raise Invalid("Say whom to call: `reservation_id` or `room`.", field="room")
    found = finding.party(hotel, asked.reservation_id, asked.room)
    if found is None:
        raise wake_ups.NobodyToCall
    return found


def _read(wake_up: WakeUp) -> WakeUpRead:
    return {
        "id": str(wake_up.id),
        "reservation_id": str(wake_up.reservation_id),
        "at": f"{wake_up.at:%H:%M}",
        "first_on": wake_up.first_on,
        "daily": wake_up.daily,
        "notes": wake_up.notes,
        "ended_at": wake_up.ended_at,
        "version": wake_up.version,
    }


def _listed(each: Listed) -> CallRead:
    return _call(each.call, each.wake_up, each.room)


def _call(call: WakeUpCall, wake_up: WakeUp, room: str | None) -> CallRead:
    return {
        "id": str(call.id),
        "wake_up_id": str(wake_up.id),
        "reservation_id": str(wake_up.reservation_id),
        "room": room,
        "due_at": call.due_at,
        "next_at": call.next_at,
        "state": call.state,
        "tries": call.tries,
        "version": call.version,
    }
