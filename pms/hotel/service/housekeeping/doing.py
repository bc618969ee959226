"""Doing: a room begun, left undisturbed, declined, done, inspected, or sent back to be redone."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import lock
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import rooms
from pms.hotel.rooms.rooms import READY, Condition, Room
from pms.hotel.service.housekeeping import sheets, standards
from pms.hotel.service.housekeeping.refusals import (
    BegunAlready,
    NewerWork,
    NotCleanSince,
    NotYourOwn,
    OnAnothersSheet,
    WrongTaskStep,
)
from pms.hotel.service.housekeeping.tables import FINISHED, Sheet, Task, TaskState
from pms.hotel.service.requests.entering import said

UNDONE = "undone"
_AT_THE_DOOR = frozenset({TaskState.TO_DO, TaskState.DO_NOT_DISTURB, TaskState.DECLINED})


def start(session: Session, task: Task, *, by: Staff, at: datetime | None = None) -> Task:
    """Begin a room. Refuses one that somebody is in already, or that is on another's sheet."""
    day = _begin(session, task, by=by)
    _refuse_newer(session, task)
    before = task.state
    if before is TaskState.CLEANING:
        raise BegunAlready(task, task.sheet.attendant.name, _hotel(session, task))
    if before not in _AT_THE_DOOR:
        raise WrongTaskStep(task, "there is nothing to begin")
    task.state, task.started_at, task.declined_at = TaskState.CLEANING, at or clock.now(), None
    return _end(session, task, "began", before, by=by, day=day)


def pause(session: Session, task: Task, *, by: Staff) -> Task:
    """Leave a room half done, or take back what was said at its door: it is to be done still."""
    day = _begin(session, task, by=by)
    _refuse_newer(session, task)
    before = task.state
    if before not in {TaskState.CLEANING, TaskState.DO_NOT_DISTURB, TaskState.DECLINED}:
        raise WrongTaskStep(task, "there is nothing to leave")
    task.state, task.declined_at = TaskState.TO_DO, None
    return _end(session, task, "left", before, by=by, day=day)


def not_to_disturb(session: Session, task: Task, *, by: Staff, at: datetime | None = None) -> Task:
    """Note that the guest doesn't want to be disturbed: somebody tries again later."""
    day = _begin(session, task, by=by)
    before = task.state
    if before not in {TaskState.TO_DO, TaskState.CLEANING, TaskState.DO_NOT_DISTURB}:
        raise WrongTaskStep(task, "nobody needs to try again")
    task.state, task.tries, task.tried_at = (
        TaskState.DO_NOT_DISTURB, task.tries + 1, at or clock.now(),
    )  # fmt: skip
    return _end(session, task, "was not to disturb", before, by=by, day=day, tries=task.tries)


def decline(session: Session, task: Task, *, by: Staff, at: datetime | None = None) -> Task:
    """Note that the guest wants no service today; the room stays as it is."""
    day = _begin(session, task, by=by)
    before = task.state
    if not task.is_open:
        raise WrongTaskStep(task, "there is nothing to decline")
    task.state, task.declined_at = TaskState.DECLINED, at or clock.now()
    return _end(session, task, "declined", before, by=by, day=day)


def finish(session: Session, task: Task, *, by: Staff, at: datetime | None = None) -> Task:
    """Say that a room is clean; refuses one on another's sheet, and one that is done.

    A room that was changed after it was cleaned, such as by a check-out, stays as it is.
    """
    day = _begin(session, task, by=by)
    if not task.is_open:
        raise WrongTaskStep(task, "it was done before")
    return _finish(session, task, at, by=by, day=day)


def inspect(session: Session, task: Task, *, by: Staff) -> Task:
    """Look over a room that is done, and find it good.

    Nobody inspects what they cleaned themselves, unless the hotel says so. Refuses a room that
    isn't clean any more.
    """
    day = _hold(session, task)
    _refuse_no_inspector(session, task.room, task.done_by, by=by)
    if task.state is not TaskState.DONE:
        raise WrongTaskStep(task, "only what is done is inspected")
    if lock(session, task.room).condition not in READY:
        raise NotCleanSince(task.room)
    return _inspect(session, task, by=by, day=day)


