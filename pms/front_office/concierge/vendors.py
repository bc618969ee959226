"""Vendors: who they are, their terms, and what a month with them earned."""

from datetime import date
from decimal import Decimal

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.base import dates
from pms.base.money import total
from pms.base.numbers import whole
from pms.front_office.concierge.desk import bp
from pms.front_office.concierge.forms import VendorForm
from pms.hotel.house.staff import Permission
from pms.hotel.service.concierge import Vendor, commissions, vendors
from pms.hotel.service.concierge.vendors import Terms
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.saying import say, say_so


@bp.get("/concierge/vendors")
@allows(Permission.CONCIERGE)
def vendor_list() -> ResponseReturnValue:
    """Show whom the house works with, their rules and their commission."""
    return render_template(
        "concierge/vendors.html",
        vendors=vendors.of_hotel(session(), here()),
        may_set_up=may(Permission.SET_UP),
    )


@bp.route("/concierge/vendors/new", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def new_vendor() -> ResponseReturnValue:
    """Write down a vendor."""
    form = VendorForm()
    if form.validate_on_submit():
        made = attempt(form, vendors.add, here(), _terms(form), by=on_duty())
        if made:
            say(f"{made.name} is written down. Add what they do to the catalogue.")
            return redirect(url_for("concierge.vendor_list"))
    status = 422 if form.is_submitted() else 200
    return render_template("concierge/vendor_form.html", form=form, vendor=None), status


@bp.route("/concierge/vendors/<int:vendor_id>", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def vendor(vendor_id: int) -> ResponseReturnValue:
    """Change a vendor; bookings keep the terms they were made on."""
    found, form = find(Vendor, vendor_id), VendorForm()
    form.shows(found, lambda shown: _fill(shown, found))
    if form.validate_on_submit() and attempt(
        form, vendors.change, found, _terms(form), by=on_duty()
    ):
        say(f"{found.name} is changed.")
        return redirect(url_for("concierge.vendor_list"))
    status = 422 if form.is_submitted() else 200
    return render_template("concierge/vendor_form.html", form=form, vendor=found), status


def _fill(form: VendorForm, found: Vendor) -> None:
    for name in Terms.__dataclass_fields__:
        if name in form:
            form[name].data = getattr(found, name)
    form.commission.data = f"{(Decimal(found.commission_rate) / 100).normalize():f}"


def _terms(form: VendorForm) -> Terms:
    return Terms(
        name=form.name.data or "",
        contact=form.contact.data,
        phone=form.phone.data,
        email=form.email.data,
        address=form.address.data,
        free_hours=form.free_hours.data or 0,
        fee_percent=form.fee_percent.data or 0,
        commission_rate=form.commission.rate,
        notes=form.notes.data,
        active=form.active.data,
    )


@bp.get("/concierge/commission")
@allows(Permission.CONCIERGE)
def commission() -> ResponseReturnValue:
    """Show what each vendor's bookings of a month earned, or those of one vendor."""
    day = _month()
    vendor_id = request.args.get("vendor", type=whole)
    whose = find(Vendor, vendor_id) if vendor_id else None
    earned = commissions.month(session(), here(), day)
    first, after = commissions.month_of(day)
    return render_template(
        "concierge/commission.html",
        day=first,
        before=commissions.month_of(first - dates.ONE_DAY)[0],
        after=after,
        earned=earned,
        sums={
            name: total((getattr(each, name) for each in earned), here().currency)
            for name in ("turnover", "commission", "we_owe", "they_owe")
        },
        vendor=whose,
        bookings=commissions.bookings(session(), here(), day, vendor=whose) if whose else [],
    )


def _month() -> date:
    asked = request.args.get("month", "")
    day = dates.read(f"{asked}-01") if asked else here().business_date
    if day is None:
        say_so("That is no month. Here is this one.")
    return day or here().business_date
