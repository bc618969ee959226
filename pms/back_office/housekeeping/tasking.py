"""One room of a sheet: inspected, sent back, moved to another sheet, or taken off."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.housekeeping import columns
from pms.back_office.housekeeping.desk import bp
from pms.back_office.housekeeping.forms import MoveForm, RedoForm
from pms.hotel.house.staff import Permission
from pms.hotel.service import housekeeping
from pms.hotel.service.housekeeping import FINISHED, RoomToday, Task, TaskState
from pms.web import history
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_refused

# what is done at one press: the verb, what is said then, and in which states it is offered
PRESSES: dict[str, tuple[Callable[..., Any], str, frozenset[TaskState]]] = {
    "inspect": (housekeeping.inspect, "is inspected", frozenset({TaskState.DONE})),
    "finish": (housekeeping.finish, "is clean", housekeeping.OPEN),
    "pause": (
        housekeeping.pause,
        "is to do",
        frozenset({TaskState.CLEANING, TaskState.DO_NOT_DISTURB, TaskState.DECLINED}),
    ),
    "decline": (housekeeping.decline, "gets no service today", housekeeping.OPEN),
    "take_back": (housekeeping.take_back, "is one step back", FINISHED),
}
LABELS = {
    "inspect": ("Inspected", "checks", "i"),
    "finish": ("It is clean", "sparkles", "d"),
    "pause": ("To do again", "arrow-back-up", ""),
    "decline": ("Service declined", "hand-stop", ""),
    "take_back": ("Take that back", "arrow-back-up", ""),
}


@dataclass(frozen=True, slots=True)
class Press:
    """A deed on the page at one press."""

    name: str
    label: str
    icon: str
    key: str


@bp.get("/housekeeping/tasks/<int:task_id>")
@allows(Permission.TURN_ROOMS)
def task(task_id: int) -> ResponseReturnValue:
    """Show the work in one room: why it is on its sheet, how it stands, and what can be done."""
    found = find(Task, task_id)
    return _page(found, RedoForm(), _move_form(found)), 200


@bp.post("/housekeeping/tasks/<int:task_id>/<name>")
@allows(Permission.TURN_ROOMS)
def press(task_id: int, name: str) -> ResponseReturnValue:
    """Do something to a task at one press."""
    found, form = find(Task, task_id), Form()
    if name not in PRESSES:
        abort(404)
    verb, said, _ = PRESSES[name]
    if attempt(form, verb, found, by=on_duty()):
        say(f"Room {found.room.number} {said}.")
    say_refused(form)
    back = request.args.get("back")
    if back == "sheets":
        return redirect(url_for("housekeeping.sheets"))
    return redirect(url_for("housekeeping.task", task_id=task_id))


@bp.post("/housekeeping/tasks/<int:task_id>/redo")
@allows(Permission.INSPECT_ROOMS)
def redo(task_id: int) -> ResponseReturnValue:
    """Send a room back to who cleaned it, with why."""
    found, form = find(Task, task_id), RedoForm()
    if form.validate_on_submit() and attempt(
        form, housekeeping.redo, found, why=form.why.data or "", by=on_duty()
    ):
        say(f"Room {found.room.number} goes back to {found.sheet.attendant.name}.")
        return redirect(url_for("housekeeping.task", task_id=task_id))
    return _page(found, form, _move_form(found)), 422


@bp.post("/housekeeping/tasks/<int:task_id>/move")
@allows(Permission.SHARE_ROOMS)
def move(task_id: int) -> ResponseReturnValue:
    """Move a room to somebody else's sheet."""
    found = find(Task, task_id)
    form = _move_form(found)
    if form.validate_on_submit() and attempt(
        form, housekeeping.move, found, to=form.person.chosen, by=on_duty()
    ):
        say(f"Room {found.room.number} is on {form.person.chosen.name}'s sheet.")
        return redirect(url_for("housekeeping.sheets"))
    return _page(found, RedoForm(), form), 422


@bp.post("/housekeeping/tasks/<int:task_id>/off")
@allows(Permission.SHARE_ROOMS)
def take_off(task_id: int) -> ResponseReturnValue:
    """Take a room off its sheet."""
    found, form = find(Task, task_id), Form()
    number = found.room.number
    attempt(form, housekeeping.take_off, found, by=on_duty())
    if form.said:
        say_refused(form)
        return redirect(url_for("housekeeping.task", task_id=task_id))
    say(f"Room {number} is on nobody's sheet.")
    return redirect(url_for("housekeeping.sheets"))


def _move_form(found: Task) -> MoveForm:
    form = MoveForm()
    others = [each for each in columns.people() if each.id != found.sheet.attendant_id]
    form.person.offer(others, label=lambda each: each.name)
    form.shows(found)
    return form


def _page(found: Task, redo_form: RedoForm, move_form: MoveForm) -> str:
    rooms = housekeeping.today(session(), here())
    seen: RoomToday = next(each for each in rooms if each.room_id == found.room_id)
    redo_form.shows(found)
    return render_template(
        "housekeeping/task.html",
        task=found,
        room=seen,
        presses=_presses(found),
        redo_form=redo_form if found.state in FINISHED and may(Permission.INSPECT_ROOMS) else None,
        move_form=move_form,
        may_share=may(Permission.SHARE_ROOMS),
        history=history.of(found, here()),
    )


def _presses(found: Task) -> list[Press]:
    """Return what can be done at one press as the task stands, by who looks at it."""
    if found.day != here().business_date:
        return []
    mine = found.sheet.attendant_id == on_duty().id or may(Permission.SHARE_ROOMS)
    return [
        Press(name, *LABELS[name])
        for name, (_, _, states) in PRESSES.items()
        if found.state in states and (may(Permission.INSPECT_ROOMS) if name == "inspect" else mine)
    ]
