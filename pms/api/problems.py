"""Problems: every "no" and every mistake as `application/problem+json` (RFC 9457).

`message_id` is for machines, `sentence` for people, and `field` names the input at fault.
"""

import re
from http import HTTPStatus
from typing import Any, NotRequired

import orjson
import sqlalchemy as sa
from flask import Response, current_app, request
from pydantic import ValidationError
from typing_extensions import TypedDict
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from pms.base.refusal import Busy, Invalid, Refusal
from pms.web.database import session

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = "1"


class Problem(TypedDict):
    """Why something wasn't done, and what to do about it."""

    type: str
    title: str
    status: int
    detail: str
    message_id: str
    sentence: str
    field: str | None
    parameters: dict[str, Any]
    errors: NotRequired[list["Wrong"]]


class Wrong(TypedDict):
    """One input at fault."""

    field: str
    sentence: str


class WrongInput(Invalid):
    """The question isn't of the declared shape."""

    def __init__(self, error: ValidationError) -> None:
        self.errors = [_wrong(each) for each in error.errors(include_url=False)]
        first = self.errors[0]
        super().__init__(first["sentence"], field=first["field"] or None)


class NotHere(Refusal):
    """Nothing of this hotel has that name."""

    status = 404

    def __init__(self, noun: str) -> None:
        super().__init__(f"There is no such {noun} here. Check its id.")


class UnknownCode(Invalid):
    """A code that the hotel doesn't know."""

    def __init__(self, field: str, code: str) -> None:
        noun = field.replace("_", " ")
        super().__init__(f"There is no {noun} {code[:32]} here. Choose another.", field=field)


class WordsNeeded(Invalid):
    """An act that can't do without a reason, or without saying what was done."""

    def __init__(self, act: str) -> None:
        super().__init__(f"Say in `words` why; “{act}” can't do without.", field="words")


class ChangedMeanwhile(Refusal):
    """Two asked for one thing in the same moment, and the database let one of them."""

    def __init__(self) -> None:
        super().__init__("Somebody else was faster. Look at how it stands now, then ask again.")


_PLAIN = {
    404: "There is nothing at this address. See /openapi.json for what there is.",
    405: "That isn't done here. The Allow header says what is.",
    413: "That is too long. Send less than 64 KiB.",
    415: "Send JSON, with Content-Type: application/json.",
    429: "Too many tries. Wait a little, then ask again.",
    500: "The house made a mistake. Nothing was changed; it is written down in its log.",
}


def refused(refusal: Refusal) -> Response:
    """Answer a refusal."""
    errors = refusal.errors if isinstance(refusal, WrongInput) else None
    answer = problem(
        refusal.status,
        refusal.message_id,
        refusal.sentence,
        field=refusal.field,
        parameters=refusal.parameters,
        errors=errors,
    )
    answer.headers.update(getattr(refusal, "headers", {}))
    return answer


def stopped(error: HTTPException) -> Response:
    """Answer one of HTTP's own errors."""
    status = error.code or 500
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(error).__name__).lower()
    answer = problem(status, name, _PLAIN.get(status, str(error.description)))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer


def contested(error: sa.exc.IntegrityError) -> Response:
    """Answer that the database refused what was checked a moment ago."""
    current_app.logger.warning("%s %s: %s", request.method, request.path, error)
    return refused(ChangedMeanwhile())


def unreachable(error: Exception) -> Response:
    """Answer that the database didn't, or that too many ask at once."""
    current_app.logger.warning("%s %s: %s", request.method, request.path, error)
    session().rollback()
    return refused(Busy())


def broken(error: Exception) -> Response:
    """Answer that the house made a mistake; what happened is in the log."""
    if current_app.testing or current_app.debug:
        raise error
    current_app.logger.error("%s %s", request.method, request.path, exc_info=error)
    session().rollback()
    return problem(500, "internal_server_error", _PLAIN[500])


def problem(
    status: int,
    message_id: str,
    sentence: str,
    *,
    field: str | None = None,
    parameters: dict[str, Any] | None = None,
    errors: list[Wrong] | None = None,
) -> Response:
    """Make the answer of a problem."""
    body: Problem = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence,
        "message_id": message_id,
        "sentence": sentence,
        "field": field,
        "parameters": parameters or {},
    }
    if errors:
        body["errors"] = errors
    answer = Response(orjson.dumps(body, default=str), status, content_type=MEDIA_TYPE)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return answer


def _wrong(error: Any) -> Wrong:
    field = ".".join(str(part) for part in error["loc"])
    name = field or "The body"
    kind, said = error["type"], str(error["msg"])
    if kind == "missing":
        sentence = f"{name} is missing. Say it."
    elif kind == "extra_forbidden":
        sentence = f"{name} isn't known here. Leave it out."
    elif kind == "value_error":
        sentence = f"{name}: {error['ctx']['error']}."
    else:
        sentence = f"{name}: {said[0].lower()}{said[1:]}."
    return {"field": field, "sentence": sentence[:300]}
