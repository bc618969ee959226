"""Calls: one declaration says where a view is, what it asks and answers; the rest follows from it.

`look` reads and opens no write turn. `deed` runs in one transaction with its logbook lines and,
where an `Idempotency-Key` came along, with the answer that is kept under it. The same declarations
make `/openapi.json`.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

import orjson
import sqlalchemy as sa
from flask import Blueprint, Response, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import HTTPException, UnsupportedMediaType

from pms.api import door, problems
from pms.api.problems import WrongInput
from pms.base.db import perform
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import answers, logbook
from pms.hotel.house.answers import Kept
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.house.tokens import Bearer
from pms.web import errors
from pms.web.auth import open_to_everyone
from pms.web.database import session
from pms.web.security import csrf

PREFIX = "/api/v1"
KEY = "Idempotency-Key"
_LONGEST_KEY = 255

View = TypeVar("View", bound=Callable[..., Any])

bp = Blueprint("api", __name__)
csrf.exempt(bp)  # a token in a header is never sent by a browser on its own; cookies open nothing
bp.before_request(door.ask)
bp.after_request(door.note)
bp.register_error_handler(Refusal, problems.refused)
bp.register_error_handler(HTTPException, problems.stopped)
bp.register_error_handler(sa.exc.IntegrityError, problems.contested)
bp.register_error_handler(sa.exc.OperationalError, problems.unreachable)
bp.register_error_handler(sa.exc.TimeoutError, problems.unreachable)
bp.register_error_handler(Exception, problems.broken)


@bp.app_errorhandler(404)
@bp.app_errorhandler(405)
def nowhere(error: HTTPException) -> Any:
    """Answer for addresses that no view has: a problem below /api, a page elsewhere."""
    if request.path.startswith("/api/"):
        return problems.stopped(error)
    return errors.stopped(error)


class NoGoodKey(Invalid):
    def __init__(self) -> None:
        super().__init__(f"An {KEY} has 1 to {_LONGEST_KEY} visible ASCII characters.", field=KEY)


@dataclass(frozen=True, slots=True)
class Call:
    """What is declared of a view."""

    rule: str
    method: str
    view: Callable[..., Any]
    asks: type[BaseModel] | None
    answers: Any
    status: int

    @property
    def is_deed(self) -> bool:
        """Whether it changes something."""
        return self.method != "GET"


CALLS: list[Call] = []


@dataclass(frozen=True, slots=True)
class Made:
    """What a deed made, and where it can be read."""

    body: Mapping[str, Any]
    location: str


def look(rule: str, *, asks: type[BaseModel] | None = None, answers: Any) -> Callable[[View], View]:
    """Declare `view(hotel, asked, **path)`, which reads; `asked` only where something is asked."""

    def declare(view: View) -> View:
        call = Call(PREFIX + rule, "GET", view, asks, answers, 200)

        def run(**path: Any) -> Response:
            path.pop("code", None)
            asked = [read_query(asks)] if asks else []
            return _answer(view(door.bearer().hotel, *asked, **path))

        _register(call, run)
        return view

    return declare


def deed(
    rule: str,
    *,
    asks: type[BaseModel],
    answers: Any,
    method: str = "POST",
    status: int = 200,
) -> Callable[[View], View]:
    """Declare `view(hotel, asked, by=…, **path)`, which changes something, or refuses."""

    def declare(view: View) -> View:
        call = Call(PREFIX + rule, method, view, asks, answers, status)

        def run(**path: Any) -> Response:
            path.pop("code", None)
            asked, digest = read_body(asks)
            return _do(call, asked, digest, path)

        _register(call, run)
        return view

    return declare


def _register(call: Call, run: Callable[..., Response]) -> None:
    view = wraps(call.view)(open_to_everyone(run))
    view.scopes = door.scopes_of(call.view)  # type: ignore[attr-defined]
    bp.add_url_rule(
        call.rule, view.__name__, view, methods=[call.method], provide_automatic_options=False
    )
    CALLS.append(call)


# --- what is asked ------------------------------------------------------------------------------


def read_query(shape: type[BaseModel]) -> BaseModel:
    """Return what the address asks, checked."""
    try:
        return shape.model_validate(request.args.to_dict())
    except ValidationError as error:
        raise WrongInput(error) from None


def read_body(shape: type[BaseModel]) -> tuple[BaseModel, str]:
    """Return what the body asks, checked, and a digest of the whole request."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    body = request.get_data(cache=False)
    try:
        asked = shape.model_validate_json(body)
    except ValidationError as error:
        raise WrongInput(error) from None
    said = asked.model_dump_json(exclude_unset=True)
    digest = hashlib.sha256(f"{request.method} {request.path}\n{said}".encode()).hexdigest()
    return asked, digest


def _key() -> str | None:
    key = request.headers.get(KEY)
    if key is None:
        return None
    if not 1 <= len(key) <= _LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise NoGoodKey
    return key


# --- what is done, and answered -------------------------------------------------------------------


def _do(call: Call, asked: BaseModel, digest: str, path: dict[str, Any]) -> Response:
    here, bearer, key = session(), door.bearer(), _key()

    def unit() -> tuple[Kept, bool]:
        hotel = here.get_one(Hotel, bearer.hotel_id)
        by = here.get_one(Staff, {"chain_id": bearer.chain_id, "id": bearer.staff_id})
        if key is not None:
            kept = answers.claim(here, hotel.id, bearer.token_id, key=key, request=digest)
            if kept is not None:
                return kept, True
        kept = _kept(call, call.view(hotel, asked, by=by, **path))
        if key is not None:
            _keep(bearer, key, kept)
        return kept, False

    with logbook.coming_from(f"api {request.remote_addr}"):
        kept, replayed = perform(here, unit)
    answer = _reply(kept)
    if replayed:
        answer.headers["Idempotent-Replayed"] = "true"
    return answer


def _kept(call: Call, made: Any) -> Kept:
    location = made.location if isinstance(made, Made) else None
    body = made.body if isinstance(made, Made) else made
    return Kept(call.status, orjson.dumps(body).decode(), location)


def _keep(bearer: Bearer, key: str, kept: Kept) -> None:
    answers.keep(
        session(),
        bearer.hotel_id,
        bearer.token_id,
        key=key,
        status=kept.status,
        body=kept.body,
        location=kept.location,
    )


def _reply(kept: Kept) -> Response:
    answer = Response(kept.body, kept.status, content_type="application/json")
    if kept.location:
        answer.headers["Location"] = kept.location
    return answer


def _answer(made: Any) -> Response:
    return Response(orjson.dumps(made), content_type="application/json")
