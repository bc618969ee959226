"""The tape chart in a real browser: by hand, by keyboard alone, on a telephone, beside others."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays import reservations, stays
from pms.hotel.stays.reservations import Wanted
from pms.web.database import db
from tests import make
from tests.journeys.conftest import Hand, nothing_found_by_axe
from tests.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY

AtDesk = Callable[[Page], Hand]
SECONDS = 8_000  # within which a change by someone else shows


@pytest.fixture
def family(app: Any, house: int) -> int:
    """A family that comes tomorrow for two nights, in room 103; its reservation's id."""

    def deed(session: Any, hotel: Hotel) -> int:
        party = make.reservation(
            session, hotel, surname="Family", arrival=make.DAY + timedelta(days=1)
        )
        stays.assign(session, party, room=make.room(session, hotel, "103"), by=hired(session))
        return party.id

    return in_house(app, house, deed)


def in_house(app: Any, house: int, deed: Callable[[Any, Hotel], Any]) -> Any:
    """Do something at another desk."""
    with app.app_context(), transaction(db.session()) as session:
        return deed(session, session.get_one(Hotel, house))


def hired(session: Any) -> Any:
    """The manager at the other desk."""
    return make.by(session, session.query(Hotel).one())


def bar(page: Page, name: str) -> Locator:
    """Return a party's bar."""
    return page.locator("#tape a.b", has_text=name).first


def row(page: Page, number: str) -> Locator:
    """Return a room's row."""
    return page.locator(f'#tape [data-number="{number}"]')


def test_a_family_is_extended_moved_and_undone_by_keyboard_alone(
    page: Page, at_desk: AtDesk, family: int
) -> None:
    hand = at_desk(page)
    hand.key("g")
    hand.key("c")
    page.get_by_role("heading", name="Tape chart").wait_for()
    nothing_found_by_axe(page)
    walk_to(hand, "Family")

    hand.key("Shift+ArrowRight")
    expect(page.locator("#tape-says")).to_have_text(
        "Room 103, Sat 21 Nov to Tue 24 Nov. Enter asks, Escape puts it back."
    )
    hand.key("Enter")
    page.get_by_role("button", name="Extend to 24 Nov for +€100.00").wait_for()
    nothing_found_by_axe(page)
    hand.key("Enter")
    hand.see("Ana Family stays 21 Nov to 24 Nov and pays €100.00 more.")

    expect(bar(page, "Family")).to_be_focused()
    hand.key("m")
    hand.key("ArrowDown")
    hand.key("Enter")
    page.get_by_role("button", name="Move to 104").wait_for()
    hand.key("Enter")
    hand.see("Ana Family is in 104.")
    expect(row(page, "104").locator("a.b")).to_have_text("Ana Family")

    expect(bar(page, "Family")).to_be_focused()
    hand.key("z")
    hand.see("Ana Family is where it was.")
    expect(row(page, "103").locator("a.b")).to_have_text("Ana Family")
    assert hand.clicks == 0


def test_a_bar_without_a_room_goes_down_to_the_first_room_that_is_free(
    page: Page, at_desk: AtDesk, app: Any, house: int, family: int
) -> None:
    def deed(session: Any, hotel: Hotel) -> None:
        day = make.DAY + timedelta(days=5)
        make.reservation(session, hotel, surname="Waiting", arrival=day)
        taken = make.reservation(session, hotel, surname="Taken", arrival=day)
        stays.assign(session, taken, room=make.room(session, hotel, "101"), by=hired(session))

    in_house(app, house, deed)
    hand = at_desk(page)
    page.goto("/tape-chart")
    bar(page, "Waiting").focus()
    hand.key("m")
    hand.key("ArrowDown")

    expect(page.locator("#tape-says")).to_contain_text("Room 102, Wed 25 Nov")


def walk_to(hand: Hand, name: str) -> None:
    """Tab into the chart, then arrows until the party's bar has the focus."""
    focused = (
        "document.activeElement.matches('#tape a.b') ? document.activeElement.textContent : ''"
    )
    while not hand.page.evaluate(focused):
        assert hand.keys < 60
        hand.key("Tab")
    while name not in hand.page.evaluate(focused):
        assert hand.keys < 80
        hand.key("ArrowDown")


def drag(page: Page, what: Locator, to: Locator | None, days: int, *, end: bool = False) -> None:
    """Drag a bar by the middle, or by its end, so many days on and onto another row."""
    box = what.bounding_box()
    lane = page.locator("#tape .lane").first.bounding_box()
    assert box
    assert lane
    day = lane["width"] / 14
    x = box["x"] + (box["width"] - 3 if end else box["width"] / 2)
    y = box["y"] + box["height"] / 2
    there = to.bounding_box() if to else None
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 6, y)
    page.mouse.move(x + days * day, there["y"] + there["height"] / 2 if there else y, steps=4)
    page.mouse.up()


def test_a_bar_is_dragged_and_stretched_by_hand(page: Page, at_desk: AtDesk, family: int) -> None:
    hand = at_desk(page)
    page.goto("/tape-chart")

    drag(page, bar(page, "Family"), row(page, "104"), 1)
    page.get_by_role("heading", name="Move Ana Family to 104?").wait_for()
    hand.see("Sun 22 Nov to Tue 24 Nov")
    page.get_by_role("button", name="Move to 104").click()
    hand.see("Ana Family is in 104 and stays 22 Nov to 24 Nov.")
    drag(page, bar(page, "Family"), None, 2, end=True)
    page.get_by_role("button", name="Extend to 26 Nov for +€200.00").click()

    hand.see("Ana Family stays 22 Nov to 26 Nov and pays €200.00 more.")


