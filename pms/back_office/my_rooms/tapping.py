"""Tapping: what each tap of the phone does, what it says then, and what it keeps."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort, request
from sqlalchemy.orm import Session

from pms.hotel.house.once import Sent
from pms.hotel.house.staff import Staff
from pms.hotel.rooms.rooms import Room
from pms.hotel.service import housekeeping, maintenance
from pms.hotel.service.housekeeping import Act, MinibarItem, Tap, Task, minibar
from pms.hotel.service.housekeeping.tapping import only_once
from pms.hotel.service.requests import Priority
from pms.web.auth import find, here, on_duty
from pms.web.forms import Form

_NOT_SAID = {
    "csrf_token",
    "key",
    "age",
    "after",
    "version",
    "who",
}  # what doesn't make it another tap
_LONGEST_AGE = 6

ACTS = {
    Act.START: "is begun",
    Act.PAUSE: "is to do again",
    Act.NOT_TO_DISTURB: "isn't to be disturbed; try again later",
    Act.DECLINE: "gets no service today",
    Act.FINISH: "is clean",
    Act.TAKE_BACK: "is one step back",
}


@dataclass(frozen=True, slots=True)
class Deed:
    """A tap, ready to be attempted: the verb, what it is done to, and what is said when it is."""

    verb: Callable[..., Any]
    thing: Task | Room
    details: dict[str, Any]
    said: str


def asked() -> Deed:
    """Return what was tapped; an act that isn't one, or a stranger's room, is a 404.

    A tap that somebody else left waiting on this phone is a 403, and goes on waiting for them.
    """
    if request.form.get("who", str(on_duty().id)) != str(on_duty().id):
        abort(403)
    act, tapped = request.form.get("act", ""), _tap()
    if act in set(Act):
        task = find(Task, request.form.get("task", 0, type=int))
        details = {"act": Act(act), "tapped": tapped, "by": on_duty()}
        return Deed(_to_a_task, task, details, f"Room {task.room.number} {ACTS[Act(act)]}.")
    if act not in _OF_A_ROOM:
        abort(404)
    room = find(Room, request.form.get("room", 0, type=int))
    verb, said = _OF_A_ROOM[act]
    details = {"tapped": tapped, "typed": request.form.to_dict(), "by": on_duty()}
    return Deed(verb, room, details, said.format(room=room.number))


def _to_a_task(session: Session, task: Task, *, act: Act, tapped: Tap, by: Staff) -> Task:
    return housekeeping.tap(session, task, act, tapped=tapped, by=by)


def _tap() -> Tap:
    """Return what the form says of itself; a page without script says only its key and version."""
    form = request.form
    said = sorted((name, value) for name, value in form.items() if name not in _NOT_SAID)
    digest = hashlib.sha256(repr(said).encode()).hexdigest()
    key, age = form.get("key", "")[:64], form.get("age", "0")
    believable = age.isascii() and age.isdigit() and len(age) <= _LONGEST_AGE
    return Tap(
        Sent(f"tap/{key}"[:64], digest) if key else None,
        Form().version_seen,
        f"tap/{form['after']}"[:64] if form.get("after") else None,
        int(age) if believable else 0,
    )


# --- taps about a room, whoever's sheet it is on --------------------------------------------------


def _take(session: Session, room: Room, *, tapped: Tap, typed: dict[str, str], by: Staff) -> int:
    return only_once(
        session, room, lambda: housekeeping.put(session, room, on=by, by=by).id, tapped=tapped
    )


def _look(session: Session, room: Room, *, tapped: Tap, typed: dict[str, str], by: Staff) -> int:
    said = typed.get("persons", "")
    persons = int(said) if _is_number(said, 4) else -1

    def deed() -> int:
        found = housekeeping.look(session, room, persons=persons, by=by, at=tapped.at)
        return found.id if found is not None else room.id

    return only_once(session, room, deed, tapped=tapped)


def _found(session: Session, room: Room, *, tapped: Tap, typed: dict[str, str], by: Staff) -> int:
    words = typed.get("words", "")
    return only_once(
        session, room, lambda: housekeeping.found(session, room, words=words, by=by).id,
        tapped=tapped,
    )  # fmt: skip


def _broken(session: Session, room: Room, *, tapped: Tap, typed: dict[str, str], by: Staff) -> int:
    urgent = bool(typed.get("urgent"))

    def deed() -> int:
        return maintenance.report(
            session, here(), words=typed.get("words", ""), room=room,
            priority=Priority.URGENT if urgent else Priority.NORMAL, by=by,
        ).id  # fmt: skip

    return only_once(session, room, deed, tapped=tapped)


def _counts(typed: dict[str, str]) -> dict[int, int]:
    """Return how many of which things are gone; what the page showed may be off the list since."""
    found = {}
    for name, count in typed.items():
        item = name.removeprefix("item-")
        if item != name and _is_number(item, 19) and _is_number(count, 4) and int(count):
            found[int(item)] = int(count)
    return found


def _is_number(said: str, below: int) -> bool:
    return said.isascii() and said.isdigit() and len(said) < below


def _minibar(session: Session, room: Room, *, tapped: Tap, typed: dict[str, str], by: Staff) -> int:
    def deed() -> int:
        gone = {find(MinibarItem, item): count for item, count in _counts(typed).items()}
        key = tapped.sent.key if tapped.sent else None
        minibar.post(session, room, gone, key=key, by=by)
        return room.id

    return only_once(session, room, deed, tapped=tapped)


_OF_A_ROOM: dict[str, tuple[Callable[..., int], str]] = {
    "take": (_take, "Room {room} is on your sheet."),
    "look": (_look, "What you saw in room {room} is noted."),
    "found": (_found, "What you found in room {room} has a ticket."),
    "broken": (_broken, "Maintenance knows about room {room}."),
    "minibar": (_minibar, "The minibar of room {room} is on the bill."),
}
