"""The desk's blueprint, and what its views share."""

from datetime import date

from flask import Blueprint

from pms.base import clock, dates
from pms.web import asked
from pms.web.auth import here
from pms.web.saying import say_so

bp = Blueprint("concierge", __name__)


def day_asked(otherwise: date | None = None) -> date:
    """Return the day of the address; else another, or the day it is on the hotel's clock.

    What is no day, or no day of any hotel's, is said on the page.
    """
    today = dates.local(clock.now(), here().time_zone).date()
    day, said = asked.day_asked(otherwise or today)
    if said:
        say_so(said)
    return day
