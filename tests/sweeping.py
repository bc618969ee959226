"""Sweeping: a deed killed at every point it has, each time on a fresh copy of the same database."""

import os
import shutil
import signal
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import Engine, make_url

from pms.base import db
from tests import postgres

# Every point, instead of some: PMS_SWEEP=all python3 -m pms test tests/proofs -n0
ALL = os.environ.get("PMS_SWEEP") == "all"
FAILED = 1
POINTS = ("before_cursor_execute", "commit", "checkin")  # the last is just after a commit

Work = Callable[[Engine], None]


class Copies:
    """Copies of one database, as many as the sweep needs."""

    def __init__(self, url: str, folder: Path, server: Callable[[], Path]) -> None:
        self.url, self.folder, self.server = url, folder, server
        self.is_sqlite = url.startswith("sqlite")
        self.made: list[str] = []

    def copy(self) -> str:
        """Return the address of a fresh copy; the last one is dropped."""
        self.drop()
        original = str(make_url(self.url).database)
        if self.is_sqlite:
            file = self.folder / "copy.db"
            for old in self.folder.glob("copy.db*"):
                old.unlink()
            shutil.copyfile(original, file)
            return f"sqlite:///{file}"
        name = f"copy_{uuid.uuid4().hex}"
        self.made.append(name)
        return postgres.create_database(self.server(), name, template=original)

    def drop(self) -> None:
        """Remove what was made."""
        for name in self.made:
            postgres.drop_database(self.server(), name)
        self.made.clear()


def at_rest(engine: Engine) -> None:
    """Put everything into the file itself, so that it can be copied."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


# --- a child that dies ----------------------------------------------------------------------------


def child(work: Callable[[], None]) -> int:
    """Do the work in a process of its own, which has imported everything; return its id."""
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
        os._exit(0)
    except BaseException as problem:  # noqa: BLE001 - the child never comes back into the test run
        print(f"child: {problem!r}", flush=True)
        os._exit(FAILED)


def was_killed(pid: int) -> bool:
    """Wait for a child; tell whether it was killed, or got through. It may not fail."""
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def killed_at(url: str, work: Work, point: int) -> bool:
    """Do the work in a child that kills itself at a point; false when it got through.

    A point is just before a statement, just before a commit, or just after one.
    """

    def doomed() -> None:
        engine = db.connect(url)
        kill_at(engine, point)
        work(engine)

    killed = was_killed(child(doomed))
    _let_go(url)
    return killed


def _let_go(url: str) -> None:
    """Wait until PostgreSQL has noticed who died: until then their locks are held."""
    engine = db.connect(url)
    if engine.dialect.name == "postgresql":
        held = text(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        until = time.monotonic() + 10
        with engine.connect() as connection:
            while connection.scalar(held) and time.monotonic() < until:
                time.sleep(0.01)
    engine.dispose()


def kill_at(engine: Engine, point: int, names: Sequence[str] = POINTS) -> None:
    """Let this process kill itself when it comes to a point, of those names, for the n-th time."""
    count = 0

    def here(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == point:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in names:
        event.listen(engine, name, here)


def points(url: str, work: Work) -> int:
    """Do the work undisturbed and return how many points it has."""
    engine = db.connect(url)
    count = 0

    def here(*_: Any) -> None:
        nonlocal count
        count += 1

    for name in POINTS:
        event.listen(engine, name, here)
    work(engine)
    engine.dispose()
    return count


def some_of(count: int, wanted: int) -> list[int]:
    """Return all points, or so many spread over them with the last ones: the commit is there."""
    if ALL or count <= wanted:
        return list(range(1, count + 1))
    spread = {1 + n * (count - 3) // max(1, wanted - 3) for n in range(wanted - 2)}
    return sorted(spread | {count - 1, count})


# --- at once --------------------------------------------------------------------------------------


@contextmanager
def children(*works: Callable[[], None]) -> Iterator[list[int]]:
    """Do all works at once, each in a process of its own; at the end wait for them all."""
    pids = [child(work) for work in works]
    try:
        yield pids
    finally:
        statuses = [os.waitpid(pid, 0)[1] for pid in pids]
    assert not any(statuses), statuses


def wait_until(happened: Callable[[], bool], *, within: float = 10.0) -> float:
    """Wait for something to happen and return the seconds it took."""
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < within, "It didn't happen in time."
        time.sleep(0.01)
    return time.monotonic() - began
