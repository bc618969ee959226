"""A weekend gets dearer and a night is closed, by keyboard; one of them is taken back."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tests.browsing import too_wide
from tests.journeys.back_office.conftest import come_in, is_accessible

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LAST = (make.DAY + timedelta(days=6)).isoformat()


def test_prices_rise_and_a_night_is_closed(house: int, page: Page) -> None:
    come_in(page)
    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(page.get_by_role("heading", name="Rates", exact=True)).to_be_visible()
    is_accessible(page)

    page.get_by_label("To", exact=True).fill(LAST)
    page.get_by_role("checkbox", name="Fri").check()
    page.get_by_role("checkbox", name="Sat").check()
    page.get_by_label("What").select_option("Raise the price by (percent)")
    page.get_by_label("Amount, percent or number").fill("25")
    page.keyboard.press("Control+Enter")
    preview = page.get_by_role("region", name="What it changes")
    expect(preview).to_contain_text("125.00")
    is_accessible(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("2 nights changed").first).to_be_visible()
    expect(page.locator("table.rates")).to_contain_text("125.00")

    page.get_by_label("What").select_option("Closed to arrival")
    page.keyboard.press("Control+Enter")
    expect(preview).to_contain_text("What is booked stays booked")
    page.keyboard.press("Control+Enter")
    expect(page.locator("table.rates")).to_contain_text("CTA")
    is_accessible(page)
    page.get_by_role("button", name="Take back: Raise").click()
    expect(page.locator("table.rates")).not_to_contain_text("125.00")
    expect(page.locator("table.rates")).to_contain_text("CTA")


def test_the_calendar_fits_a_phone(house: int, phone: Page) -> None:
    come_in(phone)
    phone.goto("/rates?days=31")

    expect(phone.locator("table.rates")).to_be_visible()
    assert too_wide(phone) <= 0
    is_accessible(phone)