def redo(session: Session, task: Task, *, why: str, by: Staff) -> Task:
    """Send a room back to who cleaned it, and count that; it is dirty again.

    Needs the permission to inspect: what one sees in one's own room one simply puts right.
    """
    require(by, Permission.INSPECT_ROOMS, task.hotel_id)
    why = said(why, field="why")
    day = _hold(session, task)
    _refuse_newer(session, task)
    before = task.state
    if before not in FINISHED:
        raise WrongTaskStep(task, "only what is done is sent back")
    task.turn += 1
    task.state, task.redo_why = TaskState.TO_DO, why
    task.done_at = task.done_by = task.inspected_at = task.inspected_by = task.started_at = None
    made = _end(session, task, "sent back", before, by=by, day=day, why=why, turn=task.turn)
    rooms.turn(session, task.room, Condition.DIRTY, by=by, why=why)
    return made


def take_back(session: Session, task: Task, *, by: Staff, at: datetime | None = None) -> Task:
    """Take back that a room was done, or inspected: one step, for who pressed the wrong button.

    A room that isn't clean any more stays as it is.
    """
    day = _begin(session, task, by=by)
    _refuse_newer(session, task)
    before = task.state
    if before not in FINISHED:
        raise WrongTaskStep(task, "there is nothing to take back")
    _step_back(task)
    made = _end(session, task, "took back", before, by=by, day=day)
    is_done = task.state is TaskState.DONE
    room_is = Condition.CLEAN if is_done else Condition.DIRTY
    if lock(session, task.room).condition in READY:
        turns = Permission.TURN_ROOMS  # what is undone was allowed before
        rooms.turn(session, task.room, room_is, by=by, why=UNDONE, at=at, under=turns)
    return made


def turn(
    session: Session, room: Room, condition: Condition, *, by: Staff, why: str | None = None
) -> Room:
    """Say on the board how a room is; today's task in it goes along.

    Refuses to have one's own room inspected by oneself, unless the hotel says so.
    """
    require(by, Permission.TURN_ROOMS, room.hotel_id)
    hotel = session.get_one(Hotel, room.hotel_id)
    day = business_day.hold(session, hotel)
    task = newest(session, room, day)
    if task is not None:
        lock(session, task)
    lock(session, room)
    if condition is Condition.INSPECTED and not (why == UNDONE and _was_so(session, room, by)):
        cleaner = task.done_by if task is not None else None
        if task is not None and task.is_open:  # it is cleaned and inspected in one word
            cleaner = _cleaner(session, task, by)
        _refuse_no_inspector(session, room, cleaner, by=by)
    if task is not None:
        _along(session, task, condition, undone=why == UNDONE, by=by, day=day)
    return rooms.turn(session, room, condition, by=by, why=why, under=Permission.TURN_ROOMS)


def _was_so(session: Session, room: Room, by: Staff) -> bool:
    """Tell whether the last word on a room is theirs, and it was inspected before: an undo."""
    last = next(iter(logbook.history(session, room, limit=1)), None)
    was = {"condition": Condition.INSPECTED.value}
    return last is not None and last.staff_id == by.id and last.before == was


def _along(
    session: Session, task: Task, condition: Condition, *, undone: bool, by: Staff, day: date
) -> None:
    """Let a task go along with what was said of its room on the board."""
    if condition in READY and task.is_open:
        _finish(session, task, None, by=by, day=day)
    if condition is Condition.INSPECTED and task.state is TaskState.DONE:
        _inspect(session, task, by=by, day=day)
    elif condition is Condition.CLEAN and task.state is TaskState.INSPECTED:
        _step_back(task)
        _end(session, task, "took back", TaskState.INSPECTED, by=by, day=day)
    elif condition not in READY and undone and task.state is TaskState.DONE:
        _step_back(task)
        _end(session, task, "took back", TaskState.DONE, by=by, day=day)


