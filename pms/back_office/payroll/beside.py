"""Beside hours: bonuses and declared tips, given and taken back while the period is open."""

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.payroll.desk import ask, bp
from pms.back_office.payroll.forms import BonusForm, TipsForm
from pms.base.money import Money
from pms.hotel.house.staff import Permission
from pms.hotel.people import payroll as periods
from pms.hotel.people.employees import Employee
from pms.hotel.people.pay import ExtraKind
from pms.hotel.people.payroll import PayBonus, PayPeriod
from pms.hotel.people.tips import TipDeclaration
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.forms import Form
from pms.web.saying import say, say_refused

_KINDS = {
    ExtraKind.EARNED_BONUS: "Promised for work, over the week’s hours",
    ExtraKind.FLAT_BONUS: "A flat sum, promised",
    ExtraKind.DISCRETIONARY_BONUS: "A gift, promised by nobody",
}
_GIVEN: dict[str, type[PayBonus] | type[TipDeclaration]] = {
    "bonus": PayBonus,
    "tips": TipDeclaration,
}


def kind_of(given: PayBonus | TipDeclaration) -> tuple[str, str]:
    """Return what was given as its address has it, and in words."""
    if isinstance(given, PayBonus):
        return "bonus", f"{given.kind.words}: {given.words}"
    return "tips", "Tips taken in cash"


@bp.route("/payroll/<int:period_id>/people/<int:employee_id>/bonus", methods=["GET", "POST"])
@allows(Permission.RUN_PAYROLL)
def give_bonus(period_id: int, employee_id: int) -> ResponseReturnValue:
    """Give somebody a bonus, of the period's last day unless told."""
    period, employee = find(PayPeriod, period_id), find(Employee, employee_id)
    form = BonusForm()
    form.kind.offer(_KINDS, label=lambda each: _KINDS[each])
    if not form.is_submitted():
        form.on.data = period.last
    if form.validate_on_submit() and attempt(
        form,
        periods.give_bonus,
        employee,
        on=form.on.data or period.last,
        kind=form.kind.chosen or ExtraKind.EARNED_BONUS,
        amount=form.amount.data or Money.zero(here().currency),
        words=form.words.data or "",
        by=on_duty(),
    ):
        say(f"{employee.name} has the bonus.")
        return redirect(_page_of(period, employee))
    return ask(form, "Give a bonus", sub=employee.name, back=_page_of(period, employee))


@bp.route("/payroll/<int:period_id>/people/<int:employee_id>/tips", methods=["GET", "POST"])
@allows(Permission.RUN_PAYROLL)
def declare_tips(period_id: int, employee_id: int) -> ResponseReturnValue:
    """Write down what somebody took in cash, on the period's last day unless told."""
    period, employee = find(PayPeriod, period_id), find(Employee, employee_id)
    form = TipsForm()
    if not form.is_submitted():
        form.on.data = period.last
    if form.validate_on_submit() and attempt(
        form,
        periods.declare_tips,
        employee,
        on=form.on.data or period.last,
        amount=form.amount.data or Money.zero(here().currency),
        by=on_duty(),
    ):
        say(f"{employee.name}’s tips are written down.")
        return redirect(_page_of(period, employee))
    return ask(form, "Declare tips", sub=employee.name, back=_page_of(period, employee))


@bp.post("/payroll/<int:period_id>/<name>/<int:given_id>/take-back")
@allows(Permission.RUN_PAYROLL)
def take_back(period_id: int, name: str, given_id: int) -> ResponseReturnValue:
    """Take a bonus or a declaration back."""
    if name not in _GIVEN:
        abort(404)
    period, given, form = find(PayPeriod, period_id), find(_GIVEN[name], given_id), Form()
    employee = find(Employee, given.employee_id)
    attempt(form, periods.take_back, given, by=on_duty())
    say_refused(form)
    return redirect(_page_of(period, employee))


def _page_of(period: PayPeriod, employee: Employee) -> str:
    return url_for("payroll.person", period_id=period.id, employee_id=employee.id)
