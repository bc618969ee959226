"""A page's query count does not grow with its rows."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.web.database import db
from tests import make
from tests.web.conftest import SQLITE_ONLY

PAGES = ["/", "/today/arrivals", "/reservations", "/rooms", "/folios", "/search?q=pa"]

pytestmark = SQLITE_ONLY


def queries(app: Flask, client: Any, address: str) -> int:
    asked: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    assert client.get(address).status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    return len([each for each in asked if each.lstrip().upper().startswith(("SELECT", "WITH"))])


@pytest.mark.parametrize("address", PAGES)
def test_more_rows_ask_no_more_queries(app: Flask, desk: Any, house: int, address: str) -> None:
    few = queries(app, desk, address)
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        for n in range(2, 6):
            for floor in range(2, 6):
                make.room(session, hotel, f"{floor}{n:02d}")
        for _ in range(12):
            make.reservation(session, hotel, surname="Palme", nights=1)

    many = queries(app, desk, address)

    assert many <= few
    assert many <= 16
