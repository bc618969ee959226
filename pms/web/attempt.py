"""Attempt: try a verb for a form; commit it, or put its refusal where it can be read."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from flask import request
from sqlalchemy.orm import Session

from pms.base.db import lock, transaction
from pms.base.refusal import Refusal, Stale
from pms.hotel.house import logbook
from pms.web.database import session
from pms.web.forms import Form

Details = ParamSpec("Details")
Made = TypeVar("Made")


def attempt(
    form: Form,
    verb: Callable[Concatenate[Session, Details], Made],
    *things: Details.args,
    **details: Details.kwargs,
) -> Made | None:
    """Run `verb(session, *things, **details)` in a transaction of its own.

    A refusal rolls everything back, is put beside its field (or on top of the form), and gives
    None; what was typed stays. A form that carries a version is refused when its row has changed.
    """
    here = session()
    try:
        with logbook.coming_from(request.remote_addr or "web"), transaction(here):
            if things:
                _refuse_if_stale(form, here, things[0])
            return verb(here, *things, **details)
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def _refuse_if_stale(form: Form, here: Session, thing: Any) -> None:
    seen = form.version_seen
    if seen is None or not hasattr(thing, "version"):
        return
    lock(here, thing)
    if thing.version != seen:
        # the page now shows the new values, so the next press is made knowing them
        form.version_seen = thing.version
        raise Stale(type(thing).__name__.lower())
