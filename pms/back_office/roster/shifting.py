"""Shifts: put, changed and taken off one by one, and the usual ones of a department."""

from dataclasses import replace
from datetime import date

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.roster.desk import bp
from pms.back_office.roster.forms import OPEN, ShiftForm, TemplateForm, TimesForm
from pms.back_office.roster.where import department_asked, monday_asked
from pms.base import dates
from pms.base.numbers import whole
from pms.hotel.house.departments import Department
from pms.hotel.house.staff import Permission
from pms.hotel.people import roster
from pms.hotel.people.duty import Level
from pms.hotel.people.employees import Employee, Position
from pms.hotel.people.roster import Planned, RosterShift, ShiftTemplate, Week, templates
from pms.hotel.people.roster.fitting import monday_of
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_refused


def published_only(week: Week) -> Week:
    """Return a week as those see it who don't make it: without drafts, and not why one is away.

    That a colleague is sick is theirs to tell (GDPR, article 9).
    """
    lines = [
        replace(
            line,
            shifts={
                day: [each for each in shifts if each.published_at is not None]
                for day, shifts in line.shifts.items()
            },
            absent=dict.fromkeys(line.absent, "Away"),
        )
        for line in week.lines
    ]
    return replace(week, lines=lines, drafts=0)


@bp.route("/roster/shifts/new", methods=["GET", "POST"])
@allows(Permission.ROSTER)
def new() -> ResponseReturnValue:
    """Put a shift on a week."""
    department, form = department_asked(), ShiftForm()
    day = dates.read(request.args.get("day")) or monday_asked()
    _offer(form, department, day)
    if not form.is_submitted():
        form.day.data = day
        person = request.args.get("person", type=whole)
        if person:
            form.employee.begin_with(find(Employee, person))
        _begin_with_usual(form, department)
    if form.validate_on_submit() and form.day.data:
        made = attempt(form, roster.put, here(), department, _planned(form), by=on_duty())
        if made:
            say("The shift is on the roster.")
            return _to_week(department, form.day.data)
    page = render_template(
        "roster/shift.html",
        form=form,
        department=department,
        monday=monday_of(day),
        day=day,
        usual=templates.of_department(session(), here(), department),
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/roster/shifts/<int:shift_id>", methods=["GET", "POST"])
@allows(Permission.ROSTER)
def shift(shift_id: int) -> ResponseReturnValue:
    """Change a shift."""
    found, form = find(RosterShift, shift_id), ShiftForm()
    department = found.week.department
    _offer(form, department, found.day, found.employee)
    form.shows(found, lambda shown: _show(shown, found))
    if form.validate_on_submit() and form.day.data:
        made = attempt(form, roster.change, found, _planned(form), by=on_duty())
        if made:
            say(
                "The shift is changed." + (" Who it concerns is told." if made.published_at else "")
            )
            return _to_week(department, form.day.data)
    page = render_template(
        "roster/shift.html",
        form=form,
        department=department,
        monday=found.week.monday,
        day=found.day,
        shift=found,
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/roster/shifts/<int:shift_id>/off")
@allows(Permission.ROSTER)
def take_off(shift_id: int) -> ResponseReturnValue:
    """Take a shift off the roster."""
    found, form = find(RosterShift, shift_id), Form()
    department, day = found.week.department, found.day
    attempt(form, roster.take_off, found, by=on_duty())
    if not form.said:
        say("The shift is off the roster.")
    say_refused(form)
    return _to_week(department, day)


@bp.route("/roster/templates", methods=["GET", "POST"])
@allows(Permission.ROSTER)
def usual_shifts() -> ResponseReturnValue:
    """Show a department's usual shifts, and write down another."""
    department, form = department_asked(), TemplateForm()
    form.prepare(department, _positions(department))
    if form.validate_on_submit():
        made = attempt(
            form,
            templates.add,
            here(),
            position=form.position.chosen,
            code=form.code.data or "",
            level=form.chosen_level,
            by=on_duty(),
            **form.typed("begins", "ends", "break_minutes"),
        )
        if made:
            say(f"{made.code} is a usual shift of {department.words.lower()}.")
            return redirect(url_for("roster.usual_shifts", department=department.value))
    page = render_template(
        "roster/templates.html",
        form=form,
        department=department,
        departments=list(Department),
        templates=templates.of_department(session(), here(), department),
        levels={int(each): each.words for each in Level},
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/roster/templates/<int:template_id>/drop")
@allows(Permission.ROSTER)
def drop(template_id: int) -> ResponseReturnValue:
    """Offer a usual shift no more."""
    found, form = find(ShiftTemplate, template_id), Form()
    department = found.department
    attempt(form, templates.drop, found, by=on_duty())
    say_refused(form)
    return redirect(url_for("roster.usual_shifts", department=department.value))


def _to_week(department: Department, day: date) -> ResponseReturnValue:
    week = monday_of(day).isoformat()
    return redirect(url_for("roster.roster_page", department=department.value, week=week))


def _positions(department: Department) -> list[Position]:
    wanted = sa.select(Position).where(
        Position.hotel_id == here().id, Position.department == department, Position.active
    )
    return list(session().scalars(wanted.order_by(Position.title)))


def _offer(
    form: ShiftForm, department: Department, day: date, holder: Employee | None = None
) -> None:
    """Offer the department's positions, and who holds one of them in that week."""
    form.prepare(department, _positions(department))
    week = roster.week(session(), here(), department, monday_of(day))
    people = {line.employee.id: line.employee for line in week.lines if line.employee}
    if holder is not None:
        people[holder.id] = holder
    form.employee.offer(people.values(), label=lambda each: each.name, none=OPEN)


def _begin_with_usual(form: TimesForm, department: Department) -> None:
    """Fill in the usual shift that the address names."""
    wanted = request.args.get("usual", type=whole)
    if wanted is None:
        return
    usual = find(ShiftTemplate, wanted)
    if usual.department is department:
        form.position.begin_with(usual.position)
        form.begins.data, form.ends.data = usual.begins, usual.ends
        form.break_minutes.data = usual.break_minutes
        form.level.begin_with(Level(usual.level))


def _show(form: ShiftForm, found: RosterShift) -> None:
    form.position.begin_with(found.position)
    if found.employee is not None:
        form.employee.begin_with(found.employee)
    zone = here().time_zone
    form.begins.data = dates.local(found.starts_at, zone).time()
    form.ends.data = dates.local(found.ends_at, zone).time()
    form.day.data, form.note.data = found.day, found.note
    form.break_minutes.data = found.break_minutes
    form.level.begin_with(Level(found.level))


def _planned(form: ShiftForm) -> Planned:
    return Planned(
        position=form.position.chosen,
        employee=form.employee.chosen,
        level=form.chosen_level,
        **form.typed("day", "begins", "ends", "break_minutes", "note"),
    )
