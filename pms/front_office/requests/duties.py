"""Who is on duty, and what each category's clocks are: the small pages of who is in charge."""

from datetime import date

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.base import dates
from pms.front_office.requests.desk import bp
from pms.front_office.requests.forms import ClockForm, DutyForm
from pms.hotel.house.departments import Department
from pms.hotel.house.staff import Permission
from pms.hotel.people import duty
from pms.hotel.people.duty import Duty, Level
from pms.hotel.service import requests
from pms.hotel.service.requests import Category, Minutes, Priority, RequestClock, categories
from pms.web.acting import colleagues
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_outcome


@bp.route("/requests/duty", methods=["GET", "POST"])
@allows(Permission.REQUEST)
def duty_list() -> ResponseReturnValue:
    """Show who is on duty on a day, by department and shift, and put people on the list."""
    day, form = _day(), DutyForm()
    form.person.offer(colleagues(), label=lambda each: each.name)
    form.prepare()
    if not form.is_submitted():
        form.day.data = day
        form.shift.begin_with(duty.now(here())[1])
    if form.validate_on_submit() and form.day.data:
        made = attempt(
            form,
            duty.put,
            here(),
            person=form.person.chosen,
            department=form.department.chosen,
            level=Level(int(form.level.chosen)),
            day=form.day.data,
            shift=form.shift.chosen,
            by=on_duty(),
        )
        if made:
            say(f"{form.person.chosen.name} is on the list of {made.department.words.lower()}.")
            return redirect(url_for("requests.duty_list", day=form.day.data.isoformat()))
    page = render_template(
        "requests/duty.html",
        form=form,
        day=day,
        before=day - dates.ONE_DAY,
        after=day + dates.ONE_DAY,
        listed=duty.of_day(session(), here(), day),
        departments=list(Department),
        levels={int(each): each.words for each in Level},
        now_=duty.now(here()),
        may_change=may(Permission.DIRECT_REQUESTS),
        mails=here().mails_escalations,
    )
    return page, 422 if form.is_submitted() else 200


def _day() -> date:
    return dates.read(request.args.get("day")) or here().business_date


@bp.post("/requests/duty/<int:duty_id>/off")
@allows(Permission.DIRECT_REQUESTS)
def take_off(duty_id: int) -> ResponseReturnValue:
    """Take somebody off the list."""
    found, form = find(Duty, duty_id), Form()
    day, name = found.day, found.person.name
    attempt(form, duty.take_off, found, by=on_duty())
    say_outcome(form, f"{name} is off the list.")
    return redirect(url_for("requests.duty_list", day=day.isoformat()))


@bp.post("/requests/duty/mails")
@allows(Permission.SET_UP)
def switch_mails() -> ResponseReturnValue:
    """Let the house write to whom a request has reached, or let it be."""
    form, other = Form(), "no" if here().mails_escalations else "yes"
    on = request.args.get("mails", other) == "yes"  # as the button said when it was shown
    attempt(form, requests.switch, here(), on=on, by=on_duty())
    say_outcome(
        form, "Whom a request reaches is told by mail." if on else "Nobody is told by mail."
    )
    return redirect(url_for("requests.duty_list"))


@bp.get("/requests/categories")
@allows(Permission.REQUEST)
def kinds() -> ResponseReturnValue:
    """Show what can be asked for and how long each may take."""
    offered = categories.offered(session(), here())
    clocks: dict[int, dict[tuple[Priority, bool], RequestClock]] = {}
    for each in session().scalars(
        sa.select(RequestClock).where(RequestClock.hotel_id == here().id).limit(5_000)
    ):
        clocks.setdefault(each.category_id, {})[each.priority, each.vip] = each
    return render_template(
        "requests/categories.html", offered=offered, clocks=clocks, priorities=list(Priority)
    )


@bp.post("/requests/categories/furnish")
@allows(Permission.SET_UP)
def furnish() -> ResponseReturnValue:
    """Add the usual categories."""
    form = Form()
    attempt(form, categories.furnish, here(), by=on_duty())
    say_outcome(form, "The usual categories are there. Set their clocks as your house promises.")
    return redirect(url_for("requests.kinds"))


@bp.route("/requests/categories/<int:category_id>", methods=["GET", "POST"])
@allows(Permission.DIRECT_REQUESTS)
def clocks(category_id: int) -> ResponseReturnValue:
    """Say how long a category may take."""
    found, form = find(Category, category_id), ClockForm()
    form.priority.offer(Priority, label=lambda each: each.value.capitalize())
    form.shows(found, lambda shown: _fill(shown, found))
    if form.validate_on_submit() and attempt(
        form,
        categories.set_clock,
        found,
        priority=form.priority.chosen,
        vip=bool(form.vip.data),
        minutes=Minutes(form.seen.data or 0, form.due.data or 0, form.step.data or 0),
        by=on_duty(),
    ):
        say(f"{found.name} has its clock. What is open keeps the one it has.")
        return redirect(url_for("requests.kinds"))
    status = 422 if form.is_submitted() else 200
    return render_template("requests/clocks.html", category=found, form=form), status


def _fill(form: ClockForm, found: Category) -> None:
    form.priority.begin_with(found.priority)
    usual = categories.clock_of(session(), found, found.priority, vip=False)
    form.seen.data, form.due.data = usual.seen_minutes, usual.due_minutes
    form.step.data = usual.step_minutes
