"""Acting: every deed on a work order, at one press or with the words it wants."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.maintenance import forms
from pms.back_office.maintenance.desk import bp
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.service import maintenance
from pms.hotel.service.maintenance import STANDING, OrderState, WorkOrder
from pms.hotel.service.requests import Priority
from pms.web import acting
from pms.web.acting import Asking, colleagues, reason
from pms.web.auth import allows, find, may


def _take(here_: Any, found: WorkOrder, *, by: Staff) -> WorkOrder:
    return maintenance.assign(here_, found, person=by, by=by)


_BEGINS = frozenset({OrderState.OPEN, OrderState.ON_HOLD})
_HOLDS = frozenset({OrderState.OPEN, OrderState.IN_PROGRESS})
_DONE = frozenset({OrderState.DONE})


@dataclass(frozen=True, slots=True)
class Deed:
    """A deed: its words, icon and key, the states it is for, and the permission it needs more."""

    name: str
    label: str
    icon: str
    key: str
    states: frozenset[OrderState]
    needs: Permission | None = None


DEEDS = (
    Deed("start", "Begin", "tool", "s", _BEGINS),
    Deed("finish", "It is mended", "checks", "d", STANDING),
    Deed("take", "Take it", "hand-stop", "t", STANDING),
    Deed("assign", "Give to somebody", "user", "e", STANDING, Permission.DIRECT_REQUESTS),
    Deed("hold", "Put on hold", "hourglass", "h", _HOLDS),
    Deed("change", "Priority and day", "clock", "", STANDING, Permission.DIRECT_REQUESTS),
    Deed("return_room", "Return the room", "door-enter", "", frozenset(OrderState),
         Permission.BLOCK_ROOMS),
    Deed("reopen", "Reopen it", "refresh", "o", _DONE),
    Deed("cancel", "Cancel it", "x", "", STANDING, Permission.DIRECT_REQUESTS),
)  # fmt: skip
AT_ONCE: dict[str, tuple[Callable[..., Any], str]] = {
    "start": (maintenance.start, "is begun"),
    "take": (_take, "is yours"),
    "return_room": (maintenance.return_room, "gave its room back to guests"),
}


def _cost(form: Any) -> dict[str, Any]:
    return {
        "words": form.words.data,
        "labour_minutes": form.labour_minutes.data or 0,
        "parts": form.parts.data,
        "returns": bool(form.returns and form.returns.data),
    }


ASKING: dict[str, Asking] = {
    "finish": Asking(forms.FinishForm, maintenance.finish, _cost, "It is mended", "is done"),
    "hold": Asking(forms.ReasonForm, maintenance.hold, reason, "Put on hold", "rests"),
    "assign": Asking(
        forms.AssignForm,
        maintenance.assign,
        lambda form: {"person": form.person.chosen},
        "Give to somebody",
        "is given",
    ),
    "change": Asking(
        forms.ChangeForm,
        maintenance.change,
        lambda form: {"priority": form.priority.chosen, "due_on": form.due_on.data},
        "Priority and day",
        "is weighed anew",
    ),
    "cancel": Asking(forms.ReasonForm, maintenance.cancel, reason, "Cancel it", "is cancelled"),
    "reopen": Asking(forms.ReasonForm, maintenance.reopen, reason, "Reopen it", "is open again"),
}


def deeds(found: WorkOrder) -> list[Deed]:
    """Return what can be done with a work order as it stands, by who looks at it."""
    return [each for each in DEEDS if _fits(each, found)]


def _fits(each: Deed, found: WorkOrder) -> bool:
    if found.state not in each.states or (each.needs is not None and not may(each.needs)):
        return False
    if each.name == "take":
        return found.assignee_id is None
    if each.name == "return_room":
        return found.block is not None and not found.block.ended
    return True


@bp.post("/maintenance/<int:order_id>/<name>")
@allows(Permission.REQUEST)
def press(order_id: int, name: str) -> ResponseReturnValue:
    """Do something to a work order at one press."""
    found = find(WorkOrder, order_id)
    acting.press(found, AT_ONCE, name, called=f"Work order {found.number}")
    return redirect(url_for("maintenance.order", order_id=order_id))


@bp.route("/maintenance/<int:order_id>/do/<name>", methods=["GET", "POST"])
@allows(Permission.REQUEST)
def act(order_id: int, name: str) -> ResponseReturnValue:
    """Do something to a work order that wants a word: why, to whom, how much."""
    found = find(WorkOrder, order_id)
    called = f"Work order {found.number}"
    acted = acting.act(found, ASKING, name, offer=_offer, fill=_fill, called=called)
    if acted.done:
        return redirect(url_for("maintenance.order", order_id=order_id))
    page = render_template("maintenance/act.html", order=found, acted=acted)
    return page, acted.status


def _offer(form: Any, found: WorkOrder) -> None:
    if isinstance(form, forms.AssignForm):
        form.person.offer(colleagues(), label=lambda each: each.name)
    elif isinstance(form, forms.ChangeForm):
        form.priority.offer(Priority, label=lambda each: each.value.capitalize())
    elif isinstance(form, forms.FinishForm):
        keeps = found.block is not None and not found.block.ended
        if not keeps or not may(Permission.BLOCK_ROOMS):
            del form.returns


def _fill(form: Any, found: WorkOrder) -> None:
    if isinstance(form, forms.ChangeForm):
        form.priority.begin_with(found.priority)
        form.due_on.data = found.due_on
    elif isinstance(form, forms.FinishForm) and "returns" in form:
        form.returns.data = True
