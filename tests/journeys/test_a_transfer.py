"""A transfer: booked for a flight, cancelled when it is late for that, and charged for it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect

from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.house.hotels import Hotel
from pms.hotel.service.concierge import ActivityKind, Counts, catalogue, vendors
from pms.hotel.service.concierge.catalogue import Details
from pms.hotel.service.concierge.vendors import Terms
from pms.web.database import db
from tests import make
from tests.hotel.service import outing
from tests.journeys.conftest import Hand, nothing_found_by_axe
from tests.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY


@pytest.fixture
def noon() -> Iterator[None]:
    """One in the afternoon in Berlin, on the hotel's day."""
    with time_machine.travel(make.NOON, tick=True):
        yield


@pytest.fixture
def car(noon: None, app: Any, house: int) -> None:
    """A car to the airport for 60.00, four hours from now; free until 24 hours before."""
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        by = make.by(session, hotel)
        terms = Terms(name="Havel Cars", free_hours=24, fee_percent=50, commission_rate=1_000)
        details = Details(
            kind=ActivityKind.TRANSPORT, name="Airport transfer", meets="Lobby", minutes=45,
            counts=Counts.BOOKINGS, capacity=2, price=Money(6_000, hotel.currency),
            charge_code=make.charge_code(session, hotel, "TRANSFER"),
        )  # fmt: skip
        made = catalogue.add(session, vendors.add(session, hotel, terms, by=by), details, by=by)
        outing.open_time(session, hotel, made, make.NOON + timedelta(hours=4), by=by)


def test_a_transfer_is_booked_cancelled_late_and_charged(
    car: None, page: Page, phone: Page, at_desk: Callable[[Page], Hand]
) -> None:
    hand = at_desk(page)
    page.goto("/concierge?day=2026-11-20")
    hand.key("e")
    page.get_by_role("link", name="Book Airport transfer").click()
    page.get_by_label("Room", exact=True).fill("101")
    hand.key("Control+Enter")
    hand.see("Booking 10001 is made. Tell Havel Cars, then confirm it.")
    expect(page.locator("main")).to_contain_text("On the bill")
    booking = page.url

    at_desk(phone)
    phone.goto(booking)
    nothing_found_by_axe(phone)
    phone.get_by_role("link", name="Cancel: costs €30.00").tap()
    nothing_found_by_axe(phone)
    phone.get_by_label("Why").fill("The flight is late")
    phone.get_by_role("button", name="Cancel the booking").tap()
    expect(phone.get_by_text("it costs a fee of €30.00").first).to_be_visible()

    page.goto(booking)
    page.get_by_role("link", name="taken off the folio").click()
    expect(page.locator("main")).to_contain_text("€30.00")
    nothing_found_by_axe(page)
