"""Letterhead: address, language, hours and rules, as letters and registration cards show them."""

from datetime import time

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Length, NumberRange, Optional, Regexp

from pms.hotel.house import letterheads
from pms.hotel.house.letterheads import LANGUAGES, LONGEST, Head
from pms.hotel.house.staff import Permission
from pms.hotel.stays import arrival_letters
from pms.hotel.stays.arrival_letters import MOST_DAYS
from pms.web.attempt import attempt
from pms.web.auth import allows, here, on_duty
from pms.web.database import session
from pms.web.filters import plural
from pms.web.forms import Form, IntegerField, TimeField
from pms.web.saying import say

bp = Blueprint("letterhead", __name__)


class LetterheadForm(Form):
    """What the papers of the hotel say of it."""

    address = TextAreaField("Address", [Length(max=LONGEST["address"])])
    phone = StringField("Telephone", [Length(max=LONGEST["phone"])])
    email = StringField(
        "E-mail", [Optional(), Length(max=254), Regexp(r"^[^@\s]+@[^@\s]+$", message="No address.")]
    )
    language = SelectField(
        "Language of the house",
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
    )
    arrive_from = TimeField("Rooms from")
    leave_until = TimeField("Rooms until")
    rules = TextAreaField("House rules", [Length(max=LONGEST["rules"])])

    @property
    def head(self) -> Head:
        """The letterhead as it was typed."""
        return Head(
            address=(self.address.data or "").replace("\r", "").strip(),
            phone=(self.phone.data or "").strip(),
            email=(self.email.data or "").strip(),
            language=self.language.data,
            arrive_from=self.arrive_from.data or time(15, 0),
            leave_until=self.leave_until.data or time(11, 0),
            rules=(self.rules.data or "").replace("\r", "").strip(),
        )


class BeforeForm(Form):
    """How many days before the arrival the house writes by itself."""

    days = IntegerField("Days before the arrival", [Optional(), NumberRange(1, MOST_DAYS)])


@bp.post("/letterhead/before-arrival")
@allows(Permission.SET_UP)
def before_arrival() -> ResponseReturnValue:
    """Say how many days before the arrival the house writes to a guest, or that it doesn't."""
    form = BeforeForm()
    form.shows(here(), _fill_before)
    if form.validate_on_submit():
        attempt(form, arrival_letters.set_days, here(), form.days.data, by=on_duty())
        if not form.said:
            days = form.days.data
            say(f"Guests are written to {plural(days, 'day')} before." if days else "Switched off.")
            return redirect(url_for("letterhead.letterhead"))
    head = LetterheadForm(formdata=None)
    head.shows(here(), _fill)
    return _page(head, form)


@bp.route("/letterhead", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def letterhead() -> ResponseReturnValue:
    """Write what letters, cards and bills say of the house."""
    form = LetterheadForm()
    form.shows(here(), _fill)
    if form.validate_on_submit() and attempt(
        form, letterheads.write, here(), form.head, by=on_duty()
    ):
        say("The letterhead is written. Letters from now on bear it.")
        return redirect(url_for("letterhead.letterhead"))
    before = BeforeForm(formdata=None)
    before.shows(here(), _fill_before)
    return _page(form, before)


def _fill(form: LetterheadForm) -> None:
    form.begin_as(letterheads.of(session(), here()))


def _fill_before(form: BeforeForm) -> None:
    form.days.data = arrival_letters.days_of(session(), here())


def _page(form: LetterheadForm, before: BeforeForm) -> ResponseReturnValue:
    page = render_template("letterhead/letterhead.html", form=form, before=before)
    return page, 422 if form.said or before.said else 200
