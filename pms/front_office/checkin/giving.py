"""Giving rooms: to one party, to all of a day at once; taken back, or kept for good."""

from dataclasses import dataclass
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.base.numbers import whole
from pms.front_office.checkin.choices import SHOWN, choices
from pms.front_office.checkin.desk import bp, of
from pms.front_office.checkin.forms import ReasonForm, RoomForm
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.rooms import rooms
from pms.hotel.service.housekeeping import slept_in
from pms.hotel.stays import choosing, stays
from pms.hotel.stays.reservations import Reservation, State
from pms.web import refused
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_outcome


@dataclass(frozen=True, slots=True)
class Given:
    """What the auto-assignment did for a party, in words."""

    reservation_id: int
    name: str
    room: str | None
    why: str


@bp.route("/check-in/<int:reservation_id>/room", methods=["GET", "POST"])
@allows(Permission.CHECK_IN)
def assign(reservation_id: int) -> ResponseReturnValue:
    """Give a party that is still to come its room."""
    reservation, day = find(Reservation, reservation_id), here().business_date
    if reservation.state is State.IN_HOUSE:
        return redirect(url_for("checkin.move", reservation_id=reservation_id))
    if reservation.state is not State.BOOKED:
        return redirect(of(reservation))
    asked = request.args.get("type", type=whole)
    at_hand = choices(reservation, day, type_id=asked)
    form = RoomForm()
    form.room.offer(at_hand.rooms, label=lambda room: room.number)
    form.shows(reservation)
    best = next((each for each in at_hand.all if not each.is_theirs), None)
    if best is not None:
        form.room.begin_with(best.room)
    if form.validate_on_submit() and form.has_room():
        room, had = form.room.chosen, at_hand.theirs
        attempt(form, stays.assign, reservation, room=room, force=form.forced, by=on_duty())
        if not form.said:
            back = None if had else url_for("checkin.unassign", reservation_id=reservation_id)
            say(f"{reservation.guest.name} has room {room.number}.", undo=back)
            return redirect(_next_after(reservation))
        at_hand = choices(reservation, day, type_id=asked)
    return render_template(
        "checkin/assign.html",
        reservation=reservation,
        form=form,
        at_hand=at_hand,
        chosen=at_hand.of(form.room.data),
        shown=len(at_hand.all) if "all" in request.args else SHOWN,
        types=rooms.types(session(), here()),
        may_force=may(Permission.OVERBOOK),
    )


def _next_after(reservation: Reservation) -> str:
    """Who is due goes on to the key; who comes later is put aside."""
    if reservation.is_due(here().business_date):
        return url_for("checkin.check_in", reservation_id=reservation.id)
    return of(reservation)


@bp.post("/check-in/<int:reservation_id>/unassign")
@allows(Permission.CHECK_IN)
def unassign(reservation_id: int) -> ResponseReturnValue:
    """Take the room back from a party that isn't in it."""
    reservation = find(Reservation, reservation_id)
    form = Form()
    attempt(form, stays.unassign, reservation, by=on_duty())
    say_outcome(form, f"{reservation.guest.name} has no room now.")
    return redirect(of(reservation))


@bp.route("/check-in/rooms", methods=["GET", "POST"])
@allows(Permission.CHECK_IN)
def auto_assign() -> ResponseReturnValue:
    """Give every party of today that has no room the best one of its type."""
    hotel, day = here(), here().business_date
    form, done = Form(), None
    if form.validate_on_submit():
        done = attempt(form, _assign_all, hotel, day, by=on_duty())
    waiting = choosing.without_room(session(), hotel, day)
    return render_template(
        "checkin/auto_assign.html", form=form, done=done, waiting=waiting, day=day
    )


def _assign_all(session: Session, hotel: Hotel, day: date, *, by: Staff) -> list[Given]:
    """Assign them all; what was done is read here, before the commit lets go of the rows."""
    return [
        Given(
            each.reservation.id,
            each.reservation.guest.name,
            each.room.number if each.room else None,
            each.why,
        )
        for each in choosing.auto_assign(session, hotel, day, avoid=slept_in(session, hotel), by=by)
    ]


@bp.post("/check-in/<int:reservation_id>/pin")
@allows(Permission.CHECK_IN)
def pin(reservation_id: int) -> ResponseReturnValue:
    """Mark a party do not move, or let it be moved again."""
    reservation = find(Reservation, reservation_id)
    form = ReasonForm()
    reason = (form.reason.data or "").strip() or None
    was = reservation.do_not_move
    if reason is None and was is None:
        form.reason.errors = ["Say why this very room was promised."]
    elif form.validate():
        attempt(form, stays.pin, reservation, reason=reason, by=on_duty())
    name = reservation.guest.name
    if not form.said:
        say(f"{name} is not to be moved." if reason else f"{name} may be moved again.")
    return refused.or_back(form, of(reservation))
