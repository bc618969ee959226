"""A hotel with a bill in it, and somebody at the back office."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.books import folios
from pms.hotel.books.folios import Folio
from pms.hotel.house import hiring
from pms.hotel.house.hotels import Chain, Hotel
from pms.hotel.house.staff import Role, Staff
from pms.hotel.stays import stays
from pms.web.database import db
from tests import make, moulds
from tests.conftest import fresh_database

PASSWORD = "a long password"


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database of SQLite: the verbs are tried on both engines in `tests/hotel`, and every
    page in `tests/demo/test_pages.py`; what races says itself that it wants both.
    """
    yield from fresh_database(request, tmp_path)


@pytest.fixture
def house(app: Flask) -> int:
    """A hotel of 4 rooms: one party in house, one arriving with a room, one without; its id."""
    with app.app_context():
        return moulds.pour(db.session(), with_parties).id


def with_parties(session: Session) -> None:
    """Build that hotel, with somebody of each role."""
    with transaction(session):
        hotel = make.furnished(session)
        for role in Role:
            hire(session, hotel, role)
        here = make.reservation(session, hotel, surname="Novák")
        by = make.by(session, hotel)
        stays.check_in(session, here, room=make.room(session, hotel, "101"), by=by)
        coming = make.reservation(session, hotel, surname="Yamada")
        stays.assign(session, coming, room=make.room(session, hotel, "102"), by=by)
        make.reservation(session, hotel, surname="Åkesson", nights=1)


@pytest.fixture
def bill(app: Flask, house: int) -> int:
    """An open bill of two windows with 40.00 and 60.00 in the first; its id."""
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        code, by = make.charge_code(session, hotel, "BAR"), make.by(session, hotel)
        folio = make.folio(session, hotel, windows=2)
        for amount in ("40.00", "60.00"):
            charged = Money.parse(amount, hotel.currency)
            folios.charge(session, folio, code=code, amount=charged, window=1, by=by)
        return folio.id


def hire(session: Session, hotel: Hotel, role: Role) -> Staff:
    """Somebody of that role who can sign in as `role@desk.example`."""
    chain = session.get_one(Chain, hotel.chain_id)
    email = f"{role.value}@{hotel.code.lower()}.desk.example"
    return hiring.hire(
        session, chain, email=email, name=role.words, password=PASSWORD, roles={hotel: role}
    )


def sign_in(client: Any, role: Role = Role.MANAGER, code: str = "test") -> Any:
    """Sign in through the door, and return the client."""
    token = token_on(client.get("/sign-in").text)
    data = {
        "email": f"{role.value}@{code}.desk.example",
        "password": PASSWORD,
        "csrf_token": token,
    }
    assert client.post("/sign-in", data=data).status_code == 302
    return client


def token_on(page: str) -> str:
    """The token of a page's forms."""
    return page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]


@pytest.fixture
def desk(client: Any, house: int) -> Any:
    """A client with the manager signed in."""
    return sign_in(client)


Send = Callable[..., Any]


@pytest.fixture
def send(desk: Any) -> Send:
    """Post a form as the manager, with the token of a page she has open."""
    return lambda place, /, **data: post(desk, place, **data)


def post(client: Any, place: str, /, **data: Any) -> Any:
    """Post a form with the token that any page carries."""
    token = token_on(client.get("/sign-ins").text)
    return client.post(place, data={**data, "csrf_token": token})


@pytest.fixture
def reading(app: Flask) -> Iterator[Session]:
    """A session to look at what was done."""
    with app.app_context():
        yield db.session()


def balances(session: Session, hotel_id: int, folio_id: int) -> dict[int, str]:
    """What stands in each window of a bill, as text."""
    session.rollback()
    folio = session.get_one(Folio, (hotel_id, folio_id))
    return {no: str(balance) for no, balance in folios.balance_of(session, folio).items()}


def queries(app: Flask, client: Any, address: str) -> int:
    """How many questions a page asks of the database."""
    asked: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    assert client.get(address).status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    return len([each for each in asked if each.lstrip().upper().startswith(("SELECT", "WITH"))])
