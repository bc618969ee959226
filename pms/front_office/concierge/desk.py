"""The desk's blueprint, and what its views share."""

from datetime import date

from flask import Blueprint, Response, abort, request

from pms.base import clock, dates
from pms.hotel.rooms import rooms
from pms.hotel.stays import stays
from pms.hotel.stays.reservations import Reservation
from pms.web.auth import find, here
from pms.web.database import session
from pms.web.forms import Form

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


def party_asked() -> Reservation | None:
    """Return the party of the address, where a page was opened for one."""
    party_id = request.args.get("reservation", type=int)
    return find(Reservation, party_id) if party_id else None


def party_in(form: Form, field: str, number: str) -> Reservation | None:
    """Return the party in a room; else say beside the field why there is none."""
    room = rooms.by_number(session(), here(), number)
    stay = stays.in_room(session(), room) if room is not None else None
    if stay is not None:
        return stay.reservation
    said = f"Nobody is in room {number}." if room else f"There is no room {number}."
    form[field].errors = [f"{said} Check the number."]
    return None


def handed_out(paper: bytes, name: str) -> Response:
    """Return a PDF to be looked at or printed."""
    answer = Response(paper, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=name)
    return answer
