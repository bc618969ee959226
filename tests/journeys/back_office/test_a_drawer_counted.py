"""A cashier opens a drawer, takes cash, takes a drop back, counts blind and closes; every page."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.web.database import db
from tests import make
from tests.journeys.back_office.conftest import come_in, is_accessible

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _filled_safe(app: Flask, house: int) -> None:
    """What floats are taken out of: 1,000.00."""
    with app.app_context(), transaction(db.session()) as session:
        make.filled_safe(session, session.get_one(Hotel, house))


def test_a_drawer_is_opened_used_and_counted_by_keyboard(house: int, bill: int, page: Page) -> None:
    come_in(page, "front_desk")
    page.goto("/cashier/shift")
    is_accessible(page)
    page.get_by_label("Float").fill("1000.01")
    page.keyboard.press("Control+Enter")
    refused = page.locator("#opening_float-refuses")
    expect(refused).to_contain_text("The safe doesn't hold €1,000.01 by the books")
    is_accessible(page)
    page.get_by_label("Float").fill("100.00")
    page.keyboard.press("Control+Enter")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Shift 1")
    is_accessible(page)

    page.goto(f"/folios/{bill}")
    page.get_by_text("Cash", exact=True).click()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("€100.00 is taken")

    page.goto("/cashier/shift")
    page.get_by_label("Amount").fill("500.00")
    page.keyboard.press("Enter")
    page.get_by_label("Take back the drop of €500.00").click()
    page.get_by_label("Reason").fill("A zero too many")
    is_accessible(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("is back in the drawer")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("c")
    expect(heading).to_contain_text("Count shift 1")
    page.get_by_label("EUR 100", exact=True).fill("1")
    page.get_by_label("EUR 50", exact=True).fill("2")
    expect(page.locator("[data-comes-to]")).to_have_text("200.00")
    is_accessible(page)
    page.set_viewport_size({"width": 390, "height": 844})
    is_accessible(page)
    page.keyboard.press("Control+Enter")

    expect(heading).to_contain_text("Shift 1")
    expect(page.get_by_text("Right")).to_be_visible()
    for place in ("/cashier", "/cashier/shift", "/cashier/rates", "/cashier/paid-outs/new"):
        is_accessible(page)
        page.goto(place)
    page.set_viewport_size({"width": 1440, "height": 900})
    is_accessible(page)

    page.context.clear_cookies()
    come_in(page, "manager")
    page.goto("/cashier/foreign-notes")
    is_accessible(page)
