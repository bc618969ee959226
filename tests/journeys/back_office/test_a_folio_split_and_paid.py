"""A folio is split between two payers and paid, without a hand on the mouse."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.back_office.conftest import come_in, is_accessible

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_folio_is_split_and_paid_by_keyboard(house: int, bill: int, page: Page) -> None:
    come_in(page)
    page.goto(f"/folios/{bill}")
    is_accessible(page)

    page.keyboard.press("x")
    expect(page.get_by_text("1 line, €60.00")).to_be_visible()
    is_accessible(page)
    page.keyboard.press("m")
    expect(page.get_by_text("1 line moved to window 2.").first).to_be_visible()

    page.goto(f"/folios/{bill}")
    page.keyboard.press("y")
    expect(page.get_by_label("Amount")).to_be_focused()
    expect(page.get_by_label("Amount")).to_have_value("40.00")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")  # from the terminal to cash
    expect(page.get_by_label("Last four")).to_be_hidden()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("€40.00 is taken in window 1.")).to_be_visible()

    page.keyboard.press("]")
    expect(page.get_by_role("heading", name="Pay window 2")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("Write the card's last four digits.")
    is_accessible(page)
    page.get_by_label("Last four").fill("1881")
    page.get_by_label("Authorisation").fill("A1B2")
    page.get_by_label("Terminal", exact=True).last.fill("T1")
    page.get_by_label("Batch").fill("7")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("€60.00 is taken in window 2.")).to_be_visible()
    expect(page.get_by_text("Settled").first).to_be_visible()


def test_a_day_of_last_year_stands_clear_of_what_was_charged(
    house: int, bill: int, page: Page
) -> None:
    come_in(page)
    page.goto(f"/folios/{bill}")

    clear = page.locator(".bill-lines td.when").first.evaluate(
        """cell => {
            cell.textContent = "22 Nov 2026";
            const text = document.createRange();
            text.selectNodeContents(cell);
            return cell.getBoundingClientRect().right - text.getBoundingClientRect().right;
        }"""
    )

    assert clear >= 8


def test_the_pages_of_a_bill_can_be_read_by_anybody(house: int, bill: int, page: Page) -> None:
    come_in(page)

    for place in ("post", "adjust", "windows", "routing", "print"):
        page.goto(f"/folios/{bill}/{place}")
        is_accessible(page)
    for place in ("/folios", "/folios/new", "/city-ledger", "/cashier", "/reports"):
        page.goto(place)
        is_accessible(page)


def test_a_bill_on_a_telephone(house: int, bill: int, phone: Page) -> None:
    come_in(phone)
    phone.goto(f"/folios/{bill}")
    is_accessible(phone)

    phone.get_by_label("Choose Bar, €40.00").check()
    phone.get_by_role("button", name="Move to 2").click()
    expect(phone.get_by_text("1 line moved to window 2.").first).to_be_visible()
    phone.get_by_role("link", name="Pay €0.00").or_(
        phone.get_by_role("link", name="Pay €40.00")
    ).first.wait_for()
    for place in ("/folios", "/folios/new", "/city-ledger", "/cashier", "/reports"):
        phone.goto(place)
        is_accessible(phone)
