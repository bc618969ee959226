"""Ids made by the application: 63 bits, ordered by time, unique without asking a database."""

import os
import secrets
import threading
import time

_EPOCH_MS = 1_704_067_200_000  # 2024-01-01T00:00Z: 42 bits of milliseconds last until 2163
_TAIL_BITS = 21


class _Tail:
    """The low bits: a random start in each millisecond, then counting up.

    A random start keeps two processes apart; counting keeps one process's ids in order.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pid = os.getpid()
        self._last_ms = 0
        self._next = 0

    def next_id(self) -> int:
        """Return one new id."""
        with self._lock:
            now_ms = time.time_ns() // 1_000_000
            if now_ms > self._last_ms or os.getpid() != self._pid:
                self._pid = os.getpid()
                self._last_ms = max(now_ms, self._last_ms)
                self._next = secrets.randbits(_TAIL_BITS - 1)
            else:
                self._next += 1
                if self._next >> _TAIL_BITS:
                    self._last_ms += 1
                    self._next = secrets.randbits(_TAIL_BITS - 1)
            return ((self._last_ms - _EPOCH_MS) << _TAIL_BITS) | self._next


_tail = _Tail()


def new_id() -> int:
    """Return a new id; later ids of one process are larger."""
    return _tail.next_id()
