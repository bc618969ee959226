"""A family at the desk: passports scanned, the card signed on the screen, the key handed over."""

from typing import Any

import pytest
from playwright.sync_api import Page

from pms.base.db import transaction
from pms.hotel.guests.identity import lines
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays.reservations import Reservation
from pms.web.database import db
from tests import make
from tests.browsing import DESK, PHONE
from tests.journeys.conftest import Hand, nothing_found_by_axe
from tests.journeys.test_front_desk import AtDesk
from tests.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY


def passport(given: str, number: str, born: str, sex: str) -> list[str]:
    """The two lines of a passport of the family Lindgren, every digit right."""
    first = f"P<SWELINDGREN<<{given}".ljust(44, "<")
    number = number.ljust(9, "<")
    number += lines.digit(number)
    birth, expiry = born + lines.digit(born), "310101" + lines.digit("310101")
    rest = "<" * 14 + "0"
    whole = lines.digit(number + birth + expiry + rest)
    return [first, f"{number}SWE{birth}{sex}{expiry}{rest}{whole}"]


FAMILY = (
    passport("ASTRID", "AA1234567", "800114", "F"),
    passport("NILS", "AA1234568", "790705", "M"),
    passport("PIPPI", "AA1234569", "170321", "F"),
)


@pytest.fixture
def family(app: Any, house: int) -> int:
    """A family of three, due today, with a room; the booking's id."""
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        party: Reservation = make.reservation(
            session, hotel, surname="Lindgren", adults=2, children=1, nights=3
        )
        party.guest.given_name, party.guest.email = "Astrid", "astrid@mail.example"
        return party.id


def scan(hand: Hand, page: Page, document: list[str]) -> None:
    """Let a keyboard-wedge scanner type a document's lines, each with Enter but the last."""
    page.locator("[data-lines]").first.click()
    page.keyboard.type(document[0])
    page.keyboard.press("Enter")
    page.keyboard.type(document[1])
    hand.see("Every check digit is right")


def draw(page: Page) -> None:
    """Sign in the field."""
    pad = page.locator("[data-pad]")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    x, y = box["x"], box["y"]
    page.mouse.move(x + 40, y + 60)
    page.mouse.down()
    for right, down in ((80, 20), (120, 70), (180, 25), (240, 60)):
        page.mouse.move(x + right, y + down, steps=4)
    page.mouse.up()


def test_a_family_arrives(page: Page, family: int, at_desk: AtDesk) -> None:
    hand = at_desk(page)
    page.goto(f"/check-in/{family}")
    hand.see("0 of 3 seen")

    scan(hand, page, FAMILY[0])
    assert page.get_by_label("Whose").input_value() != "another"
    nothing_found_by_axe(page)
    hand.press(page.get_by_role("button", name="Write it down"))
    hand.see("The document of Astrid Lindgren is written down.")
    for given, document in (("Nils", FAMILY[1]), ("Pippi", FAMILY[2])):
        scan(hand, page, document)
        assert page.get_by_label("Whose").input_value() == "another"
        hand.press(page.get_by_role("button", name="Write it down"))
        hand.see(f"The document of {given} Lindgren is written down.")
    nothing_found_by_axe(page)

    hand.press(page.get_by_role("link", name="Registration card"))
    draw(page)
    nothing_found_by_axe(page)
    hand.press(page.get_by_role("button", name="Keep the signed card"))
    hand.see("The registration card of Astrid Lindgren is signed.")
    hand.see("3 of 3 seen")
    hand.press(page.get_by_role("button", name="Check in to 10"))

    hand.see("Astrid Lindgren is in room 10")
    assert hand.clicks == 6


def test_nothing_drawn_is_nothing_signed(page: Page, family: int, at_desk: AtDesk) -> None:
    hand = at_desk(page)
    page.goto(f"/check-in/{family}/card")
    draw(page)

    hand.press(page.get_by_role("button", name="Wipe"))
    hand.press(page.get_by_role("button", name="Keep the signed card"))

    hand.see("Nothing was signed.")


def test_a_confirmation_is_written_in_french(page: Page, family: int, at_desk: AtDesk) -> None:
    hand = at_desk(page)
    page.goto(f"/reservations/{family}")
    nothing_found_by_axe(page)
    hand.press(page.get_by_role("link", name="Write", exact=False).first)

    hand.press(page.get_by_role("link", name="Français"))
    hand.see("Votre réservation")
    nothing_found_by_axe(page)
    hand.press(page.get_by_role("button", name="Send the letter"))

    hand.see("The confirmation goes to astrid@mail.example.")
    hand.see("Queued")
    nothing_found_by_axe(page)


PAGES = ("check-in/{}", "check-in/{}/guests", "check-in/{}/card", "reservations/{}/letters",
         "reservations/{}")  # fmt: skip


def test_every_page_of_an_arrival_fits_a_telephone(
    page: Page, family: int, at_desk: AtDesk
) -> None:
    at_desk(page)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]

    for page_of in PAGES:
        page.goto(f"/{page_of.format(family)}")
        nothing_found_by_axe(page)
        assert page.locator("h1").count() == 1, page.url


def test_what_is_set_up_once_fits_desk_and_telephone(page: Page, at_desk: AtDesk) -> None:
    at_desk(page)
    for size in (DESK, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for address in ("/letterhead", "/police", "/police/unit"):
            page.goto(address)
            nothing_found_by_axe(page)
