"""A furnished house with its machine at the door."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from tests import make, moulds
from tests.api import calling
from tests.api.calling import Machine
from tests.conftest import fresh_database


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database of SQLite: the verbs are tried on both engines in `tests/hotel`, and every
    page in `tests/demo/test_pages.py`; what races says itself that it wants both.
    """
    yield from fresh_database(request, tmp_path)


@pytest.fixture
def inside(app: Any) -> Iterator[Session]:
    """A session on the app's database, beside the requests."""
    from pms.web.database import db

    with app.app_context():
        engine = db.engine
    # outside of the context: requests inside of it would share one session, and remember
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def house(inside: Session) -> Hotel:
    """A hotel of two double rooms at 100.00, committed."""
    return moulds.pour(inside, with_two_rooms)


def with_two_rooms(session: Session) -> None:
    """Build that hotel."""
    with transaction(session):
        make.furnished(session, rooms=2)


@pytest.fixture
def machine(client: Any, inside: Session, house: Hotel) -> Machine:
    """A machine that may do everything the API does."""
    with transaction(inside):
        return Machine(client, calling.token(inside, house))
