"""A deposit by link, a booking cancelled, and the money back on the card it came from."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.guest_side.conftest import app, practice, practising  # noqa: F401  fixtures
from tests.journeys.conftest import Hand, nothing_found_by_axe
from tests.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY


@pytest.mark.usefixtures("practising", "app")
def test_deposit_cancel_refund(
    page: Page, phone: Page, at_desk: Callable[[Page], Hand], server: str
) -> None:
    hand = at_desk(page)
    page.get_by_role("link", name="Yamada").first.click()
    booking = page.url
    page.get_by_role("link", name="Ask for payment").click()
    page.get_by_label("Amount").fill("120")
    hand.key("Control+Enter")
    hand.see("Show the code, or send the link.")
    asked = page.url

    phone.goto(page.get_by_label("The link, for this guest alone").input_value())
    phone.get_by_role("button", name="Pay €120.00").tap()
    phone.get_by_role("button", name="Pay 120.00 EUR").tap()
    expect(phone.get_by_role("status")).to_contain_text("Paid. Thank you!")
    expect(page.get_by_role("heading", name="Show the code")).to_have_count(0)  # by itself
    assert page.url == asked

    page.goto(booking)
    page.get_by_role("link", name="Cancel").first.click()
    page.get_by_label("Why").fill("Ill")
    hand.key("Control+Enter")
    page.wait_for_url(booking)
    page.goto(f"{booking}/deposit")
    page.get_by_text("Give it back", exact=True).click()
    back = page.locator("form", has=page.get_by_role("button", name="Refund the deposit"))
    back.get_by_text("Online").first.click()
    back.get_by_label("Reason").fill("Ill")
    nothing_found_by_axe(page)
    back.get_by_role("button", name="Refund the deposit").click()

    hand.see("goes back the way it came")
    expect(page.get_by_text("Nothing is held")).to_be_visible()
    for place in ("payment-requests/put-aside", "payment-requests?show=paid"):
        page.goto(f"{server}/{place}")
        nothing_found_by_axe(page)
