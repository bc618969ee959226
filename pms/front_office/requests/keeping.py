"""Keeping: lost property, luggage and parcels, each with its ticket, until somebody has it."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.front_office.requests.desk import bp
from pms.front_office.requests.forms import KeepForm, ToForm
from pms.hotel.house.staff import Permission
from pms.hotel.service import tickets
from pms.hotel.service.tickets import Ticket, TicketKind
from pms.hotel.stays import stays
from pms.web.asked import room_in
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.saying import say


@bp.route("/requests/tickets", methods=["GET", "POST"])
@allows(Permission.REQUEST)
def kept() -> ResponseReturnValue:
    """Show what the house keeps for somebody, and take something into keeping."""
    form, gone = KeepForm(), request.args.get("show") == "gone"
    form.kind.offer(TicketKind, label=lambda each: each.words)
    if form.validate_on_submit():
        made = _keep(form)
        if made:
            say(f"Ticket {made.number}: {made.words}, kept in {made.kept_in}.")
            return redirect(url_for("requests.kept"))
    page = render_template(
        "requests/kept.html",
        form=form,
        gone=gone,
        tickets=tickets.kept(session(), here(), gone=gone),
        today=here().business_date,
        may_dispose=may(Permission.DIRECT_REQUESTS),
    )
    return page, 422 if form.is_submitted() else 200


def _keep(form: KeepForm) -> Ticket | None:
    room = room_in(form, "room")
    if form.room.errors:
        return None
    stay = stays.in_room(session(), room) if room is not None else None
    return attempt(
        form,
        tickets.keep,
        here(),
        kind=form.kind.chosen,
        words=form.words.data or "",
        kept_in=form.kept_in.data or "",
        pieces=form.pieces.data or 1,
        found_in=form.found_in.data,
        room=room,
        guest=stay.reservation.guest if stay is not None else None,
        remind_on=form.remind_on.data,
        by=on_duty(),
    )


@bp.route("/requests/tickets/<int:ticket_id>/hand-over", methods=["GET", "POST"])
@allows(Permission.REQUEST)
def hand_over(ticket_id: int) -> ResponseReturnValue:
    """Hand something over, and note to whom."""
    found, form = find(Ticket, ticket_id), ToForm()
    form.shows(found)
    if found.guest is not None and not form.is_submitted():
        form.to.data = found.guest.name
    if form.validate_on_submit():
        verb = tickets.dispose if form.disposed.data else tickets.hand_over
        if attempt(form, verb, found, to=form.to.data or "", by=on_duty()):
            say(f"Ticket {found.number} went to {found.gone_to}.")
            return redirect(url_for("requests.kept"))
    status = 422 if form.is_submitted() else 200
    may_dispose = may(Permission.DIRECT_REQUESTS)
    page = render_template(
        "requests/hand_over.html", ticket=found, form=form, may_dispose=may_dispose
    )
    return page, status
