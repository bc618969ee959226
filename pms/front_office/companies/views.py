"""Companies: listed, entered, and each with its address, its credit, and the stays for it."""

from collections.abc import Sequence
from itertools import starmap
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session, joinedload
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from pms.base.db import begins_with
from pms.hotel.books import taking
from pms.hotel.guests import agreements, companies, credit_limits
from pms.hotel.guests.agreements import Agreement, Party
from pms.hotel.guests.companies import Company
from pms.hotel.guests.spelling import folded
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.stays import default_rules
from pms.hotel.stays.reservations import Reservation
from pms.web import paging, sentences
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.filters import day
from pms.web.forms import DateField, DecimalField, Form, MoneyField
from pms.web.saying import say, say_outcome

bp = Blueprint("companies", __name__)
HUNDREDTHS = 100


class CompanyForm(Form):
    """What the house writes down of a company."""

    name = StringField("Name", [Length(max=120)])
    address = TextAreaField("Address", [Length(max=400)])
    tax_number = StringField("Tax number", [Length(max=40)])
    email = StringField("E-mail", [Length(max=120)])
    language = SelectField(
        "Papers in",
        default="",
        choices=[
            SelectChoice("", "The hotel's language"),
            *starmap(SelectChoice, LANGUAGES.items()),
        ],
    )


class NewCompanyForm(CompanyForm):
    """A company that is written down for the first time."""

    code = StringField("Code", [InputRequired("Say by which code it is known."), Length(max=24)])


class AgreementForm(Form):
    """What is agreed with a company or an agent, and for how long."""

    party = SelectField(
        "As", choices=[SelectChoice("company", "Company"), SelectChoice("agent", "Agent")]
    )
    first = DateField("From")
    until = DateField("Until, with it")
    commission = DecimalField(
        "Commission, % of room revenue", [Optional(), NumberRange(0, 100)], places=2
    )
    contact = StringField("Contact", [Length(max=120)])
    notes = TextAreaField("Terms", [Length(max=1000)])


class CreditForm(Form):
    """Whether its stays may be billed, and how much it may owe."""

    direct_bill = BooleanField("Its stays may go to the city ledger")
    credit_limit = MoneyField("Credit limit", [Optional()])


@bp.get("/companies")
@allows(Permission.LOOK)
def listed() -> ResponseReturnValue:
    """List the chain's companies and agents by name, or those whose name or code begins so."""
    text = request.args.get("q", "").strip()[:80]
    query = sa.select(Company).where(Company.chain_id == here().chain_id)
    if text:
        by_name = begins_with(Company.folded_name, folded(text))
        query = query.where(sa.or_(by_name, Company.code.startswith(text.upper(), autoescape=True)))
    page = paging.page(query.order_by(Company.folded_name, Company.id))
    return render_template("companies/companies.html", page=page, q=text)


@bp.route("/companies/new", methods=["GET", "POST"])
@allows(Permission.RESERVE)
def new() -> ResponseReturnValue:
    """Write down a company or an agent."""
    form = NewCompanyForm()
    if form.validate_on_submit():
        typed = {"code": form.code.data or "", **_typed(form)}
        made = attempt(form, companies.enter, here(), **typed, by=on_duty())
        if made is not None:
            say(f"{made.name} is written down. Say below what is agreed with it.")
            return redirect(url_for("companies.company", company_id=made.id))
    return render_template("companies/new.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/companies/<int:company_id>")
@allows(Permission.LOOK)
def company(company_id: int) -> ResponseReturnValue:
    """Show one company: its address, its credit, who stays for it."""
    found = find(Company, company_id)
    form = CompanyForm()
    form.shows_columns(found)
    return _page(found, form)


@bp.post("/companies/<int:company_id>")
@allows(Permission.RESERVE)
def amend(company_id: int) -> ResponseReturnValue:
    """Write a company's name and address anew."""
    found = find(Company, company_id)
    form = CompanyForm()
    form.shows_columns(found)
    if form.validate_on_submit() and attempt(
        form,
        companies.amend,
        found,
        **_typed(form),
        hotel=here(),
        by=on_duty(),
    ):
        say(f"{found.name} is written down anew.")
        return redirect(url_for("companies.company", company_id=company_id))
    return _page(found, form)


def _typed(form: CompanyForm) -> dict[str, Any]:
    """Return what was typed of a company, by the verbs' own words."""
    return {
        "name": form.name.data or "",
        "address": _or_none(form.address.data),
        "tax_number": _or_none(form.tax_number.data),
        "email": _or_none(form.email.data),
        "language": form.language.data or None,
    }


