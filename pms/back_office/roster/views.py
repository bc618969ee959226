"""The roster: a department's week, copied, published, and what it costs for who may know."""

from datetime import date, timedelta
from http import HTTPStatus

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.roster import absent, shifting
from pms.back_office.roster.desk import bp
from pms.back_office.roster.where import department_asked, monday_asked
from pms.base.money import Money
from pms.hotel.house.staff import Permission
from pms.hotel.people import roster
from pms.hotel.people.duty import Department
from pms.hotel.people.employees import pay
from pms.hotel.people.roster import Week
from pms.hotel.people.roster.templates import of_department
from pms.web.attempt import attempt
from pms.web.auth import allows, here, may, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_refused

__all__ = ["absent", "bp", "shifting"]

WEEK = timedelta(days=7)


@bp.get("/roster")
@allows(Permission.CLOCK_IN)
def roster_page() -> ResponseReturnValue:
    """Show a department's week; who doesn't make it sees what is published."""
    department, monday = department_asked(), monday_asked()
    week = roster.week(session(), here(), department, monday)
    makes = may(Permission.ROSTER)
    costs = may(Permission.SEE_PAY) and request.args.get("cost") == "1"
    return render_template(
        "roster/roster.html",
        week=week if makes else shifting.published_only(week),
        department=department,
        departments=list(Department),
        before=monday - WEEK,
        after=monday + WEEK,
        this=roster.this_monday(here()),
        templates=of_department(session(), here(), department) if makes else [],
        makes=makes,
        may_cost=may(Permission.SEE_PAY),
        cost=_cost(week, department, monday) if costs else None,
    )


def _cost(week: Week, department: Department, monday: date) -> tuple[Money, list[str]]:
    """Return what the week costs; nobody sees it without the line in the logbook."""
    what = f"cost of the roster, {department.words.lower()}, week of {monday.isoformat()}"
    form = Form()
    attempt(form, pay.note_look, here(), what=what, by=on_duty())
    if form.said:
        abort(HTTPStatus.SERVICE_UNAVAILABLE)
    return roster.cost(session(), here(), week)


@bp.post("/roster/publish")
@allows(Permission.ROSTER)
def publish() -> ResponseReturnValue:
    """Publish a week."""
    form, department, monday = Form(), department_asked(), monday_asked()
    if attempt(form, roster.publish, here(), department, monday, by=on_duty()):
        say("The week is published. Who has an address was written to; the duty list follows.")
    say_refused(form)
    return _back(department, monday)


@bp.post("/roster/copy")
@allows(Permission.ROSTER)
def copy() -> ResponseReturnValue:
    """Copy the week before."""
    form, department, monday = Form(), department_asked(), monday_asked()
    done = attempt(form, roster.copy_week, here(), department, monday, by=on_duty())
    if done and done.opened:
        say(f"{done.shifts} shifts are copied. Open now, because: {' '.join(done.opened)}")
    elif done:
        say(f"{done.shifts} shifts are copied.")
    say_refused(form)
    return _back(department, monday)


def _back(department: Department, monday: date) -> ResponseReturnValue:
    return redirect(
        url_for("roster.roster_page", department=department.value, week=monday.isoformat())
    )
