"""A real browser for the tests: Debian's Chromium, led by Playwright.

A page that throws an error or breaks its own security policy fails its test, whatever it shows.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from pms.bootstrap import system_packages

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

QUIET = [
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",  # as root, in a container, Chromium has none
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all the tests of a worker."""
    chromium = system_packages.browser()
    assert chromium, "No Chromium: `python3 -m pms test` installs one, or names the command."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    """A fresh page as large as a desk's screen, on the served app."""
    with _page(browser, server, DESK) as page:
        yield page


@pytest.fixture
def phone(browser: Browser, server: str) -> Iterator[Page]:
    """A fresh page as large as a telephone, on the served app."""
    with _page(browser, server, PHONE) as page:
        yield page


@contextmanager
def _page(browser: Browser, server: str, size: dict[str, int]) -> Iterator[Page]:
    errors: list[str] = []
    context = browser.new_context(base_url=server, viewport=size, has_touch=size is PHONE)
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.extend(_complaint(message)))
    yield page
    context.close()
    assert not errors, "\n".join(errors)


def _complaint(message: ConsoleMessage) -> list[str]:
    # A refused form answers 422, and Chromium mentions it: that is no mistake of the page.
    is_error = message.type == "error" and not message.text.startswith("Failed to load resource")
    return [message.text] if is_error else []
