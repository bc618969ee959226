"""A real browser for the tests: Debian's Chromium, led by Playwright.

A page that throws an error or breaks its own security policy fails its test, whatever it shows.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
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
    "--disable-extensions",
    "--disable-gpu",  # there is none: what would play its part is a process and work more
    "--disable-software-rasterizer",
    "--in-process-gpu",
    "--disable-site-isolation-trials",  # one site, one renderer
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


# --- axe ------------------------------------------------------------------------------------------

_VIOLATIONS = {"resultTypes": ["violations"]}
_OF_COLOUR = _VIOLATIONS | {"runOnly": ["color-contrast", "link-in-text-block"]}


def faults_in_both_themes(page: Page) -> list[str]:
    """What axe finds in the light theme, and of the rules about colour in the dark one."""
    found = []
    for scheme, options in (("dark", _OF_COLOUR), ("light", _VIOLATIONS)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        found += [f"{scheme}: {fault}" for fault in faults(page, options)]
    return found


def faults(page: Page, options: dict[str, Any] = _VIOLATIONS) -> list[str]:
    """What axe finds on a page as it stands, which it is brought to once."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(f"axe.run({json.dumps(options)})")
    return [
        f"{each['id']}: {each['help']}: "
        f"{[(node['target'], node['html'][:200]) for node in each['nodes'][:3]]}"
        for each in found["violations"]
    ]


def too_wide(page: Page) -> int:
    """By how many pixels a page stands out of its screen, if at all."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
