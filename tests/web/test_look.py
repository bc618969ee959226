"""The look: every macro and every desk, light and dark, large and small, without a violation."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browsing import DESK, PHONE, faults, too_wide
from tests.conftest import app_of_tests
from tests.web import sample_pages
from tests.web.conftest import EMAIL, PASSWORD, SQLITE_ONLY

PAGES = ["/", "/reservations", "/rooms", "/folios", "/night-audit", "/search?q=y", "/sign-ins"]

pytestmark = SQLITE_ONLY


def sign_in(page: Page) -> None:
    page.goto("/sign-in")
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_selector("h1:has-text('Today')")


@pytest.fixture(scope="module")
def lasting_app(sqlite_template: Path) -> Any:
    """An app of our own, with one page more: every macro on it."""
    app = app_of_tests(sqlite_template)
    app.register_blueprint(sample_pages.bp)
    return app


@pytest.fixture
def sample(house: int, page: Page) -> Page:
    """The page with every macro on it."""
    sign_in(page)
    return page


def test_every_macro_can_be_read_by_everyone(sample: Page) -> None:
    for size, theme in product((DESK, PHONE), ("light", "dark")):
        sample.set_viewport_size(size)  # type: ignore[arg-type]
        sample.emulate_media(color_scheme=theme)  # type: ignore[arg-type]

        sample.goto("/sample")

        assert faults(sample) == [], (size, theme)
        assert too_wide(sample) <= 0, (size, theme)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_desk_can_be_read_by_everyone(house: int, page: Page, size: dict[str, int]) -> None:
    sign_in(page)
    page.set_viewport_size(size)  # type: ignore[arg-type]

    for address in PAGES:
        page.goto(address)

        assert faults(page) == [], address
        assert too_wide(page) <= 0, address
        assert page.locator("h1").count() == 1, address


def test_the_chosen_theme_is_in_the_first_byte(house: int, page: Page) -> None:
    sign_in(page)

    page.click("details.menu summary")
    page.click("button[value=dark]")

    assert page.request.get("/").text().count('data-bs-theme="dark"') == 1


def test_the_desk_is_worked_from_the_keyboard(house: int, page: Page) -> None:
    sign_in(page)

    page.keyboard.press("j")
    assert "Yamada" in page.inner_text("tr.cursor")
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/reservations")
    page.keyboard.press("/")
    page.keyboard.type("102")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Room 102')")
    page.keyboard.press("?")

    assert page.locator("dialog[open] .keys li").count() > 5


def test_a_turned_room_can_be_turned_back_with_one_key(house: int, page: Page) -> None:
    sign_in(page)
    page.goto("/search?q=104")

    page.select_option("#condition", "dirty")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".toast-undo:has-text('Room 104 is dirty.')")
    page.keyboard.press("z")

    page.wait_for_selector("text=Room 104 is as it was.")
