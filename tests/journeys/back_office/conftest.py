"""A house with bills in it, a door to come in by, and an eye for what a reader can't read."""

from playwright.sync_api import Page

from tests.back_office.conftest import PASSWORD, bill, house  # noqa: F401  fixtures
from tests.browsing import faults_in_both_themes, too_wide


def come_in(page: Page, role: str = "manager", code: str = "test") -> None:
    """Sign in as somebody of that role."""
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(f"{role}@{code}.desk.example")
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def is_accessible(page: Page) -> None:
    """Axe finds nothing in either theme, and nothing stands beyond the edge of the screen."""
    page.wait_for_load_state()  # a link just pressed may still be opening
    assert faults_in_both_themes(page) == [], page.url
    assert too_wide(page) <= 0, page.url
