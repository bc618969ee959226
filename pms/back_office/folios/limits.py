"""Adjustment limits: how much each role may change of a bill, or hand out, by itself in a day."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.base.money import Money
from pms.hotel.books import folios
from pms.hotel.books.folios import LIMITED
from pms.hotel.house.staff import Permission, Role
from pms.web.attempt import attempt
from pms.web.auth import allows, here, on_duty
from pms.web.database import session
from pms.web.forms import Form, MoneyField
from pms.web.saying import say

bp = Blueprint("limits", __name__)


class LimitsForm(Form):
    """What each role that adjusts or pays out at all may do of it; empty: any amount."""

    @property
    def roles(self) -> list[Any]:
        """The fields, one for each role."""
        return [self[role.value] for role in LIMITED]


for _role in LIMITED:
    setattr(LimitsForm, _role.value, MoneyField(_role.words))


@bp.route("/adjustment-limits", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def limits() -> ResponseReturnValue:
    """Show and set how much each role may adjust of a bill, or pay out, in a day."""
    form = LimitsForm()
    form.shows(here(), _fill)
    if form.validate_on_submit():
        most: dict[Role, Money | None] = {role: form[role.value].data for role in LIMITED}
        if attempt(form, folios.set_limits, here(), most, by=on_duty()) is not None:
            say("The limits hold from now on.")
            return redirect(url_for("limits.limits"))
    return render_template("limits/limits.html", form=form), 422 if form.is_submitted() else 200


def _fill(form: LimitsForm) -> None:
    for role, limit in folios.limits(session(), here()).items():
        form[role.value].data = limit
