"""The business day: everybody shares it, one moves it, by one."""

import threading
import time
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.base.refusal import Refusal
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from tests import founding
from tests.asking import asked
from tests.engines import ONE_ENGINE

NEXT = founding.FIRST_DAY + timedelta(days=1)


def test_the_day_rolls_by_exactly_one(session: Session) -> None:
    hotel = founding.hotel(session)

    with transaction(session):
        assert business_day.roll(session, hotel, closing=founding.FIRST_DAY) == NEXT

    assert hotel.business_date == NEXT
    assert business_day.today(session, hotel) == NEXT


@ONE_ENGINE
@pytest.mark.parametrize("other", [founding.FIRST_DAY - timedelta(days=1), NEXT])
def test_only_the_open_day_can_be_closed(session: Session, other: date) -> None:
    hotel = founding.hotel(session)

    with pytest.raises(business_day.DayMoved, match="is closed already"), transaction(session):
        business_day.roll(session, hotel, closing=other)

    assert business_day.today(session, hotel) == founding.FIRST_DAY


def test_two_who_close_the_same_day_close_it_once(session: Session, engine: Engine) -> None:
    hotel = founding.hotel(session)
    outcomes: list[str] = []
    start = threading.Barrier(4)

    def close() -> None:
        with Session(engine) as own:
            start.wait()
            try:
                with transaction(own):
                    business_day.roll(own, own.get_one(Hotel, hotel.id), closing=founding.FIRST_DAY)
                outcomes.append("rolled")
            except Refusal:
                outcomes.append("refused")

    threads = [threading.Thread(target=close) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["refused", "refused", "refused", "rolled"]
    assert business_day.today(session, hotel) == NEXT


@ONE_ENGINE
def test_one_hotels_day_leaves_the_others_alone(session: Session) -> None:
    hotel, neighbour = founding.hotel(session), founding.hotel(session)

    with transaction(session):
        business_day.roll(session, hotel, closing=founding.FIRST_DAY)

    assert business_day.today(session, neighbour) == founding.FIRST_DAY


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_posters_share_the_day_and_the_roll_waits_for_them(
    session: Session, engine: Engine
) -> None:
    hotel = founding.hotel(session)
    with Session(engine) as poster, Session(engine) as second, Session(engine) as closer:
        for one in (poster, second, closer):
            one.execute(sa.text("SET lock_timeout = '100ms'"))
        assert business_day.hold(poster, hotel) == founding.FIRST_DAY
        assert business_day.hold(second, hotel) == founding.FIRST_DAY

        with pytest.raises(OperationalError, match="lock timeout"):
            business_day.take_alone(closer, hotel)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_sets_up_at_the_roll_waits_for_it_and_breaks_nothing(
    session: Session, engine: Engine
) -> None:
    """Locked before the day was held, the hotel's row made the two wait in a circle."""
    hotel = founding.hotel(session)
    days: list[date] = []

    def set_up() -> None:
        with Session(engine) as own, transaction(own):
            days.append(business_day.hold_hotel(own, own.get_one(Hotel, hotel.id)))

    desk = threading.Thread(target=set_up)
    with transaction(session):
        business_day.take_alone(session, hotel)
        desk.start()
        _until_somebody_waits(engine)
        business_day.roll(session, hotel, closing=founding.FIRST_DAY)
    desk.join()

    assert days == [NEXT]


def _until_somebody_waits(engine: Engine) -> None:
    waiting = sa.text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    until = time.monotonic() + 10
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
        while not other.scalar(waiting):
            assert time.monotonic() < until
            time.sleep(0.01)


def test_a_transaction_asks_for_the_day_once_and_lets_go_of_it_with_its_savepoint(
    session: Session,
) -> None:
    hotel = founding.hotel(session)

    def days(times: int) -> list[date]:
        return [business_day.hold(session, hotel) for _ in range(times)]

    with transaction(session):
        savepoint = session.begin_nested()
        assert asked(session, lambda: days(1)) > 0
        assert asked(session, lambda: days(3)) == 0
        savepoint.rollback()
        assert asked(session, lambda: days(1)) > 0
        assert asked(session, lambda: days(3)) == 0
        business_day.roll(session, hotel, closing=founding.FIRST_DAY)
        assert days(1) == [NEXT]


@ONE_ENGINE
def test_a_hotel_that_isnt_has_no_day(session: Session) -> None:
    with pytest.raises(LookupError):
        business_day.today(session, Hotel(id=1))


def test_the_database_itself_never_lets_the_date_go_back(session: Session) -> None:
    hotel = founding.hotel(session)

    with pytest.raises(IntegrityError, match="never goes back"), transaction(session):
        session.execute(
            sa.text("UPDATE hotels SET business_date = '2001-01-01', opened_on = '2001-01-01'")
        )
    assert hotel.code
