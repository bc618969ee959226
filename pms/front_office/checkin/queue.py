"""The queue at the desk: who waits for a room, told when it is ready, taken off or put back."""

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.base import dates
from pms.front_office.checkin.desk import bp
from pms.front_office.checkin.forms import QueueForm
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.stays import queueing
from pms.hotel.stays.correspondence import NoAddress
from pms.hotel.stays.queueing import QueuedParty
from pms.hotel.stays.reservations import Reservation
from pms.web import letters
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_outcome


@bp.get("/check-in/queue")
@allows(Permission.LOOK)
def queue() -> ResponseReturnValue:
    """Show who waits for a room, who waits longest first."""
    waiting = queueing.waiting(session(), here(), here().business_date)
    return render_template("checkin/queue.html", waiting=waiting)


@bp.route("/check-in/<int:reservation_id>/queue", methods=["GET", "POST"])
@allows(Permission.CHECK_IN)
def wait(reservation_id: int) -> ResponseReturnValue:
    """Let a party wait for its room, or say anew where and until when it waits."""
    reservation = find(Reservation, reservation_id)
    queued = queueing.of(session(), reservation)
    form = QueueForm()
    if queued is not None:
        form.shows(queued, lambda shown: _fill(shown, queued))
    elif not form.is_submitted():
        form.phone.data = reservation.guest.phone
    if form.validate_on_submit():
        said: dict[str, Any] = {
            "waits_at": form.waits_at.data,
            "phone": form.phone.data,
            "promised_by": form.promised_by.data,
        }
        if queued is None:
            kept = attempt(form, queueing.put, reservation, **said, by=on_duty())
        else:
            kept = attempt(form, queueing.change, queued, **said, by=on_duty())
        if kept is not None:
            back = None if queued else url_for("checkin.leave_queue", queued_id=kept.id)
            say(f"{reservation.guest.name} waits in the queue.", undo=back)
            return redirect(url_for("checkin.queue"))
    page = render_template("checkin/wait.html", reservation=reservation, queued=queued, form=form)
    return page, 422 if form.is_submitted() else 200


def _fill(form: QueueForm, queued: QueuedParty) -> None:
    form.waits_at.data, form.phone.data = queued.waits_at, queued.phone
    if queued.promised_by is not None:
        form.promised_by.data = dates.local(queued.promised_by, here().time_zone).time()


@bp.post("/check-in/queue/<int:queued_id>/off")
@allows(Permission.CHECK_IN)
def leave_queue(queued_id: int) -> ResponseReturnValue:
    """Take a party off the queue that doesn't wait any more."""
    queued, form = find(QueuedParty, queued_id), Form()
    attempt(form, queueing.take_off, queued, by=on_duty())
    back = url_for("checkin.return_to_queue", queued_id=queued_id)
    say_outcome(form, f"{queued.reservation.guest.name} waits no more.", undo=back)
    return redirect(url_for("checkin.queue"))


@bp.post("/check-in/queue/<int:queued_id>/back")
@allows(Permission.CHECK_IN)
def return_to_queue(queued_id: int) -> ResponseReturnValue:
    """Let a party wait on that was taken off, since when it did."""
    queued, form = find(QueuedParty, queued_id), Form()
    attempt(form, queueing.put_back, queued, by=on_duty())
    say_outcome(form, f"{queued.reservation.guest.name} waits again.")
    return redirect(url_for("checkin.queue"))


@bp.post("/check-in/queue/<int:queued_id>/tell")
@allows(Permission.CHECK_IN)
def tell_ready(queued_id: int) -> ResponseReturnValue:
    """Mail a party that its room is ready, in its language."""
    queued, form = find(QueuedParty, queued_id), Form()
    attempt(form, _tell, queued, here(), by=on_duty())
    say_outcome(form, f"{queued.reservation.guest.name} is told by mail.")
    return redirect(url_for("checkin.queue"))


def _tell(session: Session, queued: QueuedParty, hotel: Hotel, *, by: Staff) -> None:
    """Write the letter and note by which one they were told."""
    to = queued.reservation.guest.email
    if not to:
        raise NoAddress(queued.reservation.guest.name)
    letter = letters.room_ready(session, hotel, queued, to=to, by=by)
    queueing.note_told(session, queued, letter, by=by)
