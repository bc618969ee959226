"""Calling: calls logged, called back, and made a request or a message at one press."""

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.base import clock, dates
from pms.front_office.reception.desk import bp
from pms.front_office.reception.forms import CallForm, RequestForm
from pms.hotel.house.staff import Permission
from pms.hotel.rooms.rooms import Room
from pms.hotel.service import reception
from pms.hotel.service.reception import PhoneCall
from pms.hotel.service.reception.phone_calls import About
from pms.hotel.service.requests import categories
from pms.hotel.stays.reservations import Reservation
from pms.web import history, paging
from pms.web.asked import party_asked, room_in
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_refused


@bp.route("/reception/calls", methods=["GET", "POST"])
@allows(Permission.RECEIVE)
def calls() -> ResponseReturnValue:
    """Show the calls, the newest first, and log one."""
    form, party = CallForm(), party_asked()
    form.prepare()
    if form.validate_on_submit():
        made = _log(form, party)
        if made:
            say(f"Call {made.number} is logged.")
            return redirect(url_for("reception.call", call_id=made.id))
    query = (
        sa.select(PhoneCall)
        .options(
            sa.orm.joinedload(PhoneCall.reservation).joinedload(Reservation.guest),
            sa.orm.joinedload(PhoneCall.room).lazyload("*"),
        )
        .where(PhoneCall.hotel_id == here().id)
        .order_by(PhoneCall.id.desc())
    )
    page = render_template("reception/calls.html", form=form, party=party, page=paging.page(query))
    return page, 422 if form.is_submitted() else 200


def _log(form: CallForm, party: Reservation | None) -> PhoneCall | None:
    room: Room | None = room_in(form, "room") if party is None else None
    if form.room.errors:
        return None
    back_by = form.back_by.data
    zone = here().time_zone
    return attempt(
        form,
        reception.log,
        here(),
        direction=form.direction.chosen,
        with_whom=form.with_whom.data or "",
        phone=form.phone.data,
        matter=form.matter.data or "",
        outcome=form.outcome.chosen,
        about=About(party, room),
        back_by=dates.next_instant(back_by, zone, after=clock.now()) if back_by else None,
        by=on_duty(),
    )


@bp.get("/reception/calls/<int:call_id>")
@allows(Permission.RECEIVE)
def call(call_id: int) -> ResponseReturnValue:
    """Show one call and what can be made of it."""
    return _page(find(PhoneCall, call_id), RequestForm())


@bp.post("/reception/calls/<int:call_id>/call-back")
@allows(Permission.RECEIVE)
def call_back(call_id: int) -> ResponseReturnValue:
    """Write down that they were called back."""
    found, form = find(PhoneCall, call_id), Form()
    if attempt(form, reception.call_back, found, by=on_duty()):
        say(f"{found.with_whom} was called back.")
    say_refused(form)
    return redirect(url_for("reception.call", call_id=call_id))


@bp.post("/reception/calls/<int:call_id>/request")
@allows(Permission.RECEIVE)
def make_request(call_id: int) -> ResponseReturnValue:
    """Make a request of what a call was about."""
    found, form = find(PhoneCall, call_id), RequestForm()
    form.category.offer(categories.offered(session(), here()))
    if form.validate_on_submit():
        made = attempt(
            form, reception.make_request, found, category=form.category.chosen, by=on_duty()
        )
        if made:
            say(f"Call {found.number} is request {made.number} now.")
            return redirect(url_for("requests.request_page", request_id=made.id))
    return _page(found, form)


@bp.post("/reception/calls/<int:call_id>/message")
@allows(Permission.RECEIVE)
def pass_on(call_id: int) -> ResponseReturnValue:
    """Make a message of what a call was about."""
    found, form = find(PhoneCall, call_id), Form()
    made = attempt(form, reception.pass_on, found, by=on_duty())
    if made:
        say(f"Call {found.number} is message {made.number} now.")
        return redirect(url_for("reception.message", message_id=made.id))
    say_refused(form)
    return redirect(url_for("reception.call", call_id=call_id))


def _page(found: PhoneCall, form: RequestForm) -> ResponseReturnValue:
    form.category.offer(
        categories.offered(session(), here()),
        label=lambda each: f"{each.name} ({each.department.words})",
    )
    is_free = found.request_id is None and found.message_id is None
    page = render_template(
        "reception/call.html",
        call=found,
        form=form,
        may_ask=is_free and may(Permission.REQUEST),
        may_pass_on=is_free and found.reservation is not None,
        history=history.of(found, here()),
    )
    return page, 422 if request.method == "POST" else 200
