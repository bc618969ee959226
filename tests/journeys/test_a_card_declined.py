"""A deposit by link: asked at the desk, declined on the phone, paid by another card, seen live."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.guest_side.conftest import app, practice, practising  # noqa: F401  fixtures
from tests.journeys.conftest import Hand, nothing_found_by_axe
from tests.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY


@pytest.mark.usefixtures("practising")
def test_a_declined_card_then_another(
    page: Page,
    phone: Page,
    at_desk: Callable[[Page], Hand],
    server: str,
    app: Any,  # noqa: F811
) -> None:
    hand = at_desk(page)
    page.get_by_role("link", name="Yamada").first.click()
    page.get_by_role("link", name="Ask for payment").click()
    page.get_by_label("Amount").fill("120")
    page.get_by_label("Language").select_option("fr")
    nothing_found_by_axe(page)
    hand.key("Control+Enter")
    hand.see("Show the code, or send the link.")
    nothing_found_by_axe(page)
    link = page.get_by_label("The link, for this guest alone").input_value()
    assert link.startswith(server)

    phone.goto(link)
    expect(phone.get_by_role("heading", name="Acompte")).to_be_visible()
    nothing_found_by_axe(phone)
    phone.get_by_role("link", name="English").tap()
    phone.get_by_role("button", name="Pay €120.00").tap()
    expect(phone.get_by_text("Practice page: no money moves here")).to_be_visible()
    nothing_found_by_axe(phone)
    phone.get_by_label("Visa ending in 0002").check()
    phone.get_by_role("button", name="Pay 120.00 EUR").tap()
    expect(phone.get_by_role("alert")).to_contain_text("declined")
    phone.get_by_label("Mastercard ending in 4444").check()
    phone.get_by_role("button", name="Pay 120.00 EUR").tap()

    expect(phone.get_by_role("status")).to_contain_text("Paid. Thank you!")
    nothing_found_by_axe(phone)
    expect(page.locator("#stands")).to_contain_text("Done")
    for place in ("", "?show=paid", "/holds", "/disputes", "/payouts"):
        page.goto(f"/payment-requests{place}")
        nothing_found_by_axe(page)
    page.goto("/online-payment")
    nothing_found_by_axe(page)
