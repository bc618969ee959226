"""Reception: what waits, who is asked for, what is kept from whom, and who is in the house."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.front_office.reception import calling, taking, visiting
from pms.front_office.reception.desk import bp
from pms.front_office.reception.forms import PrivacyForm
from pms.hotel.house.staff import Permission
from pms.hotel.service import reception as hotel_reception
from pms.hotel.stays import stays
from pms.hotel.stays.reservations import Reservation
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.saying import say

__all__ = ["bp", "calling", "taking", "visiting"]

LONGEST_SEARCH = 80


@bp.get("/reception")
@allows(Permission.RECEIVE)
def reception() -> ResponseReturnValue:
    """Show who is asked for, and what waits: messages, calls to return, visitors in the house."""
    text = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    hotel = here()
    return render_template(
        "reception/reception.html",
        q=text,
        found=hotel_reception.asked_for(session(), hotel, text),
        messages=hotel_reception.waiting(session(), hotel),
        calls=hotel_reception.to_call_back(session(), hotel),
        visitors=hotel_reception.still_in(session(), hotel),
    )


@bp.route("/reception/privacy/<int:reservation_id>", methods=["GET", "POST"])
@allows(Permission.RECEIVE)
def privacy(reservation_id: int) -> ResponseReturnValue:
    """Write down what a party wants kept from it."""
    party = find(Reservation, reservation_id)
    form = PrivacyForm()
    form.shows(here(), lambda shown: shown.begin_as(hotel_reception.wish_of(session(), party)))
    if form.validate_on_submit() and attempt(
        form,
        hotel_reception.wish,
        party,
        no_calls=form.no_calls.data,
        no_visitors=form.no_visitors.data,
        no_information=form.no_information.data,
        by=on_duty(),
    ):
        say(f"Every desk sees now what {party.guest.name} wants kept.")
        return redirect(url_for("reception.reception", q=party.guest.surname))
    page = render_template("reception/privacy.html", form=form, party=party)
    return page, 422 if form.is_submitted() else 200


@bp.get("/reception/evacuation")
@allows(Permission.RECEIVE)
def evacuation() -> ResponseReturnValue:
    """Show everybody in the house, to be printed when it has to be left."""
    in_house = stays.in_house(session(), here(), limit=5_000)
    return render_template(
        "reception/evacuation.html",
        stays=in_house,
        persons=sum(each.reservation.adults + each.reservation.children for each in in_house),
        visitors=hotel_reception.still_in(session(), here()),
    )
