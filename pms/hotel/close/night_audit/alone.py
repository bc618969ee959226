"""Alone: one audit of a hotel at a time, and a dead one's place is free at once.

The database server (or the kernel, beside a SQLite file) holds the lock for a living process and
lets it go when that dies, so there is no lease to wait for and nothing to clear up.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms.base.refusal import Refusal
from pms.hotel.house.hotels import Hotel


class AlreadyRunning(Refusal):
    """Somebody else's audit is under way."""

    def __init__(self, hotel: Hotel) -> None:
        super().__init__(
            f"The night audit of {hotel.name} is running already. Watch it on the night audit page."
        )


@contextmanager
def alone(session: Session, hotel: Hotel) -> Iterator[None]:
    """Be the only audit of the hotel inside the block; refuses when another lives."""
    engine = session.get_bind().engine
    path = engine.url.database
    if engine.dialect.name == "postgresql":
        lock = _in_postgresql(engine, hotel)
    elif path and path != ":memory:":
        lock = _beside_the_file(f"{path}.audit-{hotel.id}", hotel)
    else:
        lock = _in_memory(hotel)
    with lock:
        yield


@contextmanager
def _in_postgresql(engine: Engine, hotel: Hotel) -> Iterator[None]:
    """Hold a lock of the connection's life; below zero, since the day's own lock is above it."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(-hotel.id))):
            raise AlreadyRunning(hotel)
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(-hotel.id)))


@contextmanager
def _beside_the_file(path: str, hotel: Hotel) -> Iterator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(hotel) from None
        yield
    finally:
        os.close(handle)


_here = threading.Lock()
_running: set[int] = set()


@contextmanager
def _in_memory(hotel: Hotel) -> Iterator[None]:
    with _here:
        if hotel.id in _running:
            raise AlreadyRunning(hotel)
        _running.add(hotel.id)
    try:
        yield
    finally:
        with _here:
            _running.discard(hotel.id)