def _or_none(text: str | None) -> str | None:
    return (text or "").strip() or None


@bp.post("/companies/<int:company_id>/agreements")
@allows(Permission.SET_UP)
def agree(company_id: int) -> ResponseReturnValue:
    """Agree with a company or an agent."""
    found, form = find(Company, company_id), AgreementForm()
    if form.validate_on_submit() and form.first.data and form.until.data:
        made = attempt(form, _agree, found, form, by=on_duty())
        if made:
            say(f"Agreed with {found.name} until {day(made.until)}.")
            return redirect(url_for("companies.company", company_id=company_id))
    return _page(found, _profile(found), agreement=form)


def _agree(session: Session, company: Company, form: AgreementForm, *, by: Staff) -> Agreement:
    """Agree in this hotel on what the form says."""
    return agreements.make(
        session,
        here(),
        company,
        party=Party(form.party.data),
        first=form.first.data or here().business_date,
        until=form.until.data or here().business_date,
        commission=int((form.commission.data or 0) * HUNDREDTHS),
        contact=_or_none(form.contact.data),
        notes=_or_none(form.notes.data),
        by=by,
    )


@bp.post("/companies/<int:company_id>/agreements/<int:agreement_id>/end")
@allows(Permission.SET_UP)
def end(company_id: int, agreement_id: int) -> ResponseReturnValue:
    """End an agreement with today."""
    found, form = find(Agreement, agreement_id), Form()
    attempt(form, agreements.end, found, by=on_duty())
    say_outcome(form, "It ends with today.")
    return redirect(url_for("companies.company", company_id=company_id))


@bp.post("/companies/<int:company_id>/credit")
@allows(Permission.SET_UP)
def credit(company_id: int) -> ResponseReturnValue:
    """Say whether a company may be billed, and up to what."""
    found, form = find(Company, company_id), CreditForm()
    form.shows(found, lambda shown: _fill_credit(shown, found))
    if form.validate_on_submit():
        attempt(
            form,
            agreements.grant_credit,
            found,
            direct_bill=bool(form.direct_bill.data),
            credit_limit=form.credit_limit.data,
            hotel=here(),
            by=on_duty(),
        )
        if not form.said:
            say("Its credit is as you said.")
            return redirect(url_for("companies.company", company_id=company_id))
    return _page(found, _profile(found), credit=form)


def _profile(found: Company) -> CompanyForm:
    """Return the form of a company as it stands, for the page of another that was refused."""
    form = CompanyForm(formdata=None)
    form.shows_columns(found)
    return form


def _fill_credit(form: CreditForm, found: Company) -> None:
    form.direct_bill.data = found.direct_bill
    form.credit_limit.data = credit_limits.limit_of(session(), here(), found.id)


def _page(
    found: Company,
    form: CompanyForm,
    *,
    agreement: AgreementForm | None = None,
    credit: CreditForm | None = None,
) -> ResponseReturnValue:
    if agreement is None:
        agreement = AgreementForm(formdata=None)
        agreement.first.data = here().business_date
        agreement.until.data = here().business_date.replace(month=12, day=31)
    if credit is None:
        credit = CreditForm(formdata=None)
        credit.shows(found, lambda shown: _fill_credit(shown, found))
    stays = paging.page(
        sa.select(Reservation)
        .options(joinedload(Reservation.guest), joinedload(Reservation.room_type))
        .where(Reservation.hotel_id == here().id, Reservation.company_id == found.id)
        .order_by(Reservation.arrival.desc(), Reservation.number.desc()),
        size=20,
        endpoint="companies.company",
    )
    agreed = agreements.of(session(), here(), found)
    return render_template(
        "companies/company.html",
        company=found,
        form=form,
        page=stays,
        pays=_pays(found, agreed),
        may_amend=may(Permission.RESERVE),
        may_agree=may(Permission.SET_UP),
        agreement=agreement,
        credit=credit,
        agreements=agreed,
        today=here().business_date,
    )


def _pays(found: Company, agreed: Sequence[Agreement]) -> dict[int, list[str]]:
    """Return what a company pays of new stays by each agreement, in words."""
    rules = default_rules.of(session(), *agreed)
    said: dict[int, list[str]] = {each.id: [] for each in agreed}
    for rule, takes in zip(rules, taking.of_rules(session(), here(), rules), strict=True):
        said[rule.agreement_id or 0].append(sentences.sentence(takes, payer=found.name))
    return said
