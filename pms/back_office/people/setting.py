"""Setting: the positions of the hotel, the courses it asks for, and the rules of work."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.people.desk import bp
from pms.back_office.people.forms import CourseForm, PositionForm, RulesForm
from pms.hotel.house.departments import Department
from pms.hotel.house.staff import Permission
from pms.hotel.people import rules
from pms.hotel.people.employees import Course, Position, positions, training
from pms.hotel.people.rules import Limits
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_refused


@bp.route("/people/positions", methods=["GET", "POST"])
@allows(Permission.MANAGE_PEOPLE)
def positions_page() -> ResponseReturnValue:
    """Show what people are employed as, and add a position."""
    form = PositionForm()
    form.department.offer(Department, label=lambda each: each.words)
    if form.validate_on_submit():
        made = attempt(
            form,
            positions.add,
            here(),
            code=form.code.data or "",
            title=form.title.data or "",
            department=form.department.chosen,
            tipped=bool(form.tipped.data),
            adults_only=bool(form.adults_only.data),
            cost_center=form.cost_center.data,
            by=on_duty(),
        )
        if made:
            say(f"{made.title} is a position now.")
            return redirect(url_for("people.positions_page"))
    page = render_template(
        "people/positions.html",
        form=form,
        positions=positions.of_hotel(session(), here()),
        dropped=positions.of_hotel(session(), here(), dropped=True),
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/people/courses", methods=["GET", "POST"])
@allows(Permission.MANAGE_PEOPLE)
def courses() -> ResponseReturnValue:
    """Show the courses that are asked for, and ask for another."""
    form = CourseForm()
    form.department.offer(Department, label=lambda each: each.words, none="Everybody")
    if form.validate_on_submit():
        made = attempt(
            form,
            training.add_course,
            here(),
            name=form.name.data or "",
            department=form.department.chosen,
            every_months=form.every_months.data,
            within_days=form.within_days.data or 0,
            by=on_duty(),
        )
        if made:
            say(f"{made.name} is asked for.")
            return redirect(url_for("people.courses"))
    page = render_template(
        "people/courses.html",
        form=form,
        courses=training.courses(session(), here()),
        dropped=training.courses(session(), here(), dropped=True),
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/people/rules", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def work_rules() -> ResponseReturnValue:
    """Say how long people work and rest."""
    form = RulesForm()
    form.shows(here(), lambda shown: shown.begin_as(rules.of_hotel(session(), here())))
    names = tuple(Limits.__dataclass_fields__)
    if form.validate_on_submit():
        limits = Limits(**{name: form[name].data for name in names})
        attempt(form, rules.set_rules, here(), limits, by=on_duty())
        if not form.said:
            say("The rules of work are set; what is published stands.")
            return redirect(url_for("people.work_rules"))
    page = render_template("people/rules.html", form=form, names=names)
    return page, 422 if form.is_submitted() else 200


@bp.post("/people/positions/<int:position_id>/drop")
@allows(Permission.MANAGE_PEOPLE)
def drop_position(position_id: int) -> ResponseReturnValue:
    """Give a position to nobody any more."""
    form, found = Form(), find(Position, position_id)
    attempt(form, positions.drop, found, by=on_duty())
    if not form.said:
        say(
            f"{found.title} is given to nobody any more.",
            undo=url_for("people.take_up_position", position_id=position_id),
        )
    say_refused(form)
    return redirect(url_for("people.positions_page"))


@bp.post("/people/positions/<int:position_id>/take-up")
@allows(Permission.MANAGE_PEOPLE)
def take_up_position(position_id: int) -> ResponseReturnValue:
    """Let a position that was dropped be given again."""
    form, found = Form(), find(Position, position_id)
    attempt(form, positions.take_up, found, by=on_duty())
    if not form.said:
        say(f"{found.title} is a position again.")
    say_refused(form)
    return redirect(url_for("people.positions_page"))


@bp.post("/people/courses/<int:course_id>/drop")
@allows(Permission.MANAGE_PEOPLE)
def drop_course(course_id: int) -> ResponseReturnValue:
    """Ask for a course no more."""
    form, found = Form(), find(Course, course_id)
    attempt(form, training.drop_course, found, by=on_duty())
    if not form.said:
        say(
            f"{found.name} is asked for no more.",
            undo=url_for("people.take_up_course", course_id=course_id),
        )
    say_refused(form)
    return redirect(url_for("people.courses"))


@bp.post("/people/courses/<int:course_id>/take-up")
@allows(Permission.MANAGE_PEOPLE)
def take_up_course(course_id: int) -> ResponseReturnValue:
    """Ask again for a course that was dropped."""
    form, found = Form(), find(Course, course_id)
    attempt(form, training.take_up_course, found, by=on_duty())
    if not form.said:
        say(f"{found.name} is asked for again.")
    say_refused(form)
    return redirect(url_for("people.courses"))
