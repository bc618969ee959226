"""Outages: what a database says when it can't just now, and whether trying again is safe."""

import time
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from pms.base.refusal import Busy, Refusal

# Serialization failure, deadlock (we were its victim), shutdown, crash, starting up.
_BROKEN_OFF: Final = {"40001", "40P01", "57P01", "57P02", "57P03"}
_WAITED_TOO_LONG: Final = {"55P03"}
_LOOK_AGAIN_SECONDS = 0.1


class Interrupted(Busy):
    """The database broke off and kept nothing: done again, the deed is done once."""


class Unsure(Refusal):
    """The database went away while it committed and didn't come back to say what it kept."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            "The database went away just as this was written down. "
            "Look whether it was done before you repeat it."
        )


class Damaged(Refusal):
    """The file can't be read as it was written."""

    status = 503

    def __init__(self, engine: Engine, found: str) -> None:
        super().__init__(
            f"The database {engine.url.database} is damaged ({found}). "
            "Put the file aside and bring back the last backup: pms restore FILE"
        )


def refuse_damaged(engine: Engine) -> None:
    """Look every page of a SQLite file over before the house opens on it (1 s for 300 MB).

    Other engines check their own pages as they read them.
    """
    if engine.dialect.name != "sqlite":
        return
    try:
        with engine.connect() as connection:
            found = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
    except OperationalError:
        raise  # it can't be opened at all: another matter
    except DatabaseError as problem:
        found = str(problem.orig)
    if found != "ok":
        raise Damaged(engine, found)


def busy(problem: DBAPIError) -> Busy | None:
    """Return how a database error is said when it is a passing one; None for a real mistake."""
    if problem.connection_invalidated:
        return Interrupted()
    said = getattr(problem.orig, "sqlstate", None)
    if said in _BROKEN_OFF:
        return Interrupted()
    if said in _WAITED_TOO_LONG or "database is locked" in str(problem.orig):
        return Busy()
    unreachable = isinstance(problem, OperationalError) and said is None
    return Interrupted() if unreachable and _is_psycopg(problem) else None


def _is_psycopg(problem: DBAPIError) -> bool:
    return type(problem.orig).__module__.startswith("psycopg")


def was_committed(engine: Engine, transaction: str, *, within: float) -> bool:
    """Ask PostgreSQL what became of a transaction whose commit got no answer.

    Waits for a server that is away. Raises Unsure when it doesn't come back in time.
    """
    until = time.monotonic() + within
    asked = sa.text("SELECT pg_xact_status(CAST(:transaction AS xid8))")
    while time.monotonic() < until:
        try:
            with engine.connect() as connection:
                said = connection.scalar(asked, {"transaction": transaction})
        except DBAPIError:
            said = "in progress"
        if said != "in progress":
            return bool(said == "committed")
        time.sleep(_LOOK_AGAIN_SECONDS)
    raise Unsure
