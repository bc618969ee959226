"""Stepping: a period is reviewed, approved, locked, or opened again."""

from dataclasses import dataclass

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.payroll.desk import ask, bp, days_of
from pms.back_office.payroll.forms import ReopenForm
from pms.hotel.house.staff import Permission
from pms.hotel.people import payroll as periods
from pms.hotel.people.payroll import PayPeriod, PeriodState
from pms.web.attempt import attempt
from pms.web.auth import allows, find, may, on_duty
from pms.web.forms import Form
from pms.web.saying import say, say_refused


@dataclass(frozen=True, slots=True)
class Step:
    """A deed on a period: its words, icon and key, the state it is for, who may."""

    name: str
    label: str
    icon: str
    key: str
    state: PeriodState
    needs: Permission


STEPS = (
    Step("review", "Figures are reviewed", "checks", "v", PeriodState.OPEN, Permission.RUN_PAYROLL),
    Step("approve", "Approve", "check", "a", PeriodState.REVIEWED, Permission.APPROVE_PAYROLL),
    Step("lock", "Lock for good", "lock", "l", PeriodState.APPROVED, Permission.RUN_PAYROLL),
)
_VERBS = {
    "review": (periods.review, "The figures are reviewed."),
    "approve": (periods.approve, "The period is approved."),
    "lock": (periods.lock_period, "The period is locked. What changes now is paid in the next."),
}


def deeds(found: PayPeriod) -> list[Step]:
    """Return what can be done with a period by who looks at it."""
    return [step for step in STEPS if found.state is step.state and may(step.needs)]


@bp.post("/payroll/<int:period_id>/step/<name>")
@allows(Permission.SEE_PAY)
def step(period_id: int, name: str) -> ResponseReturnValue:
    """Take a period one step further; each verb asks for its own permission."""
    found, form = find(PayPeriod, period_id), Form()
    if name not in _VERBS:
        abort(404)
    verb, said = _VERBS[name]
    if attempt(form, verb, found, by=on_duty()):
        say(said)
    say_refused(form)
    return redirect(url_for("payroll.period", period_id=period_id))


@bp.route("/payroll/<int:period_id>/reopen", methods=["GET", "POST"])
@allows(Permission.RUN_PAYROLL)
def reopen(period_id: int) -> ResponseReturnValue:
    """Open a period again that was reviewed or approved, with the reason."""
    found, form = find(PayPeriod, period_id), ReopenForm()
    form.shows(found)
    if form.validate_on_submit() and attempt(
        form, periods.reopen, found, why=form.why.data or "", by=on_duty()
    ):
        say("The period is open again.")
        return redirect(url_for("payroll.period", period_id=period_id))
    back = url_for("payroll.period", period_id=period_id)
    return ask(form, "Open the period again", sub=days_of(found), back=back)


@bp.post("/payroll/<int:period_id>/take-back")
@allows(Permission.RUN_PAYROLL)
def take_period_back(period_id: int) -> ResponseReturnValue:
    """Take back a period that was opened with the wrong days."""
    found, form = find(PayPeriod, period_id), Form()
    days = days_of(found)
    attempt(form, periods.take_period_back, found, by=on_duty())
    if not form.said:
        say(f"The period {days} is taken back. Open the right one.")
        return redirect(url_for("payroll.payroll"))
    say_refused(form)
    return redirect(url_for("payroll.period", period_id=period_id))
