"""Asking first: what a change costs and what stands in its way, then the change, then back."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.base.numbers import whole
from pms.base.refusal import Refusal, Stale
from pms.front_office.tape_chart import changes, obstacles
from pms.front_office.tape_chart.changes import Answer, Before, Place, Wish
from pms.front_office.tape_chart.desk import bp
from pms.front_office.tape_chart.forms import ChangeForm
from pms.front_office.tape_chart.window import number
from pms.hotel.house import logbook
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.rooms import rooms
from pms.hotel.rooms.inventory import AllotmentTaken, HouseFull, RoomTaken, SoldOut
from pms.hotel.rooms.rooms import Condition, Room
from pms.hotel.stays.reservations import Reservation
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.filters import money, short_day
from pms.web.forms import Form
from pms.web.saying import say, say_outcome

LONGEST_SHIFT = 800
CONDITIONS = {condition.value for condition in Condition}
_OVER = (SoldOut, HouseFull, AllotmentTaken)


@bp.route("/tape-chart/<int:reservation_id>", methods=["GET", "POST"])
@allows(Permission.RESERVE)
def change(reservation_id: int) -> ResponseReturnValue:
    """Ask what another room or other days would mean; posted, do it."""
    reservation = find(Reservation, reservation_id)
    form = ChangeForm() if request.method == "POST" else ChangeForm(request.args)
    since = form.since.data
    place = changes.place_of(session(), reservation, since)
    _begin(form, reservation, place)
    wish = _wish(form, reservation, since)
    if request.method == "POST" and form.validate():
        was = changes.before(session(), reservation, wish)
        attempt(form, changes.change, reservation, wish=wish, by=on_duty())
        if not form.said:
            return _done(reservation, wish, was)
    return _asked(form, reservation, wish, place)


def _begin(form: ChangeForm, reservation: Reservation, place: Place) -> None:
    """Fill in what stands, and what a hand moved: days `on`, nights `sooner` or `longer`."""
    if request.method == "POST":
        return
    seen = request.args.get("v", type=whole)
    form.version_seen = reservation.version if seen is None else seen
    on = _shift("on")
    form.arrival.data = form.arrival.data or place.arrival + on - _shift("sooner")
    form.departure.data = form.departure.data or place.departure + on + _shift("longer")
    if "room" not in request.args:
        form.room.data = str(place.room_id or "")


def _shift(name: str) -> timedelta:
    days = request.args.get(name, 0, type=int)
    return timedelta(days=max(-LONGEST_SHIFT, min(LONGEST_SHIFT, days)))


def _wish(form: ChangeForm, reservation: Reservation, since: date | None) -> Wish:
    room_id = number(form.room.data)
    return Wish(
        room=find(Room, room_id) if room_id is not None else None,
        arrival=form.arrival.data or reservation.arrival,
        departure=form.departure.data or reservation.departure,
        since=since,
        charges=request.form.get("price") == "charge",
        reason=(form.reason.data or "").strip(),
        force=(form.force.data or "").strip() or None,
    )


def _asked(
    form: ChangeForm, reservation: Reservation, wish: Wish, place: Place
) -> ResponseReturnValue:
    """Show the price and the obstacles; what was refused stands on top, with the fresh values."""
    here_already = (wish.room.id if wish.room else None, wish.arrival, wish.departure) == (
        place.room_id,
        place.arrival,
        place.departure,
    )
    answer = None
    if not here_already:
        seen = form.version_seen
        answer = changes.rehearse(session(), reservation, wish, seen=seen, by=on_duty())
    is_part = bool(request.headers.get("HX-Request"))
    stale = answer is not None and isinstance(answer.refusal, Stale)
    there = _obstacles(reservation, wish, answer)
    page = render_template(
        "tape_chart/ask.html" if is_part else "tape_chart/change.html",
        form=form,
        reservation=reservation,
        wish=wish,
        was=_with_room(place),
        answer=answer,
        stale=stale,
        is_taken=answer is not None and isinstance(answer.refusal, RoomTaken),
        forced=_forced(form, reservation, wish, answer) if not there["obstacles"] else None,
        changed_by=_last_change(reservation) if stale or form.refusals else None,
        **there,
        rooms=[] if is_part else rooms.all_rooms(session(), here()),
    )
    refused = request.method == "POST"
    return page, 409 if refused else 200


def _forced(
    form: ChangeForm, reservation: Reservation, wish: Wish, answer: Answer | None
) -> Answer | None:
    """Rehearse going over what can be sold, where only that stands in the way and one may.

    Nobody is put out of their room by it: a room that somebody has isn't taken from the chart.
    """
    if answer is None or not isinstance(answer.refusal, _OVER) or not may(Permission.OVERBOOK):
        return None
    wish = replace(wish, force=wish.force or changes.ASKED)
    found = changes.rehearse(session(), reservation, wish, seen=form.version_seen, by=on_duty())
    return found if found.refusal is None else None


def _with_room(place: Place) -> tuple[Room | None, Place]:
    if place.room_id is None:
        return None, place
    return session().get(Room, {"hotel_id": here().id, "id": place.room_id}), place


def _obstacles(reservation: Reservation, wish: Wish, answer: Answer | None) -> dict[str, object]:
    """Name who has the room and what else is free, where something stands in the way."""
    if answer is None or answer.refusal is None or isinstance(answer.refusal, Stale):
        return {"obstacles": [], "free": []}
    first = max(wish.since or wish.arrival, here().business_date)
    until = wish.departure
    if until <= first:
        return {"obstacles": [], "free": []}
    there = []
    if wish.room is not None:
        there = obstacles.in_the_way(session(), reservation, wish.room, first, until)
    kind = wish.room.type_id if wish.room is not None else reservation.type_id
    free = obstacles.free_instead(session(), reservation, kind, first, until)
    return {"obstacles": there, "free": free}


def _last_change(reservation: Reservation) -> tuple[Staff | None, logbook.Line] | None:
    lines = logbook.history(session(), reservation, limit=1)
    if not lines:
        return None
    key = {"chain_id": here().chain_id, "id": lines[0].staff_id}
    return session().get(Staff, key), lines[0]


# --- done, and back -----------------------------------------------------------------------------


def _done(reservation: Reservation, wish: Wish, was: Before) -> ResponseReturnValue:
    """Say what was done, and offer the way back."""
    sentence = _sentence(reservation, wish, was)
    undo = _way_back(reservation, was) if _may_go_back(was) else None
    if request.headers.get("HX-Request"):
        return render_template("tape_chart/done.html", sentence=sentence, undo=undo)
    say(sentence, undo=undo)
    return redirect(url_for("tape_chart.tape_chart"))


def _sentence(reservation: Reservation, wish: Wish, was: Before) -> str:
    said = []
    if (wish.room.id if wish.room else None) != was.place.room_id:
        said.append(f"is in {wish.room.number}" if wish.room else "has no room now")
    if (wish.arrival, wish.departure) != (was.place.arrival, was.place.departure):
        said.append(f"stays {short_day(wish.arrival)} to {short_day(wish.departure)}")
    now = changes.total(session(), reservation)
    more = now.minor - was.total
    if more:
        said.append(f"pays {money(type(now)(abs(more), now.currency))} {_more(more)}")
    return f"{reservation.guest.name} {' and '.join(said)}."


def _more(minor: int) -> str:
    return "more" if minor > 0 else "less"


def _may_go_back(was: Before) -> bool:
    return changes.can_go_back(was) and (was.left is None or may(Permission.TURN_ROOMS))


def _way_back(reservation: Reservation, was: Before) -> str:
    place = was.place
    said: dict[str, Any] = {
        "v": reservation.version,
        "room": place.room_id or "",
        "arrival": place.arrival.isoformat(),
        "departure": place.departure.isoformat(),
        "since": place.since.isoformat() if place.since else None,
        "type": was.type_id,
        "total": was.total,
        "left": was.left.value if was.left else None,
        "taken": was.taken.value if was.taken else None,
    }
    worn = {name: value for name, value in said.items() if value is not None}
    return url_for("tape_chart.back", reservation_id=reservation.id, **worn)


@bp.post("/tape-chart/<int:reservation_id>/back")
@allows(Permission.RESERVE)
def back(reservation_id: int) -> ResponseReturnValue:
    """Undo the last change, unless somebody changed the party since."""
    reservation = find(Reservation, reservation_id)
    was = _read_back()
    form = Form()
    form.version_seen = request.args.get("v", 0, type=int)
    room = find(Room, was.place.room_id) if was.place.room_id else None
    owed = attempt(form, changes.go_back, reservation, was=was, room=room, by=on_duty())
    sentence = f"{reservation.guest.name} is where it was."
    if owed is not None and owed.minor:
        amount = money(type(owed)(abs(owed.minor), owed.currency))
        sentence = (
            f"{reservation.guest.name} is where it was, and pays {amount} {_more(owed.minor)} "
            "than before: its nights were priced anew."
        )
    if request.headers.get("HX-Request"):
        refused = form.said or None
        page = render_template("tape_chart/done.html", sentence=refused or sentence, undo=None)
        return page, 409 if refused else 200
    say_outcome(form, sentence)
    return redirect(url_for("tape_chart.tape_chart"))


def _read_back() -> Before:
    """Read the way back out of its own address."""
    args = request.args
    try:
        since = args.get("since")
        place = Place(
            number(args.get("room")),
            date.fromisoformat(args.get("arrival", "")),
            date.fromisoformat(args.get("departure", "")),
            date.fromisoformat(since) if since else None,
        )
    except ValueError:
        raise NoWayBack from None
    left, taken = (_condition(args.get(name)) for name in ("left", "taken"))
    kind, minor = args.get("type", 0, type=int), args.get("total", 0, type=int)
    return Before(place, kind, minor, left, taken)


def _condition(word: str | None) -> Condition | None:
    return Condition(word) if word in CONDITIONS else None


class NoWayBack(Refusal):
    def __init__(self) -> None:
        super().__init__("There is no way back from there. Change the stay on its own page.")
