"""Companies: each with its address, its credit, and the stays booked for it."""

import sqlalchemy as sa
from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from pms.hotel.guests import companies
from pms.hotel.guests.companies import Company
from pms.hotel.house.staff import Permission
from pms.hotel.stays.reservations import Reservation
from pms.web import paging
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.forms import Form
from pms.web.saying import say

bp = Blueprint("companies", __name__)


class CompanyForm(Form):
    """What the house writes down of a company."""

    name = StringField("Name", [Length(max=120)])
    address = TextAreaField("Address", [Length(max=400)])
    tax_number = StringField("Tax number", [Length(max=40)])
    email = StringField("E-mail", [Length(max=120)])


@bp.get("/companies/<int:company_id>")
@allows(Permission.LOOK)
def company(company_id: int) -> ResponseReturnValue:
    """Show one company: its address, its credit, who stays for it."""
    found = find(Company, company_id)
    form = CompanyForm(obj=found)
    form.shows(found)
    return _page(found, form)


@bp.post("/companies/<int:company_id>")
@allows(Permission.RESERVE)
def amend(company_id: int) -> ResponseReturnValue:
    """Write a company's name and address anew."""
    found = find(Company, company_id)
    form = CompanyForm()
    if form.validate_on_submit() and attempt(
        form,
        companies.amend,
        found,
        name=form.name.data or "",
        address=_or_none(form.address.data),
        tax_number=_or_none(form.tax_number.data),
        email=_or_none(form.email.data),
        hotel=here(),
        by=on_duty(),
    ):
        say(f"{found.name} is written down anew.")
        return redirect(url_for("companies.company", company_id=company_id))
    return _page(found, form)


def _or_none(text: str | None) -> str | None:
    return (text or "").strip() or None


def _page(found: Company, form: CompanyForm) -> ResponseReturnValue:
    stays = paging.page(
        sa.select(Reservation)
        .options(joinedload(Reservation.guest), joinedload(Reservation.room_type))
        .where(Reservation.hotel_id == here().id, Reservation.company_id == found.id)
        .order_by(Reservation.arrival.desc(), Reservation.number.desc()),
        size=20,
    )
    return render_template(
        "companies/company.html",
        company=found,
        form=form,
        page=stays,
        may_amend=may(Permission.RESERVE),
    )
