"""The desk's blueprint, and what its pages share: who looked is written down; small forms."""

from http import HTTPStatus

import sqlalchemy as sa
from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from pms.hotel.people.employees import Position, pay
from pms.hotel.people.payroll import PayPeriod
from pms.web.attempt import attempt
from pms.web.auth import here, on_duty
from pms.web.database import session
from pms.web.filters import day
from pms.web.forms import Form

bp = Blueprint("payroll", __name__)


def note_look(what: str) -> None:
    """Write down that pay was looked at; nobody sees it without that line."""
    form = Form()
    attempt(form, pay.note_look, here(), what=what, by=on_duty())
    if form.said:
        abort(HTTPStatus.SERVICE_UNAVAILABLE)


def named(period: PayPeriod) -> str:
    """Return how a period is called in the logbook."""
    return f"pay period {period.first.isoformat()}"


def ask(form: Form, heading: str, *, sub: str = "", back: str) -> ResponseReturnValue:
    """Return a small page with one form, and the way back to `back`."""
    hidden = {"csrf_token", "version", "opened"}
    page = render_template(
        "payroll/ask.html",
        form=form,
        fields=[each for each in form if each.name not in hidden],
        heading=heading,
        sub=sub,
        back=back,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK


def days_of(period: PayPeriod) -> str:
    """Return the days of a period in words."""
    return f"{day(period.first)} to {day(period.last)}"


def titles() -> dict[int, str]:
    """Return the titles of all positions by id, those no longer given too."""
    rows = session().execute(
        sa.select(Position.id, Position.title).where(Position.hotel_id == here().id)
    )
    return {row.id: row.title for row in rows}
