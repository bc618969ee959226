"""A concierge's day: a walk booked by keys, a call nobody answers, and what one looks up."""

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
from pms.hotel.house.hotels import Hotel
from pms.hotel.service import knowledge
from pms.hotel.service.knowledge import Topic, Written
from pms.web.database import db
from tests import make
from tests.hotel.service import outing
from tests.journeys.conftest import Hand, nothing_found_by_axe
from tests.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY


@pytest.fixture
def noon() -> Iterator[Any]:
    """One in the afternoon in Berlin, on the hotel's day; the clock can be moved on."""
    with time_machine.travel(make.NOON, tick=True) as traveller:
        yield traveller


@pytest.fixture
def furnished(noon: Any, app: Any, house: int) -> None:
    """A walk tomorrow, and an article about the pharmacy."""
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        outing.walk(session, hotel)
        by = make.by(session, hotel)
        article = Written(title="Pharmacy", topic=Topic.HEALTH, words="Ring the night bell.")
        knowledge.write(session, hotel, article, by=by)


@pytest.fixture
def worker_runs(app: Any, tmp_path: Path) -> Callable[[], None]:
    """The worker does what is due, as it does by itself every second."""
    with app.app_context():
        engine = db.engine

    def run() -> None:
        worker.plan_all(lambda: Session(engine), worker.SCHEDULE)
        jobs.run_due(lambda: Session(engine), worker.handlers(tmp_path, {}))

    return run


def test_a_concierges_day(
    noon: Any,
    furnished: None,
    worker_runs: Callable[[], None],
    page: Page,
    phone: Page,
    at_desk: Callable[[Page], Hand],
) -> None:
    hand = at_desk(page)
    hand.key("g")
    hand.key("o")
    hand.see("Nothing is planned for that day.")
    hand.key("e")
    page.get_by_role("link", name="Book City walk, Sat 21 Nov 13:00, 4 left").click()
    page.get_by_label("Room", exact=True).fill("101")
    nothing_found_by_axe(page)
    hand.key("Control+Enter")
    hand.see("Booking 10001 is made. Tell Berlin Walks, then confirm it.")
    expect(page.locator("main")).to_contain_text("On the bill")
    nothing_found_by_axe(page)
    booking = page.url
    hand.key("c")
    page.get_by_label("Vendor's reference").fill("BW-77")
    hand.key("Control+Enter")
    hand.see("Booking 10001 is confirmed.")

    page.goto("/concierge/wake-ups")
    page.get_by_label("Rooms", exact=True).fill("101")
    page.get_by_label("At", exact=True).fill("14:00")
    hand.key("Control+Enter")
    hand.see("1 call at 14:00 from Fri 20 Nov.")
    nothing_found_by_axe(page)
    noon.shift(timedelta(minutes=61))
    page.reload()
    page.get_by_role("heading", name="Call now").wait_for()
    nothing_found_by_axe(page)
    hand.key("x")
    hand.see("Call again at 14:06.")
    noon.shift(timedelta(minutes=11))
    worker_runs()
    page.reload()
    expect(page.get_by_role("row").filter(has_text="Missed, sent up")).to_contain_text("101")
    page.get_by_role("link", name="Open the request for Ana Novák").click()
    hand.see("Nobody answered the wake-up call of 14:00, and nobody called again.")

    hand.key("/")
    hand.types("pharm")
    hand.key("Enter")
    page.get_by_role("link", name="Pharmacy", exact=True).click()
    hand.see("Ring the night bell.")
    nothing_found_by_axe(page)

    at_desk(phone)
    for place in (
        "/concierge?day=2026-11-21", "/concierge/catalogue", "/concierge/wake-ups", "/knowledge",
        booking,
    ):  # fmt: skip
        phone.goto(place)
        nothing_found_by_axe(phone)
    phone.goto("/concierge?day=2026-11-21")
    phone.get_by_role("link", name="City walk", exact=True).click()
    phone.get_by_role("link", name="Cancel: free now").tap()
    phone.get_by_label("Why").fill("Rain")
    phone.get_by_role("button", name="Cancel the booking").tap()
    expect(phone.get_by_text("it costs nothing").first).to_be_visible()
