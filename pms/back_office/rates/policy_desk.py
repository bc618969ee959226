"""Policies: the terms that plans are booked under, shown, added and changed."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.back_office.rates.desk import bp
from pms.back_office.rates.plan_forms import PolicyForm
from pms.base.refusal import Invalid
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.rooms import policies, rates, sheets
from pms.hotel.rooms.policies import Policy, terms_of
from pms.hotel.tariff import charges, fee_codes
from pms.hotel.tariff.charges import ChargeCode
from pms.hotel.tariff.fee_codes import FeeOf
from pms.web import terms
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.forms import ChoiceField, Form
from pms.web.saying import say


class FeeCodesForm(Form):
    """What fees are posted as, whatever the policy."""

    cancellation = ChoiceField("Cancellation fees are posted as")
    no_show = ChoiceField("No-show fees are posted as")


@bp.get("/rates/policies")
@allows(Permission.RESERVE)
def policies_page() -> ResponseReturnValue:
    """Show the policies, and what they ask for."""
    return _policies(_fee_codes_form(bare=True))


def _policies(form: FeeCodesForm) -> str:
    hotel = here()
    sheet = sheets.current(session(), hotel)
    used: dict[int, list[str]] = {}
    for plan in rates.plans(session(), hotel):
        policy_id = sheet.recipes[plan.id].policy_id
        if policy_id is not None:
            used.setdefault(policy_id, []).append(plan.name)
    listed = [
        (policy, terms.read_out(terms_of(policy), hotel.currency), used.get(policy.id, []))
        for policy in policies.standing(session(), hotel)
    ]
    return render_template(
        "rates/policies.html",
        policies=listed,
        form=form,
        may_set=may(Permission.SET_UP),
    )


def _fee_codes_form(*, bare: bool = False) -> FeeCodesForm:
    form = FeeCodesForm(formdata=None) if bare else FeeCodesForm()
    codes = charges.active(session(), here())
    for of in FeeOf:
        field = form[of.value]
        field.offer(
            codes, label=lambda each: f"{each.name} ({each.code})", none="As its policy says"
        )
    form.shows(here(), _fill_fee_codes)
    return form


def _fill_fee_codes(form: FeeCodesForm) -> None:
    stands = fee_codes.said(session(), here())
    for of in FeeOf:
        form[of.value].begin_with(stands.get(of))


@bp.post("/rates/policies/fee-codes")
@allows(Permission.SET_UP)
def set_fee_codes() -> ResponseReturnValue:
    """Say what fees are posted as, and so how they are taxed."""
    form = _fee_codes_form()
    if form.validate():
        attempt(form, _put_fee_codes, here(), form, by=on_duty())
    if form.said:
        return _policies(form), 422
    say("Set. Fees that were charged stay as they were posted.")
    return redirect(url_for("rates.policies_page"))


def _put_fee_codes(opened: Session, hotel: Hotel, form: FeeCodesForm, *, by: Staff) -> None:
    for of in FeeOf:
        fee_codes.put(opened, hotel, of, form[of.value].chosen, by=by)


@bp.route("/rates/policies/new", methods=["GET", "POST"])
@bp.route("/rates/policies/<int:policy_id>", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def policy(policy_id: int | None = None) -> ResponseReturnValue:
    """Add a policy, or change one for bookings to come."""
    found = find(Policy, policy_id) if policy_id else None
    form = PolicyForm()
    codes = charges.active(session(), here())
    form.fee_code.offer(codes, label=lambda code: f"{code.name} ({code.code})")
    if found is not None:
        form.shows(found, lambda shown: _fill(shown, policies.in_place_of(session(), found)))
    if form.validate_on_submit():
        made = attempt(form, _keep, form, found, by=on_duty())
        if made is not None:
            say(f"{made.name} is set. Bookings made before keep what was agreed.")
            return redirect(url_for("rates.policies_page"))
    shown = render_template("rates/policy.html", form=form, policy=found)
    return shown, (422 if request.method == "POST" else 200)


def _fill(form: PolicyForm, found: Policy) -> None:
    form.name.data = found.name
    form.show(terms_of(found))
    form.fee_code.begin_with(session().get(ChargeCode, (here().id, found.fee_code_id)))


def _keep(opened: Session, form: PolicyForm, found: Policy | None, *, by: Staff) -> Policy:
    code = form.fee_code.chosen
    if code is None:
        raise Invalid("Choose what the fees are posted as.", field="fee_code")
    name = form.name.data or ""
    if found is not None:
        stands = policies.in_place_of(opened, found)
        return policies.change(opened, stands, name=name, terms=form.terms, fee_code=code, by=by)
    return policies.add(
        opened, here(), code=form.code.data or "", name=name, terms=form.terms, fee_code=code, by=by
    )
