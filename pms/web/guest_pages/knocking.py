"""Knocking: how often a stranger is answered, counted before anything is done for them."""

from flask import Flask, current_app, request

from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays import guest_links
from pms.hotel.stays.guest_links import Door, TooManyKnocks
from pms.web.database import session
from pms.web.misses import Misses

MOST_LOOKS = 300  # searches of an address in ten minutes, by this process
_NAME = "web_looks"


def install(app: Flask) -> None:
    """Begin to count who looks for rooms."""
    app.extensions[_NAME] = Misses()


def look() -> None:
    """Count a search; it writes nothing, so it is counted in memory."""
    looks: Misses = current_app.extensions[_NAME]
    if looks.count(address()) > MOST_LOOKS:
        raise TooManyKnocks


def knock(hotel: Hotel, *doors: tuple[Door, str]) -> None:
    """Count a knock at each of the doors; refuses who was there too often lately."""
    with transaction(session()) as writing:
        for door, whose in doors:
            guest_links.throttle(writing, hotel, door, whose)
            guest_links.knock(writing, hotel, door, whose)


def address() -> str:
    """Return where the request comes from."""
    return request.remote_addr or "unknown"
