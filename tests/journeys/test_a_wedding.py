"""A wedding: opened, allotted, filled from a list, and checked in together; on desk and phone."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from pms.base import clock
from tests import make
from tests.journeys.conftest import Hand, nothing_found_by_axe
from tests.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY
LIST = "Surname\tGiven name\tAdults\nLindqvist\tÅsa\t2\nMäkelä\tPäivi\t1\nSato\tYui\t1\n"


def test_a_wedding_from_the_call_to_the_keys(
    page: Page, phone: Page, at_desk: Callable[[Page], Hand], app: Any
) -> None:
    with clock.set_to(make.NOON):
        hand = at_desk(page)
        page.goto("/groups")
        hand.key("b")
        page.get_by_label("Name", exact=True).fill("Lindqvist wedding")
        page.get_by_label("Code").fill("lind")
        page.get_by_label("Arrival").fill(make.DAY.isoformat())
        page.get_by_label("Departure").fill("2026-11-21")
        nothing_found_by_axe(page)
        hand.key("Control+Enter")
        hand.see("Agree on its rooms now.")
        page.get_by_label("Dbl room, every night").fill("1")
        page.get_by_label("Dbl room, every night").press("Control+Enter")
        hand.see("1 night agreed anew.")
        expect(page.get_by_text("1 agreed, 0 picked up, 1 kept")).to_be_visible()
        nothing_found_by_axe(page)

        hand.key("l")
        page.get_by_label("Or paste the cells").fill(LIST)
        page.get_by_role("button", name="Look at it first").click()
        expect(page.get_by_role("row").filter(has_text="Mäkelä")).to_contain_text(
            "The allotment has no Dbl room left"
        )
        nothing_found_by_axe(page)
        page.get_by_role("button", name="Book 1 good row").click()
        expect(page.get_by_role("row").filter(has_text="Lindqvist")).to_contain_text("Booked")

        at_desk(phone)
        phone.goto("/groups")
        phone.get_by_role("link", name="Lindqvist wedding").click()
        nothing_found_by_axe(phone)
        phone.get_by_role("link", name="Check in 1").tap()
        nothing_found_by_axe(phone)
        phone.get_by_role("button", name="Check in the ticked").tap()
        expect(phone.get_by_text("1 party checked in.").first).to_be_visible()

        for each, place in ((page, "/waitlist"), (phone, "/turnaways"), (phone, "/traces")):
            each.goto(place)
            nothing_found_by_axe(each)
        page.goto("/reservations?show=in_house&q=Lindqvist")
        page.get_by_role("link", name="Open Åsa Lindqvist").click()
        page.get_by_role("link", name="Traces and alerts").click()
        page.get_by_label("What must be seen").fill("Allergic to feathers")
        nothing_found_by_axe(page)
        page.get_by_role("button", name="Let it pop up").click()
        hand.see("It pops up from now on.")
        page.get_by_role("link", name="Back to the booking").click()
        expect(page.get_by_role("alert")).to_contain_text("Allergic to feathers")
