"""The front office at work: a hotel with parties, and clients who fill in its forms."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.hotel.rooms.rooms import Condition, Room
from pms.hotel.stays.reservations import Reservation, State
from pms.web.database import db
from tests import make
from tests.conftest import fresh_database
from tests.web.conftest import desk, hire, house, sign_in  # noqa: F401  fixtures

FIELD = re.compile(r'<input[^>]*name="(csrf_token|version|opened)"[^>]*>')
VALUE = re.compile(r'value="([^"]*)"')


class Clerk:
    """A signed-in client that sends forms as a browser does: with their token and their version."""

    def __init__(self, client: Any, app: Any) -> None:
        self.client = client
        self.app = app

    def get(self, address: str) -> Any:
        """Open a page."""
        return self.client.get(address)

    def hidden(self, address: str) -> dict[str, str]:
        """Return what a page's form carries unseen: the one that is sent to the page's address."""
        page = self.client.get(address).text
        work = page[page.find('id="work"') :]
        goes = rf'(?:[^>]*action="{re.escape(address)}"|(?![^>]*action=))'
        of_page = re.search(rf"<form{goes}.*?</form>", work, re.DOTALL)
        work = of_page.group() if of_page else work
        return {
            found.group(1): unescape(VALUE.search(found.group(0)).group(1))  # type: ignore[union-attr]
            for found in FIELD.finditer(work)
        }

    def send(self, address: str, seen: dict[str, str] | None = None, /, **typed: Any) -> Any:
        """Open a page, fill in its form, send it, and follow."""
        return self.client.post(
            address, data={**(seen or self.hidden(address)), **typed}, follow_redirects=True
        )

    def press(self, address: str, /, page: str = "/", **typed: Any) -> Any:
        """Press a button that stands on another page."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', self.client.get(page).text)
        assert token
        data = {"csrf_token": token.group(1), **typed}
        return self.client.post(address, data=data, follow_redirects=True)


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database of SQLite: the verbs are tried on both engines in `tests/hotel`, and every
    page in `tests/demo/test_pages.py`; what races says itself that it wants both.
    """
    yield from fresh_database(request, tmp_path)


@pytest.fixture
def clerk(desk: Any, app: Any) -> Clerk:  # noqa: F811
    """A manager at the desk."""
    return Clerk(desk, app)


@pytest.fixture
def as_role(app: Any, house: int) -> Callable[[Role], Clerk]:  # noqa: F811
    """Somebody of a role, signed in."""

    def signed_in(role: Role) -> Clerk:
        with app.app_context(), transaction(db.session()) as session:
            hire(session, session.get_one(Hotel, house), f"{role.value}@front.example", role)
        client = app.test_client()
        sign_in(client, f"{role.value}@front.example")
        return Clerk(client, app)

    return signed_in


class House:
    """What stands in the database, asked afresh each time."""

    def __init__(self, app: Any, hotel_id: int) -> None:
        self.app = app
        self.hotel_id = hotel_id

    def party(self, surname: str) -> Reservation:
        """Return the newest reservation of a guest, read in full."""
        with self.app.app_context():
            found = [
                each
                for each in db.session().query(Reservation).order_by(Reservation.number)
                if each.guest.surname == surname
            ][-1]
            _ = found.guest.name, list(found.nights), found.room_type.name
            return found

    def count(self, surname: str) -> int:
        """Return how many reservations a guest has."""
        with self.app.app_context():
            rows = db.session().query(Reservation)
            return len([each for each in rows if each.guest.surname == surname])

    def state(self, surname: str) -> State:
        """Return where a guest's reservation stands."""
        return self.party(surname).state

    def room(self, number: str) -> Room:
        """Return a room."""
        with self.app.app_context():
            return db.session().query(Room).filter_by(number=number).one()

    def turn(self, number: str, condition: Condition) -> None:
        """Change a room's condition behind the desk's back."""
        with self.app.app_context(), transaction(db.session()) as session:
            make.room(session, session.get_one(Hotel, self.hotel_id), number, condition=condition)

    def does(self, deed: Callable[[Any, Hotel], Any]) -> Any:
        """Do something in the hotel, in a transaction of its own."""
        with self.app.app_context(), transaction(db.session()) as session:
            return deed(session, session.get_one(Hotel, self.hotel_id))


@pytest.fixture
def hotel(app: Any, house: int) -> House:  # noqa: F811
    """The hotel, to look at and to change behind the desk's back."""
    return House(app, house)
