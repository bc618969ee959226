"""Rooms: one payment asked of who booked several, and all of it given back."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.back_office.payment_requests.asked import answer, begin_link
from pms.back_office.payment_requests.desk import bp
from pms.back_office.payment_requests.forms import AskRoomsForm, RefundForm
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.service import booked_rooms
from pms.hotel.service.checkout import PaymentRequest, parts, whole
from pms.hotel.stays import guest_links
from pms.hotel.stays.reservations import Reservation
from pms.web import refused
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.checkout import carry_out
from pms.web.database import session
from pms.web.rooms_owed import for_rooms
from pms.web.saying import say, say_refused


@bp.route("/reservations/<int:reservation_id>/rooms/ask", methods=["GET", "POST"])
@allows(Permission.PAY)
def rooms(reservation_id: int) -> ResponseReturnValue:
    """Ask who booked several rooms for what they owe, in one payment."""
    party = find(Reservation, reservation_id)
    booking = guest_links.first_of(session(), party)
    found = guest_links.rooms(session(), booking)
    form = for_rooms(AskRoomsForm, booked_rooms.may_be_asked(session(), here(), found))
    if not form.is_submitted():
        begin_link(form, booking)

    def ask(opened: Session, *, by: Staff) -> PaymentRequest:
        return parts.ask(
            opened, here(), booking, form.chosen, language=form.language.data,
            expires_at=form.expires_at(here()), by=by,
        )  # fmt: skip

    return answer("payment_requests/rooms.html", form, ask, reservation=party, booking=booking)


@bp.post("/payment-requests/<int:request_id>/refund")
@allows(Permission.REFUND)
def refund(request_id: int) -> ResponseReturnValue:
    """Give back all that is left of a payment for several rooms; each room's part by itself."""
    found, form = find(PaymentRequest, request_id), RefundForm()
    if form.validate():
        made = attempt(form, whole.refund, found, reason=form.reason.data or "", by=on_duty())
        done = [carry_out(form, intent) for intent in made or ()]
        if done and all(done):
            say("All that was left of it goes back the way it came.")
        if made is not None:  # written down, whatever the gateway said of it
            say_refused(form)
            return redirect(url_for("payment_requests.one", request_id=request_id))
    return refused.or_back(form, url_for("payment_requests.one", request_id=request_id))
