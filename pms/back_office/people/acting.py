"""Acting: what can be done with an employee, each on a small page with the words it wants."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.people import forms
from pms.back_office.people.desk import bp
from pms.hotel.house import staff
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.people import away, employees, linking
from pms.hotel.people.employees import (
    Employee,
    EmployeePaper,
    Employment,
    PayrollNumber,
    Training,
    papers,
    positions,
    training,
)
from pms.hotel.people.timeclock import pins
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_refused

Does = Callable[[Employee, Any], object]
Prepares = Callable[[Employee, Any], None]


@dataclass(frozen=True)
class Deed:
    """A deed on an employee: its words, its form, what it offers, and the verb it does."""

    name: str
    label: str
    icon: str
    form: type[Form]
    prepare: Prepares
    does: Does
    said: str
    of_left: bool = False
    of_notice: bool = False
    undoes_leaving: bool = False
    hint: str = ""


def _held(found: Employee) -> list[Employment]:
    return list(
        session().scalars(
            sa.select(Employment)
            .options(sa.orm.joinedload(Employment.position))
            .where(
                Employment.hotel_id == found.hotel_id,
                Employment.employee_id == found.id,
                Employment.ends_on.is_(None),
            )
        )
    )


def _offer_positions(found: Employee, form: forms.HoldForm) -> None:
    offered = positions.of_hotel(session(), here())
    form.position.offer(
        offered, label=lambda each: f"{each.title}, {each.department.words.lower()}"
    )
    if not form.is_submitted():
        form.begins_on.data = max(here().business_date, found.hired_on)
        form.jurisdiction.data = _usual_jurisdiction()


def _usual_jurisdiction() -> str:
    """Return where the last one who was hired works: a house stands in one place."""
    newest = sa.select(Employment.jurisdiction).where(Employment.hotel_id == here().id)
    return session().scalar(newest.order_by(Employment.id.desc()).limit(1)) or ""


def _hold(found: Employee, form: forms.HoldForm) -> object:
    return attempt(
        form,
        employees.begin_position,
        found,
        form.position.chosen,
        by=on_duty(),
        **form.typed("begins_on", "jurisdiction", "exempt"),
    )


def _offer_held(found: Employee, form: forms.EndForm) -> None:
    form.employment.offer(_held(found), label=lambda each: each.position.title)


def _end(found: Employee, form: forms.EndForm) -> object:
    held = form.employment.chosen
    opened = attempt(form, away.end_position, held, by=on_duty(), **form.typed("ends_on"))
    return opened is not None


def _offer_papers(found: Employee, form: forms.PaperForm) -> None:
    form.prepare()


def _keep(found: Employee, form: forms.PaperForm) -> object:
    seen = papers.Seen(
        kind=form.kind.chosen,
        **form.typed("expires_on", "words", "issued_on", "remind_days"),
    )
    return attempt(form, papers.keep, found, seen, by=on_duty())


def _offer_courses(found: Employee, form: forms.TrainedForm) -> None:
    form.course.offer(training.courses(session(), here()), label=lambda each: each.name)
    if not form.is_submitted():
        form.done_on.data = here().business_date


def _train(found: Employee, form: forms.TrainedForm) -> object:
    return attempt(
        form,
        training.note,
        found,
        form.course.chosen,
        by=on_duty(),
        **form.typed("done_on"),
    )


def _offer_systems(found: Employee, form: forms.PayrollNumberForm) -> None:
    form.prepare()
    if asked := request.args.get("system"):  # who comes from payroll needs that one's
        form.system.begin_with(asked)
    form.shows(found, beside=lambda: _payroll_numbers(found), writes=lambda: form.system.data)


def _payroll_numbers(found: Employee) -> dict[str, str]:
    """Return how payroll systems know somebody, as it stands on their page."""
    mine = {"hotel_id": found.hotel_id, "employee_id": found.id}
    kept = session().scalars(sa.select(PayrollNumber).filter_by(**mine))
    return {each.system.value: each.number for each in kept}


def _number(found: Employee, form: forms.PayrollNumberForm) -> object:
    number = form.number.data or ""
    attempt(
        form,
        employees.set_payroll_number,
        found,
        form.system.chosen,
        number=number,
        by=on_duty(),
    )
    return not form.said


def _set_pin(found: Employee, form: forms.PinForm) -> object:
    attempt(form, pins.set_pin, found, pin=form.pin.data or "", by=on_duty())
    return not form.said


def _offer_nothing(found: Employee, form: Form) -> None:
    """Nothing is chosen from."""


def _leave(found: Employee, form: forms.LeaveForm) -> object:
    opened = attempt(form, away.leave, found, by=on_duty(), **form.typed("left_on", "why"))
    return opened is not None


def _stay(found: Employee, form: Form) -> object:
    return attempt(form, employees.stay, found, by=on_duty())


def _offer_sign_ins(found: Employee, form: forms.SignInForm) -> None:
    people = session().scalars(staff.people_of(here()).limit(500))
    form.sign_in.offer(people, label=lambda each: f"{each.name}, {each.email}", none="No sign-in")
    form.shows(found, lambda shown: _fill_sign_in(shown, found))


def _fill_sign_in(form: forms.SignInForm, found: Employee) -> None:
    if found.staff_id:
        form.sign_in.begin_with(session().get(Staff, (here().chain_id, found.staff_id)))


def _link(found: Employee, form: forms.SignInForm) -> object:
    attempt(form, linking.link, found, form.sign_in.chosen, by=on_duty())
    return not form.said


DEEDS = {
    each.name: each
    for each in (
        Deed("hold", "Give a position", "plus", forms.HoldForm, _offer_positions, _hold,
             "{name} has the position {form.position.chosen.title}."),
        Deed("end", "End a position", "x", forms.EndForm, _offer_held, _end,
             "The position ends; its later shifts are open now."),
        Deed("paper", "Write down a document", "file-text", forms.PaperForm, _offer_papers, _keep,
             "The document is written down."),
        Deed("trained", "Write down a training", "checks", forms.TrainedForm, _offer_courses,
             _train, "The training is written down."),
        Deed("pin", "Set the PIN", "key", forms.PinForm, _offer_nothing, _set_pin,
             "{name} clocks in with that PIN.", of_notice=True),
        Deed("sign-in", "Link a sign-in", "user", forms.SignInForm, _offer_sign_ins, _link,
             "The sign-in is written down."),
        Deed("payroll", "Payroll number", "receipt", forms.PayrollNumberForm, _offer_systems,
             _number, "The number is written down.", of_left=True),
        Deed("leave", "Let leave", "door-exit", forms.LeaveForm, _offer_nothing, _leave,
             "{name} leaves on that day; later shifts are open now."),
        Deed("stay", "Let stay after all", "arrow-back-up", Form, _offer_nothing, _stay,
             "{name} stays. Give shifts, and a PIN where it is gone.", undoes_leaving=True,
             hint="They go on in what ended with the leaving. Shifts that were given back stay "
             "open, and days away after it stay out. For another last day, let them stay, then "
             "leave."),
    )
}  # fmt: skip


def deeds(found: Employee) -> list[Deed]:
    """Return what can be done with somebody now; who has given notice works on until then."""
    if found.left_on is None:
        return [each for each in DEEDS.values() if not each.undoes_leaving]
    works = found.works_on(here().business_date)
    return [
        each
        for each in DEEDS.values()
        if each.of_left or each.undoes_leaving or (works and each.of_notice)
    ]


@bp.route("/people/<int:employee_id>/do/<name>", methods=["GET", "POST"])
@allows(Permission.MANAGE_PEOPLE)
def act(employee_id: int, name: str) -> ResponseReturnValue:
    """Do one thing with an employee."""
    found, deed = find(Employee, employee_id), DEEDS.get(name)
    if deed is None or deed not in deeds(found):
        abort(404)
    form = deed.form()
    deed.prepare(found, form)
    if form.validate_on_submit() and deed.does(found, form):
        say(deed.said.format(name=found.name, form=form))
        return redirect(url_for("people.employee", employee_id=found.id))
    fields = [each for each in form if each.type not in {"HiddenField", "CSRFTokenField"}]
    page = render_template("people/act.html", employee=found, deed=deed, form=form, fields=fields)
    return page, 422 if form.is_submitted() else 200


@bp.post("/people/papers/<int:paper_id>/out")
@allows(Permission.MANAGE_PEOPLE)
def take_out_paper(paper_id: int) -> ResponseReturnValue:
    """Take a document out."""
    found, form = find(EmployeePaper, paper_id), Form()
    employee_id = found.employee_id
    attempt(form, papers.take_out, found, by=on_duty())
    say_refused(form)
    return redirect(url_for("people.employee", employee_id=employee_id))


@bp.post("/people/trainings/<int:training_id>/out")
@allows(Permission.MANAGE_PEOPLE)
def take_out_training(training_id: int) -> ResponseReturnValue:
    """Take out a course that somebody wasn't on."""
    found, form = find(Training, training_id), Form()
    employee_id = found.employee_id
    attempt(form, training.take_out, found, by=on_duty())
    say_refused(form)
    return redirect(url_for("people.employee", employee_id=employee_id))
