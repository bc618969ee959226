"""What housekeeping says no to."""

from datetime import date, datetime

from pms.base import dates
from pms.base.refusal import Refusal
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.rooms import Room
from pms.hotel.service.housekeeping.tables import Task, TaskState


class WrongTaskStep(Refusal):
    def __init__(self, task: Task, why: str) -> None:
        super().__init__(f"Room {task.room.number} is {said_of(task.state)}: {why}.")


class OnAnothersSheet(Refusal):
    """The room is somebody else's today."""

    def __init__(self, room: Room, name: str) -> None:
        super().__init__(
            f"Room {room.number} is on {name}'s sheet. Ask who shares out the rooms to move it."
        )


class BegunAlready(Refusal):
    def __init__(self, task: Task, name: str, hotel: Hotel) -> None:
        since = said_at(task.started_at, hotel)
        super().__init__(f"{name} is cleaning room {task.room.number} since {since}.")


class SheetIsOver(Refusal):
    def __init__(self, day: date) -> None:
        super().__init__(f"That sheet was for {day:%a} {day.day} {day:%b}. Look at today's.")


class NotYourOwn(Refusal):
    def __init__(self, room: Room) -> None:
        super().__init__(
            f"You cleaned room {room.number}, so somebody else inspects it. The hotel can allow it "
            "under Standards."
        )


class NewerWork(Refusal):
    """The room was put on a sheet again since."""

    def __init__(self, room: Room, name: str) -> None:
        super().__init__(f"Room {room.number} has newer work on {name}'s sheet. Go on with that.")


class NotCleanSince(Refusal):
    """Somebody has been in the room since it was done."""

    def __init__(self, room: Room) -> None:
        super().__init__(
            f"Room {room.number} was done, and it isn't clean any more. Put it on a sheet again."
        )


class NothingToShare(Refusal):
    def __init__(self) -> None:
        super().__init__("Every room that wants cleaning is on a sheet. Move rooms by hand.")


class NobodyToClean(Refusal):
    def __init__(self) -> None:
        super().__init__("Nobody is there to clean. Choose at least one attendant.", field="people")


class NotAnAttendant(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} doesn't clean rooms in this hotel. Choose somebody else.", field="people"
        )


class NothingToClean(Refusal):
    def __init__(self, room: Room) -> None:
        super().__init__(f"Room {room.number} wants nothing today. Say on the board what it wants.")


class Touched(Refusal):
    def __init__(self, task: Task) -> None:
        super().__init__(
            f"Room {task.room.number} was {said_of(task.state)} already; it stays on its sheet."
        )


class TapTooLate(Refusal):
    """Somebody was quicker while the phone had no network."""

    def __init__(self, room: Room, done: str, name: str, at: str) -> None:
        super().__init__(
            f"{name} {done} room {room.number} at {at}, after what your phone showed. Your tap was "
            "not kept; look at the room as it is now."
        )


class TapBeforeIt(Refusal):
    def __init__(self, room: Room) -> None:
        super().__init__(
            f"The tap before this one on room {room.number} was not kept, so neither is this one."
        )


class NobodyThere(Refusal):
    def __init__(self, room: Room) -> None:
        super().__init__(
            f"Nobody is in room {room.number} for the desk. Tell the desk what is missing."
        )


class NotSoYet(Refusal):
    """The resolution isn't true yet."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, field="resolution")


class ResolvedAlready(Refusal):
    def __init__(self, room: Room) -> None:
        super().__init__(f"That of room {room.number} is resolved already.")


def said_of(state: TaskState) -> str:
    """Say a state as a room is it."""
    return {
        TaskState.TO_DO: "still to do",
        TaskState.CLEANING: "being cleaned",
        TaskState.DO_NOT_DISTURB: "not to be disturbed",
        TaskState.DECLINED: "declined",
        TaskState.DONE: "done",
        TaskState.INSPECTED: "inspected",
    }[state]


def said_at(at: datetime | None, hotel: Hotel) -> str:
    """Say an instant as the hotel's clocks showed it."""
    return f"{dates.local(at, hotel.time_zone):%H:%M}" if at else "just now"
