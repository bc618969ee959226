"""The desk itself: one blueprint, and the hotel whose page it is."""

from dataclasses import dataclass

from flask import Blueprint, abort
from sqlalchemy.orm import Session

from pms.guest_side.booking.words import WORDS
from pms.hotel.house import hotels
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import rates, rooms, web_sales
from pms.hotel.rooms.web_sales import Shop
from pms.hotel.service import web_payments
from pms.hotel.stays.web_bookings import WebClosed
from pms.web.database import session
from pms.web.guest_pages import framing
from pms.web.guest_pages.speaking import Speech

bp = Blueprint("web_booking", __name__, url_prefix="/h")
framing.furnish(bp)


@dataclass(frozen=True, slots=True)
class Counter:
    """What stands behind every page here: the hotel, what it sells on the web, the language."""

    hotel: Hotel
    shop: Shop
    t: Speech
    pays_online: bool

    def codes(self, session: Session) -> tuple[set[str], set[str]]:
        """Return the codes of the types and plans that everybody sees."""
        types = {
            each.code for each in rooms.types(session, self.hotel) if each.id in self.shop.types
        }
        plans = {
            each.code for each in rates.plans(session, self.hotel) if each.id in self.shop.plans
        }
        return types, plans


def known(code: str) -> Hotel:
    """Return the hotel of a code, in capitals or not; any other is nothing."""
    hotel = hotels.by_code(session(), code) or hotels.by_code(session(), code.upper())
    if hotel is None:
        abort(404)
    return hotel


def counter(code: str) -> Counter:
    """Open a hotel's page; refuses one that takes no bookings on the web."""
    hotel = known(code)
    t = framing.at(hotel, WORDS)
    shop = web_sales.of(session(), hotel)
    if not shop.is_open:
        raise WebClosed
    return Counter(hotel, shop, t, web_payments.pays_online(session(), hotel))
