"""F7: while a stranger holds the lock, looking goes on; writing says so after five seconds."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from pms.base.db import transaction
from pms.base.turn import DEADLINE_SECONDS, WriteTurn
from pms.hotel.books.folios import Folio
from pms.hotel.books.ledger import Entry
from pms.hotel.stays import settlements
from pms.web.database import db
from tests import make
from tests.proofs import deeds
from tests.web.conftest import hire, sign_in

TYPED = "Ana’s <own> words & numbers 4711"
LOOKS = ("/", "/today/arrivals", "/reservations", "/rooms", "/folios")


@pytest.fixture
def desk(app: Any, client: Any) -> Any:
    """A client with somebody signed in, in a house with a bill to adjust."""
    with app.app_context(), transaction(db.session()) as session:
        house = make.furnished(session)
        hire(session, house)
        party = make.reservation(session, house, surname="Here")
        settlements.folio_of(session, party, by=make.by(session, house))
        make.charge_code(session, house, "MINIBAR")
    sign_in(client)
    app.config["WTF_CSRF_ENABLED"] = False
    return client


def folio_id(app: Any) -> int:
    with app.app_context():
        return db.session().scalars(sa.select(Folio.id)).one()


def adjustment(app: Any) -> dict[str, str]:
    with app.app_context():
        code = make.charge_code(db.session(), deeds.the_hotel(db.session()), "MINIBAR")
        return {"code": str(code.id), "amount": "12.34", "window": "1", "reason": TYPED}


@contextmanager
def held(app: Any, folio: int) -> Iterator[None]:
    """Hold what a writer needs, as a stranger: SQLite's file, or the bill's row."""
    with app.app_context():
        url = db.engine.url
    if url.get_backend_name() == "sqlite":
        stranger = sqlite3.connect(str(url.database), isolation_level=None)
        stranger.execute("BEGIN IMMEDIATE")
    else:
        stranger = psycopg.connect(host=url.query["host"], user=url.username, dbname=url.database)
        stranger.execute("SELECT 1 FROM folios WHERE id = %s FOR UPDATE", [folio])
    try:
        yield
    finally:
        stranger.rollback()
        stranger.close()


def test_writing_waits_five_seconds_and_keeps_what_was_typed_while_looking_goes_on(
    app: Any, desk: Any
) -> None:
    folio, typed = folio_id(app), adjustment(app)
    slowest = 0.0
    answers: list[Any] = []
    other = app.test_client()
    sign_in_again(other)
    for look in LOOKS:
        other.get(look)  # reads its templates: what is timed is the wait for a lock

    def write() -> None:
        began = time.monotonic()
        answer = desk.post(f"/folios/{folio}/adjust", data=typed)
        answers.append((answer, time.monotonic() - began))

    with held(app, folio):
        writer = threading.Thread(target=write)
        writer.start()
        while writer.is_alive():
            for look in LOOKS:
                began = time.monotonic()
                assert other.get(look).status_code == 200
                slowest = max(slowest, time.monotonic() - began)
            time.sleep(0.05)
        writer.join()

    [(answer, seconds)] = answers
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert DEADLINE_SECONDS - 0.5 < seconds < DEADLINE_SECONDS + 2
    assert "Nothing was changed; try again." in answer.text
    assert "words &amp; numbers 4711" in answer.text
    assert "12.34" in answer.text
    assert slowest < DEADLINE_SECONDS / 2
    assert desk.post(f"/folios/{folio}/adjust", data=typed).status_code == 302
    with app.app_context():
        assert db.session().scalar(sa.select(sa.func.count()).select_from(Entry)) == 1


def sign_in_again(client: Any) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = True
    sign_in(client)
    client.application.config["WTF_CSRF_ENABLED"] = False


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_waited_for_the_turn_waits_only_the_rest_for_a_stranger(
    app: Any, desk: Any
) -> None:
    """Five seconds in all: not five for the turn and five more for the file."""
    folio, typed = folio_id(app), adjustment(app)
    with app.app_context():
        turn = WriteTurn(f"{db.engine.url.database}.turn")
    began = time.monotonic()

    with held(app, folio):
        taken = turn.taken()
        taken.__enter__()
        threading.Timer(4.0, lambda: taken.__exit__(None, None, None)).start()
        answer = desk.post(f"/folios/{folio}/adjust", data=typed)

    assert answer.status_code == 503
    assert time.monotonic() - began < DEADLINE_SECONDS + 2
