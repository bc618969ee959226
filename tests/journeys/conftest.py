"""What a journey needs: a hotel by night, somebody at the desk, and a count of every press."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

from tests.web.conftest import EMAIL, PASSWORD, house  # noqa: F401  fixture

PAST_MIDNIGHT = datetime(2026, 11, 20, 23, 20, tzinfo=UTC)  # 00:20 in Berlin, the 20th still open


class Hand:
    """Somebody at a page, whose presses are counted; keys cost nothing but are said apart."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0
        self.keys = 0

    def press(self, target: Locator) -> None:
        """Click, and count it."""
        self.clicks += 1
        target.click()

    def key(self, key: str) -> None:
        """Press a key, and count it."""
        self.keys += 1
        self.page.wait_for_load_state()  # the scripts that listen are there by then
        self.page.keyboard.press(key)

    def types(self, text: str) -> None:
        """Type where the cursor is."""
        self.page.keyboard.type(text)

    def see(self, text: str) -> None:
        """Wait until the page says so."""
        self.page.get_by_text(text).first.wait_for()


@pytest.fixture
def by_night(app: Any) -> Iterator[None]:
    """Twenty past midnight, on a day that isn't closed yet."""
    with time_machine.travel(PAST_MIDNIGHT, tick=True):
        yield


@pytest.fixture
def at_desk(house: int) -> Callable[[Page], Hand]:  # noqa: F811
    """Sign somebody in on a page; what was pressed for that doesn't count."""

    def signed_in(page: Page) -> Hand:
        page.goto("/sign-in")
        page.get_by_label("E-mail").fill(EMAIL)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Today").wait_for()
        return Hand(page)

    return signed_in


def nothing_found_by_axe(page: Page) -> None:
    """Let axe look at the page in both themes; and nothing may stick out of it."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(page).response["violations"]
        told = [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found]
        assert not told, f"{scheme} {page.url}: {told}"
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a journey that fails be made once more; the report counts it as run again.

    A browser on two busy cores now and then misses what it waits for. Nothing else is tried twice.
    """
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1))
