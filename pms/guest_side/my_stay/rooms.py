"""Rooms: the booking of who booked several, each room with what is still to do, and the way in."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.base.money import Money, total
from pms.guest_side.my_stay import bill
from pms.guest_side.my_stay.desk import bp, guest_of
from pms.guest_side.my_stay.words import WORDS
from pms.hotel.service import booked_rooms, web_payments
from pms.hotel.service.booked_rooms import COMING, BookedRoom
from pms.hotel.service.checkout import PaymentRequest
from pms.hotel.stays import guest_links, promised
from pms.web.attempt import attempt
from pms.web.database import session
from pms.web.forms import Form
from pms.web.guest_pages import framing, visiting
from pms.web.guest_pages.visiting import Visiting, of_a_booking


@bp.get("/my-stay/rooms")
@of_a_booking
def rooms() -> ResponseReturnValue:
    """Show a booking's rooms: all are paid together, or each is opened, and paid, by itself."""
    here = visiting.here()
    t = framing.at(here.hotel, WORDS, spoken=here.opened.guest.language)
    found = _booked(session(), here)
    coming = [each.reservation for each in found if each.reservation.state in COMING]
    whole = promised.promised(session(), here.hotel, coming)
    return render_template(
        "my_stay/rooms.html",
        t=t,
        booking=here.opened,
        rooms=found,
        coming=coming,
        total=total((each.total for each in whole), here.hotel.currency),
        held=total((each.held for each in found), here.hotel.currency),
        owes=_owe(found, here.hotel.currency),
        owe_more_than_one=len([each for each in found if each.owes]) > 1,
        pays_online=web_payments.pays_online(session(), here.hotel),
        address_of=bill.address_of,
        amount_of=lambda request: Money(request.amount, here.hotel.currency),
    )


def _booked(opened: Session, here: Visiting) -> list[BookedRoom]:
    return booked_rooms.of(opened, here.hotel, guest_links.rooms(opened, here.opened))


def _owe(found: list[BookedRoom], currency: str) -> Money:
    """Return what the rooms owe together; what one is owed pays for no other."""
    return total((each.amount for room in found for each in room.owes), currency)


@bp.post("/my-stay/rooms/pay")
@of_a_booking
def pay_rooms() -> ResponseReturnValue:
    """Lead who booked to pay what all rooms owe at once, by a request for that very amount."""
    here, form = visiting.here(), Form()
    t = framing.at(here.hotel, WORDS, spoken=here.opened.guest.language)
    request = attempt(form, _ask, here, t.language)
    if request is None:
        return redirect(url_for("my_stay.rooms"))
    return redirect(bill.address_of(request))


def _ask(opened: Session, here: Visiting, language: str) -> PaymentRequest | None:
    return web_payments.ask_for_rooms(
        opened, here.opened, _booked(opened, here), language=language,
        by=guest_of(opened, here.hotel),
    )  # fmt: skip
