"""A day at the front desk in a real browser, by hand, by keyboard and on a telephone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Hand, nothing_found_by_axe
from tests.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY

AtDesk = Callable[[Page], Hand]


def test_a_prepared_arrival_is_in_with_two_clicks(page: Page, at_desk: AtDesk) -> None:
    hand = at_desk(page)

    hand.press(page.get_by_role("link", name="Check in Ana Yamada"))
    nothing_found_by_axe(page)
    hand.press(page.get_by_role("button", name="Check in to 102"))

    hand.see("Ana Yamada is in room 102.")
    assert hand.clicks == 2


def test_a_prepared_arrival_by_keyboard_and_back_by_z(page: Page, at_desk: AtDesk) -> None:
    hand = at_desk(page)
    row = page.locator("tr.cursor")
    while "Yamada" not in row.inner_text():
        hand.key("j")

    hand.key("c")
    page.get_by_role("button", name="Check in to 102").wait_for()
    hand.key("Control+Enter")
    hand.see("Ana Yamada is in room 102.")
    hand.key("z")

    hand.see("Ana Yamada is expected again.")
    assert hand.clicks == 0


def test_an_arrival_without_a_room_takes_three_clicks(page: Page, at_desk: AtDesk) -> None:
    hand = at_desk(page)

    hand.press(page.get_by_role("link", name="Assign Ana Åkesson"))
    nothing_found_by_axe(page)
    hand.press(page.get_by_role("button", name="Assign 103"))
    hand.see("Ana Åkesson has room 103.")
    hand.press(page.get_by_role("button", name="Check in to 103"))

    hand.see("Ana Åkesson is in room 103.")
    assert hand.clicks == 3


def test_a_walk_in_at_midnight(page: Page, by_night: None, at_desk: AtDesk) -> None:
    hand = at_desk(page)

    hand.key("w")
    hand.see("It is 00:20, but the day is still open: the first night counts as Fri 20 Nov.")
    nothing_found_by_axe(page)
    hand.press(page.get_by_label("Surname", exact=True))
    hand.types("Night")
    hand.press(page.get_by_text("104", exact=True))
    hand.press(page.get_by_role("button", name="Check in to 104 for €100.00"))

    hand.see("Night is in room 104.")
    assert hand.clicks <= 10
    nothing_found_by_axe(page)


def test_a_walk_in_on_a_telephone(phone: Page, at_desk: AtDesk) -> None:
    hand = at_desk(phone)
    phone.goto("/walk-in")

    phone.get_by_label("Surname", exact=True).fill("Palm")
    phone.get_by_label("Nights").fill("2")
    phone.get_by_label("Nights").blur()
    hand.press(phone.get_by_role("button", name="for €200.00"))

    hand.see("Palm is in room")
    nothing_found_by_axe(phone)


def test_a_stay_is_booked_by_keyboard(page: Page, at_desk: AtDesk) -> None:
    hand = at_desk(page)

    hand.key("n")
    page.get_by_role("heading", name="New reservation").wait_for()
    hand.key("f")
    hand.types("yama")
    page.get_by_text("Ana Yamada").wait_for()
    hand.key("Tab")
    hand.key("ArrowDown")
    hand.key("p")
    hand.key("Space")
    page.get_by_role("button", name="Book for €100.00").wait_for()
    nothing_found_by_axe(page)
    hand.key("Control+Enter")

    hand.see("Booked for Ana Yamada.")
    assert hand.clicks == 0


def test_prices_follow_the_dates_while_they_are_typed(page: Page, at_desk: AtDesk) -> None:
    hand = at_desk(page)
    page.goto("/book")

    page.get_by_label("Nights").fill("3")
    page.get_by_label("Nights").blur()
    hand.see("Total for 3 nights")
    page.get_by_role("radio", name="Best available, €300.00").check(force=True)
    page.get_by_role("button", name="Book for €300.00").wait_for()
    page.get_by_label("Adults").fill("4")
    page.get_by_label("Adults").blur()

    hand.see("4 in a room, sleeps 3")


def test_a_stay_is_changed_with_both_prices_in_sight(page: Page, at_desk: AtDesk) -> None:
    hand = at_desk(page)
    page.get_by_role("link", name="Ana Yamada").first.click()

    hand.key("e")
    page.get_by_role("heading", name="Change the stay of Ana Yamada").wait_for()
    page.get_by_label("Nights").fill("3")
    page.get_by_label("Nights").blur()
    hand.see("+€100.00")
    nothing_found_by_axe(page)
    hand.key("Control+Enter")

    hand.see("is changed.")
    hand.see("3 nights")


def test_a_party_leaves_with_a_balance(page: Page, at_desk: AtDesk) -> None:
    hand = at_desk(page)
    page.goto("/?show=departures")
    page.goto("/today/in_house")
    page.get_by_role("link", name="Ana Novák").first.click()

    hand.key("o")
    page.get_by_role("heading", name="Check out Ana Novák").wait_for()
    nothing_found_by_axe(page)
    hand.press(page.get_by_role("button", name="Charge tonight"))
    hand.see("€100.00 open")
    nothing_found_by_axe(page)
    page.get_by_label("Why the balance waits").fill("a skipper")
    hand.press(page.get_by_role("button", name="Check out owing €100.00"))

    hand.see("Ana Novák has left 101 with a balance.")
    assert hand.clicks == 2


def test_escape_backs_out_but_not_over_what_was_typed(page: Page, at_desk: AtDesk) -> None:
    hand = at_desk(page)
    page.goto("/book")
    page.get_by_label("Surname", exact=True).fill("Kept")

    hand.key("Escape")
    hand.key("Escape")
    assert page.get_by_label("Surname", exact=True).input_value() == "Kept"
    assert page.evaluate("document.activeElement.textContent").startswith("Discard")

    hand.key("Enter")
    page.get_by_role("heading", name="Today").wait_for()


PAGES = ["/book", "/walk-in", "/check-in/rooms", "/guests"]
OF_A_PARTY = ["", "/change", "/cancel", "/no-show"]


@pytest.mark.parametrize("size", ["page", "phone"])
def test_axe_finds_nothing(size: str, request: pytest.FixtureRequest, at_desk: AtDesk) -> None:
    page: Page = request.getfixturevalue(size)
    at_desk(page)
    page.goto("/reservations")
    page.get_by_role("link", name="Ana Yamada").first.click()
    party = page.url.rpartition("/")[2]
    page.goto("/today/in_house")
    page.get_by_role("link", name="Ana Novák").first.click()
    here = page.url.rpartition("/")[2]
    addresses = [
        *PAGES,
        *(f"/reservations/{party}{deed}" for deed in OF_A_PARTY),
        f"/check-in/{party}",
        f"/check-in/{party}/room",
        f"/check-in/{here}/move",
        f"/check-in/{here}/departure?departure=2026-11-25",
        f"/check-out/{here}",
    ]

    for address in addresses:
        page.goto(address)
        nothing_found_by_axe(page)
