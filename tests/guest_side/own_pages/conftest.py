"""A guest's phone: it opens pages, fills in what stands on them, and sends that."""

import html
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays import guest_links
from pms.hotel.stays.guest_links import Opens
from pms.hotel.stays.reservations import Reservation
from pms.web.database import db
from pms.web.guest_pages import knocking, visiting
from tests import make, moulds
from tests.front_office.conftest import House
from tests.hotel.stays import web

FIELDS = re.compile(
    r"<(input)\b([^>]*)>()|<(textarea|select)\b([^>]*)>(.*?)</(?:textarea|select)>", re.DOTALL
)
ARRIVAL = make.DAY + timedelta(days=7)
STAY = f"arrival={ARRIVAL}&departure={ARRIVAL + timedelta(days=2)}&adults=2"
DETAILS = f"/h/TEST/details?type=DBL&plan=BAR&{STAY}"


class Phone:
    """A client without a sign-in, in one language."""

    def __init__(self, app: Any, language: str = "en") -> None:
        self.client = app.test_client()
        self.headers = {"Accept-Language": language}
        self.page: Any = None

    def get(self, address: str) -> Any:
        """Open a page."""
        self.page = self.client.get(address, headers=self.headers, follow_redirects=True)
        return self.page

    def send(self, address: str | None = None, **typed: Any) -> Any:
        """Fill in the form of the page that is open and send it to where it goes, and follow."""
        form = self.page.text[self.page.text.find("<main") :]
        goes = re.search(r'<form method="post"(?: action="([^"]*)")?', form)
        assert goes, form
        form = form[goes.start() :]
        data = {**_filled(form[: form.find("</form>")]), **typed}
        to = address or html.unescape(goes.group(1) or self.page.request.full_path)
        self.page = self.client.post(to, data=data, headers=self.headers, follow_redirects=True)
        return self.page

    def book(self, **typed: Any) -> Any:
        """Book two nights in a week, up to the thanks."""
        self.get(DETAILS)
        self.send(given_name="Ana", surname="Dvořák", email="ana@mail.example", **typed)
        return self.send(agrees="y")


def _filled(form: str) -> dict[str, str]:
    """Return what a form carries as it stands: hidden fields, texts, and what is chosen."""
    filled = {}
    for found in FIELDS.findall(form):
        kind, said, inside = (one or other for one, other in zip(found[:3], found[3:], strict=True))
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', said))
        if "name" not in attributes or 'type="checkbox"' in said:
            continue
        value = attributes.get("value", "")
        if kind == "textarea":
            value = inside.strip()
        if kind == "select":
            chosen = re.search(r'<option selected value="([^"]*)"', inside)
            first = re.search(r'<option[^>]*value="([^"]*)"', inside)
            value = (chosen or first).group(1) if chosen or first else ""  # type: ignore[union-attr]
        filled[attributes["name"]] = html.unescape(value)
    return filled


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """One in the afternoon in Berlin, on the hotel's day."""
    with time_machine.travel(make.NOON, tick=True):
        yield


@pytest.fixture(autouse=True)
def nobody_looked(app: Any) -> None:
    """Nobody has looked for a room yet."""
    knocking.install(app)


@pytest.fixture
def hotel(app: Any) -> House:
    """A hotel of 4 rooms whose page on the web is open."""
    with app.app_context():
        return House(app, moulds.pour(db.session(), with_a_page).id)


def with_a_page(session: Session) -> None:
    """Build that hotel."""
    with transaction(session):
        web.open_shop(session, make.furnished(session))


@pytest.fixture
def phone(app: Any, hotel: House) -> Phone:
    """A guest's phone, in English."""
    return Phone(app)


@pytest.fixture
def link(app: Any, hotel: House) -> Callable[..., str]:
    """Make the link of a surname's newest stay, or of its booking, and say its address."""

    def made(surname: str, opens: Opens = Opens.STAY) -> str:
        party = hotel.party(surname)

        def issue(session: Any, house: Hotel) -> str:
            found = session.get_one(Reservation, (house.id, party.id))
            by = make.by(session, house)
            return visiting.address(
                guest_links.issue(session, found, opens=opens, sealed=visiting.sealed, by=by)
            )

        with app.test_request_context():
            return str(hotel.does(issue)).removeprefix("http://localhost")

    return made
