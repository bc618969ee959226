"""By hand: one room put on a sheet, moved to another, taken off, or taken by who cleans it."""

from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.rooms import Room
from pms.hotel.service.housekeeping import looking, sheets, standards
from pms.hotel.service.housekeeping.refusals import (
    NothingToClean,
    OnAnothersSheet,
    Touched,
    WrongTaskStep,
)
from pms.hotel.service.housekeeping.tables import Sheet, Task, TaskState


def put(session: Session, room: Room, *, on: Staff, by: Staff) -> Task:
    """Put a room that is on nobody's sheet on somebody's, by hand.

    Who cleans may take one for themselves. Refuses a room that wants nothing, and one that
    somebody has.
    """
    if on.id == by.id:
        require(by, Permission.CLEAN_ROOMS, room.hotel_id)
    else:
        require(by, Permission.SHARE_ROOMS, room.hotel_id)
    hotel = session.get_one(Hotel, room.hotel_id)
    sheets.refuse_no_attendant(on, hotel)
    day = business_day.hold(session, hotel)
    standards.hold_rules(session, hotel)
    lock(session, room)
    [seen] = [each for each in looking.today(session, hotel) if each.room_id == room.id]
    if seen.task is not None and seen.task.is_open:
        raise OnAnothersSheet(room, seen.attendant or "somebody")
    work = seen.unshared
    if work is None:
        raise NothingToClean(room)
    effort = standards.effort(standards.read(session, hotel), room.type_id, work)
    sheet = sheets.sheet_of(session, hotel, on, day=day)
    why = "Taken, since it was on nobody's sheet." if on.id == by.id else _by_hand(by)
    task = Task(
        **sheets.new_task(sheet, room.id)
        | {
            "sheet_id": sheet.id,
            "work": work,
            "minutes": effort.minutes,
            "credits": effort.credits,
            "rank": sheets.last_rank(session, sheet) + 1,
            "why": why,
            "by_hand": True,
        }
    )
    session.add(task)
    session.flush()
    logbook.record(session, "put on a sheet", task, by=by, day=day, room=room.number, to=on.name)
    return task


def move(session: Session, task: Task, *, to: Staff, by: Staff) -> Task:
    """Move a room to somebody else's sheet by hand; it stays there when all is shared out anew.

    Refuses one that is being cleaned, or is finished.
    """
    require(by, Permission.SHARE_ROOMS, task.hotel_id)
    hotel = session.get_one(Hotel, task.hotel_id)
    sheets.refuse_no_attendant(to, hotel)
    day = business_day.hold(session, hotel)
    lock(session, task)
    sheets.refuse_over(task, day)
    if task.state not in {TaskState.TO_DO, TaskState.DO_NOT_DISTURB}:
        raise WrongTaskStep(task, "it stays on its sheet")
    before = session.get_one(Sheet, (hotel.id, task.sheet_id))
    sheet = sheets.sheet_of(session, hotel, to, day=day)
    if sheet.id == before.id:
        return task
    task.sheet_id, task.rank = sheet.id, sheets.last_rank(session, sheet) + 1
    task.why, task.by_hand = _by_hand(by), True
    task.version += 1
    session.flush()
    session.expire(task, ["sheet"])
    logbook.record(
        session, "moved to another sheet", task, by=by, day=day,
        before={"to": before.attendant.name}, to=to.name, room=task.room.number,
    )  # fmt: skip
    return task


def take_off(session: Session, task: Task, *, by: Staff) -> None:
    """Take a room that nobody has begun off its sheet; it waits to be shared out."""
    require(by, Permission.SHARE_ROOMS, task.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, task.hotel_id))
    lock(session, task)
    sheets.refuse_over(task, day)
    if not task.is_untouched:
        raise Touched(task)
    logbook.record(session, "took off a sheet", task, by=by, day=day, room=task.room.number)
    session.delete(task)
    session.flush()


def _by_hand(by: Staff) -> str:
    return f"Put here by hand, by {by.name}."
