"""A guest books two rooms on the phone, pays both deposits in one, and sees both under one link."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect

from pms.base.db import transaction
from pms.base.gateway import Mode
from pms.hotel.rooms import inventory, policies, rates
from pms.hotel.rooms.policies import Amount, Asks, By
from pms.hotel.service.checkout import modes
from pms.web.database import db
from tests import make
from tests.guest_side.conftest import app, practice  # noqa: F401  fixtures
from tests.hotel.stays import web
from tests.journeys.conftest import nothing_found_by_axe
from tests.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY
ARRIVAL = make.DAY + timedelta(days=7)


@pytest.fixture
def on_the_web(app: Any) -> Iterator[None]:  # noqa: F811
    """A hotel with doubles and suites whose guests pay half when they book."""
    with time_machine.travel(make.NOON, tick=True):
        with app.app_context(), transaction(db.session()) as session:
            hotel = make.furnished(session)
            by, kind = make.by(session, hotel), make.room_type(session, hotel, "SUI", rank=9)
            make.room(session, hotel, "901", kind=kind)
            inventory.extend(session, hotel, until=ARRIVAL + timedelta(days=30))
            make.plan(session, hotel, kind, price="180.00")
            half = make.policy(
                session, hotel, asks=Asks.DEPOSIT, deposit=Amount(By.PERCENT, 5_000)
            )  # fmt: skip
            policies.attach(session, rates.by_code(session, hotel, "BAR"), half, by=by)  # type: ignore[arg-type]
            modes.set_mode(session, hotel, Mode.PRACTICE, by=by)
            web.open_shop(session, hotel, colour="#e8b923")
        yield


def test_two_rooms_are_booked_and_paid_in_one(on_the_web: None, phone: Page) -> None:
    phone.goto("/h/test")
    phone.get_by_label("Arrival").fill(ARRIVAL.isoformat())
    phone.get_by_label("Departure").fill((ARRIVAL + timedelta(days=2)).isoformat())
    phone.get_by_role("button", name="Add another room").tap()
    second = phone.get_by_role("group", name="Room 2")
    second.get_by_label("Adults").select_option("1")
    second.get_by_label("Children's ages").fill("4")
    expect(phone.get_by_label("Arrival")).to_have_value(ARRIVAL.isoformat())
    nothing_found_by_axe(phone)
    phone.get_by_label("Departure").press("Enter")

    expect(phone.get_by_text("0 of 2 rooms chosen")).to_be_visible()
    nothing_found_by_axe(phone)
    phone.get_by_role("link", name="Choose Sui room").tap()
    expect(phone.get_by_text("1 of 2 rooms chosen")).to_be_visible()
    expect(phone.get_by_role("link", name="Choose Sui room")).to_have_count(0)
    phone.get_by_role("link", name="Choose Dbl room").tap()
    expect(phone.get_by_text("2 of 2 rooms chosen")).to_be_visible()
    expect(phone.get_by_label("Total").get_by_text("€560.00")).to_be_visible()
    nothing_found_by_axe(phone)

    phone.get_by_role("link", name="Continue").tap()
    phone.get_by_role("heading", name="Who is coming?").wait_for()
    nothing_found_by_axe(phone)
    phone.get_by_label("First name").fill("Ana")
    phone.get_by_label("Surname").fill("Dvořák")
    phone.get_by_label("E-mail").fill("ana@mail.example")
    phone.get_by_role("button", name="Continue").tap()
    phone.get_by_role("heading", name="Is everything right?").wait_for()
    nothing_found_by_axe(phone)
    phone.get_by_label("I accept what is agreed above.").check()
    phone.get_by_role("button", name="Book with obligation to pay").tap()

    expect(phone.get_by_role("heading", name="Your rooms")).to_be_visible()
    nothing_found_by_axe(phone)
    phone.get_by_role("button", name="Pay €280.00").tap()
    phone.get_by_label("Mastercard ending in 4444").check()
    phone.get_by_role("button", name="Pay 280.00 EUR").tap()
    expect(phone.get_by_text("Paid. Thank you!")).to_be_visible()
    phone.get_by_role("link", name="Go to my stay").tap()
    expect(phone.get_by_role("heading", name="Your booking")).to_be_visible()
    expect(phone.get_by_role("heading", name="Sui room")).to_be_visible()
    expect(phone.get_by_role("heading", name="Dbl room")).to_be_visible()
    expect(phone.get_by_text("€280.00")).to_be_visible()
    expect(phone.get_by_role("button", name="Pay")).to_have_count(0)
    nothing_found_by_axe(phone)
    phone.goto("/my-stay/rooms/booked")
    expect(phone.get_by_role("heading", name="Thank you. You are expected.")).to_be_visible()
    nothing_found_by_axe(phone)
