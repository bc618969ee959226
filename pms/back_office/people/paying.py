"""Pay: its own page, since every look at it is written down."""

from http import HTTPStatus

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.back_office.people.desk import bp
from pms.back_office.people.forms import PayForm
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.people.employees import Employee, PayRate, pay
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.forms import Form
from pms.web.saying import say


@bp.get("/people/<int:employee_id>/pay")
@allows(Permission.SEE_PAY)
def look(employee_id: int) -> ResponseReturnValue:
    """Show what somebody is paid, and has been; the look is written down."""
    return _page(find(Employee, employee_id), PayForm())


@bp.post("/people/<int:employee_id>/pay")
@allows(Permission.SET_PAY)
def set_rate(employee_id: int) -> ResponseReturnValue:
    """Write down what a position pays from a day on."""
    found, form = find(Employee, employee_id), PayForm()
    held, _ = _looked(found)
    form.prepare()
    form.employment.offer(held, label=lambda each: each.position.title)
    if form.validate_on_submit() and attempt(form, _set, form, by=on_duty()):
        say(f"{found.name}’s pay is written down.")
        return redirect(url_for("people.look", employee_id=found.id))
    return _page(found, form), 422


def _set(session: Session, form: PayForm, *, by: Staff) -> PayRate:
    return pay.set_rate(
        session,
        form.employment.chosen,
        basis=form.basis.chosen,
        week_minutes=form.week_minutes,
        by=by,
        **form.typed("amount", "valid_from"),
    )


def _page(found: Employee, form: PayForm) -> str:
    held, rates = _looked(found)
    form.prepare()
    form.employment.offer(held, label=lambda each: each.position.title)
    if not form.is_submitted():
        form.valid_from.data = here().business_date
    return render_template(
        "people/pay.html",
        employee=found,
        held=held,
        rates=rates,
        form=form,
        may_set=may(Permission.SET_PAY),
    )


def _looked(found: Employee) -> pay.Looked:
    """Return employments and their rates; nobody sees them without the line in the logbook."""
    looked = attempt(Form(), pay.look, found, by=on_duty())
    if looked is None:
        abort(HTTPStatus.SERVICE_UNAVAILABLE)
    return looked
