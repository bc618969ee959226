"""Framing: what stands around every guest's page (the hotel, its colour, its language), and what
goes wrong there, said to a guest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

from flask import Blueprint, Flask, current_app, g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from pms.base.refusal import Refusal
from pms.hotel.house import letterheads
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.letterheads import LANGUAGES, Head
from pms.hotel.stays.guest_links import WITHIN
from pms.web.database import session
from pms.web.guest_pages import speaking
from pms.web.guest_pages.speaking import CHOSEN, Speech

BEGINNINGS = frozenset({"h", "my-stay", "pay", "stay"})  # of guests' addresses
STOPS = {404: "gone", 405: "gone", 400: "old", 429: "wait", 503: "wait"}


@dataclass(frozen=True, slots=True)
class GuestFrame:
    """The hotel whose page it is, what its papers say of it, and the language it speaks."""

    hotel: Hotel
    head: Head
    t: Speech

    @property
    def languages(self) -> list[tuple[str, str, str]]:
        """Each other language: its code, its own name, and this page in it."""
        known = {**request.args.to_dict(flat=False), **(request.view_args or {})}
        return [
            (code, name, url_for(str(request.endpoint), **{**known, CHOSEN: code}))
            for code, name in LANGUAGES.items()
            if code != self.t.language
        ]


def at(
    hotel: Hotel, words: Mapping[str, Mapping[str, str]], *, spoken: str | None = None
) -> Speech:
    """Make this a page of a hotel, in the guest's language; returns what speaks it.

    `spoken` is the language written down of a guest who is known.
    """
    language = speaking.language(hotel, spoken=spoken)
    frame = GuestFrame(hotel, letterheads.of(session(), hotel), Speech(language, hotel, words))
    g.guest_frame = frame
    g.time_zone, g.currency = hotel.time_zone, hotel.currency
    return frame.t


def frame() -> GuestFrame | None:
    """Return what stands around this page, where it is a guest's."""
    return cast(GuestFrame | None, g.get("guest_frame"))


def install(app: Flask) -> None:
    """Hand the frame to the templates."""
    app.jinja_env.globals.update(guest_frame=frame)


def furnish(desk: Blueprint) -> None:
    """Make a desk one of guests: languages are kept, and what goes wrong is said to a guest."""
    desk.after_request(speaking.keep)
    desk.register_error_handler(Refusal, _refused)
    desk.register_error_handler(CSRFError, lambda _: stop(HTTPStatus.BAD_REQUEST))
    desk.register_error_handler(HTTPException, _stopped)
    desk.register_error_handler(Exception, _broken)


def is_guests(path: str) -> bool:
    """Tell whether an address is one of guests, also where no page is."""
    return path.split("/", 2)[1] in BEGINNINGS


def stop(code: int, sentence: str | None = None) -> ResponseReturnValue:
    """Return the page that says why a guest can't go on, with the way out."""
    page = render_template(
        "guest_stop.html", what=STOPS.get(code, "fault"), sentence=sentence, t=_speech()
    )
    answer = make_response(page, code)
    if code == HTTPStatus.TOO_MANY_REQUESTS:
        answer.headers["Retry-After"] = str(int(WITHIN.total_seconds()))
    return answer


def _speech() -> Speech:
    around = frame()
    return around.t if around else Speech(speaking.language(None), None)


def _refused(refusal: Refusal) -> ResponseReturnValue:
    return stop(refusal.status, _speech().refusal(refusal))


def _stopped(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if error.response is not None or code < HTTPStatus.BAD_REQUEST:
        return error
    return stop(code)


def _broken(error: Exception) -> ResponseReturnValue:
    if current_app.testing or current_app.debug:
        raise error
    current_app.logger.error("%s %s", request.method, request.url_rule, exc_info=error)
    session().rollback()
    return stop(HTTPStatus.INTERNAL_SERVER_ERROR)
