"""The desk's blueprint, and what its views share."""

from datetime import date

from flask import Blueprint, abort, request

from pms.base import clock, dates
from pms.web.auth import here

bp = Blueprint("concierge", __name__)


def day_asked() -> date:
    """Return the day of the address, or the day it is on the hotel's clock."""
    asked = request.args.get("day")
    return dates.local(clock.now(), here().time_zone).date() if asked is None else written(asked)


def written(asked: str) -> date:
    """Return a day of an address; what is no day, or no day of any hotel's, is a 404."""
    day = dates.read(asked)
    if day is None:
        abort(404)
    return day
