"""One card for several rooms: given once on the phone, seen and charged at the desk for each."""

import html
import re
from datetime import timedelta
from typing import Any

from pms.base.money import Money
from pms.hotel.books import folios
from pms.hotel.rooms import policies, rates
from pms.hotel.rooms.policies import Asks
from pms.hotel.stays import settlements, web_bookings
from pms.hotel.stays.reservations import Reservation
from tests import make
from tests.front_office.conftest import Clerk, House
from tests.guest_side.conftest import Guest
from tests.guest_side.own_pages.conftest import Phone
from tests.hotel.stays import web
from tests.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY
ROOMS = "adults=2&type=DBL&plan=BAR&r2-adults=1&r2-ages=&r2-type=DBL&r2-plan=BAR"


def guaranteed_by_card(session: Any, house: Any) -> str:
    """Open the hotel's page with a plan that asks for a card; returns two nights in a week."""
    by, policy = make.by(session, house), make.policy(session, house, asks=Asks.CARD)
    policies.attach(session, rates.by_code(session, house, "BAR"), policy, by=by)  # type: ignore[arg-type]
    web.open_shop(session, house)
    arrival = house.business_date + timedelta(days=7)
    return f"arrival={arrival}&departure={arrival + timedelta(days=2)}"


def second_room(session: Any, house: Any) -> int:
    """Let the second room owe for the minibar; returns its id."""
    found: Reservation = (
        session.query(Reservation)
        .filter_by(hotel_id=house.id, channel=web_bookings.CHANNEL)
        .order_by(Reservation.number.desc())
        .first()
    )
    by, code = make.by(session, house), make.charge_code(session, house, "BAR")
    folio = settlements.folio_of(session, found, by=by)
    folios.charge(session, folio, code=code, amount=Money(3_000, "EUR"), window=1, by=by)
    return found.id


def test_the_desk_charges_the_second_room_to_the_card_that_was_given_for_all(
    app: Any, clerk: Clerk, hotel: House, guest: Guest
) -> None:
    stay = hotel.does(guaranteed_by_card)
    phone = Phone(app)
    phone.get(f"/h/TEST/details?{stay}&{ROOMS}")
    phone.send(given_name="Ana", surname="Dvořák", email="ana@mail.example")
    paying = phone.send(agrees="y")
    assert "for all rooms of booking" in paying.text
    hosted = guest.presses(paying.request.path, agree="yes")
    guest.returns(guest.chooses(hosted.location, "visa"))
    assert "Give a card" not in phone.get("/my-stay").text

    cards = f"/reservations/{hotel.does(second_room)}/cards"
    page = clerk.get(cards).text
    assert "for all rooms of the booking" in page
    charge = re.search(r'action="([^"]*/charge[^"]*)"', page)
    assert charge
    done = clerk.press(html.unescape(charge[1]), cards, amount="30.00", reason="Minibar")
    assert "is charged to Visa 4242" in done.text
    assert "there is nothing to charge" in clerk.get(cards).text
