"""What stands again: a form a colleague was quicker with, and one sent after the sign-in ended."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pms.hotel.guests.guests import Guest
from pms.hotel.house import signins
from tests.browsing import faults_in_both_themes, too_wide
from tests.front_office.conftest import House
from tests.front_office.test_signed_out import a_second_hotel
from tests.web.conftest import EMAIL, PASSWORD, SQLITE_ONLY, house  # noqa: F401  fixture


@pytest.fixture(params=["page", "phone"])
def screen(request: pytest.FixtureRequest) -> Page:
    """A desk's screen, and a telephone's."""
    page: Page = request.getfixturevalue(request.param)
    return page


@pytest.fixture
def hotel(app: Any, house: int) -> House:  # noqa: F811
    return House(app, house)


def sign_in(page: Page) -> None:
    page.goto("/sign-in")
    fill_in(page)
    page.wait_for_url(lambda address: "sign-in" not in address)


def fill_in(page: Page) -> None:
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def end_all(session: Any, _house: Any) -> None:
    for each in session.query(signins.SignIn):
        each.seen_at -= signins.IDLE


def looks_well(page: Page) -> None:
    assert too_wide(page) <= 0
    assert not faults_in_both_themes(page)


@SQLITE_ONLY
def test_a_stale_form_shows_both(screen: Page, hotel: House) -> None:
    sign_in(screen)
    address = f"/guests/{hotel.party('Yamada').guest_id}"
    screen.goto(address)

    def amended(session: Any, _house: Any) -> None:
        found = session.query(Guest).filter_by(surname="Yamada").one()
        found.surname, found.notes, found.vip = "Tanaka", "A high floor.\nNo feathers.", True
        found.version += 1

    hotel.does(amended)
    screen.get_by_label("Surname", exact=True).fill("Suzuki")
    screen.get_by_label("Notes").fill("Comes late.\nTwo cots.")
    screen.get_by_role("button", name="Keep").first.click()
    screen.get_by_text("Meanwhile: “Tanaka”").first.wait_for()
    looks_well(screen)


@SQLITE_ONLY
def test_a_form_waits_at_the_sign_in(screen: Page, hotel: House) -> None:
    sign_in(screen)
    screen.goto("/letterhead")
    screen.get_by_label("House rules").fill("No bicycles in the rooms.\nQuiet after ten.")
    hotel.does(end_all)
    screen.get_by_role("button", name="letterhead").first.click()
    screen.get_by_text("waits here").wait_for()
    looks_well(screen)
    fill_in(screen)
    screen.get_by_text("nothing is done yet").first.wait_for()
    looks_well(screen)


@SQLITE_ONLY
def test_a_word_beside_a_button_stands_on_a_page_of_its_own(screen: Page, hotel: House) -> None:
    sign_in(screen)
    screen.goto(f"/reservations/{hotel.party('Yamada').id}")
    screen.get_by_text("Do not move").first.click()
    screen.get_by_label("Why this very room").fill("Her old room")
    hotel.does(end_all)
    screen.get_by_role("button", name="Mark do not move").click()
    fill_in(screen)
    screen.get_by_role("heading", name="Not sent yet").wait_for()
    looks_well(screen)
    screen.get_by_role("button", name="Send it now").click()
    screen.get_by_text("is not to be moved").first.wait_for()


@SQLITE_ONLY
def test_a_half_typed_booking_outlives_a_look_into_another_hotel(
    screen: Page, hotel: House
) -> None:
    other = a_second_hotel(hotel)
    sign_in(screen)
    screen.goto("/book")
    screen.get_by_label("Surname").fill("Half way")
    beside = screen.context.new_page()
    beside.goto("/")
    token = beside.locator("[name=csrf_token]").first.get_attribute("value") or ""
    beside.request.post("/hotel", form={"csrf_token": token, "hotel": str(other)})

    screen.get_by_label("Adults").fill("1")
    screen.keyboard.press("Tab")

    screen.get_by_text("What you typed here stays").wait_for()
    assert screen.get_by_label("Surname").input_value() == "Half way"
    looks_well(screen)
    screen.locator("[data-key='ctrl+enter']").last.click()
    expect(screen.locator("#elsewhere")).to_be_empty()
    expect(screen.locator("[name=surname]")).to_have_value("Half way")
