"""Visiting: a guest at their own stay's pages, known by a cookie for a short while.

What a page shows is reached from the visit: no address of these pages names a stay, but of a
booking of several rooms, where it says which of its rooms by number; others are a 404.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Blueprint, Response, abort, current_app, g, redirect, request, url_for

from pms.base.db import transaction
from pms.base.refusal import Busy
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays import guest_links
from pms.hotel.stays.guest_links import GuestLink, GuestVisit, Opens
from pms.hotel.stays.reservations import Reservation
from pms.web import links
from pms.web.auth import open_to_everyone
from pms.web.database import session

View = TypeVar("View", bound=Callable[..., Any])
PURPOSE = "stay"
_TOUCH_PATIENCE = 0.1  # a page that only looks doesn't wait for those who write


@dataclass(frozen=True, slots=True)
class Visiting:
    """Who is here: the visit, what it opened (of a booking the first room), and whose page it is.

    `room` is None on the pages of a booking as a whole, and where it has no room of that number.
    """

    visit: GuestVisit
    opened: Reservation
    room: Reservation | None
    hotel: Hotel

    @property
    def is_of_booking(self) -> bool:
        """Whether a whole booking is open, whose rooms have their numbers in the address."""
        return self.visit.opens is Opens.BOOKING

    @property
    def reservation(self) -> Reservation:
        """The stay of a page that is marked `of_a_stay`."""
        if self.room is None:
            raise LookupError("This page is of no single stay.")
        return self.room


def furnish(desk: Blueprint) -> None:
    """Let a desk's pages be of one room of a booking: they lead on to pages of the same room."""
    desk.url_value_preprocessor(_note_room)
    desk.url_defaults(_stay_with_the_room)


def _note_room(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.guests_room = values.pop("room", None) if values else None


def _stay_with_the_room(endpoint: str, values: dict[str, Any]) -> None:
    room = g.get("guests_room")
    if room is not None and current_app.url_map.is_endpoint_expecting(endpoint, "room"):
        values.setdefault("room", room)


def of_a_stay(view: View) -> View:
    """Mark a view: the guest of a stay may enter while their visit lives; others are told how.

    Who visits a booking and says no room is shown all of them.
    """

    @wraps(view)
    def enter(*args: Any, **kwargs: Any) -> Any:
        here = visiting()
        if here is None:
            return redirect(url_for("my_stay.ended"))
        if here.is_of_booking and g.guests_room is None:
            return redirect(url_for("my_stay.rooms"))
        if here.room is None:
            abort(404)
        return view(*args, **kwargs)

    return cast(View, open_to_everyone(enter))


def of_a_booking(view: View) -> View:
    """Mark a view: who booked several rooms may enter; who visits one stay is led to that."""

    @wraps(view)
    def enter(*args: Any, **kwargs: Any) -> Any:
        here = visiting()
        if here is None:
            return redirect(url_for("my_stay.ended"))
        if not here.is_of_booking:
            return redirect(url_for("my_stay.home"))
        return view(*args, **kwargs)

    return cast(View, open_to_everyone(enter))


def visiting() -> Visiting | None:
    """Return whose visit this browser's is, if it lives and the stay's pages are still open."""
    if "visiting" not in g:
        g.visiting = _visiting()
    return cast(Visiting | None, g.visiting)


def here() -> Visiting:
    """Return the visit of a page that is marked `of_a_stay` or `of_a_booking`."""
    found = visiting()
    if found is None:
        raise LookupError("This view isn't marked as a guest's own.")
    return found


def _visiting() -> Visiting | None:
    token = request.cookies.get(_cookie())
    visit = guest_links.visit(session(), token) if token else None
    if visit is None:
        return None
    opened = guest_links.opened(session(), visit)
    if opened is None:
        return None
    _note_presence(visit)
    return Visiting(visit, opened, _room(visit, opened), session().get_one(Hotel, visit.hotel_id))


def _room(visit: GuestVisit, opened: Reservation) -> Reservation | None:
    """Return the stay that the address speaks of, among those the visit opened."""
    number = g.get("guests_room")
    if visit.opens is Opens.STAY:
        return opened if number is None else None
    return guest_links.room(session(), opened, number) if number is not None else None


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
