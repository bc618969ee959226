"""Sending: files for payroll systems, made once, taken again to the byte, and their settings."""

from collections.abc import Iterable

import sqlalchemy as sa
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.payroll import curing
from pms.back_office.payroll.curing import Lack
from pms.back_office.payroll.desk import bp
from pms.back_office.payroll.forms import ExportForm, SettingsForm
from pms.hotel.house.staff import Permission
from pms.hotel.people import payroll as periods
from pms.hotel.people.employees import Employee
from pms.hotel.people.exports import CODES, LEFT_OUT, Left, Target
from pms.hotel.people.pay import PayKind
from pms.hotel.people.payroll import PayExport, PayPeriod
from pms.web.asked import handed_out
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_refused

# What a job at another rate is there, in systems that are told no rates.
_JOB_IS = {
    Target.ADP_RUN: "rate code",
    Target.GUSTO: "title",
    Target.QUICKBOOKS: "word behind the payroll item",
}


def form() -> ExportForm:
    """Return the form that asks for whom."""
    asked = ExportForm()
    asked.target.offer(Target, label=lambda each: each.words)
    return asked


def left_out(period: PayPeriod, files: Iterable[PayExport]) -> list[tuple[Target, list[Left]]]:
    """Return what the files that were made leave to be paid otherwise, by system."""
    made = sorted({each.target for each in files}, key=lambda each: each.words)
    found = [(target, periods.left_out(session(), period, target)) for target in made]
    return [(target, left) for target, left in found if left]


def wanted(period: PayPeriod) -> tuple[Target | None, list[Lack]]:
    """Return which file of a locked period was asked for and not made, and all that it wants."""
    word = request.args.get("file", "")
    if not period.is_final or word not in set(Target):
        return None, []
    target = Target(word)
    rows = session().execute(
        sa.select(Employee.number, Employee.id).where(Employee.hotel_id == here().id)
    )
    wants = periods.wanted(session(), period, target)
    return target, curing.of_file(target, wants, {row.number: row.id for row in rows})


@bp.post("/payroll/<int:period_id>/export")
@allows(Permission.RUN_PAYROLL)
def export(period_id: int) -> ResponseReturnValue:
    """Make the file of a locked period, or find the same one that was made."""
    period, asked = find(PayPeriod, period_id), form()
    if asked.validate():
        made = attempt(asked, periods.export, period, asked.target.chosen, by=on_duty())
        if made:
            say(f"{made.name} is ready.")
        elif period.is_final and periods.wanted(session(), period, asked.target.chosen):
            wants = url_for("payroll.period", period_id=period_id, file=asked.target.data)
            return redirect(f"{wants}#wanted")
    say_refused(asked)
    return redirect(url_for("payroll.period", period_id=period_id))


@bp.get("/payroll/files/<int:file_id>")
@allows(Permission.SEE_PAY)
def file(file_id: int) -> ResponseReturnValue:
    """Give a file as it was made; who takes it is written down."""
    made, asked = find(PayExport, file_id), Form()
    content = attempt(asked, periods.reprint, made, by=on_duty())
    if content is None:
        abort(503)
    return handed_out(content, made.name, made.media_type, saved=True)


@bp.route("/payroll/settings/<target>", methods=["GET", "POST"])
@allows(Permission.RUN_PAYROLL)
def settings(target: str) -> ResponseReturnValue:
    """Show and set how a payroll system knows the hotel, and its codes."""
    if target not in set(Target):
        abort(404)
    chosen, asked = Target(target), SettingsForm()
    asked.shows(here(), lambda shown: _fill(shown, chosen))
    sent, codes, jobs = asked.validate_on_submit(), asked.read(), asked.read_jobs()
    if (
        sent
        and codes is not None
        and jobs is not None
        and attempt(
            asked,
            periods.set_settings,
            here(),
            chosen,
            company=asked.company.data or "",
            client=asked.client.data or "",
            batch=asked.batch.data or "",
            codes=codes,
            jobs=jobs,
            by=on_duty(),
        )
    ):
        say(f"The settings for {chosen.words} are kept.")
        return redirect(url_for("payroll.settings", target=target))
    page = render_template(
        "payroll/settings.html",
        form=asked,
        target=chosen,
        targets=list(Target),
        job_is=_JOB_IS.get(chosen),
        tells_premiums=chosen is not Target.GENERIC,
        holds_money=CODES[chosen].get(PayKind.OVERTIME_PREMIUM) != LEFT_OUT,
    )
    return page, 422 if asked.is_submitted() else 200


def _fill(form: SettingsForm, target: Target) -> None:
    kept = periods.settings_of(session(), here(), target)
    form.company.data, form.client.data, form.batch.data = kept.company, kept.client, kept.batch
    form.codes.data, form.jobs.data = form.written(kept.codes), form.written(kept.jobs)
