"""F24: PostgreSQL ends our sessions, or starts again: nothing acknowledged is lost or doubled."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.app import create_app
from pms.base import db as ground
from pms.base import migrations, outage
from pms.base.db import perform, transaction
from pms.base.refusal import Busy
from pms.hotel.house import hotels
from pms.hotel.house.hotels import Chain
from pms.hotel.stays.reservations import Reservation
from pms.web.database import db
from tests import make, postgres
from tests.api import calling
from tests.api.calling import Machine
from tests.proofs import deeds
from tests.sweeping import ALL, wait_until

DESKS = 3
BACK_WITHIN = 5.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A server of our own, which keeps what it was told (it will be killed)."""
    before = os.environ.get("PMS_TEST_FSYNC")
    os.environ["PMS_TEST_FSYNC"] = "1"
    home = Path("/tmp") / f"pms-restarts-{os.getpid()}"  # noqa: S108 - removed below
    home.mkdir(mode=0o711)
    folder = home / "server"
    folder.mkdir(mode=0o700)
    postgres.start(folder)
    yield folder
    postgres.stop(folder)
    home.rmdir()
    if before is None:
        del os.environ["PMS_TEST_FSYNC"]


@pytest.fixture
def url(server: Path) -> str:
    """A migrated database on it."""
    name = f"restarts_{time.monotonic_ns()}"
    url = postgres.create_database(server, name)
    deeds.do(url, migrations.upgrade)
    return url


@contextmanager
def asleep_for(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    time.sleep(max(0.0, seconds - (time.monotonic() - began)))


def end_our_sessions(url: str) -> int:
    """End every session on the database but this one."""
    where = sa.engine.make_url(url)
    with psycopg.connect(
        host=where.query["host"], user=where.username, dbname="postgres", autocommit=True
    ) as link:
        return len(
            link.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [where.database],
            ).fetchall()
        )


