"""A guest books on the phone and looks after the stay: every page read by axe, by day and night."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect

from pms.base.db import transaction
from pms.hotel.service.requests import categories
from pms.web.database import db
from tests import make
from tests.hotel.stays import web
from tests.journeys.conftest import nothing_found_by_axe
from tests.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY
ARRIVAL = make.DAY + timedelta(days=7)


@pytest.fixture
def on_the_web(app: Any) -> Iterator[None]:
    """A hotel whose page on the web is open, at noon of its day."""
    with time_machine.travel(make.NOON, tick=True):
        with app.app_context(), transaction(db.session()) as session:
            hotel = web.open_shop(session, make.furnished(session), colour="#e8b923")
            categories.furnish(session, hotel, by=make.by(session, hotel))
        yield


def sign(phone: Page) -> None:
    """Draw a line in the field for the signature."""
    pad = phone.locator("[data-pad]")
    box = pad.bounding_box()
    assert box
    phone.mouse.move(box["x"] + 20, box["y"] + 30)
    phone.mouse.down()
    phone.mouse.move(box["x"] + 200, box["y"] + 70, steps=5)
    phone.mouse.up()


def test_a_guest_books_and_looks_after_the_stay(on_the_web: None, phone: Page) -> None:
    phone.goto("/h/test")
    expect(phone.get_by_text("Welcome in")).to_be_visible()
    nothing_found_by_axe(phone)
    phone.get_by_label("Arrival").fill(ARRIVAL.isoformat())
    phone.get_by_label("Departure").fill((ARRIVAL + timedelta(days=2)).isoformat())
    phone.get_by_role("button", name="Find a room").tap()
    expect(phone.get_by_text("€200.00")).to_be_visible()
    nothing_found_by_axe(phone)

    phone.get_by_role("link", name="Choose").tap()
    phone.get_by_role("heading", name="Who is coming?").wait_for()
    nothing_found_by_axe(phone)
    phone.get_by_label("First name").fill("Ana")
    phone.get_by_label("Surname").fill("Dvořák")
    phone.get_by_label("E-mail").fill("ana@mail.example")
    phone.get_by_role("button", name="Continue").tap()
    phone.get_by_role("heading", name="Is everything right?").wait_for()
    nothing_found_by_axe(phone)
    phone.get_by_role("button", name="Change something").tap()
    expect(phone.get_by_label("Surname")).to_have_value("Dvořák")
    phone.get_by_role("button", name="Continue").tap()
    phone.get_by_label("I accept what is agreed above.").check()
    phone.get_by_role("button", name="Book with obligation to pay").tap()
    expect(phone.get_by_role("heading", name="Thank you. You are expected.")).to_be_visible()
    nothing_found_by_axe(phone)
    number = phone.locator(".huge").inner_text()
    address = phone.locator(".note a").inner_text()

    phone.context.clear_cookies()
    phone.goto(address)
    nothing_found_by_axe(phone)
    phone.get_by_label("Booking number").fill(number)
    phone.get_by_label("Surname or e-mail").fill("dvorak")
    phone.get_by_role("button", name="Open").tap()
    expect(phone.get_by_role("heading", name="Good afternoon, Ana Dvořák")).to_be_visible()
    nothing_found_by_axe(phone)
    for tile in ("Your arrival", "Who is coming", "Ask for something", "Your days", "Change"):
        phone.get_by_role("link", name=tile).tap()
        phone.get_by_role("link", name="Back").wait_for()
        nothing_found_by_axe(phone)
        phone.get_by_role("link", name="Back").tap()
    phone.get_by_role("link", name="Registration card").tap()
    phone.get_by_role("button", name="Sign").wait_for()
    nothing_found_by_axe(phone)
    sign(phone)
    phone.get_by_role("button", name="Sign").tap()
    expect(phone.get_by_text("The card is signed.")).to_be_visible()
    phone.get_by_role("link", name="Cancel").tap()
    phone.get_by_role("button", name="Cancel my stay").wait_for()
    nothing_found_by_axe(phone)
    phone.get_by_role("button", name="Cancel my stay").tap()
    expect(phone.get_by_text("Your stay is cancelled.")).to_be_visible()
    nothing_found_by_axe(phone)
