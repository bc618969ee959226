"""Default routing: the rules that an agreement or a rate plan lays down on the stays under it."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.hotel.books import taking
from pms.hotel.guests.agreements import Agreement
from pms.hotel.guests.companies import Company
from pms.hotel.house.staff import Permission
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.stays import default_rules
from pms.hotel.stays.default_rules import DefaultRule, Owner
from pms.hotel.tariff import charge_sets, charges
from pms.web import sentences
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_outcome
from pms.web.takes import TakesForm

bp = Blueprint("default_routing", __name__)


@bp.route("/agreements/<int:agreement_id>/routing", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def of_agreement(agreement_id: int) -> ResponseReturnValue:
    """Show what a company pays by its agreement, and let it pay for more."""
    return _page(find(Agreement, agreement_id))


@bp.route("/rate-plans/<int:plan_id>/routing", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def of_plan(plan_id: int) -> ResponseReturnValue:
    """Show what the companies of stays at a rate plan pay, and let them pay for more."""
    return _page(find(RatePlan, plan_id))


@bp.post("/default-rules/<int:rule_id>/end")
@allows(Permission.SET_UP)
def end(rule_id: int) -> ResponseReturnValue:
    """End a rule for stays booked from now on."""
    rule, form = find(DefaultRule, rule_id), Form()
    attempt(form, default_rules.end, rule, by=on_duty())
    say_outcome(form, "Stays booked from now on don't follow it. Those booked before keep theirs.")
    return redirect(_address(default_rules.owner_of(session(), rule)))


def _page(owner: Owner) -> ResponseReturnValue:
    form = TakesForm()
    form.offer(charge_sets.named(session(), here(), active=True), charges.active(session(), here()))
    if form.validate_on_submit():
        takes = form.takes()
        if attempt(form, default_rules.add, here(), owner, takes=takes, by=on_duty()):
            say("Stays booked from now on follow it.")
            return redirect(_address(owner))
    rules = default_rules.of(session(), owner)
    company = _company(owner) if isinstance(owner, Agreement) else None
    payer = company.name if company else "Their company"
    said = [
        (rule.id, sentences.sentence(takes, payer=payer))
        for rule, takes in zip(rules, taking.of_rules(session(), here(), rules), strict=True)
    ]
    shown = render_template(
        "default_routing/rules.html",
        form=form,
        rules=said,
        payer=payer,
        owner=owner,
        company=company,
    )
    return shown, 422 if form.is_submitted() else 200


def _address(owner: Owner) -> str:
    if isinstance(owner, RatePlan):
        return url_for("default_routing.of_plan", plan_id=owner.id)
    return url_for("default_routing.of_agreement", agreement_id=owner.id)


def _company(agreement: Agreement) -> Company:
    return session().get_one(Company, (agreement.chain_id, agreement.company_id))
