"""The door: who may enter is said on each view by a scope, and asked before it runs."""

from collections.abc import Callable, Mapping
from datetime import UTC
from functools import partial
from typing import Any, ClassVar, TypeVar, cast

from flask import Flask, Response, current_app, g, request

from pms.api.problems import NotHere
from pms.base import clock
from pms.base.db import transaction
from pms.base.refusal import Busy, Refusal
from pms.hotel.house import answers, tokens
from pms.hotel.house.tokens import Bearer, Scope
from pms.web.database import session

View = TypeVar("View", bound=Callable[..., Any])
ANYONE: frozenset[Scope] = frozenset()
LONGEST_BODY = 64 * 1024
_PATIENCE = 0.5  # seconds: the day of a token's last use isn't worth a queue


class TokenNeeded(Refusal):
    """Nobody knows who is asking."""

    status = 401
    headers: ClassVar = {"WWW-Authenticate": 'Bearer realm="pms"'}

    def __init__(self) -> None:
        super().__init__("Send a living token: “Authorization: Bearer …”.")


class ScopeNeeded(Refusal):
    """The token opens other doors."""

    status = 403

    def __init__(self, scopes: frozenset[Scope]) -> None:
        named = " or ".join(sorted(scopes))
        self.headers = {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{named}"'}
        super().__init__(f"This token isn't for that. Ask for one with the scope {named}.")


def opens(*scopes: Scope) -> Callable[[View], View]:
    """Mark a view: a token with one of these scopes may enter."""
    return lambda view: _mark(view, frozenset(scopes))


def open_to_anyone(view: View) -> View:
    """Mark a view: no token is asked for."""
    return _mark(view, ANYONE)


def _mark(view: View, scopes: frozenset[Scope]) -> View:
    view.scopes = scopes  # type: ignore[attr-defined]
    return view


def scopes_of(view: Any) -> frozenset[Scope]:
    """Return who may enter a view; one that doesn't say is a mistake."""
    scopes = getattr(view, "scopes", None)
    if scopes is None:
        raise LookupError(f"{view.__name__} does not say who may enter.")
    return cast("frozenset[Scope]", scopes)


def ask() -> None:
    """Ask for a token, for its hotel and for its scope, before the view runs.

    Another hotel's code is a 404, like a code that nobody has: a token knows one hotel.
    """
    request.max_content_length = LONGEST_BODY
    scopes = scopes_of(current_app.view_functions[str(request.endpoint)])
    if not scopes:
        return
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    bearer = tokens.find(session(), secret.strip()) if kind.lower() == "bearer" else None
    if bearer is None:
        raise TokenNeeded
    path: Mapping[str, Any] = request.view_args or {}
    if path.get("code", bearer.hotel.code) != bearer.hotel.code:
        raise NotHere("hotel")
    if not scopes & bearer.scopes:
        raise ScopeNeeded(scopes)
    g.bearer = bearer


def bearer() -> Bearer:
    """Return who is asking."""
    return cast(Bearer, g.bearer)


def note(response: Response) -> Response:
    """Note once a day that a token is used, after its answer has gone out: nobody waits for it."""
    bearer: Bearer | None = g.get("bearer")
    today = clock.now().astimezone(UTC).date()
    if bearer is not None and bearer.used_on != today:
        app = cast(Any, current_app)._get_current_object()
        response.call_on_close(partial(_note_use, app, bearer.hotel_id, bearer.token_id))
    return response


def _note_use(app: Flask, hotel_id: int, token_id: int) -> None:
    today = clock.now().astimezone(UTC).date()
    with app.app_context():
        try:
            with transaction(session(), patience=_PATIENCE):
                tokens.note_use(session(), token_id, on=today)
                answers.forget_old(session(), hotel_id, token_id)
        except Busy:
            pass  # the next request says it again
