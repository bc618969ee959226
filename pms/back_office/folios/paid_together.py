"""Paid together: one payment taken at the desk for several rooms of a booking."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.folios.forms import RoomsPayForm
from pms.base.money import total
from pms.hotel.house.staff import Permission
from pms.hotel.service import booked_rooms, paid_together
from pms.hotel.stays import guest_links
from pms.hotel.stays.reservations import Reservation
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.filters import money
from pms.web.rooms_owed import for_rooms
from pms.web.saying import say

bp = Blueprint("paid_together", __name__)


@bp.route("/reservations/<int:reservation_id>/rooms/pay", methods=["GET", "POST"])
@allows(Permission.PAY)
def take(reservation_id: int) -> ResponseReturnValue:
    """Take one payment for what several rooms of a booking owe."""
    party = find(Reservation, reservation_id)
    booking = guest_links.first_of(session(), party)
    found = guest_links.rooms(session(), booking)
    form = for_rooms(RoomsPayForm, booked_rooms.may_be_asked(session(), here(), found))
    form.shows(booking)
    form.begin_with_last()
    if form.validate_on_submit():
        sum_taken = total((each.amount for each in form.chosen), here().currency)
        taken = attempt(
            form, paid_together.take, booking, form.chosen, method=form.method, card=form.slip,
            reference=form.reference.data or None, key=form.entry_key, by=on_duty(),
        )  # fmt: skip
        if taken:
            say(f"{money(sum_taken)} is taken for booking {booking.number}.")
            return redirect(url_for("reservations.reservation", reservation_id=party.id))
    return render_template(
        "paid_together/take.html",
        form=form,
        reservation=party,
        booking=booking,
    ), (422 if form.said else 200)
