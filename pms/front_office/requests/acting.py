"""Acting: every deed on a request, at one press or with the words it wants."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.front_office.requests import forms
from pms.front_office.requests.desk import bp
from pms.hotel.house.staff import Permission
from pms.hotel.service import requests
from pms.hotel.service.requests import Priority, Request
from pms.hotel.tariff import charges
from pms.web import acting
from pms.web.acting import Asking, colleagues, reason
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session


@dataclass(frozen=True, slots=True)
class Deed:
    """A deed on the page: its words, its icon, its key; `why_not` where it stays shut."""

    name: str
    label: str
    icon: str
    key: str
    at_once: bool
    why_not: str | None


# what is done at one press: the verb, and what is said then
AT_ONCE: dict[str, tuple[Callable[..., Any], str]] = {
    "acknowledge": (requests.acknowledge, "is acknowledged"),
    "take": (requests.take, "is yours"),
    "start": (requests.start, "is begun"),
    "resume": (requests.resume, "goes on; its clocks run again"),
    "complain": (requests.complain, "is a complaint now"),
}


def _words(form: Any) -> dict[str, Any]:
    return {"words": form.words.data or ""}


def _cost(form: Any) -> dict[str, Any]:
    return {
        "words": form.words.data,
        "labour_minutes": form.labour_minutes.data or 0,
        "parts": form.parts.data,
    }


def _bill(form: Any) -> dict[str, Any]:
    key = f"request/{str(form.key.data)[:40]}"
    return {"code": form.code.chosen, "amount": form.amount.data, "key": key, **reason(form)}


ASKING: dict[str, Asking] = {
    "finish": Asking(forms.FinishForm, requests.finish, _cost, "It is done", "is done"),
    "hold": Asking(forms.ReasonForm, requests.hold, reason, "Put on hold", "rests"),
    "assign": Asking(
        forms.AssignForm,
        requests.assign,
        lambda form: {"person": form.person.chosen},
        "Give to somebody",
        "is given",
    ),
    "give_back": Asking(
        forms.ReasonForm, requests.give_back, reason, "Give it back", "waits for somebody"
    ),
    "prioritise": Asking(
        forms.PriorityForm,
        requests.prioritise,
        lambda form: {"priority": form.priority.chosen},
        "Change the priority",
        "has another priority",
    ),
    "send_up": Asking(
        forms.ReasonForm, requests.send_up, reason, "Send a level up", "is a level up"
    ),
    "note": Asking(forms.WordsForm, requests.note, _words, "Add a note", "has a note"),
    "explain": Asking(
        forms.ExplainForm,
        requests.explain,
        lambda form: {"cause": form.cause.data or "", "follow_up_on": form.follow_up_on.data},
        "Cause and follow-up",
        "is explained",
    ),
    "follow_up": Asking(
        forms.WordsForm, requests.follow_up, _words, "How is the guest now?", "is followed up"
    ),
    "take_off": Asking(
        forms.BillForm, requests.take_off, _bill, "Take off the bill", "has its line on the folio"
    ),
    "charge": Asking(
        forms.BillForm, requests.charge, _bill, "Charge the service", "has its line on the folio"
    ),
    "give": Asking(
        forms.GiftForm,
        requests.give,
        lambda form: {"amount": form.amount.data, **reason(form)},
        "Note a gift",
        "has its gift",
    ),
    "close": Asking(
        forms.CloseForm,
        requests.close,
        lambda form: {"cause": form.cause.data},
        "Close it",
        "is closed",
    ),
    "cancel": Asking(forms.ReasonForm, requests.cancel, reason, "Cancel it", "is cancelled"),
    "reopen": Asking(
        forms.ReasonForm, requests.reopen, reason, "Reopen it", "is open again, with new clocks"
    ),
}

LOOKS: dict[str, tuple[str, str]] = {
    "acknowledge": ("check", "a"),
    "take": ("hand-stop", "t"),
    "start": ("arrow-back-up", "s"),
    "finish": ("checks", "d"),
    "hold": ("hourglass", "h"),
    "resume": ("refresh", "s"),
    "assign": ("user", "e"),
    "note": ("message", "m"),
    "close": ("lock", "x"),
    "reopen": ("refresh", "o"),
}


def deeds(found: Request) -> list[Deed]:
    """Return every deed on a request, in the order of its life."""
    return [
        Deed(
            each.name,
            each.label,
            *LOOKS.get(each.name, ("chevron-right", "")),
            each.name in AT_ONCE,
            each.why_not,
        )
        for each in requests.actions(found, by=on_duty())
    ]


@bp.post("/requests/<int:request_id>/<name>")
@allows(Permission.REQUEST)
def press(request_id: int, name: str) -> ResponseReturnValue:
    """Do something to a request at one press; say who has it when somebody was quicker."""
    found = find(Request, request_id)
    acting.press(found, AT_ONCE, name, called=f"Request {found.number}")
    return redirect(url_for("requests.request_page", request_id=request_id))


@bp.route("/requests/<int:request_id>/do/<name>", methods=["GET", "POST"])
@allows(Permission.REQUEST)
def act(request_id: int, name: str) -> ResponseReturnValue:
    """Do something to a request that wants a word: why, to whom, how much."""
    found = find(Request, request_id)
    called = f"Request {found.number}"
    acted = acting.act(found, ASKING, name, offer=_offer, fill=_fill, called=called)
    if acted.done:
        return redirect(url_for("requests.request_page", request_id=request_id))
    page = render_template("requests/act.html", request_=found, acted=acted)
    return page, acted.status


def _offer(form: Any, found: Request) -> None:
    if isinstance(form, forms.AssignForm):
        form.person.offer(colleagues(), label=lambda each: each.name)
    elif isinstance(form, forms.PriorityForm):
        form.priority.offer(Priority, label=lambda each: each.value.capitalize())
    elif isinstance(form, forms.BillForm):
        form.code.offer(charges.active(session(), here()), label=lambda code: code.name)


def _fill(form: Any, found: Request) -> None:
    if isinstance(form, forms.PriorityForm):
        form.priority.begin_with(found.priority)
    elif isinstance(form, forms.ExplainForm | forms.CloseForm):
        form.cause.data = found.cause
        if isinstance(form, forms.ExplainForm):
            form.follow_up_on.data = found.follow_up_on
