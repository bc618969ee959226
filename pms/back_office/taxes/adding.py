"""Adding taxes by page: a tax there wasn't yet, seen on a stay first, and classes of charges."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from pms.back_office.taxes import seen
from pms.back_office.taxes.forms import (
    LEVY,
    ON_TOP,
    USUAL_PRICE,
    ChangedClassForm,
    ClassForm,
    NewTaxForm,
)
from pms.back_office.taxes.seen import Borne
from pms.base import dates
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.house.staff import Permission
from pms.hotel.rooms import new_taxes
from pms.hotel.tariff import charges, taxes
from pms.hotel.tariff.taxes import Tax, TaxClass, TaxKind
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.filters import day as written
from pms.web.saying import say

bp = Blueprint("new_taxes", __name__)

SHOWN = 200


@bp.route("/taxes/new", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def tax() -> ResponseReturnValue:
    """Add a tax that charges bear from a day on; seen on a stay before."""
    form, known, classes = NewTaxForm(), _known(Tax), _known(TaxClass)
    form.offer(known, classes)
    if not form.is_submitted():
        _begin(form)
    looked: Borne | None = None
    if form.validate_on_submit():
        asked = _asked(form, known, classes)
        looked = None if asked is None else _look(form, asked)
        if looked is not None and asked is not None and request.form.get("do") == "add":
            made = attempt(form, new_taxes.introduce, here(), **asked, by=on_duty())
            if made is not None:
                say(f"{made.name} is due from {written(asked['from_day'])} on.")
                return redirect(url_for("taxes.tax", tax_id=made.id))
    page = render_template("new_taxes/tax.html", form=form, seen=looked, stay=form.stay())
    return page, 422 if form.said else 200


def _begin(form: NewTaxForm) -> None:
    form.from_day.data = here().business_date + dates.ONE_DAY
    form.price.data = Money.rounded(USUAL_PRICE, here().currency)
    form.kind.begin_with(TaxKind.PER_PERSON_NIGHT)
    form.levy.begin_with(LEVY)
    form.inclusive.begin_with(ON_TOP)


def _asked(
    form: NewTaxForm, known: Sequence[Tax], classes: Sequence[TaxClass]
) -> dict[str, Any] | None:
    """Return what is to be added, as the verb takes it; None, and said beside it, if it can't."""
    try:
        return {
            **form.details(),
            **form.wanted(form.kind.chosen),
            "on_top_of": [each for each in known if str(each.id) in (form.on_top_of.data or ())],
            "classes": [each for each in classes if str(each.id) in (form.classes.data or ())],
            "from_day": form.from_day.data,
        }
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def _look(form: NewTaxForm, asked: dict[str, Any]) -> Borne | None:
    """Reckon the stay that was typed, beside what the first class bears on that day."""
    first, on_top_of = asked["classes"][0].id, [each.code for each in asked["on_top_of"]]
    unsaved = Tax(
        code=asked["code"],
        kind=asked["kind"],
        inclusive=asked["inclusive"],
        levy=asked["levy"],
        on_top_of=on_top_of,
    )
    terms = {name: asked[name] for name in ("rate", "limits", "children")}
    beside = taxes.rules(session(), here().id, [first], asked["from_day"])[first]
    try:
        taxes.check(unsaved, **terms)
        rule = taxes.rule_of(unsaved, **terms)
        return seen.borne(rule, form.stay(), [each for each in beside if each.code != rule.code])
    except Refusal as refusal:
        form.refuse(refusal)
        return None


@bp.route("/taxes/classes/new", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def tax_class() -> ResponseReturnValue:
    """Add a class of charges, and say which charges belong to it from now on."""
    form, known, codes = ClassForm(), _known(Tax), charges.active(session(), here())
    form.taxes.choices = [SelectChoice(str(each.id), each.name) for each in known]
    form.charges.choices = [SelectChoice(str(each.id), each.name) for each in codes]
    if form.validate_on_submit():
        made = attempt(
            form,
            new_taxes.open_class,
            here(),
            code=form.code.data or "",
            name=form.name.data or "",
            bears=[each for each in known if str(each.id) in (form.taxes.data or ())],
            charged=[each for each in codes if str(each.id) in (form.charges.data or ())],
            by=on_duty(),
        )
        if made is not None:
            say(f"{made.name} is a class of charges now.")
            return redirect(url_for("taxes.listed"))
    page = render_template("new_taxes/tax_class.html", form=form)
    return page, 422 if form.said else 200


@bp.route("/taxes/classes/<int:class_id>", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def changed_class(class_id: int) -> ResponseReturnValue:
    """Call a class of charges otherwise, and let more charges belong to it."""
    found, form = find(TaxClass, class_id), ChangedClassForm()
    codes = charges.active(session(), here())
    others = [each for each in codes if each.tax_class_id != found.id]
    form.charges.choices = [SelectChoice(str(each.id), each.name) for each in others]
    form.shows(found, lambda shown: shown.begin_as(found))
    if form.validate_on_submit():
        joining = [each for each in others if str(each.id) in (form.charges.data or ())]
        name = form.name.data or ""
        if attempt(form, new_taxes.change_class, found, name=name, joining=joining, by=on_duty()):
            say(f"{found.name} is changed.")
            return redirect(url_for("taxes.listed"))
    belong = [each.name for each in codes if each.tax_class_id == found.id]
    page = render_template(
        "new_taxes/changed_class.html", form=form, tax_class=found, belong=belong
    )
    return page, 422 if form.said else 200


def _known(of: Any) -> list[Any]:
    """Return the hotel's taxes or classes, by name."""
    query = sa.select(of).where(of.hotel_id == here().id).order_by(of.name).limit(SHOWN)
    return list(session().scalars(query))