def restart_at_once(server: Path) -> None:
    """Kill the server without ceremony (`-m immediate`) and start it again."""
    pid = int((server / "data" / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGQUIT)
    postgres._wait_for_end(pid)
    user = postgres._unprivileged()
    programs = postgres._programs(server, user)
    postgres._as(
        user, programs / "pg_ctl", "start", "-D", server / "data", "-l", server / "log", "-w", "-s"
    )


# --- under load ----------------------------------------------------------------------------------


class Load:
    """Machines that book all the time, each booking with a reference of its own."""

    def __init__(self, app: Any, token: str) -> None:
        self.app, self.token = app, token
        self.stop = threading.Event()
        self.answers: dict[str, tuple[int, str]] = {}
        self.times: list[float] = []
        self.threads = [threading.Thread(target=self._book, args=(n,)) for n in range(DESKS)]

    def _book(self, n: int) -> None:
        machine = Machine(self.app.test_client(), self.token)
        count = 0
        while not self.stop.is_set():
            count += 1
            reference = f"{n}-{count}"
            first = make.DAY + timedelta(days=count % 50)
            answer = machine.book(
                channel_ref=reference,
                arrival=first.isoformat(),
                departure=(first + timedelta(days=1)).isoformat(),
            )
            self.answers[reference] = answer.status_code, answer.json.get("message_id", "")
            if answer.status_code == 201:
                self.times.append(time.monotonic())

    @contextmanager
    def on(self) -> Iterator["Load"]:
        for thread in self.threads:
            thread.start()
        try:
            wait_until(lambda: len(self.times) >= 5, within=30)
            yield self
        finally:
            self.stop.set()
            for thread in self.threads:
                thread.join(30)


@pytest.fixture
def load(url: str) -> Iterator[Load]:
    app = create_app({"DATABASE_URL": url, "SECRET_KEY": "tests", "TESTING": False})
    with app.app_context(), transaction(db.session()) as session:
        token = calling.token(session, make.furnished(session, rooms=200))
    yield Load(app, token)
    with app.app_context():
        db.engine.dispose()


def nothing_lost_nothing_doubled(load: Load) -> None:
    """Each 201 is a reservation, each 503 none (or nobody could say), and there is no other."""
    said = load.answers
    assert {status for status, _ in said.values()} <= {201, 503}, said
    with load.app.app_context():
        there = list(db.session().scalars(sa.select(Reservation.channel_ref)))
        deeds.everything_holds(db.engine)
    made = {ref for ref, (status, _) in said.items() if status == 201}
    unsure = {ref for ref, (_, why) in said.items() if why == "unsure"}
    assert len(there) == len(set(there))
    assert made <= set(there)
    assert set(there) - made <= unsure


def test_sessions_ended_by_the_server_are_not_noticed_at_the_desk(load: Load, url: str) -> None:
    ended = 0
    with load.on():
        for _ in range(40 if ALL else 8):
            enough = len(load.times) + 8  # a share is of calls, however slow the machine is
            with asleep_for(0.15):
                ended += end_our_sessions(url)
            wait_until(lambda enough=enough: len(load.times) >= enough, within=30)

    told = [status for status, _ in load.answers.values()]
    print(f"{ended} sessions ended; {told.count(201)} booked, {told.count(503)} told to come back")
    assert ended > 0
    assert told.count(503) <= len(told) * 0.1
    nothing_lost_nothing_doubled(load)


@pytest.mark.timeout(300)
def test_a_server_that_starts_again_is_found_again(load: Load, server: Path) -> None:
    with load.on():
        for _ in range(5 if ALL else 1):
            restart_at_once(server)
            back = time.monotonic()
            wait_until(lambda back=back: load.times[-1] > back, within=BACK_WITHIN)
            print(f"answers again after {load.times[-1] - back:.2f} s")

    nothing_lost_nothing_doubled(load)


# --- the guard, and its twin ---------------------------------------------------------------------


@pytest.fixture
def session(url: str) -> Iterator[Session]:
    engine = ground.connect(url)
    with Session(engine) as session:
        yield session
    engine.dispose()


def chains(session: Session) -> int:
    session.rollback()
    return int(session.scalar(sa.select(sa.func.count()).select_from(Chain)) or 0)


def end_mine(session: Session) -> None:
    with session.get_bind().engine.connect() as other:
        mine = session.connection().scalar(sa.text("SELECT pg_backend_pid()"))
        other.execute(sa.text("SELECT pg_terminate_backend(:mine)"), {"mine": mine})


def test_a_deed_broken_off_is_done_once_by_the_next_try(session: Session) -> None:
    tries = []

    def found() -> Chain:
        chain = hotels.open_chain(session, f"Try {len(tries)}")
        tries.append(chain)
        if len(tries) == 1:
            end_mine(session)
            session.execute(sa.text("SELECT 1"))
        return chain

    made = perform(session, found)

    assert len(tries) == 2
    assert made.name == "Try 1"
    assert chains(session) == 1


def test_without_another_try_it_is_refused_as_busy(session: Session) -> None:
    """The twin: a transaction alone says that nothing was changed."""
    with pytest.raises(outage.Interrupted) as told, transaction(session):
        hotels.open_chain(session, "Lost")
        end_mine(session)
        session.execute(sa.text("SELECT 1"))

    assert isinstance(told.value, Busy)
    assert chains(session) == 0


def lose_the_answer(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the first commit arrive and its answer get lost."""
    dialect, lost = session.get_bind().dialect, []
    commit = type(dialect).do_commit

    def arrives(link: Any) -> None:
        commit(dialect, link)
        if not lost:
            lost.append(True)
            link.dbapi_connection.close() if hasattr(link, "dbapi_connection") else link.close()
            raise psycopg.OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(dialect, "do_commit", arrives)


def test_a_commit_whose_answer_got_lost_is_not_done_twice(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_the_answer(session, monkeypatch)

    made = perform(session, lambda: hotels.open_chain(session, "Once"))

    assert made in session
    assert made.name == "Once"
    assert chains(session) == 1


def test_who_does_not_ask_does_it_twice(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: trying again blindly."""
    lose_the_answer(session, monkeypatch)
    monkeypatch.setattr(outage, "was_committed", lambda *_a, **_k: False)

    perform(session, lambda: hotels.open_chain(session, "Twice"))

    assert chains(session) == 2
