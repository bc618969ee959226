"""A late towel that escalates: asked at the desk, not seen in time, told up to the duty manager."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from pms import worker
from pms.base.db import transaction
from pms.hotel.house import jobs
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.hotel.people.duty import Level
from pms.hotel.service.requests import categories
from pms.web.database import db
from tests import make
from tests.hotel.service import asked
from tests.journeys.conftest import Hand, nothing_found_by_axe
from tests.web.conftest import PASSWORD, SQLITE_ONLY, hire

pytestmark = SQLITE_ONLY
NADIA = "nadia@requests.example"


@pytest.fixture
def noon() -> Iterator[Any]:
    """One in the afternoon in Berlin, on the hotel's day; the clock can be moved on."""
    with time_machine.travel(make.NOON, tick=True) as traveller:
        yield traveller


@pytest.fixture
def staffed(app: Any, house: int) -> None:
    """Towels can be asked for, and three levels are on duty."""
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        categories.furnish(session, hotel, by=make.by(session, hotel))
        maid = hire(session, hotel, NADIA, Role.HOUSEKEEPER)
        maid.name = "Nadia Rahimi"
        head = asked.person(session, hotel, "Bjorn", Role.HOUSEKEEPING_MANAGER)
        top = asked.person(session, hotel, "Yusuf", Role.MANAGER)
        asked.on_duty(session, hotel, maid, Department.HOUSEKEEPING)
        asked.on_duty(session, hotel, head, Department.HOUSEKEEPING, Level.IN_CHARGE)
        asked.on_duty(session, hotel, top, Department.MANAGEMENT, Level.DUTY_MANAGER)


@pytest.fixture
def worker_runs(app: Any, tmp_path: Path) -> Callable[[], None]:
    """The worker does what is due, as it does by itself every second."""
    with app.app_context():
        engine = db.engine

    def run() -> None:
        worker.plan_all(lambda: Session(engine), worker.SCHEDULE)
        jobs.run_due(lambda: Session(engine), worker.handlers(tmp_path, {}))

    return run


def test_a_late_towel_escalates(
    noon: Any,
    staffed: None,
    worker_runs: Callable[[], None],
    page: Page,
    phone: Page,
    at_desk: Callable[[Page], Hand],
) -> None:
    hand = at_desk(page)
    hand.key("q")
    page.get_by_label("What", exact=True).wait_for()
    nothing_found_by_axe(page)
    page.get_by_label("What", exact=True).select_option(label="Towels and linen (Housekeeping)")
    page.get_by_label("In words").fill("Two bath towels")
    page.get_by_label("Room", exact=True).fill("101")
    hand.key("Control+Enter")
    hand.see("Request 10001 is written down; Nadia Rahimi is asked.")
    nothing_found_by_axe(page)

    page.goto("/requests")
    row = page.get_by_role("row").filter(has_text="Two bath towels")
    expect(row).to_contain_text("4 min left to be seen")
    expect(row).to_contain_text("asked: Nadia Rahimi")
    nothing_found_by_axe(page)

    noon.shift(timedelta(minutes=6))
    page.reload()
    expect(row).to_contain_text("late to be seen")
    worker_runs()
    page.reload()
    expect(row).to_contain_text("In charge told")
    expect(row).to_contain_text("asked: Bjorn")

    phone.goto("/sign-in")
    phone.get_by_label("E-mail").fill(NADIA)
    phone.get_by_label("Password", exact=True).fill(PASSWORD)
    phone.keyboard.press("Enter")
    phone.locator(".ptabs").get_by_role("link", name="Requests").click()
    nothing_found_by_axe(phone)
    phone.get_by_role("link", name="Room 101").click()
    phone.get_by_role("button", name="Take it").tap()
    expect(phone.get_by_text("Request 10001 is yours.").first).to_be_visible()
    nothing_found_by_axe(phone)

    noon.shift(timedelta(minutes=16))
    worker_runs()
    worker_runs()
    page.reload()
    expect(row).to_contain_text("Duty manager told")
    expect(row).to_contain_text("Nadia Rahimi")
    expect(row).to_contain_text("late")

    phone.get_by_role("link", name="Done").click()
    nothing_found_by_axe(phone)
    phone.get_by_label("What was done").fill("Brought three")
    phone.get_by_role("button", name="It is done").tap()
    expect(phone.get_by_text("Request 10001 is done.").first).to_be_visible()

    hand.key("Enter")
    hand.see("Yusuf was told, since it was not done in time")
    assert page.get_by_text("was told, since").count() == 2
    hand.key("x")
    page.get_by_role("button", name="Close it").wait_for()
    hand.key("Control+Enter")
    hand.see("Request 10001 is closed.")
    nothing_found_by_axe(page)


def test_every_page_of_the_desk_can_be_read_by_anybody(
    noon: Any, staffed: None, page: Page, phone: Page, at_desk: Callable[[Page], Hand]
) -> None:
    for each in (page, phone):
        hand = at_desk(each)
        for place in (
            "/requests/new", "/requests/duty", "/requests/categories", "/requests?show=all",
            "/requests?show=done", "/requests/handover", "/requests/tickets",
        ):  # fmt: skip
            each.goto(place)
            nothing_found_by_axe(each)
        each.goto("/requests/new")
        each.get_by_label("What", exact=True).select_option(label="Complaint: noise (Front office)")
        each.get_by_label("In words").fill("Drilling")
        each.get_by_label("Room", exact=True).fill("101")
        hand.key("Control+Enter")
        hand.see("Nobody in front office is on duty")
        address = each.url
        for name in ("take_off", "explain", "assign", "finish", "give", "hold", "prioritise"):
            each.goto(f"{address}/do/{name}")
            nothing_found_by_axe(each)
        each.goto("/requests/categories")
        each.get_by_role("link", name="Set the clocks of Towels").click()
        nothing_found_by_axe(each)
