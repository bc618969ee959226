"""The desk itself: one blueprint, and the stay whose pages these are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint, flash, render_template
from sqlalchemy.orm import Session

from pms.base.numbers import LARGEST
from pms.guest_side.my_stay.words import WORDS
from pms.hotel.house import staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.stays import stays
from pms.hotel.stays.presence import Stay
from pms.hotel.stays.reservations import Reservation
from pms.web.database import session
from pms.web.guest_pages import framing, visiting
from pms.web.guest_pages.speaking import Speech

View = TypeVar("View", bound=Callable[..., Any])
# The visit's one stay; a room of its booking, by its number.
STEMS = ("/my-stay", f"/my-stay/room/<int(max={LARGEST}):room>")

bp = Blueprint("my_stay", __name__)
framing.furnish(bp)
visiting.furnish(bp)


def place(rest: str, *methods: str) -> Callable[[View], View]:
    """Give a view its two addresses: of the one stay of a visit, and of each room of a booking."""

    def placed(view: View) -> View:
        for stem in STEMS:
            bp.add_url_rule(f"{stem}{rest}", view_func=view, methods=methods or ("GET",))
        return view

    return placed


@dataclass(frozen=True, slots=True)
class Mine:
    """The stay of this page, and the language its visitor is spoken to.

    `is_one_of_several` where who visits booked other rooms beside it.
    """

    hotel: Hotel
    reservation: Reservation
    t: Speech
    is_one_of_several: bool = False

    @property
    def stay(self) -> Stay | None:
        """The presence in the house, once the party came."""
        return stays.of(session(), self.reservation)


def mine() -> Mine:
    """Open a page of this visit's stay."""
    here = visiting.here()
    t = framing.at(here.hotel, WORDS, spoken=here.opened.guest.language)
    return Mine(here.hotel, here.reservation, t, here.is_of_booking)


def page(name: str, my: Mine, **shown: Any) -> str:
    """Return a page of a stay."""
    return render_template(f"my_stay/{name}.html", my=my, t=my.t, **shown)


def say(my: Mine, key: str, **values: object) -> None:
    """Say on the next page what was done."""
    flash(my.t.say(key, **values), "guest")


def guest_of(session: Session, hotel: Hotel) -> Staff:
    """Return who acts: the guest, by the hand the hotel lends all of them."""
    return staff.a_guest(session, hotel)
