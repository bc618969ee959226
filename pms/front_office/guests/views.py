"""Guests: the list with its search, and each profile with its stays in this hotel."""

from dataclasses import dataclass

import sqlalchemy as sa
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from pms.base.db import begins_with
from pms.front_office.guests.forms import GuestForm, ReasonForm
from pms.hotel.guests import guests as hotel_guests
from pms.hotel.guests import spelling
from pms.hotel.guests.finding import named
from pms.hotel.guests.guests import Guest
from pms.hotel.house.staff import Permission
from pms.hotel.privacy import duplicates, merging
from pms.hotel.privacy.merging import GuestMerge
from pms.hotel.stays import totals
from pms.hotel.stays.reservations import Reservation
from pms.web import history, paging
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_refused

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
    """Show who the chain knows, by surname; who has no such name, by mail or in their own script.

    One after the other: an OR of them would sort every Silva of a million for the first fifty.
    """
    text = request.args.get("q", "").strip()[:80]
    elsewhere = request.args.get("by") == "mail"
    query = (
        sa.select(Guest)
        .where(Guest.chain_id == here().chain_id, Guest.merged_into_id.is_(None))
        .order_by(Guest.folded_name, Guest.id)
    )
    page = paging.page(query.where(_answers(text, elsewhere)))
    if text and not page.rows and not elsewhere:
        elsewhere, page = True, paging.page(query.where(_answers(text, by_mail=True)))
    return render_template("guests/guests.html", page=page, q=text, by_mail=elsewhere)


def _answers(text: str, by_mail: bool) -> sa.ColumnElement[bool]:
    if not text:
        return sa.true()
    if not by_mail:
        return named(text)
    return sa.or_(
        begins_with(Guest.email, text.lower()),
        begins_with(Guest.folded_native, spelling.folded(text)),
    )


@bp.get("/guests/<int:guest_id>")
@allows(Permission.LOOK)
def guest(guest_id: int) -> ResponseReturnValue:
    """Show one guest: the profile, the stays here, what was changed."""
    found = find(Guest, guest_id)
    if found.merged_into_id is not None:
        kept = merging.standing(session(), found)
        return redirect(url_for("guests.guest", guest_id=kept.id))
    form = GuestForm()
    form.shows_columns(found)
    return _page(found, form)


@bp.post("/guests/<int:guest_id>")
@allows(Permission.RESERVE)
def amend(guest_id: int) -> ResponseReturnValue:
    """Write a guest's profile anew."""
    found = find(Guest, guest_id)
    form = GuestForm()
    form.shows_columns(found)
    before = found.version
    if form.validate_on_submit() and attempt(
        form, hotel_guests.amend, found, form.profile, hotel=here(), by=on_duty()
    ):
        anew = f"{found.name} is written down anew."
        say(anew if found.version != before else "Nothing is changed.")
        return redirect(url_for("guests.guest", guest_id=guest_id))
    return _page(found, form)


# --- one person, two profiles --------------------------------------------------------------------


@bp.get("/guests/<int:guest_id>/merge/<int:other_id>")
@allows(Permission.RESERVE)
def compare(guest_id: int, other_id: int) -> ResponseReturnValue:
    """Show two profiles side by side, before they are made one."""
    return _compare(find(Guest, guest_id), find(Guest, other_id), Form())


@bp.post("/guests/<int:guest_id>/merge/<int:other_id>")
@allows(Permission.RESERVE)
def merge(guest_id: int, other_id: int) -> ResponseReturnValue:
    """Make two profiles one; the first stands for both."""
    kept, other, form = find(Guest, guest_id), find(Guest, other_id), Form()
    done = attempt(form, merging.merge, kept, other, hotel=here(), by=on_duty())
    if done is None:
        return _compare(kept, other, form), 422
    undo = url_for("guests.part", guest_id=kept.id, merge_id=done.id)
    say(f"{other.name} and {kept.name} are one profile now.", undo=undo)
    return redirect(url_for("guests.guest", guest_id=kept.id))


@bp.post("/guests/<int:guest_id>/merges/<int:merge_id>/part")
@allows(Permission.RESERVE)
def part(guest_id: int, merge_id: int) -> ResponseReturnValue:
    """Take a merge back: two people after all."""
    find(Guest, guest_id)
    form = Form()
    other = attempt(form, merging.part, find(GuestMerge, merge_id), hotel=here(), by=on_duty())
    if other is None:
        say_refused(form)
        return redirect(url_for("guests.guest", guest_id=guest_id))
    say(f"{other.name} has a profile of their own again.")
    return redirect(url_for("guests.guest", guest_id=other.id))


def _compare(kept: Guest, other: Guest, form: Form) -> str:
    both = totals.of_guests(session(), here(), [kept.id, other.id])
    return render_template(
        "guests/merge.html",
        form=form,
        kept=kept,
        other=other,
        totals=both,
        reasons=next(
            (each.reasons for each in duplicates.likely(session(), kept) if each.guest is other), ()
        ),
    )


# --- unwanted ------------------------------------------------------------------------------------


@bp.post("/guests/<int:guest_id>/unwanted")
@allows(Permission.TAKE_UNWANTED)
def unwanted(guest_id: int) -> ResponseReturnValue:
    """Say that the house doesn't want a guest back, and why."""
    found, form = find(Guest, guest_id), ReasonForm()
    reason = form.reason.data or ""
    if form.validate() and attempt(
        form, hotel_guests.mark_unwanted, found, reason=reason, hotel=here(), by=on_duty()
    ):
        undo = url_for("guests.wanted", guest_id=guest_id)
        say(f"{found.name} isn't wanted here any more.", undo=undo)
        return redirect(url_for("guests.guest", guest_id=guest_id))
    profile = GuestForm(formdata=None)
    profile.shows_columns(found)
    return _page(found, profile, form), 422


@bp.post("/guests/<int:guest_id>/wanted")
@allows(Permission.TAKE_UNWANTED)
def wanted(guest_id: int) -> ResponseReturnValue:
    """Welcome an unwanted guest again."""
    found, form = find(Guest, guest_id), Form()
    if attempt(form, hotel_guests.lift_unwanted, found, hotel=here(), by=on_duty()):
        say(f"{found.name} is welcome again.")
    else:
        say_refused(form)
    return redirect(url_for("guests.guest", guest_id=guest_id))


def _page(found: Guest, form: GuestForm, reason: ReasonForm | None = None) -> str:
    hotel = here()
    stays = paging.page(
        sa.select(Reservation)
        .options(joinedload(Reservation.room_type), joinedload(Reservation.plan))
        .where(Reservation.hotel_id == hotel.id, Reservation.guest_id == found.id)
        .order_by(Reservation.arrival.desc(), Reservation.number.desc()),
        size=20,
        endpoint="guests.guest",
    )
    return render_template(
        "guests/guest.html",
        guest=found,
        form=form,
        page=stays,
        reason=reason or ReasonForm(formdata=None),
        total=totals.of_guests(session(), hotel, [found.id])[found.id],
        likely=duplicates.likely(session(), found),
        merges=merging.merged_into(session(), found),
        may_amend=may(Permission.RESERVE),
        may_mark=may(Permission.TAKE_UNWANTED),
        history=history.of(_InThisHotel(hotel.id, found.id), hotel),
    )
