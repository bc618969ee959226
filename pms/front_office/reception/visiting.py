"""Visiting: somebody let in with a badge, and seen out again."""

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.front_office.reception.desk import bp
from pms.front_office.reception.forms import VisitorForm
from pms.hotel.house.staff import Permission
from pms.hotel.service import reception
from pms.hotel.service.reception import Visitor
from pms.hotel.stays.reservations import Reservation
from pms.web import paging
from pms.web.asked import party_asked, party_in
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.forms import Form
from pms.web.saying import say, say_refused


@bp.route("/reception/visitors", methods=["GET", "POST"])
@allows(Permission.RECEIVE)
def visitors() -> ResponseReturnValue:
    """Show the visitors in the house, or those who left, and let somebody in."""
    form, party = VisitorForm(), party_asked()
    gone = request.args.get("show") == "gone"
    if form.validate_on_submit():
        made = _let_in(form, party)
        if made:
            say(f"{made.name} is in the house{f', badge {made.badge}' if made.badge else ''}.")
            return redirect(url_for("reception.visitors"))
    left = Visitor.left_at
    query = (
        sa.select(Visitor)
        .options(sa.orm.joinedload(Visitor.reservation).joinedload(Reservation.guest))
        .where(Visitor.hotel_id == here().id, left.is_not(None) if gone else left.is_(None))
        .order_by(Visitor.id.desc())
    )
    page = render_template(
        "reception/visitors.html", form=form, party=party, gone=gone, page=paging.page(query)
    )
    return page, 422 if form.is_submitted() else 200


def _let_in(form: VisitorForm, party: Reservation | None) -> Visitor | None:
    number = (form.room.data or "").strip()
    visits = party
    if party is None and number:
        visits = party_in(form, "room", number)
        if visits is None:
            return None
    return attempt(
        form,
        reception.arrive,
        here(),
        name=form.name.data or "",
        visits=visits,
        host=form.host.data,
        badge=form.badge.data,
        vehicle=form.vehicle.data,
        by=on_duty(),
    )


@bp.post("/reception/visitors/<int:visitor_id>/leave")
@allows(Permission.RECEIVE)
def leave(visitor_id: int) -> ResponseReturnValue:
    """See a visitor out."""
    found, form = find(Visitor, visitor_id), Form()
    if attempt(form, reception.leave, found, by=on_duty()):
        say(f"{found.name} has left.")
    say_refused(form)
    return redirect(url_for("reception.visitors"))
