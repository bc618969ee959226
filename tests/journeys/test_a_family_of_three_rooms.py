"""Who booked three rooms opens them by one link on the phone, fills one in, and pays for all."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Locator, Page, expect

from pms.base.db import transaction
from pms.base.gateway import Mode
from pms.base.money import Money
from pms.hotel.books import folios
from pms.hotel.service.checkout import modes
from pms.hotel.stays import guest_links, settlements
from pms.hotel.stays.guest_links import Opens
from pms.web.database import db
from pms.web.guest_pages import visiting
from tests import make
from tests.guest_side.conftest import app, practice  # noqa: F401  fixtures
from tests.journeys.conftest import nothing_found_by_axe
from tests.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY
ARRIVAL = make.DAY + timedelta(days=7)


@pytest.fixture
def link(app: Any) -> Iterator[str]:  # noqa: F811
    """The link to three rooms of one booking; two owe for a bottle that waits there."""
    with time_machine.travel(make.NOON, tick=True):
        with app.test_request_context(), transaction(db.session()) as session:
            house = make.furnished(session)
            by = make.by(session, house)
            modes.set_mode(session, house, Mode.PRACTICE, by=by)
            first = make.reservation(session, house, arrival=ARRIVAL)
            second = make.reservation(
                session, house, arrival=ARRIVAL, guest=first.guest, with_booking=first
            )
            make.reservation(session, house, arrival=ARRIVAL, surname="Novák", with_booking=first)
            for room, minor in ((first, 1_250), (second, 3_300)):
                folio = settlements.folio_of(session, room, by=by)
                code = make.charge_code(session, house)
                owed = Money(minor, "EUR")
                folios.charge(session, folio, code=code, amount=owed, window=1, by=by)
            made = guest_links.issue(
                session, first, opens=Opens.BOOKING, sealed=visiting.sealed, by=by
            )
            address = visiting.address(made).removeprefix("http://localhost")
            number = first.number
        yield f"{address} {number}"


def gap(above: Locator, below: Locator) -> float:
    """Return how far apart two things stand."""
    first, second = above.bounding_box(), below.bounding_box()
    assert first
    assert second
    return second["y"] - first["y"] - first["height"]


def test_three_rooms_by_one_link(link: str, phone: Page) -> None:
    address, number = link.split()
    phone.goto(address)
    phone.get_by_label("Booking number").fill(number)
    phone.get_by_label("Surname or e-mail").fill("dvorak")
    phone.get_by_role("button", name="Open").tap()
    expect(phone.get_by_role("heading", name="Your booking")).to_be_visible()
    nothing_found_by_axe(phone)
    expect(phone.get_by_role("link", name="Say when you come")).to_have_count(3)

    phone.get_by_role("link", name="Open this room").last.tap()
    expect(phone.get_by_role("heading", name="Novák")).to_be_visible()
    nothing_found_by_axe(phone)
    phone.get_by_role("link", name="Your arrival").tap()
    phone.get_by_label("Time").fill("21:15")
    phone.get_by_role("button", name="Keep").tap()
    expect(phone.get_by_text("The reception knows.")).to_be_visible()
    phone.get_by_role("link", name="All rooms of the booking").tap()
    expect(phone.get_by_role("link", name="Say when you come")).to_have_count(2)

    expect(phone.get_by_role("button", name="Pay €33.00")).to_be_visible()
    all_rooms = phone.get_by_role("button", name="Pay all rooms: €45.50")
    assert gap(all_rooms, phone.get_by_text("In one payment")) >= 8
    all_rooms.tap()
    expect(phone.get_by_role("heading", name="Your rooms")).to_be_visible()
    nothing_found_by_axe(phone)
    phone.get_by_role("button", name="Pay €45.50").tap()
    phone.get_by_label("Mastercard ending in 4444").check()
    phone.get_by_role("button", name="Pay 45.50 EUR").tap()
    expect(phone.get_by_text("Paid. Thank you!")).to_be_visible()
    phone.get_by_role("link", name="Go to my stay").tap()
    expect(phone.get_by_role("heading", name="Your booking")).to_be_visible()
    expect(phone.get_by_role("button", name="Pay")).to_have_count(0)
    phone.get_by_role("button", name="Close on this device").tap()
    expect(phone.get_by_role("heading", name="Your visit has ended")).to_be_visible()
