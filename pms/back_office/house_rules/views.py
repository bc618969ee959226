"""House rules: what blocks or warns at the desk, what hours cost, what a better room costs."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.back_office.house_rules.forms import RulesForm, StepForm, UpgradePriceForm
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.rooms import rooms
from pms.hotel.stays import hour_fees, house_rules, upgrades
from pms.hotel.stays.hour_fees import Hour, HourStep
from pms.hotel.stays.house_rules import LEAVING, Check, Rules, Severity
from pms.hotel.tariff import charges
from pms.hotel.tariff.charges import ChargeCode
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.filters import money
from pms.web.forms import Form
from pms.web.saying import say, say_outcome

bp = Blueprint("house_rules", __name__)


@bp.route("/house-rules", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def rules() -> ResponseReturnValue:
    """Show and set how strict the house is about each check."""
    form = RulesForm()
    form.shows(here(), _fill)
    if form.validate_on_submit() and attempt(form, _set_all, here(), form, by=on_duty()):
        say("The desk goes by these rules from now on.")
        return redirect(url_for("house_rules.rules"))
    return _page(form=form)


def _fill(form: RulesForm) -> None:
    form.begin_with(house_rules.read(session(), here()))


def _set_all(session: Session, hotel: Hotel, form: RulesForm, *, by: Staff) -> Rules:
    """Set every rule as the form says; those that stay as they were write nothing."""
    for check in Check:
        house_rules.set_rule(
            session,
            hotel,
            check,
            Severity(form.of(check).data),
            least_age=form.least_age.data if check is Check.AGE else None,
            by=by,
        )
    return house_rules.read(session, hotel)


@bp.post("/house-rules/hours")
@allows(Permission.SET_UP)
def add_step() -> ResponseReturnValue:
    """Ask for more before or after an hour."""
    form = StepForm()
    form.code.offer(_codes(), label=lambda code: code.name)
    if form.validate_on_submit() and form.at.data:
        step = attempt(
            form,
            hour_fees.steps.add,
            here(),
            Hour(form.hour.data),
            at=form.at.data,
            percent=form.percent.data,
            amount=form.amount.data,
            code=form.code.chosen,
            by=on_duty(),
        )
        if step:
            say(f"{step.hour.words}: more is asked {step.when.lower()}.")
            return redirect(url_for("house_rules.rules"))
    return _page(step=form)


@bp.post("/house-rules/hours/<int:step_id>/off")
@allows(Permission.SET_UP)
def remove_step(step_id: int) -> ResponseReturnValue:
    """Ask for nothing more at that hour."""
    found, form = find(HourStep, step_id), Form()
    words, when = found.hour.words, found.when.lower()
    attempt(form, hour_fees.steps.remove, found, by=on_duty())
    say_outcome(form, f"{words}: nothing more is asked {when}.")
    return redirect(url_for("house_rules.rules"))


@bp.post("/house-rules/upgrades")
@allows(Permission.SET_UP)
def price_upgrade() -> ResponseReturnValue:
    """Say what the house asks a night for a better type."""
    form = UpgradePriceForm()
    _show(form)
    kinds = rooms.types(session(), here())
    for field in (form.from_type, form.to_type):
        field.offer(kinds, label=lambda kind: kind.name)
    plain, better = form.from_type.chosen, form.to_type.chosen
    if form.validate_on_submit() and plain and better:
        attempt(form, upgrades.set_price, plain, better, amount=form.amount.data, by=on_duty())
        if not form.said:
            asked = (
                f"{money(form.amount.data)} more a night" if form.amount.data else "by the plans"
            )
            say(f"{plain.name} to {better.name}: {asked}.")
            return redirect(url_for("house_rules.rules"))
    return _page(upgrade=form)


def _page(
    *,
    form: RulesForm | None = None,
    step: StepForm | None = None,
    upgrade: UpgradePriceForm | None = None,
) -> ResponseReturnValue:
    """Show everything; the form that came back refused as it was typed."""
    refused = any(each is not None and each.is_submitted() for each in (form, step, upgrade))
    kinds = rooms.types(session(), here())
    if form is None:
        form = RulesForm(formdata=None)
        form.shows(here(), _fill)
    step = step or StepForm(formdata=None)
    if upgrade is None:
        upgrade = UpgradePriceForm(formdata=None)
        _show(upgrade)
    step.code.offer(_codes(), label=lambda code: code.name)
    for field in (upgrade.from_type, upgrade.to_type):
        field.offer(kinds, label=lambda kind: kind.name)
    page = render_template(
        "house_rules/rules.html",
        form=form,
        step=step,
        upgrade=upgrade,
        arriving=[check for check in Check if check not in LEAVING],
        leaving=LEAVING,
        steps=hour_fees.steps.of(session(), here()),
        prices=upgrades.set_prices(session(), here()),
        kinds={kind.id: kind.name for kind in kinds},
    )
    return page, 422 if refused else 200


def _show(form: UpgradePriceForm) -> None:
    """Mark what each upgrade costs: a form writes one of them."""
    form.shows(here(), beside=_upgrades, writes=lambda: (form.from_type.data, form.to_type.data))


def _upgrades() -> dict[tuple[str, str], str]:
    """Return what upgrades cost, as it stands on the page, by the types from and to."""
    prices = upgrades.set_prices(session(), here())
    return {(str(plain), str(better)): str(price) for (plain, better), price in prices.items()}


def _codes() -> list[ChargeCode]:
    """Return what hours can be charged as, those made for them first."""
    return charges.active(session(), here(), first=["HOURS", "EARLY", "LATE"])
