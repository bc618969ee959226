"""What a page was opened for: the day, the part or the party of its address; a paper handed out."""

from collections.abc import Collection
from datetime import date

from flask import Response, request

from pms.base import dates
from pms.base.numbers import whole
from pms.hotel.rooms import rooms
from pms.hotel.rooms.rooms import Room
from pms.hotel.stays import stays
from pms.hotel.stays.reservations import Reservation
from pms.web.auth import find, here
from pms.web.database import session
from pms.web.forms import Form


def word_asked(name: str, known: Collection[str], otherwise: str) -> str:
    """Return which part of a page its address asks for, or the usual one where there is no such."""
    word = request.args.get(name, otherwise)
    return word if word in known else otherwise


def day_asked(otherwise: date, name: str = "day") -> tuple[date, str | None]:
    """Return the day of the address; where it is none, another, and the sentence for the page."""
    text = request.args.get(name, "")
    day = dates.read(text)
    if day is not None or not text:
        return day or otherwise, None
    return otherwise, f"That is no day. Here is {otherwise:%a %d %b %Y}."


def party_asked() -> Reservation | None:
    """Return the party of the address, where a page was opened for one."""
    party_id = request.args.get("reservation", type=whole)
    return find(Reservation, party_id) if party_id else None


def room_in(form: Form, field: str) -> Room | None:
    """Return the room that was typed; where there is none, say so beside the field."""
    number = (form[field].data or "").strip()
    room = rooms.by_number(session(), here(), number) if number else None
    if number and room is None:
        form[field].errors = [f"There is no room {number}. Check the number."]
    return room


def party_in(form: Form, field: str, number: str) -> Reservation | None:
    """Return the party in a room; else say beside the field why there is none."""
    room = rooms.by_number(session(), here(), number)
    stay = stays.in_room(session(), room) if room is not None else None
    if stay is not None:
        return stay.reservation
    said = f"Nobody is in room {number}." if room else f"There is no room {number}."
    form[field].errors = [f"{said} Check the number."]
    return None


def handed_out(
    content: bytes | str, name: str, media_type: str = "application/pdf", *, saved: bool = False
) -> Response:
    """Return a paper to be looked at or printed, or a file that is `saved` under its name."""
    answer = Response(content, mimetype=media_type)
    answer.headers.set("Content-Disposition", "attachment" if saved else "inline", filename=name)
    return answer
