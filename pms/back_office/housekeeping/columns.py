"""The board of sheets: what is on nobody's, a column for each attendant, and what is kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from pms.back_office.housekeeping import board
from pms.back_office.housekeeping.desk import bp
from pms.hotel.house.departments import Department
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.people import duty
from pms.hotel.rooms.rooms import Condition
from pms.hotel.service import housekeeping
from pms.hotel.service.housekeeping import FINISHED, RoomToday, Sheet, Task, TaskState, looking
from pms.web.auth import allows, find, here
from pms.web.database import session


@dataclass(frozen=True, slots=True)
class Column:
    """A sheet with its rooms, what is to do first and what is done last."""

    sheet: Sheet
    rooms: Sequence[tuple[Task, RoomToday]]

    @property
    def done(self) -> int:
        """The credits that are done."""
        return sum(task.credits for task, _ in self.rooms if task.state in FINISHED)

    @property
    def whole(self) -> int:
        """The credits of the sheet, but for rooms whose guests want no service."""
        return sum(t.credits for t, _ in self.rooms if t.state is not TaskState.DECLINED)

    @property
    def minutes(self) -> int:
        """The minutes of the sheet, but for rooms whose guests want no service."""
        return sum(t.minutes for t, _ in self.rooms if t.state is not TaskState.DECLINED)

    @property
    def next(self) -> Task | None:
        """What comes next."""
        return next((task for task, _ in self.rooms if task.state is TaskState.TO_DO), None)


@bp.get("/housekeeping/sheets")
@allows(Permission.TURN_ROOMS)
def sheets() -> ResponseReturnValue:
    """Show who does which rooms today and how far they are."""
    hotel = here()
    rooms = housekeeping.today(session(), hotel)
    efforts = looking.efforts(session(), hotel, rooms)
    unshared = sorted(
        (each for each in rooms if each.unshared is not None), key=lambda each: each.place
    )
    return render_template(
        "housekeeping/sheets.html",
        columns=columns(rooms),
        unshared=unshared,
        efforts=efforts,
        kept=[each for each in rooms if each.block is not None],
        counts=_counts(rooms),
        differ=board.open_differences(hotel),
        minutes=sum(effort.minutes for _, effort in efforts.values()),
    )


@bp.get("/housekeeping/sheets/<int:sheet_id>")
@allows(Permission.TURN_ROOMS)
def sheet(sheet_id: int) -> ResponseReturnValue:
    """Show one sheet to be read or printed: each room, what it wants, and why it is here."""
    found = find(Sheet, sheet_id)
    if found.day != here().business_date:
        abort(404)
    rooms = housekeeping.today(session(), here())
    [column] = [each for each in columns(rooms) if each.sheet.id == found.id]
    return render_template("housekeeping/sheet.html", column=column, sheet=found)


def columns(rooms: Sequence[RoomToday]) -> list[Column]:
    """Return today's sheets as columns; only a room's newest task is on the board."""
    on: dict[int, list[tuple[Task, RoomToday]]] = {}
    for each in rooms:
        if each.task is not None:
            on.setdefault(each.task.sheet_id, []).append((each.task, each))
    for those in on.values():
        those.sort(key=lambda pair: (_turn(pair[0]), pair[1].rush, pair[0].rank))
    standing = housekeeping.of_day(session(), here(), here().business_date)
    return [Column(each, on.get(each.id, [])) for each in standing]


def _turn(task: Task) -> int:
    if task.state is TaskState.CLEANING:
        return 0
    return 1 if task.is_open else 2


def _counts(rooms: Sequence[RoomToday]) -> dict[str, int]:
    """Return how many rooms are how, as the head of the board says it."""
    standing = [each for each in rooms if not each.is_out_of_order]
    cleaning = [e for e in standing if e.task is not None and e.task.state is TaskState.CLEANING]
    found = {each.value: sum(1 for e in standing if e.condition is each) for each in Condition}
    return found | {
        "cleaning": len(cleaning),
        "dirty": found["dirty"] + found["pickup"],
        "out_of_order": len(rooms) - len(standing),
    }


def on_duty_now() -> set[int]:
    """Return who is on the duty list of housekeeping today."""
    return {
        each.staff_id
        for each in duty.of_day(session(), here(), here().business_date)
        if each.department is Department.HOUSEKEEPING and each.level == 1
    }


def people() -> list[Staff]:
    """Return who may clean rooms here."""
    return housekeeping.attendants(session(), here())
