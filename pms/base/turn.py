"""The write turn of SQLite: one writer at a time, first come first served, with a deadline.

SQLite's own busy handler lets a newcomer overtake who has waited longest (worst waits of
seconds); so threads queue here, processes queue on a lock file, and only then BEGIN IMMEDIATE.
"""

import fcntl
import os
import struct
import sys
import threading
import time
import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from pms.base.refusal import Busy

DEADLINE_SECONDS = 5.0
_POLL_SECONDS = 0.003
_NEXT_POLLS_SECONDS = 0.0003  # who is next looks often, so that no time is lost between turns
_PASSED_OVER_NS = int((DEADLINE_SECONDS + 1) * 1e9)  # who waits longer is asleep, and is overtaken
_FLOCK = "hhqqi"  # Linux' struct flock: type, whence, start, length, pid
_BY_FILE = sys.platform == "linux"  # elsewhere a lock is its process's, which is enough
_THE_TURN = 0


class FileQueue:
    """Processes in a line on a lock file, in the order they came; the dead leave it by themselves.

    Who comes locks the byte whose number is the time (ns since the machine's start, one clock for
    all processes). Who has nobody before it in the line takes the turn, byte 0, as soon as that is
    given up, and its place becomes free. The kernel undoes the locks of a process that is killed;
    one that was put to sleep in the line is passed over after a while.
    """

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def enter(self, until: float) -> None:
        """Wait for the turn; raises Busy when it hasn't come at `until` (monotonic seconds)."""
        try:
            while not self._locked(ticket := time.monotonic_ns(), 1):
                _wait(_NEXT_POLLS_SECONDS, until)
            while True:
                is_next = self._is_free(max(1, time.monotonic_ns() - _PASSED_OVER_NS), ticket)
                if is_next and self._locked(_THE_TURN, 1):
                    break
                _wait(_NEXT_POLLS_SECONDS if is_next else _POLL_SECONDS, until)
            self._unlock(ticket, 1)
        except BaseException:
            self.leave()
            raise

    def leave(self) -> None:
        """Give the turn, or the place in the line, away."""
        self._unlock(0, 0)

    def close(self) -> None:
        """Close the file; whoever else has it from a fork keeps its place."""
        os.close(self._file)

    def _locked(self, start: int, length: int) -> bool:
        try:
            if _BY_FILE:
                fcntl.fcntl(self._file, fcntl.F_OFD_SETLK, _range(fcntl.F_WRLCK, start, length))
            else:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, length, start)
        except (BlockingIOError, PermissionError):  # POSIX lets a system say either
            return False
        return True

    def _unlock(self, start: int, length: int) -> None:
        if _BY_FILE:
            fcntl.fcntl(self._file, fcntl.F_OFD_SETLK, _range(fcntl.F_UNLCK, start, length))
        else:
            fcntl.lockf(self._file, fcntl.LOCK_UN, length, start)

    def _is_free(self, start: int, end: int) -> bool:
        """Tell whether nobody has a place from `start` up to, not with, `end`."""
        if start >= end:
            return True
        if not _BY_FILE:
            free = self._locked(start, end - start)
            if free:
                self._unlock(start, end - start)
            return free
        asked = _range(fcntl.F_WRLCK, start, end - start)
        found = struct.unpack(_FLOCK, fcntl.fcntl(self._file, fcntl.F_OFD_GETLK, asked))
        return bool(found[0] == fcntl.F_UNLCK)


def _range(kind: int, start: int, length: int) -> bytes:
    return struct.pack(_FLOCK, kind, os.SEEK_SET, start, length, 0)


def _wait(seconds: float, until: float) -> None:
    if time.monotonic() > until:
        raise Busy
    time.sleep(seconds)


_all: "weakref.WeakSet[WriteTurn]" = weakref.WeakSet()


def _forget_the_parent() -> None:
    for turn in _all:
        turn.forget_the_parent()


os.register_at_fork(after_in_child=_forget_the_parent)


class WriteTurn:
    """The queue of one database file."""

    def __init__(self, lock_path: str | None) -> None:
        self._lock_path = lock_path
        self._door = threading.Condition()
        self._queue: deque[object] = deque()
        self._line: FileQueue | None = None
        _all.add(self)

    @contextmanager
    def taken(self, deadline_seconds: float = DEADLINE_SECONDS) -> Iterator[None]:
        """Hold the turn inside the block; raises Busy when it doesn't come in time."""
        until = time.monotonic() + deadline_seconds
        ticket = object()
        try:
            self._queue_up(ticket, until)
            self._stand_in_line(until)
            try:
                yield
            finally:
                self._leave_the_line()
        finally:
            with self._door:
                with suppress(ValueError):  # a fork that comes out of its parent's turn
                    self._queue.remove(ticket)
                self._door.notify_all()

    def _queue_up(self, ticket: object, until: float) -> None:
        with self._door:
            self._queue.append(ticket)
            while self._queue[0] is not ticket:
                # whose turn came in the very moment the wait ended isn't turned away
                if not self._door.wait(until - time.monotonic()) and self._queue[0] is not ticket:
                    raise Busy

    def forget_the_parent(self) -> None:
        """After a fork: the parent's queue and its place in the line aren't ours."""
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
