"""Jobs: each is done, by one worker at a time, and again when its worker is gone."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pms.base import clock, db
from pms.base.db import transaction
from pms.base.refusal import Refusal
from pms.hotel.house import jobs, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.jobs import Claim, Job, JobState
from tests import founding

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def hotel(session: Session) -> Hotel:
    """A hotel."""
    return founding.hotel(session)


@pytest.fixture
def at_noon() -> Iterator[None]:
    """The clock stands at noon."""
    with clock.set_to(NOON):
        yield


def put_off(session: Session, hotel: Hotel, count: int = 1, name: str = "greet") -> None:
    """Write jobs down."""
    with transaction(session):
        for number in range(count):
            jobs.enqueue(session, hotel, name, {"number": number}, key=f"{name}/{number}")


def job(session: Session) -> Job:
    """The one job there is, as it is stored."""
    session.rollback()
    return session.scalars(sa.select(Job).execution_options(populate_existing=True)).one()


def run(engine: Engine, handler: jobs.Handler, name: str = "greet") -> int:
    """Do what is due."""
    return jobs.run_due(lambda: Session(engine), {name: handler}, at_most=1000)


def fails(_session: Session, _claim: Claim) -> None:
    """Do a job badly."""
    raise OSError("The line is dead.")


# --- written down -----------------------------------------------------------------------------


def test_a_job_is_done_with_its_payload_and_no_transaction_open(
    session: Session, engine: Engine, hotel: Hotel
) -> None:
    seen: list[object] = []

    def greet(own: Session, claim: Claim) -> None:
        seen.append((claim.hotel_id, claim.payload, claim.attempt, own.in_transaction()))

    put_off(session, hotel)

    assert run(engine, greet) == 1
    assert seen == [(hotel.id, {"number": 0}, 1, False)]
    assert job(session).state is JobState.DONE
    assert run(engine, greet) == 0


def test_a_job_of_a_deed_that_fails_is_never_done(
    session: Session, engine: Engine, hotel: Hotel
) -> None:
    with pytest.raises(Refusal), transaction(session):
        jobs.enqueue(session, hotel, "greet", key="one")
        raise Refusal("No.")

    assert run(engine, fails) == 0


def test_the_same_key_is_put_off_once_and_other_work_under_it_is_a_mistake(
    session: Session, engine: Engine, hotel: Hotel
) -> None:
    for _ in range(2):
        put_off(session, hotel)
    neighbour = founding.hotel(session)
    put_off(session, neighbour)

    with pytest.raises(ValueError, match="other work"), transaction(session):
        jobs.enqueue(session, hotel, "greet", {"number": 7}, key="greet/0")
    assert session.scalar(sa.select(sa.func.count()).select_from(Job)) == 2


@pytest.mark.usefixtures("at_noon")
def test_a_job_waits_for_its_time(session: Session, engine: Engine, hotel: Hotel) -> None:
    later = NOON + timedelta(minutes=1)
    with transaction(session):
        jobs.enqueue(session, hotel, "greet", key="later", run_at=later)

    assert run(engine, fails) == 0
    with clock.set_to(later):
        assert run(engine, lambda *_: None) == 1


def test_a_job_nobody_handles_is_left_alone(session: Session, engine: Engine, hotel: Hotel) -> None:
    put_off(session, hotel)

    assert run(engine, fails, name="another") == 0
    assert job(session).attempts == 0


# --- done by many -----------------------------------------------------------------------------


@pytest.mark.timeout(90)
def test_four_threads_do_100_jobs_once_each(session: Session, engine: Engine, hotel: Hotel) -> None:
    done: list[int] = []
    put_off(session, hotel, 100)

    def worker() -> None:
        run(engine, lambda _, claim: done.append(claim.payload["number"]))

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(done) == list(range(100))
    assert session.scalars(sa.select(Job.state).distinct()).all() == [JobState.DONE]
    assert session.scalars(sa.select(Job.attempts).distinct()).all() == [1]


@pytest.mark.timeout(90)
def test_two_processes_do_100_jobs_once_each(
    session: Session, engine: Engine, database_url: str, hotel: Hotel, tmp_path: Path
) -> None:
    put_off(session, hotel, 100)

    with get_context("spawn").Pool(2) as pool:
        pool.starmap(work_in_a_process, [(database_url, tmp_path / f"{n}.log") for n in range(2)])

    done = Counter(line for log in tmp_path.glob("*.log") for line in log.read_text().split())
    assert done == Counter(str(number) for number in range(100))


def work_in_a_process(url: str, log: Path) -> None:
    """Do what is due, and write down what was done."""
    engine = db.connect(url)
    with log.open("a") as file:
        run(engine, lambda _, claim: print(claim.payload["number"], file=file) and None)
    engine.dispose()


# --- gone wrong -------------------------------------------------------------------------------


@pytest.mark.usefixtures("at_noon")
def test_what_failed_waits_longer_each_time_and_is_given_up_with_its_error(
    session: Session, engine: Engine, hotel: Hotel
) -> None:
    put_off(session, hotel)
    at, waits = NOON, []

    for _ in range(jobs.MOST_ATTEMPTS - 1):
        with clock.set_to(at):
            assert run(engine, fails) == 1
            assert run(engine, fails) == 0
        row = job(session)
        assert row.state is JobState.WAITING
        assert row.error == "OSError: The line is dead."
        waits.append(row.run_at - at)
        at = row.run_at
    with clock.set_to(at):
        run(engine, fails)
        given_up = job(session)
        assert jobs.failed(session, hotel) == [given_up]
    with clock.set_to(at + timedelta(days=1)):
        assert run(engine, fails) == 0

    assert waits == sorted(waits)
    assert waits[0] == jobs.FIRST_DELAY
    assert waits[-1] <= jobs.LONGEST_DELAY
    assert job(session).error == "OSError: The line is dead."


@pytest.mark.usefixtures("at_noon")
def test_what_was_given_up_can_be_tried_again(
    session: Session, engine: Engine, hotel: Hotel
) -> None:
    put_off(session, hotel)
    by = founding.staff(session, hotel)
    with transaction(session):
        session.execute(sa.update(Job).values(state=JobState.FAILED, error="x", attempts=8))

    with transaction(session):
        again = jobs.try_again(session, job_in(session), by=by)
    assert [line.verb for line in logbook.history(session, again)] == ["tried again"]
    assert run(engine, lambda *_: None) == 1
    with pytest.raises(jobs.NotFailed), transaction(session):
        jobs.try_again(session, job_in(session), by=by)


def job_in(session: Session) -> Job:
    """The one job, inside the transaction that is open."""
    return session.scalars(sa.select(Job)).one()


def test_one_that_fails_holds_up_no_other(session: Session, engine: Engine, hotel: Hotel) -> None:
    done: list[int] = []
    put_off(session, hotel, 3)

    def second_fails(own: Session, claim: Claim) -> None:
        if claim.payload["number"] == 1:
            fails(own, claim)
        done.append(claim.payload["number"])

    assert run(engine, second_fails) == 3
    assert done == [0, 2]


def test_a_handler_that_leaves_a_transaction_broken_does_no_harm(
    session: Session, engine: Engine, hotel: Hotel
) -> None:
    def breaks(own: Session, _claim: Claim) -> None:
        with transaction(own):
            own.execute(sa.text("INSERT INTO counters VALUES (1, 'x', 1)"))

    put_off(session, hotel)

    assert run(engine, breaks) == 1
    assert "IntegrityError" in str(job(session).error)


@pytest.mark.usefixtures("at_noon")
def test_whose_lease_ran_out_settles_nothing(
    session: Session, engine: Engine, hotel: Hotel
) -> None:
    put_off(session, hotel)
    slow = jobs.take(session, ["greet"])
    assert slow
    assert jobs.take(session, ["greet"]) is None

    with clock.set_to(NOON + jobs.LEASE):
        quick = jobs.take(session, ["greet"])
        assert quick
        assert (quick.id, quick.attempt) == (slow.id, 2)
        assert not jobs.settle(session, slow, error="too late")
        assert jobs.settle(session, quick)

    assert job(session).state is JobState.DONE
    assert job(session).error is None


@pytest.mark.usefixtures("at_noon")
def test_what_kills_every_worker_is_given_up(
    session: Session, engine: Engine, hotel: Hotel
) -> None:
    put_off(session, hotel)
    for attempt in range(jobs.MOST_ATTEMPTS):
        with clock.set_to(NOON + attempt * jobs.LEASE):
            assert jobs.take(session, ["greet"])

    with clock.set_to(NOON + jobs.MOST_ATTEMPTS * jobs.LEASE):
        assert jobs.take(session, ["greet"]) is None

    assert job(session).state is JobState.FAILED
    assert "gone" in str(job(session).error)


@pytest.mark.timeout(60)
def test_a_killed_workers_job_is_done_again_after_its_lease(
    session: Session, engine: Engine, database_url: str, hotel: Hotel, tmp_path: Path
) -> None:
    put_off(session, hotel)
    here = tmp_path / "in hand"
    worker = get_context("spawn").Process(target=hang, args=(database_url, here))
    worker.start()
    while not here.exists():
        time.sleep(0.02)
    os.kill(worker.pid or 0, signal.SIGKILL)
    worker.join()
    assert run(engine, lambda *_: None) == 0

    with clock.set_to(clock.now() + jobs.LEASE):
        assert run(engine, lambda *_: None) == 1

    assert (job(session).state, job(session).attempts) == (JobState.DONE, 2)


def hang(url: str, here: Path) -> None:
    """Take a job in hand and never finish it."""
    engine = db.connect(url)

    def never(_session: Session, _claim: Claim) -> None:
        here.touch()
        time.sleep(60)

    run(engine, never)


# --- again and again --------------------------------------------------------------------------


@pytest.mark.usefixtures("at_noon")
def test_what_comes_again_waits_for_its_next_time_even_after_an_error(
    session: Session, engine: Engine, hotel: Hotel
) -> None:
    minute = timedelta(minutes=1)
    for _ in range(2):
        with transaction(session):
            jobs.plan(session, hotel, "release", every=minute)

    assert run(engine, lambda *_: None, name="release") == 1
    assert job(session).run_at == NOON + minute
    for number in range(1, 12):
        with clock.set_to(NOON + number * minute):
            assert run(engine, fails, name="release") == 1
    assert job(session).state is JobState.WAITING
    assert job(session).error == "OSError: The line is dead."

    with transaction(session):
        jobs.plan(session, hotel, "release", every=2 * minute)
    assert job(session).every == 120


@pytest.mark.usefixtures("at_noon")
def test_what_was_done_long_ago_is_forgotten(
    session: Session, engine: Engine, hotel: Hotel
) -> None:
    put_off(session, hotel, 2)
    run(engine, lambda *_: None)
    put_off(session, hotel, 1, name="waits")

    with clock.set_to(NOON + jobs.KEPT + timedelta(seconds=1)), transaction(session):
        assert jobs.sweep(session) == 2

    assert job(session).name == "waits"


def test_the_database_itself_refuses_a_running_job_without_a_lease(
    session: Session, hotel: Hotel
) -> None:
    put_off(session, hotel)

    with pytest.raises(IntegrityError, match="leased"), transaction(session):
        session.execute(sa.update(Job).values(state=JobState.RUNNING))
