"""Guests: the list with its search, and each profile with its stays in this hotel."""

from dataclasses import dataclass

import sqlalchemy as sa
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from pms.base.db import begins_with
from pms.front_office.guests.forms import GuestForm
from pms.hotel.guests import guests as hotel_guests
from pms.hotel.guests.guests import Guest, named
from pms.hotel.house.staff import Permission
from pms.hotel.stays.reservations import Reservation
from pms.web import history, paging
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.saying import say

bp = Blueprint("guests", __name__)


@dataclass
class _InThisHotel:
    """A guest of the chain, as this hotel's logbook knows it."""

    hotel_id: int
    id: int
    __tablename__: str = "guests"


@bp.get("/guests")
@allows(Permission.LOOK)
def guests() -> ResponseReturnValue:
    """Show who the chain knows, by surname."""
    text = request.args.get("q", "").strip()[:80]
    query = sa.select(Guest).where(Guest.chain_id == here().chain_id)
    if text:
        query = query.where(
            sa.or_(
                named(text),
                begins_with(Guest.email, text.lower()),
            )
        )
    page = paging.page(query.order_by(Guest.folded_name, Guest.id))
    return render_template("guests/guests.html", page=page, q=text)


@bp.get("/guests/<int:guest_id>")
@allows(Permission.LOOK)
def guest(guest_id: int) -> ResponseReturnValue:
    """Show one guest: the profile, the stays here, what was changed."""
    found = find(Guest, guest_id)
    form = GuestForm(obj=found)
    form.shows(found)
    return _page(found, form)


@bp.post("/guests/<int:guest_id>")
@allows(Permission.RESERVE)
def amend(guest_id: int) -> ResponseReturnValue:
    """Write a guest's profile anew."""
    found = find(Guest, guest_id)
    form = GuestForm()
    if form.validate_on_submit() and attempt(
        form, hotel_guests.amend, found, form.profile, hotel=here(), by=on_duty()
    ):
        say(f"{found.name} is written down anew.")
        return redirect(url_for("guests.guest", guest_id=guest_id))
    return _page(found, form)


def _page(found: Guest, form: GuestForm) -> ResponseReturnValue:
    hotel = here()
    stays = paging.page(
        sa.select(Reservation)
        .options(joinedload(Reservation.room_type), joinedload(Reservation.plan))
        .where(Reservation.hotel_id == hotel.id, Reservation.guest_id == found.id)
        .order_by(Reservation.arrival.desc(), Reservation.number.desc()),
        size=20,
    )
    return render_template(
        "guests/guest.html",
        guest=found,
        form=form,
        page=stays,
        may_amend=may(Permission.RESERVE),
        history=history.of(_InThisHotel(hotel.id, found.id), hotel),
    )
