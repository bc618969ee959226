"""The logbook: who did what, where from, before, after and why; written once."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import transaction
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.house import logbook
from pms.hotel.house.logbook import Line
from pms.hotel.rooms.rooms import Room
from tests import founding
from tests.engines import ONE_ENGINE

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def room_of(hotel_id: int) -> Room:
    """A room to speak of; it needs no row."""
    return Room(hotel_id=hotel_id, id=204, number="204")


OF_ROOMS = sa.select(Line).where(Line.noun == "rooms").order_by(Line.id)


def test_a_line_says_who_what_where_from_before_after_and_why(session: Session) -> None:
    hotel = founding.hotel(session)
    by = founding.staff(session, hotel)

    with clock.set_to(AT), logbook.coming_from("192.0.2.7"), transaction(session):
        logbook.record(
            session,
            "priced",
            room_of(hotel.id),
            by=by,
            day=founding.FIRST_DAY,
            before={"price": Money(12_000, "EUR")},
            why="A leaking tap",
            price=Money(9_950, "EUR"),
            nights=(founding.FIRST_DAY,),
            factor=Decimal("0.5"),
            forced=False,
            note=None,
        )

    line = session.scalars(OF_ROOMS).one()
    assert (line.verb, line.noun, line.noun_id, line.staff_id) == ("priced", "rooms", 204, by.id)
    assert (line.at, line.business_day, line.origin) == (AT, founding.FIRST_DAY, "192.0.2.7")
    assert line.before == {"price": "120.00 EUR"}
    assert line.after == {
        "price": "99.50 EUR",
        "nights": ["2026-03-02"],
        "factor": "0.5",
        "forced": False,
        "note": None,
    }
    assert line.why == "A leaking tap"


def test_a_deed_that_fails_leaves_no_line(session: Session) -> None:
    hotel = founding.hotel(session)
    by = founding.staff(session, hotel)

    with pytest.raises(Refusal), transaction(session):
        logbook.record(session, "turned", room_of(hotel.id), by=by, day=founding.FIRST_DAY)
        raise Refusal("No.")

    assert session.scalars(OF_ROOMS).all() == []


def test_the_history_of_a_thing_is_its_own_newest_first_and_bounded(session: Session) -> None:
    hotel, neighbour = founding.hotel(session), founding.hotel(session)
    by = founding.staff(session, hotel)
    with transaction(session):
        for number in range(5):
            logbook.record(
                session, f"deed {number}", room_of(hotel.id), by=by, day=founding.FIRST_DAY
            )
        logbook.record(session, "theirs", room_of(neighbour.id), by=by, day=founding.FIRST_DAY)

    history = logbook.history(session, room_of(hotel.id), limit=3)

    assert [line.verb for line in history] == ["deed 4", "deed 3", "deed 2"]


@ONE_ENGINE
def test_where_deeds_come_from_is_said_for_the_block_only(session: Session) -> None:
    hotel = founding.hotel(session)
    by = founding.staff(session, hotel)

    with transaction(session):
        with logbook.coming_from("x" * 200):
            logbook.record(session, "one", room_of(hotel.id), by=by, day=founding.FIRST_DAY)
        logbook.record(session, "two", room_of(hotel.id), by=by, day=founding.FIRST_DAY)

    origins = [line.origin for line in session.scalars(OF_ROOMS)]
    assert origins == ["x" * 80, "command line"]


@pytest.mark.parametrize(
    "deed", ["UPDATE logbook SET staff_id = 1", "DELETE FROM logbook WHERE verb = 'turned'"]
)
def test_the_database_itself_refuses_to_forget(session: Session, deed: str) -> None:
    hotel = founding.hotel(session)
    by = founding.staff(session, hotel)
    with transaction(session):
        logbook.record(session, "turned", room_of(hotel.id), by=by, day=founding.FIRST_DAY)

    with pytest.raises(DatabaseError, match="written in ink"), transaction(session):
        session.execute(sa.text(deed))
