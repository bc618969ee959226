"""Charge sets: named sets of charge codes for routing, kept, changed and retired."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length

from pms.hotel.house.staff import Permission
from pms.hotel.tariff import charge_sets, charges
from pms.hotel.tariff.charge_sets import LONGEST_NAME, ChargeSet
from pms.hotel.tariff.charges import ChargeCode
from pms.web import history
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.forms import Boxes, Form
from pms.web.saying import say, say_outcome

bp = Blueprint("charge_sets", __name__)


class SetForm(Form):
    """A set's name, and which charges are in it."""

    name = StringField("Name", [InputRequired("Give the set a name."), Length(max=LONGEST_NAME)])
    codes = Boxes("Charges", choices=[])

    def offer(self, codes: Sequence[ChargeCode]) -> None:
        """Offer charge codes to be ticked."""
        self.codes.choices = [SelectChoice(str(code.id), code.name) for code in codes]
        self._offered = {str(code.id): code for code in codes}

    def ticked(self) -> list[ChargeCode]:
        """Return the charge codes that are ticked."""
        return [self._offered[each] for each in self.codes.data or ()]


@bp.route("/charge-sets", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def listed() -> ResponseReturnValue:
    """List the house's sets, and keep another."""
    form = SetForm()
    form.offer(charges.active(session(), here()))
    if form.validate_on_submit():
        name, codes = form.name.data or "", form.ticked()
        made = attempt(form, charge_sets.add, here(), name=name, codes=codes, by=on_duty())
        if made is not None:
            say(f"{made.name} can be routed by itself from now on.")
            return redirect(url_for("charge_sets.listed"))
    every = charge_sets.named(session(), here())
    shown = render_template("charge_sets/listed.html", form=form, sets=every, inside=_inside(every))
    return shown, 422 if form.is_submitted() else 200


@bp.route("/charge-sets/<int:set_id>", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def charge_set(set_id: int) -> ResponseReturnValue:
    """Change what is in a set; rules that take it do so from the next posting on."""
    found, form = _kept(set_id), SetForm()
    inside = charge_sets.codes_in(session(), found)
    codes = charges.active(session(), here())
    form.offer([*codes, *(code for code in inside if code not in codes)])
    form.shows(found, lambda shown: _fill(shown, found))
    if form.validate_on_submit():
        name, ticked = form.name.data or "", form.ticked()
        if attempt(form, charge_sets.change, found, name=name, codes=ticked, by=on_duty()):
            say(f"{found.name} is what you ticked from the next posting on.")
            return redirect(url_for("charge_sets.listed"))
    shown = render_template(
        "charge_sets/charge_set.html",
        form=form,
        charge_set=found,
        history=history.of(found, here()),
    )
    return shown, 422 if form.is_submitted() else 200


def _fill(form: SetForm, found: ChargeSet) -> None:
    inside = charge_sets.codes_in(session(), found)
    form.name.data, form.codes.data = found.name, [str(code.id) for code in inside]


@bp.post("/charge-sets/<int:set_id>/retire")
@allows(Permission.SET_UP)
def retire(set_id: int) -> ResponseReturnValue:
    """Offer a set to no new rule."""
    found, form = _kept(set_id), Form()
    attempt(form, charge_sets.retire, found, by=on_duty())
    say_outcome(form, "No new rule takes it. Those that do take it on.")
    return redirect(url_for("charge_sets.listed"))


@bp.post("/charge-sets/<int:set_id>/back")
@allows(Permission.SET_UP)
def bring_back(set_id: int) -> ResponseReturnValue:
    """Offer a retired set again."""
    found, form = _kept(set_id), Form()
    attempt(form, charge_sets.bring_back, found, by=on_duty())
    say_outcome(form, "It is on offer again.")
    return redirect(url_for("charge_sets.listed"))


def _kept(set_id: int) -> ChargeSet:
    """Return a set that the house keeps; 404 for one rule's own choice."""
    found = find(ChargeSet, set_id)
    if found.name is None:
        abort(404)
    return found


def _inside(sets: Sequence[ChargeSet]) -> dict[int, list[str]]:
    """Return the names of the charges in each set; two questions, however many there are."""
    by_set = charge_sets.codes_of(session(), here().id, [each.id for each in sets])
    wanted = {code_id for codes in by_set.values() for code_id in codes}
    names = session().execute(
        sa.select(ChargeCode.id, ChargeCode.name)
        .where(ChargeCode.hotel_id == here().id, ChargeCode.id.in_(wanted))
        .order_by(ChargeCode.name)
    )
    called = [(row.id, row.name) for row in names]
    return {
        set_id: [name for code_id, name in called if code_id in codes]
        for set_id, codes in by_set.items()
    }
