"""An attendant's morning, on a telephone: one tap a room, and a tap can be taken back."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.back_office.conftest import come_in, is_accessible

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_rooms_are_turned_with_one_tap_each(house: int, phone: Page) -> None:
    come_in(phone, "housekeeper")
    expect(phone.get_by_role("heading", name="Housekeeper’s rooms")).to_be_visible()
    with phone.expect_navigation():
        phone.locator(".ptabs").get_by_role("link", name="Board").tap()
    expect(phone.get_by_role("heading", name="Housekeeping", exact=True)).to_be_visible()
    is_accessible(phone)

    with phone.expect_navigation():
        phone.get_by_role("link", name="All", exact=True).tap()
    phone.get_by_label("Room 103 is otherwise").tap()
    with phone.expect_navigation():
        phone.locator("#room-103").get_by_role("button", name="Dirty").tap()
    expect(phone.get_by_text("Room 103 is dirty.").first).to_be_visible()
    is_accessible(phone)
    with phone.expect_navigation():
        phone.get_by_role("button", name="Undo").tap()
    expect(phone.locator("#room-103")).to_contain_text("Inspected")

    phone.get_by_label("Room 104 is otherwise").tap()
    with phone.expect_navigation():
        phone.locator("#room-104").get_by_role("button", name="Dirty").tap()
    with phone.expect_navigation():
        phone.get_by_role("link", name="To do").tap()
    is_accessible(phone)
    with phone.expect_navigation():
        phone.get_by_role("button", name="104 is clean").tap()
    expect(phone.locator("#room-104")).to_be_hidden()
    assert "show=to_do" in phone.url


def test_the_housekeeper_keeps_a_room_from_guests(house: int, page: Page) -> None:
    come_in(page, "housekeeping_manager")
    page.goto("/housekeeping?show=all")
    is_accessible(page)

    page.locator("#room-104").get_by_text("Room 104 is otherwise").or_(
        page.get_by_label("Room 104 is otherwise")
    ).first.click()
    page.get_by_role("link", name="Out of order …").locator("visible=true").click()
    is_accessible(page)
    page.get_by_label("Reason").fill("Bathroom leak")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Room 104 is out of order.")).to_be_visible()
    is_accessible(page)
    page.get_by_role("button", name="Return room 104 to sale").click()
    expect(page.get_by_text("Room 104 can be sold again.")).to_be_visible()
