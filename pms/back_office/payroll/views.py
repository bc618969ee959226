"""Payroll: the periods, one with everybody's figures, and one person's pay line by line."""

from datetime import timedelta

import sqlalchemy as sa
from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.payroll import beside, curing, rules, sending, stepping, table, tips
from pms.back_office.payroll.desk import ask, bp, named, note_look, titles
from pms.back_office.payroll.forms import PeriodForm
from pms.base.dates import ONE_DAY
from pms.hotel.house.staff import Permission
from pms.hotel.people import payroll as periods
from pms.hotel.people.employees import Employee
from pms.hotel.people.payroll import PayPeriod, PeriodState, figures
from pms.web import history, paging
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.saying import say

__all__ = ["beside", "bp", "rules", "sending", "stepping", "tips"]

_TWO_WEEKS = timedelta(days=14)


@bp.get("/payroll")
@allows(Permission.SEE_PAY)
def payroll() -> ResponseReturnValue:
    """Show the pay periods, the newest first; no pay stands here."""
    page = paging.page(
        sa.select(PayPeriod)
        .where(PayPeriod.hotel_id == here().id)
        .order_by(PayPeriod.first.desc(), PayPeriod.id)
    )
    has_rules = bool(periods.current(session(), here()))
    return render_template("payroll/payroll.html", page=page, has_rules=has_rules)


@bp.route("/payroll/new", methods=["GET", "POST"])
@allows(Permission.RUN_PAYROLL)
def new() -> ResponseReturnValue:
    """Open the next pay period; it follows the one before, as long as that one was."""
    form = PeriodForm()
    form.prepare()
    first, last, pays_on = form.first.data, form.last.data, form.pays_on.data
    if form.validate_on_submit() and first and last and pays_on:
        made = attempt(
            form,
            periods.open_period,
            here(),
            first=first,
            last=last,
            pays_on=pays_on,
            frequency=form.frequency.chosen,
            by=on_duty(),
        )
        if made:
            say("The pay period is open.")
            return redirect(url_for("payroll.period", period_id=made.id))
    elif not form.is_submitted():
        _follow(form)
    return ask(form, "Open a pay period", back=url_for("payroll.payroll"))


def _follow(form: PeriodForm) -> None:
    before = periods.latest(session(), here())
    if before is None:
        form.first.data = here().business_date - _TWO_WEEKS
        form.last.data = here().business_date - ONE_DAY
        form.pays_on.data = here().business_date
        return
    form.first.data = before.last + ONE_DAY
    form.last.data = form.first.data + (before.last - before.first)
    form.pays_on.data = form.last.data + (before.pays_on - before.last)
    if before.frequency is not None:
        form.frequency.begin_with(before.frequency)


@bp.get("/payroll/<int:period_id>")
@allows(Permission.SEE_PAY)
def period(period_id: int) -> ResponseReturnValue:
    """Show a period: everybody's figures, what is missing, its files and what was done with it."""
    found = find(PayPeriod, period_id)
    note_look(named(found))
    _, owed, gaps = periods.standing(session(), found)
    shown = table.of(owed, figures.names(session(), here()))
    files = periods.files(session(), found)
    wanting, wants = sending.wanted(found)
    return render_template(
        "payroll/period.html",
        period=found,
        page=paging.of(shown.rows),
        whole=shown.whole,
        columns=table.columns(shown.whole),
        lacks=curing.of_period(found, gaps),
        wanting=wanting,
        wants=wants,
        deeds=stepping.deeds(found),
        may_take_back=_may_take_back(found),
        files=files,
        left_out=sending.left_out(found, files),
        export_form=sending.form(),
        history=history.of(found, here()),
    )


def _may_take_back(found: PayPeriod) -> bool:
    """Tell whether a period could be taken back by who looks: an open one that none follows."""
    if found.state is not PeriodState.OPEN or not may(Permission.RUN_PAYROLL):
        return False
    last = periods.latest(session(), here())
    return last is not None and last.id == found.id


@bp.get("/payroll/<int:period_id>/people/<int:employee_id>")
@allows(Permission.SEE_PAY)
def person(period_id: int, employee_id: int) -> ResponseReturnValue:
    """Show one person's pay of a period, line by line, each with its reason and its source."""
    found, employee = find(PayPeriod, period_id), find(Employee, employee_id)
    note_look(f"{named(found)}, employee {employee.number}")
    _, owed, _ = periods.standing(session(), found)
    of_person = [each for each in owed if each.employee_id == employee.id]
    sums = table.of(of_person, {}).whole
    may_add = may(Permission.RUN_PAYROLL) and not found.is_final
    return render_template(
        "payroll/person.html",
        period=found,
        employee=employee,
        groups=table.explained(of_person),
        titles=titles(),
        total=sums.total,
        given=periods.of_days(session(), here(), found.first, found.last, employee),
        kind_of=beside.kind_of,
        may_add=may_add,
    )
