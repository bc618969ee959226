"""A hand-over: a call that became a message, a visitor forgotten, signed by both shifts."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.web.database import db
from tests.journeys.conftest import Hand, nothing_found_by_axe
from tests.web.conftest import PASSWORD, SQLITE_ONLY, hire

pytestmark = SQLITE_ONLY
NIGHT = "ruth@reception.example"


@pytest.fixture
def night(app: Any, house: int) -> None:
    """The night auditor, who takes over."""
    with app.app_context(), transaction(db.session()) as session:
        hire(session, session.get_one(Hotel, house), NIGHT, Role.NIGHT_AUDITOR).name = "Ruth"


def test_what_reception_leaves_is_handed_over_by_name(
    night: None, page: Page, phone: Page, at_desk: Callable[[Page], Hand]
) -> None:
    hand = at_desk(page)
    page.goto("/reception")
    hand.key("l")
    page.get_by_label("With", exact=True).fill("Dr Abel")
    page.get_by_label("About room").fill("101")
    page.get_by_label("Matter").fill("Ring me tonight")
    page.get_by_label("What came of it").select_option("not_reached")
    hand.key("Control+Enter")
    hand.see("is logged")
    nothing_found_by_axe(page)
    hand.key("m")
    hand.see("is message 10001 now")
    nothing_found_by_axe(page)

    page.goto("/reception")
    hand.key("v")
    page.get_by_label("Name").fill("Ines Roy")
    page.get_by_label("Visits room").fill("101")
    page.get_by_label("Badge").fill("7")
    hand.key("Control+Enter")
    hand.see("Ines Roy is in the house, badge 7.")
    nothing_found_by_axe(page)
    for address in ("/reception?q=Nov", "/reception/evacuation", "/reception/messages"):
        page.goto(address)
        nothing_found_by_axe(page)

    page.goto("/requests/handover")
    page.get_by_label("Department").select_option("front_office")
    page.get_by_label("To know").fill("Quiet evening")
    hand.key("Control+Enter")
    hand.see("Waits for the other")

    phone.goto("/sign-in")
    phone.get_by_label("E-mail").fill(NIGHT)
    phone.get_by_label("Password", exact=True).fill(PASSWORD)
    phone.keyboard.press("Enter")
    phone.get_by_role("heading", name="Today").wait_for()
    phone.goto("/requests/handover")
    expect(phone.get_by_text("Message 10001 from Dr Abel")).to_be_visible()
    expect(phone.get_by_text("Ines Roy, badge 7, in since")).to_be_visible()
    nothing_found_by_axe(phone)
    phone.get_by_role("button", name="Sign, I take over").click()
    expect(phone.get_by_text("Signed by both", exact=True)).to_be_visible()
    for address in ("/reception", "/reception/calls", "/reception/visitors", "/sign-ins"):
        phone.goto(address)
        nothing_found_by_axe(phone)
