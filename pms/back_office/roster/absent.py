"""Absences: entered by who makes the roster, since they give shifts back to it."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.back_office.roster.desk import bp
from pms.back_office.roster.forms import AbsentForm
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.people import away
from pms.hotel.people.absences import Absence, AbsenceKind
from pms.hotel.people.employees import Employee
from pms.web.attempt import attempt
from pms.web.auth import allows, find, may, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_refused


@bp.route("/roster/absent/<int:employee_id>", methods=["GET", "POST"])
@allows(Permission.ROSTER)
def absent(employee_id: int) -> ResponseReturnValue:
    """Show somebody's absences, and write down another."""
    found, form = find(Employee, employee_id), AbsentForm()
    form.kind.offer(AbsenceKind, label=lambda each: each.words)
    if form.validate_on_submit() and attempt(form, _absent, found, form, by=on_duty()):
        say(f"{found.name} is absent; their shifts in those days are open now.")
        return redirect(url_for("roster.absent", employee_id=found.id))
    page = render_template(
        "roster/absent.html",
        employee=found,
        form=form,
        absences=away.of(session(), found),
        may_pay=may(Permission.APPROVE_HOURS),
    )
    return page, 422 if form.is_submitted() else 200


def _absent(session: Session, found: Employee, form: AbsentForm, *, by: Staff) -> Absence:
    return away.be_absent(
        session,
        found,
        kind=form.kind.chosen,
        minutes_a_day=form.minutes,
        paid_on=form.weekdays,
        by=by,
        **form.typed("first", "last", "note"),
    )


@bp.post("/roster/absences/<int:absence_id>/out")
@allows(Permission.ROSTER)
def take_out(absence_id: int) -> ResponseReturnValue:
    """Take an absence out; shifts that were given back stay open."""
    found, form = find(Absence, absence_id), Form()
    employee_id = found.employee_id
    attempt(form, away.take_out, found, by=on_duty())
    say_refused(form)
    return redirect(url_for("roster.absent", employee_id=employee_id))