def _step_back(task: Task) -> None:
    if task.state is TaskState.INSPECTED:
        task.state, task.inspected_at, task.inspected_by = TaskState.DONE, None, None
        return
    task.state = TaskState.CLEANING
    task.done_at = task.done_by = None


def newest(session: Session, room: Room, day: date) -> Task | None:
    """Return a room's newest task of a day."""
    return session.scalar(
        sa.select(Task)
        .where(Task.hotel_id == room.hotel_id, Task.day == day, Task.room_id == room.id)
        .order_by(Task.id.desc())
        .limit(1)
    )


# --- what every step does -------------------------------------------------------------------------


def _hotel(session: Session, task: Task) -> Hotel:
    return session.get_one(Hotel, task.hotel_id)


def _hold(session: Session, task: Task) -> date:
    day = business_day.hold(session, _hotel(session, task))
    lock(session, task)
    sheets.refuse_over(task, day)
    return day


def _begin(session: Session, task: Task, *, by: Staff) -> date:
    """Hold the day and the task, and refuse who has nothing to do with it."""
    require(by, Permission.CLEAN_ROOMS, task.hotel_id)
    day = _hold(session, task)
    session.expire(task, ["sheet"])
    if task.sheet.attendant_id != by.id and not by.may(Permission.SHARE_ROOMS, task.hotel_id):
        raise OnAnothersSheet(task.room, task.sheet.attendant.name)
    return day


def _refuse_newer(session: Session, task: Task) -> None:
    """Refuse to open what rested when its room was put on a sheet again meanwhile."""
    lock(session, task.room)  # who puts it on a sheet holds it
    there = newest(session, task.room, task.day)
    if there is not None and there.id != task.id:
        raise NewerWork(task.room, there.sheet.attendant.name)


def _refuse_no_inspector(session: Session, room: Room, cleaner: int | None, *, by: Staff) -> None:
    hotel = session.get_one(Hotel, room.hotel_id)
    if standards.rules(session, hotel).inspect_own:
        require(by, Permission.TURN_ROOMS, hotel.id)
        return
    require(by, Permission.INSPECT_ROOMS, hotel.id)
    if cleaner == by.id:
        raise NotYourOwn(room)


def _finish(session: Session, task: Task, at: datetime | None, *, by: Staff, day: date) -> Task:
    before, cleaner, done_at = task.state, _cleaner(session, task, by), at or clock.now()
    task.started_at = min(task.started_at or done_at, done_at)
    task.state, task.done_at, task.done_by = TaskState.DONE, done_at, cleaner
    made = _end(session, task, "done", before, by=by, day=day)
    if (
        at is None or lock(session, task.room).condition_at <= at
    ):  # nobody left it since it was cleaned
        rooms.turn(session, task.room, Condition.CLEAN, by=by, at=at)
    return made


def _cleaner(session: Session, task: Task, by: Staff) -> int:
    """Return who cleaned: whose sheet it is on, where the desk or who is in charge says it."""
    cleans = by.may(Permission.CLEAN_ROOMS, task.hotel_id)
    if cleans and not by.may(Permission.SHARE_ROOMS, task.hotel_id):
        return by.id
    return session.get_one(Sheet, (task.hotel_id, task.sheet_id)).attendant_id


def _inspect(session: Session, task: Task, *, by: Staff, day: date) -> Task:
    task.state, task.inspected_at, task.inspected_by = TaskState.INSPECTED, clock.now(), by.id
    made = _end(session, task, "inspected", TaskState.DONE, by=by, day=day)
    turns = Permission.TURN_ROOMS  # who inspects was looked at before
    rooms.turn(session, task.room, Condition.INSPECTED, by=by, under=turns)
    return made


def _end(
    session: Session,
    task: Task,
    verb: str,
    before: TaskState,
    *,
    by: Staff,
    day: date,
    why: str | None = None,
    **more: object,
) -> Task:
    task.version += 1
    session.flush()
    logbook.record(
        session, verb, task, by=by, day=day, why=why,
        before={"state": before.value}, state=task.state.value, room=task.room.number, **more,
    )  # fmt: skip
    return task
