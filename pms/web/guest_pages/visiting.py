"""Visiting: a guest at their own stay's pages, known by a cookie for a short while.

What a page shows is reached from the visit alone: no address of these pages names a stay.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, current_app, g, redirect, request, url_for

from pms.base.db import transaction
from pms.base.refusal import Busy
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays import guest_links
from pms.hotel.stays.guest_links import GuestLink, GuestVisit
from pms.hotel.stays.reservations import Reservation
from pms.web import links
from pms.web.auth import open_to_everyone
from pms.web.database import session

View = TypeVar("View", bound=Callable[..., Any])
PURPOSE = "stay"
_TOUCH_PATIENCE = 0.1  # a page that only looks doesn't wait for those who write


@dataclass(frozen=True, slots=True)
class Visiting:
    """Who is here: the visit, the stay it is to, and the stay's hotel."""

    visit: GuestVisit
    reservation: Reservation
    hotel: Hotel


def of_a_stay(view: View) -> View:
    """Mark a view: the guest of a stay may enter while their visit lives; others are told how."""

    @wraps(view)
    def enter(*args: Any, **kwargs: Any) -> Any:
        if visiting() is None:
            return redirect(url_for("my_stay.ended"))
        return view(*args, **kwargs)

    return cast(View, open_to_everyone(enter))


def visiting() -> Visiting | None:
    """Return whose visit this browser's is, if it lives and the stay's pages are still open."""
    if "visiting" not in g:
        g.visiting = _visiting()
    return cast(Visiting | None, g.visiting)


def here() -> Visiting:
    """Return the visit of a page that is marked `of_a_stay`."""
    found = visiting()
    if found is None:
        raise LookupError("This view isn't marked `of_a_stay`.")
    return found


def _visiting() -> Visiting | None:
    token = request.cookies.get(_cookie())
    visit = guest_links.visit(session(), token) if token else None
    if visit is None:
        return None
    reservation = session().get_one(Reservation, (visit.hotel_id, visit.reservation_id))
    hotel = session().get_one(Hotel, visit.hotel_id)
    if not guest_links.is_open(reservation, business_day.today(session(), hotel)):
        return None
    _note_presence(visit)
    return Visiting(visit, reservation, hotel)


def _note_presence(visit: GuestVisit) -> None:
    if guest_links.wants_touch(visit):
        try:
            with transaction(session(), patience=_TOUCH_PATIENCE):
                guest_links.touch(session(), visit)
        except Busy:
            pass  # the next page says it again


def begin(answer: Response, token: str) -> Response:
    """Hand the browser the token of a visit that was just opened."""
    answer.set_cookie(
        _cookie(), token, secure=request.is_secure, httponly=True, samesite="Lax", path="/"
    )
    return answer


def end(answer: Response) -> Response:
    """Take the token back from the browser."""
    answer.delete_cookie(
        _cookie(), secure=request.is_secure, httponly=True, samesite="Lax", path="/"
    )
    return answer


def _cookie() -> str:
    return "__Host-stay" if current_app.config["SESSION_COOKIE_SECURE"] else "stay"


# --- links --------------------------------------------------------------------------------------


def sealed(hotel_id: int, link_id: int) -> str:
    """Return the token of a link: hotel and number, signed with the house's secret."""
    return links.token(PURPOSE, hotel_id, link_id)


def is_ours(token: str) -> bool:
    """Tell whether the house signed a token: others aren't even looked for."""
    return links.read(PURPOSE, token) is not None


def address(link: GuestLink) -> str:
    """Return the whole address of a link, as a letter or a square code has it."""
    return links.public(url_for("my_stay.door", token=sealed(link.hotel_id, link.id)))
