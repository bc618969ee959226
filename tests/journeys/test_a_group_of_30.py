"""A group of 30: thirty rooms kept, thirty names from a list, thirty keys, and all of them gone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pms.base import clock
from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.web.database import db
from tests import make
from tests.journeys.conftest import Hand, nothing_found_by_axe
from tests.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY
PARTIES = 30
LIST = "Surname\tGiven name\tAdults\n" + "".join(
    f"Guest{n:02d}\tAna\t2\n" for n in range(PARTIES)
)  # fmt: skip


@pytest.fixture
def rooms(app: Any, house: int) -> None:
    """Thirty rooms more."""
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        for n in range(PARTIES):
            make.room(session, hotel, f"3{n:02d}")


def test_a_group_of_30_from_the_list_to_the_keys_and_back(
    rooms: None, page: Page, phone: Page, at_desk: Callable[[Page], Hand]
) -> None:
    with clock.set_to(make.NOON):
        hand = at_desk(page)
        page.goto("/groups")
        hand.key("b")
        page.get_by_label("Name", exact=True).fill("Choir of Lund")
        page.get_by_label("Code").fill("choir")
        page.get_by_label("Arrival").fill(make.DAY.isoformat())
        page.get_by_label("Departure").fill("2026-11-21")
        hand.key("Control+Enter")
        page.get_by_label("Dbl room, every night").fill(f"{PARTIES}")
        page.get_by_label("Dbl room, every night").press("Control+Enter")
        expect(page.get_by_text("30 agreed, 0 picked up, 30 kept")).to_be_visible()

        hand.key("l")
        page.get_by_label("Or paste the cells").fill(LIST)
        page.get_by_role("button", name="Look at it first").click()
        page.get_by_role("button", name="Book 30 good rows").click()
        expect(page.get_by_role("row").filter(has_text="Booked")).to_have_count(PARTIES)

        at_desk(phone)
        phone.goto("/groups")
        phone.get_by_role("link", name="Choir of Lund", exact=True).click()
        phone.get_by_role("link", name="Check in 30").tap()
        nothing_found_by_axe(phone)
        phone.get_by_role("button", name="Check in the ticked").tap()
        expect(phone.get_by_text("30 parties checked in.").first).to_be_visible()

        page.goto("/groups")
        page.get_by_role("link", name="Choir of Lund", exact=True).click()
        expect(page.get_by_text("30 agreed, 30 picked up, 0 kept")).to_be_visible()
        nothing_found_by_axe(page)
        hand.key("o")
        expect(page.get_by_role("checkbox")).to_have_count(PARTIES)
        nothing_found_by_axe(page)
