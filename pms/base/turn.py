"""The write turn of SQLite: one writer at a time, first come first served, with a deadline.

SQLite's own busy handler lets a newcomer overtake who has waited longest (worst waits of
seconds); so threads queue here, processes queue on a lock file, and only then BEGIN IMMEDIATE.
"""

import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from pms.base.refusal import Busy

DEADLINE_SECONDS = 5.0
_POLL_SECONDS = 0.002


class WriteTurn:
    """The queue of one database file."""

    def __init__(self, lock_path: str | None) -> None:
        self._lock_path = lock_path
        self._door = threading.Condition()
        self._queue: deque[object] = deque()
        self._file: int | None = None
        self._pid = os.getpid()

    @contextmanager
    def taken(self, deadline_seconds: float = DEADLINE_SECONDS) -> Iterator[None]:
        """Hold the turn inside the block; raises Busy when it doesn't come in time."""
        until = time.monotonic() + deadline_seconds
        ticket = object()
        self._forget_the_parent()
        try:
            self._queue_up(ticket, until)
            self._lock_file(until)
            try:
                yield
            finally:
                self._unlock_file()
        finally:
            with self._door:
                self._queue.remove(ticket)
                self._door.notify_all()

    def _queue_up(self, ticket: object, until: float) -> None:
        with self._door:
            self._queue.append(ticket)
            while self._queue[0] is not ticket:
                # whose turn came in the very moment the wait ended isn't turned away
                if not self._door.wait(until - time.monotonic()) and self._queue[0] is not ticket:
                    raise Busy

    def _forget_the_parent(self) -> None:
        """After a fork: the parent's queue and its open lock file aren't ours."""
        if self._pid != os.getpid():
            self._pid = os.getpid()
            self._door = threading.Condition()
            self._queue = deque()
            self._file = None

    def _lock_file(self, until: float) -> None:
        if self._lock_path is None:
            return
        if self._file is None:
            self._file = os.open(self._lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    raise Busy from None
                time.sleep(_POLL_SECONDS)
            else:
                return

    def _unlock_file(self) -> None:
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
