"""Check-out: the bill settled or let go, the key handed back, and undone on the same day."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.front_office.check_out.bill import bill, tonight
from pms.front_office.check_out.forms import CheckOutForm
from pms.hotel.house.staff import Permission
from pms.hotel.stays import night_charges, stays
from pms.hotel.stays.presence import Stay
from pms.hotel.stays.reservations import Reservation, State
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_refused

bp = Blueprint("check_out", __name__)


@bp.route("/check-out/<int:reservation_id>", methods=["GET", "POST"])
@allows(Permission.CHECK_OUT)
def check_out(reservation_id: int) -> ResponseReturnValue:
    """Take the key back from a party in house."""
    reservation = find(Reservation, reservation_id)
    stay = stays.of(session(), reservation)
    if stay is None or reservation.state is not State.IN_HOUSE:
        return redirect(_party(reservation_id))
    form = CheckOutForm()
    form.shows(stay)
    number = stay.room.number
    if form.validate_on_submit() and _checked_out(form, stay):
        back = url_for("check_out.undo", reservation_id=reservation_id)
        owing = " with a balance" if stay.left_owing else ""
        say(f"{reservation.guest.name} has left {number}{owing}.", undo=back)
        return redirect(url_for("today.today", show="departures"))
    hotel, day = here(), here().business_date
    of_tonight = tonight(hotel, reservation, stay, day)
    form.begin_with(of_tonight)
    return render_template(
        "check_out/check_out.html",
        reservation=reservation,
        stay=stay,
        form=form,
        bill=bill(hotel, reservation),
        tonight=of_tonight,
        day=day,
    )


def _checked_out(form: CheckOutForm, stay: Stay) -> bool:
    attempt(
        form,
        stays.check_out,
        stay,
        leave_owing=form.owing,
        charge_tonight=form.charges_tonight,
        by=on_duty(),
    )
    return not form.said


@bp.post("/check-out/<int:reservation_id>/charge")
@allows(Permission.POST)
def charge(reservation_id: int) -> ResponseReturnValue:
    """Put tonight on the folio now, so that it can be paid before they go."""
    reservation, hotel = find(Reservation, reservation_id), here()
    form = Form()
    nights = [hotel.business_date]
    attempt(form, night_charges.charge_nights, hotel, reservation, nights, by=on_duty())
    if form.said:
        say_refused(form)
    else:
        say("Tonight is on the folio.")
    return redirect(url_for("check_out.check_out", reservation_id=reservation_id))


@bp.post("/check-out/<int:reservation_id>/undo")
@allows(Permission.CHECK_OUT)
def undo(reservation_id: int) -> ResponseReturnValue:
    """Give the key again: the party is in its room as before."""
    reservation = find(Reservation, reservation_id)
    form = Form()
    stay = stays.of(session(), reservation)
    if stay is not None:
        attempt(form, stays.undo_check_out, stay, by=on_duty())
        if form.said:
            say_refused(form)
        else:
            say(f"{reservation.guest.name} is in room {stay.room.number} again.")
    return redirect(_party(reservation_id))


def _party(reservation_id: int) -> str:
    return url_for("reservations.reservation", reservation_id=reservation_id)
