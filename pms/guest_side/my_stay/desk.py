"""The desk itself: one blueprint, and the stay whose pages these are."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, render_template
from sqlalchemy.orm import Session

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

bp = Blueprint("my_stay", __name__)
framing.furnish(bp)


@dataclass(frozen=True, slots=True)
class Mine:
    """The stay of this visit, and the language its guest is spoken to."""

    hotel: Hotel
    reservation: Reservation
    t: Speech

    @property
    def stay(self) -> Stay | None:
        """The presence in the house, once the party came."""
        return stays.of(session(), self.reservation)


def mine() -> Mine:
    """Open a page of this visit's stay."""
    here = visiting.here()
    t = framing.at(here.hotel, WORDS, spoken=here.reservation.guest.language)
    return Mine(here.hotel, here.reservation, t)


def page(name: str, my: Mine, **shown: Any) -> str:
    """Return a page of a stay."""
    return render_template(f"my_stay/{name}.html", my=my, t=my.t, **shown)


def say(my: Mine, key: str, **values: object) -> None:
    """Say on the next page what was done."""
    flash(my.t.say(key, **values), "guest")


def guest_of(session: Session, hotel: Hotel) -> Staff:
    """Return who acts: the guest, by the hand the hotel lends all of them."""
    return staff.a_guest(session, hotel)
