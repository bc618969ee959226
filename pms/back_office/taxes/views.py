"""The tax pages: what each tax is and was; another rate or limit from a day on, seen before."""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.taxes import seen
from pms.back_office.taxes.forms import USUAL_PRICE, EndForm, TaxForm
from pms.back_office.taxes.seen import Borne, Stay
from pms.base import dates
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.house import logbook
from pms.hotel.house.staff import Permission
from pms.hotel.tariff import taxes
from pms.hotel.tariff.charges import ChargeCode
from pms.hotel.tariff.taxes import Rule, Tax, TaxClass, TaxClassTax
from pms.web import history
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.filters import day as written
from pms.web.forms import Form
from pms.web.history import Happened
from pms.web.saying import say, say_outcome

bp = Blueprint("taxes", __name__)

SHOWN = 200
HISTORY_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class Seen:
    """A tax on a stay as it stands on a day, and as it would be."""

    stay: Stay
    now: Borne
    then: Borne


@bp.get("/taxes")
@allows(Permission.SET_UP)
def listed() -> ResponseReturnValue:
    """Show the taxes as they are today, with what is to come."""
    hotel = here()
    found = list(
        session().scalars(
            sa.select(Tax).where(Tax.hotel_id == hotel.id).order_by(Tax.code).limit(SHOWN)
        )
    )
    dated = taxes.history(session(), found)
    bearing = _bearing()
    rows = []
    for tax in found:
        coming = [each for each in dated[tax.id] if each[0] > hotel.business_date]
        now = seen.standing(dated[tax.id], hotel.business_date)
        rows.append((tax, now, coming[-1] if coming else None, bearing.get(tax.id, [])))
    return render_template("taxes/taxes.html", rows=rows, classes=_classes(found), says=_says)


