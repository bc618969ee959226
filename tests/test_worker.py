"""The worker: works until told to stop, one in a process, and shares with others by lease."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms import worker
from pms.base import clock
from pms.base.db import connect, transaction
from pms.hotel.house import jobs, outbox
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.jobs import Job, JobState
from pms.hotel.rooms import inventory
from tests import founding, make


def wait_for(what: Callable[[], object]) -> None:
    """Wait until it is so, ten seconds at most."""
    until = time.monotonic() + 10
    while not what():
        assert time.monotonic() < until, "It never came."
        time.sleep(0.02)


@pytest.fixture
def hotel(session: Session) -> Hotel:
    """A hotel."""
    return founding.hotel(session)


def states(engine: Engine) -> list[JobState]:
    """How the jobs stand."""
    with Session(engine) as fresh:
        return list(fresh.scalars(sa.select(Job.state).where(Job.every.is_(None))))


def test_a_letter_written_at_the_desk_is_dropped_by_the_worker(
    session: Session, engine: Engine, hotel: Hotel, tmp_path: Path
) -> None:
    by = founding.staff(session, hotel)
    beside = worker.InProcess(engine, worker.handlers(tmp_path, {}))

    assert beside.start()
    with transaction(session):
        outbox.write(session, hotel, key="1", to="g@example.com", subject="Hi", text="Hi", by=by)
    wait_for(lambda: JobState.DONE in states(engine))
    beside.stop()

    assert len(list(tmp_path.glob("*.eml"))) == 1


def test_there_are_never_two_in_one_process(engine: Engine) -> None:
    first, second = (worker.InProcess(engine, {}) for _ in range(2))

    assert first.start()
    assert not second.start()
    first.stop()

    assert second.start()
    second.stop()


def test_every_hotel_a_new_one_too_gets_what_comes_again_and_again(
    session: Session, engine: Engine, hotel: Hotel
) -> None:
    visited: list[str] = []
    release = worker.in_the_hotel(lambda _, house: visited.append(house.code))
    stop = threading.Event()
    thread = threading.Thread(
        target=worker.run_worker,
        args=(engine, stop, {"release": release}),
        kwargs={"schedule": [("release", timedelta(hours=1))], "pause": 0.05},
    )
    thread.start()
    wait_for(lambda: visited)
    other = founding.hotel(session)
    wait_for(lambda: len(visited) == 2)
    stop.set()
    thread.join()

    assert visited == [hotel.code, other.code]


def test_a_database_that_is_away_is_waited_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    nowhere = connect(f"sqlite:///{tmp_path / 'no folder' / 'x.db'}")
    stop = threading.Event()
    thread = threading.Thread(
        target=worker.run_worker, args=(nowhere, stop, {"x": None}), kwargs={"pause": 0.01}
    )
    thread.start()
    wait_for(lambda: "The database is away" in caplog.text)
    assert thread.is_alive()
    stop.set()
    thread.join()
    nowhere.dispose()


def test_expired_holds_go_back_on_sale(session: Session, engine: Engine, tmp_path: Path) -> None:
    with transaction(session):
        house = make.furnished(session, "SEA")
        for _ in range(2):
            inventory.hold(
                session,
                house,
                room_type=make.room_type(session, house),
                arrival=house.business_date,
                departure=house.business_date + timedelta(days=2),
                by=make.by(session, house),
            )
        jobs.plan(session, house, "release holds", every=timedelta(minutes=1))
    later = clock.now() + timedelta(hours=1)

    with clock.set_to(later):
        jobs.run_due(lambda: Session(engine), worker.handlers(tmp_path, {}))

    session.rollback()
    assert session.scalars(sa.select(Job.error)).all() == [None]
    states = session.scalars(sa.select(inventory.Hold.state)).all()
    assert states == [inventory.HoldState.RELEASED] * 2


def test_what_is_done_is_swept_in_a_transaction(
    session: Session, engine: Engine, hotel: Hotel, tmp_path: Path
) -> None:
    with transaction(session):
        jobs.plan(session, hotel, "sweep jobs", every=timedelta(days=1))

    jobs.run_due(lambda: Session(engine), worker.handlers(tmp_path, {}))

    session.rollback()
    assert session.scalars(sa.select(Job.error)).all() == [None]
