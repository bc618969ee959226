"""A sheet of rooms: shared out at the desk, done on a phone that loses its network, inspected."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.house import staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.rooms import Condition, Room
from pms.hotel.service import housekeeping
from pms.hotel.service.housekeeping import Task, TaskState, minibar
from pms.web.database import db
from tests import make
from tests.journeys.back_office.conftest import come_in, is_accessible

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def dirty(app: Flask, house: int) -> Any:
    """Four dirty rooms and a minibar; the engine, to look at them and to be quicker."""
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        session.execute(sa.update(Room).values(condition=Condition.DIRTY))
        code, by = make.charge_code(session, hotel, "MINIBAR"), make.by(session, hotel)
        price = Money.parse("3.50", "EUR")
        minibar.add(session, hotel, name="Water", price=price, code=code, by=by)
        return db.engine


class Line:
    """The wire between the phone and the house, which can be cut.

    A browser's own pretence of being offline doesn't reach its service worker.
    """

    def __init__(self, server: str) -> None:
        self.house = ("127.0.0.1", int(server.rsplit(":", 1)[1]))
        self.is_cut = False
        self.ends: list[socket.socket] = []
        self.listens = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listens.getsockname()[1]}"
        threading.Thread(target=self._answer, daemon=True).start()

    def _answer(self) -> None:
        while True:
            try:
                phone, _ = self.listens.accept()
            except OSError:
                return
            if self.is_cut:
                phone.close()
                continue
            house = socket.create_connection(self.house)
            self.ends += [phone, house]
            for ends in ((phone, house), (house, phone)):
                threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := near.recv(65536):
                far.sendall(data)
            far.shutdown(socket.SHUT_WR)

    def cut(self) -> None:
        """Nobody answers any more."""
        self.is_cut = True
        for end in self.ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Put the wire away."""
        self.cut()
        self.listens.close()
        for end in self.ends:
            end.close()


@pytest.fixture
def line(server: str) -> Iterator[Line]:
    """A wire to the served house."""
    line = Line(server)
    yield line
    line.close()


def stands(engine: Any) -> dict[str, TaskState]:
    """How each room's task stands."""
    with Session(engine) as session:
        return {each.room.number: each.state for each in session.scalars(sa.select(Task))}


def declined_by_the_head(engine: Any, number: str) -> None:
    """While the phone is away, who is in charge notes no service for a room."""
    with Session(engine) as session, transaction(session):
        task = next(t for t in session.scalars(sa.select(Task)) if t.room.number == number)
        head = staff.by_email(session, "housekeeping_manager@test.desk.example")
        assert head is not None
        housekeeping.decline(session, task, by=head)


def test_taps_outlive_a_loss_of_network_and_overwrite_nobody(
    house: int, dirty: Any, line: Line, page: Page, phone: Page
) -> None:
    come_in(page, "housekeeping_manager")
    page.goto("/housekeeping/sheets")
    page.keyboard.press("s")
    page.get_by_role("heading", name="Share out rooms").wait_for()
    is_accessible(page)
    expect(page.get_by_role("checkbox", name="Housekeeper", exact=True)).to_be_checked()
    page.keyboard.press("Control+Enter")
    page.get_by_text("4 rooms shared out among 1 attendant.").first.wait_for()
    is_accessible(page)

    come_in(phone, "housekeeper")
    phone.goto(f"{line.address}/my-rooms")
    expect(phone.get_by_role("heading", name="Housekeeper’s rooms")).to_be_visible()
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.reload()  # from now on the worker answers for the page
    is_accessible(phone)
    line.cut()
    phone.get_by_role("button", name="Begin 102").tap()
    phone.get_by_role("button", name="102 is clean").tap()
    phone.locator("#room-103 > summary").tap()
    phone.get_by_role("button", name="Begin 103").tap()
    phone.get_by_role("button", name="103 is clean").tap()
    phone.locator("#found-103 > summary").tap()
    phone.get_by_label("What you found in 103").fill("Red scarf")
    phone.get_by_role("button", name="Make a ticket").locator("visible=true").tap()
    expect(phone.get_by_text("5 taps wait for the network")).to_be_visible()
    phone.reload()
    expect(phone.get_by_text("5 taps wait for the network")).to_be_visible()
    assert phone.locator("#room-102").get_attribute("data-state") == "done"
    is_accessible(phone)
    assert set(stands(dirty).values()) == {TaskState.TO_DO}

    declined_by_the_head(dirty, "103")
    line.is_cut = False
    expect(phone.get_by_text("saved", exact=True)).to_be_visible(timeout=15_000)
    refused = phone.get_by_role("alert")
    expect(refused).to_contain_text("noted no service for room 103 at")
    is_accessible(phone)
    now = stands(dirty)
    assert (now["102"], now["103"]) == (TaskState.DONE, TaskState.DECLINED)
    expect(phone.locator("#room-103")).to_have_attribute("data-state", "declined")
    phone.get_by_role("button", name="I have read it").tap()
    expect(refused).to_be_hidden()

    page.goto("/housekeeping/sheets")
    page.get_by_role("link", name="102").click()
    page.get_by_label("What isn't well").fill("Mirror")
    page.get_by_role("button", name="Send room 102 back").click()
    page.get_by_text("Room 102 goes back to Housekeeper.").first.wait_for()
    is_accessible(page)
    phone.reload()
    expect(phone.locator("#room-102")).to_contain_text("Redo: Mirror")
    phone.locator("#seen-102 > summary").tap()
    is_accessible(phone)


PLACES = (
    "/maintenance", "/housekeeping", "/housekeeping/sheets", "/housekeeping/differences",
    "/housekeeping/standards", "/housekeeping/minibar", "/my-rooms",
)  # fmt: skip


def test_every_page_of_keeping_can_be_read_by_anybody(
    house: int, dirty: Any, page: Page, phone: Page
) -> None:
    desk_too = ("/maintenance", "/housekeeping/standards", "/my-rooms")
    for each, places in ((page, desk_too), (phone, PLACES)):
        come_in(each)
        each.goto("/maintenance/new")
        is_accessible(each)
        each.get_by_label("What is broken").fill("Leak")
        each.get_by_label("Room", exact=True).fill("102")
        each.keyboard.press("Control+Enter")
        each.get_by_text("is written down").first.wait_for()
        is_accessible(each)
        order = each.url
        each.goto(f"{order}/out-of-order")
        each.get_by_role("button", name="Show who would lose it").click()
        each.get_by_role("button", name="Take it from 1 party").wait_for()
        is_accessible(each)
        each.goto(f"{order}/do/finish")
        is_accessible(each)
        for place in places:
            each.goto(place)
            is_accessible(each)
