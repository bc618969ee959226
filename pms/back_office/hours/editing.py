"""One entry: its punches and versions, corrected, struck, approved, or written down anew."""

from datetime import datetime

import sqlalchemy as sa
from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from pms.back_office.hours.desk import bp
from pms.back_office.hours.forms import ApproveForm, TimesForm, WhyForm, WriteForm
from pms.base import dates
from pms.base.refusal import Refusal
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.people.employees import Employee, Employment
from pms.hotel.people.timeclock import Break, Punch, TimeEntry, approving, editing, reckoning
from pms.hotel.people.timeclock.editing import Times
from pms.hotel.people.timeclock.refusals import FourEyes
from pms.web import refused
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.filters import at_time
from pms.web.saying import say


@bp.get("/hours/<int:entry_id>")
@allows(Permission.APPROVE_HOURS)
def entry(entry_id: int) -> ResponseReturnValue:
    """Show somebody's hours: what was punched, what was edited and why, who approved."""
    found = find(TimeEntry, entry_id)
    mine = {"hotel_id": here().id, "entry_id": found.id}
    edits = editing.edits(session(), here(), [found.id])
    people = {each.staff_id for each in edits} | {found.approved_by}
    approval = approving.standing(session(), found)
    names = session().execute(
        sa.select(Staff.id, Staff.name).where(
            Staff.chain_id == here().chain_id, Staff.id.in_(people - {None})
        )
    )
    breaks = session().scalars(sa.select(Break).filter_by(**mine).order_by(Break.started_at))
    punches = session().scalars(sa.select(Punch).filter_by(**mine).order_by(Punch.id))
    unpaid = reckoning.unpaid(session(), here(), [found.id]).get(found.id, 0)
    return render_template(
        "hours/entry.html",
        entry=found,
        breaks_said=[("Break", _pause(each)) for each in breaks],
        punches=punches.all(),
        edits=[(each, _said(each.before), _said(each.after)) for each in edits],
        names={row.id: row.name for row in names},
        minutes=reckoning.minutes(found.started_at, found.ended_at) - unpaid
        if found.ended_at
        else None,
        form=WhyForm(),
        approve_form=ApproveForm(),
        barred=_barred(found),
        approved_why=approval.why if approval else None,
    )


def _barred(found: TimeEntry) -> FourEyes | None:
    """Return what keeps who looks from approving hours that could be approved."""
    if found.ended_at is None or found.struck or found.approved_at is not None:
        return None
    return approving.four_eyes(session(), found, by=on_duty())


def _pause(each: Break) -> str:
    """Return a break in words, by the hotel's clock."""
    until = at_time(each.ended_at) if each.ended_at else "no end"
    return f"{at_time(each.started_at)} to {until}{', paid' if each.paid else ''}"


def _said(version: dict[str, object] | None) -> str:
    """Return a version of hours in words, by the hotel's clock."""
    if version is None:
        return "nothing"

    def at(word: object) -> str:
        instant = datetime.fromisoformat(str(word))
        return f"{dates.local(instant, here().time_zone):%a %d %b %H:%M}"

    rests = [str(each).removesuffix(" paid").split("/") for each in version["breaks"]]  # type: ignore[attr-defined]
    pauses = [
        f"{at(since)[-5:]} to {at(until)[-5:] if until else 'no end'}" for since, until in rests
    ]
    until = at(version["ended_at"]) if version["ended_at"] else "no end"
    return f"{at(version['started_at'])} to {until}" + (
        f", break {' and '.join(pauses)}" if pauses else ""
    )


@bp.route("/hours/<int:entry_id>/correct", methods=["GET", "POST"])
@allows(Permission.APPROVE_HOURS)
def correct(entry_id: int) -> ResponseReturnValue:
    """Say how hours really were."""
    found, form = find(TimeEntry, entry_id), TimesForm()
    form.employment.offer(_held(found.employee), label=lambda each: each.position.title)
    form.shows(found, lambda shown: _show(shown, found))
    times = _times(form)
    if times and attempt(
        form, editing.correct, found, times, why=form.why.data or "", by=on_duty()
    ):
        say("The hours are corrected; they wait for approval.")
        return redirect(url_for("hours.entry", entry_id=found.id))
    page = render_template(
        "hours/times.html",
        form=form,
        heading="Correct hours",
        who=found.employee.name,
        back=url_for("hours.entry", entry_id=found.id),
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/hours/new", methods=["GET", "POST"])
@allows(Permission.APPROVE_HOURS)
def new() -> ResponseReturnValue:
    """Write down hours that nobody punched."""
    form = WriteForm()
    form.employment.offer(
        _everybody(), label=lambda each: f"{each.employee.name}, {each.position.title}"
    )
    if not form.is_submitted():
        form.day.data = here().business_date
    times = _times(form)
    if times:
        who = times.employment.employee
        made = attempt(form, editing.write_down, who, times, why=form.why.data or "", by=on_duty())
        if made:
            say("The hours are written down; they wait for approval.")
            return redirect(url_for("hours.entry", entry_id=made.id))
    page = render_template(
        "hours/times.html",
        form=form,
        heading="Write down hours",
        who="Nobody punched them",
        back=url_for("hours.hours_page"),
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/hours/<int:entry_id>/<any(strike, 'take-back'):deed>")
@allows(Permission.APPROVE_HOURS)
def undo(entry_id: int, deed: str) -> ResponseReturnValue:
    """Strike hours, or take their approval back, with the reason."""
    found, form = find(TimeEntry, entry_id), WhyForm()
    verb = editing.strike if deed == "strike" else approving.take_back
    attempt(form, verb, found, why=form.why.data or "", by=on_duty())
    if not form.said:
        say("The hours are struck." if deed == "strike" else "They wait for approval again.")
    return refused.or_back(form, url_for("hours.entry", entry_id=found.id))


@bp.post("/hours/<int:entry_id>/approve")
@allows(Permission.APPROVE_HOURS)
def approve(entry_id: int) -> ResponseReturnValue:
    """Approve somebody's hours; with why, where nobody else could."""
    found, form = find(TimeEntry, entry_id), ApproveForm()
    attempt(form, approving.approve, found, why=form.reason.data, by=on_duty())
    if not form.said:
        say(f"{found.employee.name}’s hours are approved.")
    return refused.or_back(form, url_for("hours.entry", entry_id=found.id))


def _times(form: TimesForm) -> Times | None:
    """Return what a valid form says, or None with the refusal beside its field."""
    if not form.validate_on_submit():
        return None
    try:
        return form.times
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def _held(employee: Employee) -> list[Employment]:
    wanted = sa.select(Employment).options(joinedload(Employment.position))
    mine = wanted.filter_by(hotel_id=employee.hotel_id, employee_id=employee.id)
    return list(session().scalars(mine))


def _everybody() -> list[Employment]:
    """Return who holds what, by name."""
    rows = session().scalars(
        sa.select(Employment)
        .options(joinedload(Employment.position), joinedload(Employment.employee))
        .where(Employment.hotel_id == here().id)
        .limit(2000)
    )
    return sorted(rows, key=lambda each: (each.employee.last_name, each.employee.first_name))


def _show(form: TimesForm, found: TimeEntry) -> None:
    """Fill in hours as they are."""
    form.employment.begin_with(found.employment)
    taken = session().scalars(
        sa.select(Break)
        .filter_by(hotel_id=found.hotel_id, entry_id=found.id)
        .order_by(Break.started_at)
    )
    try:
        form.show(found.started_at, found.ended_at, taken.all())
    except Refusal as refusal:
        form.refuse(refusal)
