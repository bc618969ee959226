"""Hand-over: what one shift tells the next, signed by both."""

import sqlalchemy as sa
from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.front_office.requests.desk import bp
from pms.front_office.requests.forms import HandoverForm
from pms.hotel.house.departments import Department
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.service import handovers
from pms.hotel.service.handovers import Handover
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_refused


@bp.route("/requests/handover", methods=["GET", "POST"])
@allows(Permission.REQUEST)
def handover() -> ResponseReturnValue:
    """Show the hand-overs, and write one."""
    form = HandoverForm()
    form.department.offer(Department, label=lambda each: each.words)
    if form.validate_on_submit():
        made = attempt(
            form,
            handovers.give,
            here(),
            department=form.department.chosen,
            words=form.words.data or "",
            by=on_duty(),
        )
        if made:
            say("Your side is signed. Who takes over signs it on this page.")
            return redirect(url_for("requests.handover"))
    given = handovers.latest(session(), here())
    ids = {who for each in given for who in (each.given_by, each.taken_by) if who}
    names = {
        row.id: row.name
        for row in session().execute(
            sa.select(Staff.id, Staff.name).where(
                Staff.chain_id == here().chain_id, Staff.id.in_(ids)
            )
        )
    }
    page = render_template(
        "requests/handover.html",
        form=form,
        given=given,
        names=names,
        me=on_duty().id,
        left=handovers.left_by_reception(session(), here(), given),
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/requests/handover/<int:handover_id>/sign")
@allows(Permission.REQUEST)
def sign(handover_id: int) -> ResponseReturnValue:
    """Sign a hand-over as who takes over."""
    found, form = find(Handover, handover_id), Form()
    if attempt(form, handovers.sign, found, by=on_duty()):
        say(f"The hand-over of {found.department.words.lower()} is signed by both.")
    say_refused(form)
    return redirect(url_for("requests.handover"))
