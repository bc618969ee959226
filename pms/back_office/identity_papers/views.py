"""Identity papers at the desk: how long they are kept, what will be erased, what was."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.validators import InputRequired, NumberRange

from pms.hotel.house.staff import Permission
from pms.hotel.privacy import retention
from pms.hotel.privacy.retention import LONGEST, SHORTEST
from pms.web.attempt import attempt
from pms.web.auth import allows, here, on_duty
from pms.web.database import session
from pms.web.filters import plural
from pms.web.forms import Form, IntegerField
from pms.web.saying import say, say_refused

bp = Blueprint("identity_papers", __name__)
_SENSIBLE = [
    InputRequired("Say how many days."),
    NumberRange(SHORTEST, LONGEST, f"{SHORTEST} to {LONGEST:,} days can be said."),
]


class RetentionForm(Form):
    """How many days after departure each kind is kept."""

    cards = IntegerField("Signed registration cards", _SENSIBLE)
    police = IntegerField("Files for the police", _SENSIBLE)


@bp.route("/identity-papers", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def papers() -> ResponseReturnValue:
    """Show and set how long cards and police files are kept, and what that erases when."""
    form = RetentionForm()
    form.shows(here(), lambda shown: shown.begin_as(retention.terms_of(session(), here())))
    if form.validate_on_submit():
        days = {"cards": form.cards.data or 0, "police": form.police.data or 0}
        if attempt(form, retention.set_terms, here(), **days, by=on_duty()):
            say("What is over by these days is erased tonight.")
            return redirect(url_for("identity_papers.papers"))
    html = render_template(
        "identity_papers/papers.html",
        form=form,
        terms=retention.terms_of(session(), here()),
        coming=retention.coming(session(), here()),
        in_house=retention.in_house(session(), here()),
        erased=retention.erased(session(), here()),
        today=here().business_date,
    )
    return html, 422 if form.said else 200


@bp.post("/identity-papers/erase")
@allows(Permission.SET_UP)
def erase() -> ResponseReturnValue:
    """Erase now what would be erased tonight."""
    form = Form()
    count = attempt(form, retention.erase_due, here(), by=on_duty())
    if count is not None:
        say(f"{plural(count, 'paper')} erased." if count else "Nothing is over yet.")
    say_refused(form)
    return redirect(url_for("identity_papers.papers"))
