"""Attempt: try a verb for a form; commit it, or put its refusal where it can be read."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec, TypeVar

from flask import Response, after_this_request, request
from sqlalchemy.orm import Session

from pms.base.db import hold, lock, perform
from pms.base.refusal import Refusal, Stale, spaced
from pms.hotel.house import logbook
from pms.hotel.house.hotels import Hotel
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
    None; what was typed stays. A form that carries what its page was made from is refused when
    that has changed: by the version of the row it shows, or by the values themselves.
    What the database broke off is tried again; a house that is busy answers with status 503.
    """
    here = session()

    def deed() -> Made:
        if things:
            _refuse_if_stale(form, here, things[0])
        return verb(here, *things, **details)

    try:
        with logbook.coming_from(request.remote_addr or "web"):
            return perform(here, deed)
    except Refusal as refusal:
        form.refuse(refusal)
        if refusal.status == HTTPStatus.SERVICE_UNAVAILABLE:
            after_this_request(_say_busy)
        return None


def _say_busy(response: Response) -> Response:
    """Tell machines between us and the browser what the page tells people."""
    if response.status_code in {HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY}:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        response.headers["Retry-After"] = "1"
    return response


def _refuse_if_stale(form: Form, here: Session, thing: Any) -> None:
    shown = thing if form.shown is None else form.shown
    counts = hasattr(shown, "version")
    if not form.knows_what_stood or not (counts or form.shown is not None):
        return
    (lock if counts else hold)(here, shown)
    if form.has_changed(shown):
        here.expire_all()  # what hangs on the row may have changed with it
        form.is_outdated(shown)
        raise Stale(_called(shown))


def _called(shown: Any) -> str:
    """Return what people call a row: `rate plan`; what a hotel has set stands on a page."""
    return "page" if isinstance(shown, Hotel) else spaced(type(shown).__name__).lower()
