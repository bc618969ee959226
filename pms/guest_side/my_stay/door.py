"""The door: a link and a second secret open a stay's pages, on this device and for a while."""

from http import HTTPStatus

from flask import make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import StringField

from pms.base.db import transaction
from pms.base.numbers import whole
from pms.guest_side.my_stay.desk import bp
from pms.guest_side.my_stay.words import WORDS
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays import guest_links
from pms.hotel.stays.guest_links import Door, Opens
from pms.hotel.stays.reservations import Reservation
from pms.web.attempt import attempt
from pms.web.auth import open_to_everyone
from pms.web.database import session
from pms.web.guest_pages import framing, knocking, visiting
from pms.web.guest_pages.forms import NEEDED, GuestForm, at_most
from pms.web.guest_pages.speaking import Speech, language
from pms.web.misses import miss


class SecretForm(GuestForm):
    """What only the guest knows beside the link."""

    booking = StringField(validators=[NEEDED, at_most(20)])
    who = StringField(validators=[NEEDED, at_most(254)])


@bp.route("/stay/<token>", methods=["GET", "POST"])
@open_to_everyone
def door(token: str) -> ResponseReturnValue:
    """Ask for the second secret; what isn't a link of ours that stands is nothing at all."""
    found = guest_links.find(session(), token) if visiting.is_ours(token) else None
    if found is None:
        miss()
    link, reservation = found
    hotel = session().get_one(Hotel, link.hotel_id)
    t = framing.at(hotel, WORDS)
    form = SecretForm(t)
    if form.validate_on_submit():
        knocking.knock(hotel, (Door.STAY, str(link.id)), (Door.STAY_FROM, knocking.address()))
        opened = attempt(form, _open, reservation, link.opens, form)
        if opened is not None:
            return visiting.begin(make_response(redirect(url_for("my_stay.home"))), opened)
    wrong = HTTPStatus.UNPROCESSABLE_ENTITY if form.said else HTTPStatus.OK
    return render_template("my_stay/door.html", t=t, form=form, hotel=hotel), wrong


def _open(session: Session, reservation: Reservation, opens: Opens, form: SecretForm) -> str:
    """Compare the second secret and open a visit."""
    number = whole((form.booking.data or "").strip())
    guest_links.check(reservation, reservation.guest, number=number, who=form.who.data or "")
    return guest_links.open_visit(session, reservation, opens=opens)


@bp.get("/my-stay/ended")
@open_to_everyone
def ended() -> ResponseReturnValue:
    """Say how to come back, once a visit is over."""
    return render_template("my_stay/ended.html", t=Speech(language(None), None, WORDS))


@bp.post("/my-stay/leave")
@open_to_everyone
def leave() -> ResponseReturnValue:
    """Close a stay's pages on this device, at once."""
    here = visiting.visiting()
    if here is not None:
        with transaction(session()):
            guest_links.end_visit(session(), here.visit)
    return visiting.end(make_response(redirect(url_for("my_stay.ended"))))
