"""Knocking: how often a stranger is answered, counted before anything is done for them."""

import threading
import time
from collections import OrderedDict, deque

from flask import request

from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays import guest_links
from pms.hotel.stays.guest_links import Door, TooManyKnocks
from pms.web.database import session

LOOKS, WITHIN = 60, 60.0  # searches of an address in so many seconds, by this process
_ADDRESSES = 5_000
_looked: OrderedDict[str, deque[float]] = OrderedDict()
_lock = threading.Lock()


def address() -> str:
    """Return where the request comes from."""
    return request.remote_addr or "unknown"


def knock(hotel: Hotel, *doors: tuple[Door, str]) -> None:
    """Count a knock at each of the doors; refuses who was there too often lately."""
    with transaction(session()) as writing:
        for door, whose in doors:
            guest_links.throttle(writing, hotel, door, whose)
            guest_links.knock(writing, hotel, door, whose)


def look() -> None:
    """Count a search, which writes nothing: so it is counted in this process's memory only."""
    now, whose = time.monotonic(), address()
    with _lock:
        looks = _looked.setdefault(whose, deque())
        _looked.move_to_end(whose)
        while len(_looked) > _ADDRESSES:
            _looked.popitem(last=False)
        while looks and now - looks[0] > WITHIN:
            looks.popleft()
        if len(looks) >= LOOKS:
            raise TooManyKnocks
        looks.append(now)
