"""The write turn of SQLite: one writer at a time, first come first served, with a deadline.

SQLite's own busy handler lets a newcomer overtake who has waited longest (worst waits of
seconds); so threads queue here, processes queue on a lock file, and only then BEGIN IMMEDIATE.
"""

import fcntl
import os
import struct
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from pms.base.refusal import Busy

DEADLINE_SECONDS = 5.0
_POLL_SECONDS = 0.003
_NEXT_POLLS_SECONDS = 0.0003  # who is next looks often, so that no time is lost between turns
_FLOCK = "hhqqi"  # Linux' struct flock: type, whence, start, length, pid
_BY_FILE = hasattr(fcntl, "F_OFD_SETLK")  # elsewhere a lock is its process's, which is enough


class FileQueue:
    """Processes in a line on a lock file, in the order they came; the dead leave it by themselves.

    Who comes locks the byte whose number is the time (ns since the machine's start, one clock for
    all processes) and has the turn once it holds every byte before it too: nobody who came
    earlier is left, and who comes now can't lock a byte in there any more. The kernel undoes the
    locks of a process that is killed.
    """

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def enter(self, until: float) -> None:
        """Wait for the turn; raises Busy when it hasn't come at `until` (monotonic seconds)."""
        try:
            while not self._locked(ticket := time.monotonic_ns(), 1):
                _wait(_NEXT_POLLS_SECONDS, until)
            while not self._locked(0, ticket):
                _wait(_NEXT_POLLS_SECONDS if self._is_next(ticket) else _POLL_SECONDS, until)
        except BaseException:
            self.leave()
            raise

    def close(self) -> None:
        """Close the file; whoever else has it from a fork keeps its place."""
        os.close(self._file)

    def leave(self) -> None:
        """Give the turn, or the place in the line, away."""
        if _BY_FILE:
            fcntl.fcntl(self._file, fcntl.F_OFD_SETLK, _range(fcntl.F_UNLCK, 0, 0))
        else:
            fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _locked(self, start: int, length: int) -> bool:
        try:
            if _BY_FILE:
                fcntl.fcntl(self._file, fcntl.F_OFD_SETLK, _range(fcntl.F_WRLCK, start, length))
            else:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, length, start)
        except (BlockingIOError, PermissionError):  # POSIX lets a system say either
            return False
        return True

    def _is_next(self, ticket: int) -> bool:
        """Tell whether only whoever has the turn, who holds the first byte, stands before us."""
        if not _BY_FILE:
            return True
        kind, _, _, held, _ = self._in_the_way(0, 1)
        return kind == fcntl.F_UNLCK or (
            held < ticket and self._in_the_way(held, ticket - held)[0] == fcntl.F_UNLCK
        )

    def _in_the_way(self, start: int, length: int) -> tuple[int, ...]:
        asked = _range(fcntl.F_WRLCK, start, length)
        return struct.unpack(_FLOCK, fcntl.fcntl(self._file, fcntl.F_OFD_GETLK, asked))


def _range(kind: int, start: int, length: int) -> bytes:
    return struct.pack(_FLOCK, kind, os.SEEK_SET, start, length, 0)


def _wait(seconds: float, until: float) -> None:
    if time.monotonic() > until:
        raise Busy
    time.sleep(seconds)


class WriteTurn:
    """The queue of one database file."""

    def __init__(self, lock_path: str | None) -> None:
        self._lock_path = lock_path
        self._door = threading.Condition()
        self._queue: deque[object] = deque()
        self._line: FileQueue | None = None
        self._pid = os.getpid()

    @contextmanager
    def taken(self, deadline_seconds: float = DEADLINE_SECONDS) -> Iterator[None]:
        """Hold the turn inside the block; raises Busy when it doesn't come in time."""
        until = time.monotonic() + deadline_seconds
        ticket = object()
        self._forget_the_parent()
        try:
            self._queue_up(ticket, until)
            self._stand_in_line(until)
            try:
                yield
            finally:
                self._leave_the_line()
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
        """After a fork: the parent's queue and its place in the line aren't ours."""
        if self._pid != os.getpid():
            self._pid = os.getpid()
            self._door = threading.Condition()
            self._queue = deque()
            if self._line is not None:
                self._line.close()
            self._line = None

    def _stand_in_line(self, until: float) -> None:
        if self._lock_path is None:
            return
        if self._line is None:
            self._line = FileQueue(self._lock_path)
        self._line.enter(until)

    def _leave_the_line(self) -> None:
        if self._line is not None:
            self._line.leave()