@bp.route("/taxes/<int:tax_id>", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def tax(tax_id: int) -> ResponseReturnValue:
    """Show what a tax was and will be; let another rate or other limits hold from a day on."""
    found = find(Tax, tax_id)
    dated = taxes.history(session(), [found])[found.id]
    form = TaxForm()
    form.shows(
        found,
        lambda shown: _fill(shown, found),
        beside=lambda: dict(_dated(found)),
        writes=lambda: form.from_day.data,
    )
    if not form.is_submitted():
        form.from_day.data = here().business_date + dates.ONE_DAY
        form.price.data = Money.rounded(USUAL_PRICE, here().currency)
    looked: Seen | None = None
    if form.validate_on_submit() and form.from_day.data is not None:
        looked = _look(form, found, dated)
        since = form.from_day.data
        if looked is not None and request.form.get("do") == "set" and _set(form, found, since):
            say(f"{found.name} is another from {written(since)} on.")
            return redirect(url_for("taxes.tax", tax_id=found.id))
    page = render_template(
        "taxes/tax.html",
        tax=found,
        form=form,
        seen=looked,
        dated=list(seen.with_state(dated, here().business_date)),
        bearing=_bearing().get(found.id, []),
        happened=_happened(found),
        by_head=found.kind in taxes.BY_HEAD,
        says=_says,
    )
    return page, 422 if form.said else 200


def _fill(form: TaxForm, found: Tax) -> None:
    standing = seen.standing(_dated(found), here().business_date + dates.ONE_DAY)
    if standing is not None:
        form.show(standing)


def _dated(found: Tax) -> list[tuple[date, Rule]]:
    """Return what a tax was, is and will be; all of it stands on its page."""
    return taxes.history(session(), [found])[found.id]


def _look(form: TaxForm, found: Tax, dated: list[tuple[date, Rule]]) -> Seen | None:
    """Reckon the stay that was typed by what stands on the day and by what was typed."""
    stay = form.stay()
    try:
        wanted = form.wanted(found.kind)
        taxes.check(found, **wanted)
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    then = taxes.rule_of(found, **wanted)
    stands = seen.standing(dated, form.from_day.data or here().business_date)
    return Seen(stay, seen.borne(stands, stay), seen.borne(then, stay))


def _set(form: TaxForm, found: Tax, since: date) -> bool:
    wanted = form.wanted(found.kind)
    attempt(form, taxes.set_rate, found, from_day=since, by=on_duty(), **wanted)
    return not form.said


@bp.route("/taxes/<int:tax_id>/end", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def end(tax_id: int) -> ResponseReturnValue:
    """Let nobody bear a tax from a day on."""
    found, form = find(Tax, tax_id), EndForm()
    if not form.is_submitted():
        form.from_day.data = here().business_date + dates.ONE_DAY
    if form.validate_on_submit() and form.from_day.data is not None:
        since = form.from_day.data
        attempt(form, taxes.end, found, from_day=since, by=on_duty())
        if not form.said:
            say(f"{found.name} ends on {written(since)}.")
            return redirect(url_for("taxes.tax", tax_id=found.id))
    bearing = _bearing().get(found.id, [])
    page = render_template("taxes/end.html", tax=found, form=form, bearing=bearing)
    return page, 422 if form.said else 200


@bp.post("/taxes/<int:tax_id>/<from_day>/off")
@allows(Permission.SET_UP)
def take_back(tax_id: int, from_day: str) -> ResponseReturnValue:
    """Take back a rate that hasn't begun."""
    found, form, since = find(Tax, tax_id), Form(), dates.read(from_day)
    dated = taxes.history(session(), [found])[found.id]
    if since is None or since not in {each[0] for each in dated}:
        abort(404)
    attempt(form, taxes.take_back_rate, found, since, by=on_duty())
    say_outcome(form, f"{found.name} stays as it was on {written(since)}.")
    return redirect(url_for("taxes.tax", tax_id=found.id))


def _bearing() -> dict[int, list[str]]:
    """Return the names of the charges that bear each tax."""
    rows = session().execute(
        sa.select(TaxClassTax.tax_id, ChargeCode.name)
        .join(
            ChargeCode,
            sa.and_(
                ChargeCode.hotel_id == TaxClassTax.hotel_id,
                ChargeCode.tax_class_id == TaxClassTax.tax_class_id,
            ),
        )
        .where(TaxClassTax.hotel_id == here().id, ChargeCode.active)
        .order_by(ChargeCode.name)
    )
    found: dict[int, list[str]] = {}
    for tax_id, name in rows:
        found.setdefault(tax_id, []).append(name)
    return found


def _happened(found: Tax) -> list[Happened]:
    """Return a tax's history; lines of before it was written in words are put into words."""
    lines = logbook.history(session(), found, limit=HISTORY_AT_MOST)
    told = history.of(found, here(), limit=HISTORY_AT_MOST)
    spoken = []
    for line, each in zip(lines, told, strict=True):
        kept: dict[str, Any] = line.after or {}
        is_plain = "rate" not in kept
        spoken.append(each if is_plain else replace(each, changes=_in_words(found, kept)))
    return spoken


def _in_words(found: Tax, kept: dict[str, Any]) -> str:
    """Say a rate that was written down as figures: `7 % in the price, from Sat 21 Nov`."""
    limits = taxes.Limits(
        **{each.name: kept[each.name] for each in fields(taxes.Limits) if each.name in kept}
    )
    bands = tuple((upto, amount) for upto, amount in kept.get("children", ()))
    rule = taxes.rule_of(found, kept["rate"], limits, bands)
    since = dates.read(kept.get("from_day", ""))
    return _says(rule) + (f", from {written(since)}" if since else "")


def _classes(of: list[Tax]) -> list[tuple[TaxClass, list[str], list[str]]]:
    """Return the classes with the names of their taxes, in order, and of their charges."""
    names = {tax.id: tax.name for tax in of}
    found = list(
        session().scalars(
            sa.select(TaxClass)
            .where(TaxClass.hotel_id == here().id)
            .order_by(TaxClass.name)
            .limit(SHOWN)
        )
    )
    bears: dict[int, list[str]] = {each.id: [] for each in found}
    for class_id, tax_id in session().execute(
        sa.select(TaxClassTax.tax_class_id, TaxClassTax.tax_id)
        .where(TaxClassTax.hotel_id == here().id)
        .order_by(TaxClassTax.tax_class_id, TaxClassTax.no)
    ):
        bears.setdefault(class_id, []).append(names.get(tax_id, ""))
    charged: dict[int | None, list[str]] = {}
    for row in session().execute(
        sa.select(ChargeCode.tax_class_id, ChargeCode.name)
        .where(ChargeCode.hotel_id == here().id, ChargeCode.active)
        .order_by(ChargeCode.name)
    ):
        charged.setdefault(row.tax_class_id, []).append(row.name)
    return [(each, bears[each.id], charged.get(each.id, [])) for each in found]


def _says(rule: Rule | None) -> str:
    """Say a rule in words."""
    return "nothing yet" if rule is None else taxes.words(rule, here().currency)
