"""A house with bills in it, a door to come in by, and an eye for what a reader can't read."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.back_office.conftest import PASSWORD, bill, house  # noqa: F401  fixtures


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
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        faults = [
            f"{each['id']}: {each['help']}: {[node['target'] for node in each['nodes']][:3]}"
            for each in Axe().run(page).response["violations"]
        ]
        assert not faults, f"{scheme} {page.url}\n" + "\n".join(faults)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide."
