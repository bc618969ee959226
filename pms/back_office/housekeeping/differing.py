"""Differences: rooms that an attendant saw otherwise than the desk has them, and what they were."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.housekeeping.desk import bp
from pms.back_office.housekeeping.forms import ResolveForm
from pms.hotel.house.staff import Permission
from pms.hotel.service import housekeeping
from pms.hotel.service.housekeeping import Discrepancy, discrepancies
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.saying import say


@bp.get("/housekeeping/differences")
@allows(Permission.TURN_ROOMS)
def differences() -> ResponseReturnValue:
    """Show what differs, or what was resolved."""
    resolved = request.args.get("show") == "resolved"
    return render_template(
        "housekeeping/differences.html",
        found=discrepancies.listed(session(), here(), resolved=resolved),
        differ=discrepancies.listed(session(), here()),
        resolved=resolved,
        may_resolve=may(Permission.CHECK_IN) or may(Permission.SHARE_ROOMS),
    )


@bp.route("/housekeeping/differences/<int:found_id>", methods=["GET", "POST"])
@allows(Permission.LOOK)
def resolve(found_id: int) -> ResponseReturnValue:
    """Say what a difference turned out to be."""
    found, form = find(Discrepancy, found_id), ResolveForm()
    form.resolution.offer(discrepancies.ways(found), label=lambda each: each.words)
    form.shows(found)
    if form.validate_on_submit() and attempt(
        form,
        housekeeping.resolve,
        found,
        resolution=form.resolution.chosen,
        words=form.words.data,
        by=on_duty(),
    ):
        say(f"That of room {found.room.number} is resolved.")
        return redirect(url_for("housekeeping.differences"))
    page = render_template("housekeeping/resolve.html", found=found, form=form)
    return page, 422 if form.is_submitted() else 200
