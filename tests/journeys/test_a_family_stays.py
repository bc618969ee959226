"""A family in house extends, moves and leaves early, by keyboard alone; read on a telephone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from pms.hotel.stays.reservations import Reservation
from pms.web.database import db
from tests.journeys.conftest import Hand, nothing_found_by_axe
from tests.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY


@pytest.fixture
def family(app: Any, house: int) -> int:
    """The party in 101; its reservation's id."""
    with app.app_context():
        parties = db.session().query(Reservation).filter_by(hotel_id=house)
        return next(each.id for each in parties if each.guest.surname == "Novák")


def test_a_family_extends_moves_and_leaves_early_by_keyboard(
    page: Page, phone: Page, at_desk: Callable[[Page], Hand], family: int
) -> None:
    hand = at_desk(page)
    page.goto(f"/check-in/{family}/departure")
    hand.key("1")
    page.get_by_role("button", name="Extend to Mon 23 Nov for €100.00").wait_for()
    nothing_found_by_axe(page)
    hand.key("Control+Enter")
    hand.see("Ana Novák leaves on Mon 23 Nov.")

    page.goto(f"/check-in/{family}/move")
    page.get_by_label("Why", exact=True).focus()
    hand.types("Noise")
    hand.key("Control+Enter")
    hand.see("Ana Novák is in room 103 now.")

    page.goto(f"/check-in/{family}/departure?departure=2026-11-21")
    page.get_by_role("button", name="Shorten to Sat 21 Nov").wait_for()
    hand.key("Control+Enter")
    hand.see("Ana Novák leaves on Sat 21 Nov.")
    page.goto(f"/check-out/{family}")
    page.get_by_role("button", name="Charge tonight").focus()
    hand.key("Enter")
    hand.see("€100.00 open")
    page.get_by_label("Why the balance waits").focus()
    hand.types("Pays at the bank")
    hand.key("Control+Enter")
    hand.see("Ana Novák has left 103 with a balance.")
    assert hand.clicks == 0

    at_desk(phone)
    phone.goto(f"/reservations/{family}")
    nothing_found_by_axe(phone)
