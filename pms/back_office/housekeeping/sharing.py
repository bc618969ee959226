"""Sharing out: who is there today and for how long; what that makes is shown before it is done."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from pms.back_office.housekeeping import columns
from pms.back_office.housekeeping.desk import bp
from pms.base.numbers import whole
from pms.base.refusal import Invalid
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.rooms.rooms import Room
from pms.hotel.service import housekeeping
from pms.hotel.service.housekeeping import standards
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.filters import plural
from pms.web.forms import Form
from pms.web.saying import say, say_refused

LONGEST_NUMBER = 3


@bp.route("/housekeeping/share", methods=["GET", "POST"])
@allows(Permission.SHARE_ROOMS)
def share() -> ResponseReturnValue:
    """Show how the rooms would be shared out among those who are there, and do it."""
    form, staff = Form(), columns.people()
    asked = request.form if form.is_submitted() else request.args
    again = bool(asked.get("again"))
    usual = standards.rules(session(), here()).shift_minutes
    people = _people(asked, staff, usual)
    minutes = {
        each.id: asked.get(f"minutes-{each.id}", str(people.get(each, usual))) for each in staff
    }
    if form.validate_on_submit():
        try:
            _refuse_nonsense(asked, staff)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            made = attempt(form, housekeeping.share_out, here(), people, again=again, by=on_duty())
            if made:
                rooms, hands = len(made.given), len(made.hands)
                say(f"{plural(rooms, 'room')} shared out among {plural(hands, 'attendant')}.")
                return redirect(url_for("housekeeping.sheets"))
    page = render_template(
        "housekeeping/share.html",
        form=form,
        staff=staff,
        chosen={each.id for each in people},
        minutes=minutes,
        again=again,
        plan=housekeeping.plan(session(), here(), people, again=again),
    )
    return page, 422 if form.is_submitted() else 200


def _people(asked: MultiDict[str, str], staff: list[Staff], usual: int) -> dict[Staff, int]:
    """Return who was chosen and for how long; who is on duty, where nobody chose yet."""
    if "shown" in asked:
        numbers = map(whole, asked.getlist("person"))
        chosen = {each for each in numbers if each is not None}
    else:
        chosen = columns.on_duty_now() or {
            each.id for each in staff if not each.may(Permission.SHARE_ROOMS, here().id)
        }
    found = {}
    for each in staff:
        if each.id in chosen:
            typed = whole(asked.get(f"minutes-{each.id}"), digits=LONGEST_NUMBER)
            found[each] = typed or usual
    return found


def _refuse_nonsense(asked: MultiDict[str, str], staff: list[Staff]) -> None:
    for each in staff:
        typed = whole(asked.get(f"minutes-{each.id}"), digits=LONGEST_NUMBER)
        chosen = str(each.id) in asked.getlist("person")
        if chosen and not typed:
            raise Invalid(f"{each.name} is there for 1 to 720 minutes.")


@bp.route("/housekeeping/rooms/<int:room_id>/put", methods=["GET", "POST"])
@allows(Permission.SHARE_ROOMS)
def put(room_id: int) -> ResponseReturnValue:
    """Put one room on somebody's sheet by hand."""
    found, form = find(Room, room_id), Form()
    staff = columns.people()
    chosen = next((each for each in staff if str(each.id) == request.form.get("person")), None)
    if form.validate_on_submit() and chosen is not None:
        made = attempt(form, housekeeping.put, found, on=chosen, by=on_duty())
        if made:
            say(f"Room {found.number} is on {chosen.name}'s sheet.")
        say_refused(form)
        return redirect(url_for("housekeeping.sheets"))
    [room] = [e for e in housekeeping.today(session(), here()) if e.room_id == room_id]
    page = render_template("housekeeping/put.html", form=form, room=room, staff=staff)
    return page, 422 if form.is_submitted() else 200
