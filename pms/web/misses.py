"""Misses: who opens links that aren't there is asked to wait; counted per address, in memory."""

import threading
import time
from collections import defaultdict, deque
from typing import NoReturn

from flask import Flask, abort, current_app, request

SECONDS, MOST = 600, 20
_NAME = "link_misses"
_MOST_ADDRESSES = 10_000


class Misses:
    """The misses of each address in the last ten minutes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._when: dict[str, deque[float]] = defaultdict(deque)

    def count(self, address: str) -> int:
        """Note a miss, and return how many there were lately."""
        now = time.monotonic()
        with self._lock:
            if len(self._when) > _MOST_ADDRESSES:
                self._when.clear()
            return self._add(address, now)

    def _add(self, address: str, now: float) -> int:
        mine = self._when[address]
        mine.append(now)
        while mine and mine[0] < now - SECONDS:
            mine.popleft()
        return len(mine)


def install(app: Flask) -> None:
    """Begin to count."""
    app.extensions[_NAME] = Misses()


def miss() -> NoReturn:
    """Answer a link that isn't there: 404, and 429 to who tries again and again."""
    misses: Misses = current_app.extensions[_NAME]
    abort(429 if misses.count(request.remote_addr or "") > MOST else 404)
