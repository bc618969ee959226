"""Acting: what the desks whose work goes by steps share: deeds that want words, and colleagues."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort

from pms.hotel.house.staff import MAY, Permission, Role, Staff, StaffRole, people_of
from pms.web.attempt import attempt
from pms.web.auth import here, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_refused

AtOnce = tuple[Callable[..., Any], str]  # a verb, and what is said when it is done


@dataclass(frozen=True, slots=True)
class Asking:
    """A deed that wants words: its form, its verb, what the verb is given, what is said then."""

    form: type[Form]
    verb: Callable[..., Any]
    details: Callable[[Any], dict[str, Any]]
    heading: str
    said: str


@dataclass(frozen=True, slots=True)
class Acted:
    """A deed that wants words as its page shows it; `done` where it was sent and went well."""

    asking: Asking
    form: Form
    done: bool

    @property
    def fields(self) -> list[Any]:
        """The fields that are shown."""
        return [
            each
            for each in self.form
            if each.name not in {"csrf_token", "version", "opened", "key"}
        ]

    @property
    def status(self) -> int:
        """The page's status: what was sent and stands there again was refused."""
        return 422 if self.form.is_submitted() else 200


def press(found: Any, verbs: Mapping[str, AtOnce], name: str, *, called: str) -> None:
    """Do a deed at one press, and say what came of it; what is no deed is nothing."""
    if name not in verbs:
        abort(404)
    (verb, said), form = verbs[name], Form()
    if attempt(form, verb, found, by=on_duty()):
        say(f"{called} {said}.")
    say_refused(form)


def act(
    found: Any,
    askings: Mapping[str, Asking],
    name: str,
    *,
    offer: Callable[[Any, Any], None],
    fill: Callable[[Any, Any], None],
    called: str,
) -> Acted:
    """Ask for the words of a deed, or do it with those that were sent; what is no deed is nothing.

    `offer` gives the form's choices what can be chosen, `fill` fills it in from what stands.
    """
    if name not in askings:
        abort(404)
    asking = askings[name]
    form = asking.form()
    offer(form, found)
    form.shows(found, lambda shown: fill(shown, found))
    done = form.validate_on_submit() and attempt(
        form, asking.verb, found, **asking.details(form), by=on_duty()
    )
    if done:
        say(f"{called} {asking.said}.")
    return Acted(asking, form, bool(done))


def reason(form: Any) -> dict[str, Any]:
    """Return why, as the verb is given it."""
    return {"reason": form.reason.data or ""}


def colleagues() -> list[Staff]:
    """Return the people who work here and may have a request or a work order, by name."""
    able = [
        role
        for role, allowed in MAY.items()
        if Permission.REQUEST in allowed and role is not Role.HOUSE
    ]
    wanted = people_of(here()).where(StaffRole.role.in_(able))
    return list(session().scalars(wanted.limit(500)))