def test_what_stands_in_the_way_is_said_and_the_bar_goes_back(
    page: Page, at_desk: AtDesk, family: int
) -> None:
    hand = at_desk(page)
    page.goto("/tape-chart")

    drag(page, bar(page, "Family"), row(page, "102"), 0)
    hand.see("Room 102 is taken on Sat 21 Nov 2026. Choose another room.")
    nothing_found_by_axe(page)
    page.get_by_role("dialog").get_by_role("link", name="104", exact=True).click()
    page.get_by_role("button", name="Move to 104").wait_for()
    page.keyboard.press("Escape")

    expect(page.locator("dialog")).to_have_count(0)
    expect(row(page, "103").locator("a.b")).to_have_text("Ana Family")
    expect(page.locator("#tape .slot, #tape .lifted")).to_have_count(0)


def test_a_change_by_someone_else_shows_and_the_focus_stays(
    page: Page, at_desk: AtDesk, family: int, app: Any, house: int
) -> None:
    at_desk(page)
    page.goto("/tape-chart")
    bar(page, "Novák").focus()

    def deed(session: Any, hotel: Hotel) -> None:
        party = session.get_one(reservations.Reservation, {"hotel_id": hotel.id, "id": family})
        room = make.room(session, hotel, "104")
        stays.assign(session, party, room=room, by=make.by(session, hotel))

    in_house(app, house, deed)

    expect(row(page, "104").locator("a.b")).to_have_text("Ana Family", timeout=SECONDS)
    expect(row(page, "103").locator("a.b")).to_have_count(0)
    expect(bar(page, "Novák")).to_be_focused()


def test_a_stale_drag_is_refused_kindly(
    page: Page, at_desk: AtDesk, family: int, app: Any, house: int
) -> None:
    hand = at_desk(page)
    page.goto("/tape-chart")
    bar(page, "Family").focus()
    hand.key("m")  # lifted: nothing is drawn anew meanwhile

    def deed(session: Any, hotel: Hotel) -> None:
        party = session.get_one(reservations.Reservation, {"hotel_id": hotel.id, "id": family})
        until = Wanted(departure=party.departure + timedelta(days=1))
        reservations.amend(session, party, until, by=make.by(session, hotel))

    in_house(app, house, deed)
    hand.key("ArrowDown")
    hand.key("Enter")

    hand.see("Someone changed this stay meanwhile.")
    hand.see("It is now in 103, Sat 21 Nov to Tue 24 Nov.")
    page.get_by_role("link", name="Ask again with the new values").wait_for()
    hand.key("Escape")
    expect(row(page, "103").locator("a.b")).to_have_attribute(
        "aria-label", "Ana Family, 21 to 24 Nov, due, not guaranteed", timeout=SECONDS
    )


def test_a_finger_that_rests_carries_a_bar_and_one_that_swipes_scrolls(
    phone: Page, at_desk: AtDesk, family: int
) -> None:
    at_desk(phone)
    phone.goto(f"/tape-chart?days=7&at={family}")
    what = bar(phone, "Family")
    what.scroll_into_view_if_needed()
    touch = Finger(phone, what)

    touch.goes(0, -60)
    touch.lifts()
    expect(phone.locator("#tape .lifted")).to_have_count(0)

    touch = Finger(phone, what)
    expect(phone.locator("#tape .lifted")).to_have_count(1)
    there = row(phone, "104").bounding_box()
    here = row(phone, "103").bounding_box()
    assert there
    assert here
    touch.goes(0, there["y"] - here["y"])
    touch.lifts()
    phone.get_by_role("button", name="Move to 104").click()

    expect(row(phone, "104").locator("a.b")).to_have_text("Ana Family")


class Finger:
    """A finger put on something, as a telephone's screen reports it."""

    def __init__(self, page: Page, what: Locator) -> None:
        box = what.bounding_box()
        assert box
        self.x, self.y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.screen = page.context.new_cdp_session(page)
        self._says("touchStart")

    def goes(self, dx: float, dy: float) -> None:
        """Move over the screen in a few steps."""
        for _ in range(5):
            self.x, self.y = self.x + dx / 5, self.y + dy / 5
            self._says("touchMove")

    def lifts(self) -> None:
        """Leave the screen."""
        self._says("touchEnd")

    def _says(self, what: str) -> None:
        points = [] if what == "touchEnd" else [{"x": self.x, "y": self.y}]
        self.screen.send("Input.dispatchTouchEvent", {"type": what, "touchPoints": points})


@pytest.mark.parametrize("size", ["page", "phone"])
def test_axe_finds_nothing_on_the_chart(
    size: str, request: pytest.FixtureRequest, at_desk: AtDesk, family: int
) -> None:
    page: Page = request.getfixturevalue(size)
    at_desk(page)

    for place in ("", "?by=floor&days=62", "?days=7", f"/{family}?longer=1"):
        page.goto(f"/tape-chart{place}")
        nothing_found_by_axe(page)
