"""Tapping: what a phone that lost its network sends later, each tap once, and never over others.

A tap carries a key of its own, the version of the task that the phone showed, how long ago it was
tapped, and the key of the tap that it builds on. So it is done once however often it is sent; it
is refused, with who did what meanwhile, where somebody was quicker; and it isn't done where the
tap before it wasn't.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock, dates
from pms.base.db import lock
from pms.hotel.house import logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.once import LONGEST_KEY, FormSent, Sent, once
from pms.hotel.house.staff import Staff
from pms.hotel.rooms.rooms import Room
from pms.hotel.service.housekeeping import doing
from pms.hotel.service.housekeeping.refusals import TapBeforeIt, TapTooLate
from pms.hotel.service.housekeeping.tables import Task

OLDEST = timedelta(hours=12)


class Act(enum.StrEnum):
    """What one tap does to a task."""

    START = "start"
    PAUSE = "pause"
    NOT_TO_DISTURB = "not_to_disturb"
    DECLINE = "decline"
    FINISH = "finish"
    TAKE_BACK = "take_back"


@dataclass(frozen=True, slots=True)
class Tap:
    """A tap: its key and a digest of what it says; the task's version the phone showed; its age."""

    sent: Sent | None = None
    version: int | None = None
    after: str | None = None
    seconds_ago: int = 0

    @property
    def at(self) -> datetime:
        """When it was tapped, as far back as is believed."""
        ago = timedelta(seconds=max(0, self.seconds_ago))
        return clock.now() - min(ago, OLDEST)


_TIMED: dict[Act, Callable[..., Task]] = {
    Act.START: doing.start,
    Act.NOT_TO_DISTURB: doing.not_to_disturb,
    Act.DECLINE: doing.decline,
    Act.FINISH: doing.finish,
    Act.TAKE_BACK: doing.take_back,
}
_UNTIMED: dict[Act, Callable[..., Task]] = {
    Act.PAUSE: doing.pause,
}


def tap(session: Session, task: Task, act: Act, *, tapped: Tap, by: Staff) -> Task:
    """Do to a task what was tapped, once; refuses what somebody else was quicker to change."""

    def deed() -> Task:
        _refuse_without_the_one_before(session, task, tapped)
        lock(session, task)
        if tapped.version is not None and task.version != tapped.version:
            raise _too_late(session, task)
        if act in _TIMED:
            return _TIMED[act](session, task, by=by, at=tapped.at)
        return _UNTIMED[act](session, task, by=by)

    hotel = session.get_one(Hotel, task.hotel_id)
    return once(
        session, hotel, tapped.sent, deed, made=lambda made: made.id, again=lambda _id: task
    )


def _refuse_without_the_one_before(session: Session, task: Task, tapped: Tap) -> None:
    if tapped.after is None:
        return
    done = sa.select(FormSent.made_id).where(
        FormSent.hotel_id == task.hotel_id, FormSent.key == tapped.after[:LONGEST_KEY]
    )
    if session.scalar(done) is None:
        raise TapBeforeIt(task.room)


_DID = {
    "began": "began",
    "left": "left",
    "was not to disturb": "found nobody to disturb in",
    "declined": "noted no service for",
    "done": "finished",
    "inspected": "inspected",
    "sent back": "sent back",
    "took back": "changed",
    "moved to another sheet": "moved",
}


def _too_late(session: Session, task: Task) -> TapTooLate:
    """Say who did what meanwhile, since that is what the attendant wants to know."""
    hotel = session.get_one(Hotel, task.hotel_id)
    last = next(iter(logbook.history(session, task, limit=1)), None)
    if last is None:
        return TapTooLate(task.room, "changed", "Somebody", "some time")
    who = session.get_one(Staff, (hotel.chain_id, last.staff_id))
    at = f"{dates.local(last.at, hotel.time_zone):%H:%M}"
    return TapTooLate(task.room, _DID.get(last.verb, "changed"), who.name, at)


def only_once(session: Session, room: Room, deed: Callable[[], int], *, tapped: Tap) -> int:
    """Do what was tapped about a room once, and return the id of what it made."""
    hotel = session.get_one(Hotel, room.hotel_id)
    return once(session, hotel, tapped.sent, deed, made=lambda made: made, again=lambda made: made)
