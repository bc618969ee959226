"""Ink: what is written stays written, on both engines, whoever holds the pen."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from pms.base import ink
from pms.base.db import is_postgresql, transaction
from pms.hotel.house import logbook
from tests import founding


@pytest.fixture
def written(session: Session) -> Session:
    """A logbook with a line of our own in it."""
    hotel = founding.hotel(session)
    by = founding.staff(session, hotel)
    with transaction(session):
        logbook.write(
            session,
            [logbook.line("opened", "hotels", hotel.id, hotel.id, by=by, day=founding.FIRST_DAY)],
        )
    return session


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE logbook SET verb = 'closed'",
        "UPDATE logbook SET why = NULL WHERE verb = 'opened'",
        "DELETE FROM logbook",
    ],
)
def test_the_database_itself_refuses_to_change_a_line(written: Session, deed: str) -> None:
    verbs = sa.select(logbook.Line.verb).order_by(logbook.Line.id)
    before = written.scalars(verbs).all()

    with pytest.raises(DatabaseError, match="logbook is written in ink"), transaction(written):
        written.execute(sa.text(deed))

    assert "opened" in before
    assert written.scalars(verbs).all() == before


def test_a_line_cant_be_replaced_or_truncated_either(written: Session) -> None:
    sentence = (
        "TRUNCATE logbook"
        if is_postgresql(written)
        else "REPLACE INTO logbook SELECT * FROM logbook"
    )

    with pytest.raises(DatabaseError, match="logbook is written in ink"), transaction(written):
        written.execute(sa.text(sentence))


@pytest.mark.parametrize(
    ("name", "message"), [("x" * 64, "no"), ("x", "it's"), ("x", "100 %")], ids=["long", "'", "%"]
)
def test_a_trigger_that_one_engine_cant_say_is_a_mistake(name: str, message: str) -> None:
    with pytest.raises(ValueError, match="can't say"):
        ink.guard(name, table="t", when="DELETE", refuse_if="1 = 1", message=message)

    assert name not in ink.names()
