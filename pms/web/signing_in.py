"""Signing in: who it is and the word that proves it, at the door or in the middle of a form."""

import sqlalchemy as sa
from flask import current_app, render_template, request
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired, Length

from pms.base.db import transaction
from pms.hotel.house import signins
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.signins import WrongSignIn
from pms.web import auth
from pms.web.database import session
from pms.web.forms import Form


class SignInForm(Form):
    """Who it is, and the word that proves it."""

    email = EmailField("E-mail", [InputRequired("Type your e-mail address."), Length(max=254)])
    password = PasswordField("Password", [InputRequired("Type your password."), Length(max=512)])


def let_in(form: SignInForm) -> None:
    """Sign a person in; refuses a wrong pair, which is counted, and too many tries."""
    email, address = form.email.data or "", request.remote_addr or ""
    try:
        person = signins.check(
            session(), email=email, password=form.password.data or "", address=address
        )
    except WrongSignIn:
        with transaction(session()):
            signins.note_failure(session(), email=email, address=address)
        raise
    agent = request.user_agent.string
    with transaction(session()):
        token = signins.open_(session(), person, address=address, agent=agent)
    auth.begin_duty(token)


def door(
    form: SignInForm,
    *,
    typed: list[tuple[str, str]] | None = None,
    has_files: bool = False,
    hotel_id: int | None = None,
) -> str:
    """Return the page of the door; `typed` is what comes along from a form of a hotel."""
    named = sa.select(Hotel.name).order_by(Hotel.id != (hotel_id or 0), Hotel.id)
    house_name = session().scalar(named.limit(1)) or "The hotel"
    return render_template(
        "sign_in/sign_in.html",
        form=form,
        house_name=house_name,
        hint=current_app.config.get("SIGN_IN_HINT"),
        typed=typed,
        has_files=has_files,
    )
