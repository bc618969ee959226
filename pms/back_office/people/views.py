"""People: the list, a new employee, each one's page, and what runs out or is due."""

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.people import acting, paying, setting
from pms.back_office.people.desk import bp
from pms.back_office.people.forms import HireForm, PersonForm
from pms.hotel.house.departments import Department
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.people import employees
from pms.hotel.people.employees import (
    Employee,
    Employment,
    PayrollNumber,
    Person,
    papers,
    training,
)
from pms.web import history, paging
from pms.web.asked import word_asked
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.saying import say

__all__ = ["acting", "bp", "paying", "setting"]

SHOWS = ("working", "left")


@bp.get("/people")
@allows(Permission.MANAGE_PEOPLE)
def people() -> ResponseReturnValue:
    """Show who works here, or who did, with what runs out."""
    show, words = word_asked("show", SHOWS, "working"), request.args.get("q", "").strip()[:80]
    department = word_asked("department", set(Department), "")
    today = here().business_date
    works = sa.or_(Employee.left_on.is_(None), Employee.left_on >= today)
    wanted = sa.select(Employee).where(
        Employee.hotel_id == here().id, Employee.left_on < today if show == "left" else works
    )
    if department:
        wanted = wanted.where(Employee.department == Department(department))
    if words:
        like = f"%{words.lower()}%"
        name = sa.func.lower(Employee.first_name + " " + Employee.last_name)
        wanted = wanted.where(sa.or_(name.like(like), Employee.number == words))
    page = paging.page(wanted.order_by(Employee.last_name, Employee.first_name, Employee.id))
    return render_template(
        "people/people.html",
        page=page,
        show=show,
        shows=SHOWS,
        words=words,
        department=department,
        departments=list(Department),
        titles=_titles([each.id for each in page.rows]),
        due=_due_count(),
    )


def _titles(employee_ids: list[int]) -> dict[int, list[str]]:
    """Return the titles of what each holds today, in one question."""
    today = here().business_date
    found: dict[int, list[str]] = {}
    rows = session().scalars(
        sa.select(Employment)
        .options(sa.orm.joinedload(Employment.position))
        .where(
            Employment.hotel_id == here().id,
            Employment.employee_id.in_(employee_ids),
            Employment.begins_on <= today,
            sa.or_(Employment.ends_on.is_(None), Employment.ends_on >= today),
        )
    )
    for each in rows:
        found.setdefault(each.employee_id, []).append(each.position.title)
    return found


def _due_count() -> int:
    today = here().business_date
    return len(papers.due(session(), here(), today)) + len(_training_due())


def _training_due() -> list[training.Due]:
    today = here().business_date
    working = session().scalars(
        sa.select(Employee)
        .where(
            Employee.hotel_id == here().id,
            sa.or_(Employee.left_on.is_(None), Employee.left_on >= today),
        )
        .limit(1000)
    )
    return training.due(session(), here(), working.all(), today)


@bp.get("/people/due")
@allows(Permission.MANAGE_PEOPLE)
def due() -> ResponseReturnValue:
    """Show the documents that run out and the courses that are due, the latest first."""
    today = here().business_date
    return render_template(
        "people/due.html",
        papers=papers.due(session(), here(), today),
        training=_training_due(),
        today=today,
    )


@bp.route("/people/new", methods=["GET", "POST"])
@allows(Permission.MANAGE_PEOPLE)
def new() -> ResponseReturnValue:
    """Hire somebody."""
    form = HireForm()
    form.prepare()
    if not form.is_submitted():
        form.number.data = employees.next_number(session(), here())
        form.hired_on.data = here().business_date
    if form.validate_on_submit():
        made = attempt(
            form,
            employees.hire,
            here(),
            person_of(form),
            by=on_duty(),
            **form.typed("hired_on"),
        )
        if made:
            say(f"{made.name} is hired. Give them a position.")
            return redirect(url_for("people.employee", employee_id=made.id))
    page = render_template("people/new.html", form=form)
    return page, 422 if form.is_submitted() else 200


@bp.route("/people/<int:employee_id>/change", methods=["GET", "POST"])
@allows(Permission.MANAGE_PEOPLE)
def change(employee_id: int) -> ResponseReturnValue:
    """Change what is known of somebody."""
    found = find(Employee, employee_id)
    form = PersonForm()
    form.prepare()
    form.shows_columns(found)
    if form.validate_on_submit() and attempt(
        form, employees.change, found, person_of(form), by=on_duty()
    ):
        say(f"{found.name} is changed.")
        return redirect(url_for("people.employee", employee_id=found.id))
    page = render_template("people/new.html", form=form, employee=found)
    return page, 422 if form.is_submitted() else 200


def person_of(form: PersonForm) -> Person:
    """Return what a form says of somebody."""
    return Person(
        number=form.number.data or "",
        first_name=form.first_name.data or "",
        last_name=form.last_name.data or "",
        department=form.department.chosen,
        email=form.email.data,
        phone=form.phone.data,
        born_on=form.born_on.data,
        is_manager=bool(form.is_manager.data),
        language=form.language.chosen,
    )


@bp.get("/people/<int:employee_id>")
@allows(Permission.MANAGE_PEOPLE)
def employee(employee_id: int) -> ResponseReturnValue:
    """Show one employee, without their pay."""
    found = find(Employee, employee_id)
    here_, today = session(), here().business_date
    mine = {"hotel_id": here().id, "employee_id": found.id}
    held = here_.scalars(
        sa.select(Employment)
        .options(sa.orm.joinedload(Employment.position))
        .filter_by(**mine)
        .order_by(Employment.begins_on.desc())
    ).all()
    numbers = here_.scalars(sa.select(PayrollNumber).filter_by(**mine)).all()
    staff = here_.get(Staff, (here().chain_id, found.staff_id)) if found.staff_id else None
    kept = papers.of(here_, found)
    return render_template(
        "people/employee.html",
        employee=found,
        held=held,
        payroll=[(each.system.words, each.number) for each in numbers],
        staff=staff,
        papers=[(each, papers.is_due(each, today)) for each in kept],
        training=training.due(here_, here(), [found], today),
        trained=training.of(here_, found),
        deeds=acting.deeds(found),
        today=today,
        history=history.of(found, here()),
    )
