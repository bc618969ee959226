"""Rooms: the booking of who booked several, each room with what is still to do, and the way in."""

from flask import render_template
from flask.typing import ResponseReturnValue

from pms.base.money import Money, total
from pms.guest_side.my_stay import bill
from pms.guest_side.my_stay.desk import bp
from pms.guest_side.my_stay.words import WORDS
from pms.hotel.service import booked_rooms, web_payments
from pms.hotel.service.booked_rooms import COMING, BookedRoom
from pms.hotel.stays import guest_links, promised
from pms.web.database import session
from pms.web.guest_pages import framing, visiting
from pms.web.guest_pages.visiting import of_a_booking


@bp.get("/my-stay/rooms")
@of_a_booking
def rooms() -> ResponseReturnValue:
    """Show a booking's rooms; each is opened, and paid, by itself."""
    here = visiting.here()
    t = framing.at(here.hotel, WORDS, spoken=here.opened.guest.language)
    found = booked_rooms.of(session(), here.hotel, guest_links.rooms(session(), here.opened))
    coming = [each.reservation for each in found if each.reservation.state in COMING]
    whole = promised.promised(session(), here.hotel, coming)
    return render_template(
        "my_stay/rooms.html",
        t=t,
        booking=here.opened,
        rooms=found,
        total=total((each.total for each in whole), here.hotel.currency),
        held=total((each.held for each in found), here.hotel.currency),
        owed=_owed(found, here.hotel.currency),
        pays_online=web_payments.pays_online(session(), here.hotel),
        address_of=bill.address_of,
        amount_of=lambda request: Money(request.amount, here.hotel.currency),
    )


def _owed(found: list[BookedRoom], currency: str) -> Money:
    """Return what the rooms owe together; what one is owed pays for no other."""
    return total((each.owed for each in found if each.owed.minor > 0), currency)
