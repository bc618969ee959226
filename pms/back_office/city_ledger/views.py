"""City ledger: companies with their ageing, and each one's account."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.city_ledger import acting, stating
from pms.back_office.city_ledger.desk import bp
from pms.back_office.city_ledger.forms import (
    BringForwardForm,
    LimitForm,
    PayForm,
    StatementForm,
)
from pms.base import dates
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books import receivables
from pms.hotel.books.receivables import Aged, CityItem, reading, statements
from pms.hotel.close import ageing
from pms.hotel.guests import credit_limits
from pms.hotel.guests.companies import Company
from pms.hotel.house.staff import Permission
from pms.web import paging
from pms.web.asked import handed_out
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.filters import day, money
from pms.web.saying import say

__all__ = ["acting", "bp", "stating"]

LATEST = 30


@bp.get("/city-ledger")
@allows(Permission.LOOK)
def city_ledger() -> ResponseReturnValue:
    """Show the companies that may be billed or were, and what each owes by its age as of a day."""
    return _ledger(LimitForm(formdata=None))


def _ledger(limit: LimitForm, *, status: int = 200) -> ResponseReturnValue:
    limit.shows(here(), _fill_limit)
    hotel, on, said = here(), here().business_date, None
    try:
        on = _as_of()
    except Refusal as no:
        said = no.sentence
    has_items = sa.exists().where(CityItem.hotel_id == hotel.id, CityItem.company_id == Company.id)
    page = paging.page(
        sa.select(Company)
        .where(Company.chain_id == hotel.chain_id, sa.or_(Company.direct_bill, has_items))
        .order_by(Company.name, Company.id),
        endpoint="city_ledger.city_ledger",  # a refused limit shows it too
    )
    aged = receivables.aged(session(), hotel, on)
    html = render_template(
        "city_ledger/city_ledger.html",
        page=page,
        on=on,
        said=said,
        since=hotel.opened_on,
        today=hotel.business_date,
        limits=credit_limits.limits(session(), hotel, [company.id for company in page.rows]),
        aged={each.company_id: each for each in aged},
        together=receivables.together(aged),
        limit=limit if may(Permission.SET_UP) else None,
        most=receivables.write_off_limit(session(), hotel),
    )
    return html, 422 if said else status


@bp.get("/city-ledger/ageing.csv")
@allows(Permission.REPORTS)
def ageing_list() -> ResponseReturnValue:
    """Hand out the ageing as CSV, as of today unless a day is asked for."""
    on = _as_of()
    made = ageing.of_day(session(), here(), on)
    name = f"{here().code}-ageing-{on.isoformat()}.csv"
    return handed_out(made.as_csv(), name, "text/csv", saved=True)


def _as_of() -> date:
    """Return the day that is asked for, else today; refuses what is none, or has no figures."""
    asked, today = request.args.get("day"), here().business_date
    if not asked:
        return today
    on = dates.read(asked)
    if on is None:
        raise Invalid("That is no day. Choose one.", field="day")
    ageing.refuse_unlived(session(), here(), on)
    return on


@bp.post("/city-ledger/limit")
@allows(Permission.SET_UP)
def set_limit() -> ResponseReturnValue:
    """Say up to how much is written off without a manager."""
    form = LimitForm()
    form.shows(here(), _fill_limit)
    if form.validate() and form.limit.data is not None:
        attempt(form, receivables.set_write_off_limit, here(), limit=form.limit.data, by=on_duty())
        if not form.said:
            say(f"Up to {money(form.limit.data)} is written off without a manager.")
            return redirect(url_for("city_ledger.city_ledger"))
    return _ledger(form, status=422)


def _fill_limit(form: LimitForm) -> None:
    form.limit.data = receivables.write_off_limit(session(), here())


@bp.get("/city-ledger/<int:company_id>")
@allows(Permission.LOOK)
def company(company_id: int) -> ResponseReturnValue:
    """Show one company's account: what is open, what came in, what it was told."""
    return _page(find(Company, company_id))


@bp.post("/city-ledger/<int:company_id>/pay")
@allows(Permission.PAY)
def pay(company_id: int) -> ResponseReturnValue:
    """Take a company's money."""
    found, form = find(Company, company_id), PayForm()
    form.offer_foreign()
    if form.validate() and form.amount.data is not None:
        paid = attempt(
            form,
            receivables.pay_city,
            here(),
            found,
            amount=form.amount.data,
            method=form.method,
            card=form.slip,
            tendered=form.foreign,
            reference=form.reference.data or None,
            key=form.entry_key,
            oldest_first=bool(form.oldest_first.data),
            by=on_duty(),
        )
        if paid:
            item = find(CityItem, paid.entry_id)
            say(f"{money(form.amount.data)} of {found.name} is taken.{form.change_said}")
            if item.open and not form.oldest_first.data:
                return redirect(url_for("city_ledger.item", item_id=item.id))
            return redirect(url_for("city_ledger.company", company_id=company_id))
    return _page(found, form, status=422)


@bp.post("/city-ledger/<int:company_id>/bring-forward")
@allows(Permission.KEEP_ACCOUNTS)
def bring_forward(company_id: int) -> ResponseReturnValue:
    """Enter a bill of the system before this one."""
    found, form = find(Company, company_id), BringForwardForm()
    if form.validate() and form.amount.data is not None and form.dated.data is not None:
        made = attempt(
            form,
            receivables.bring_forward,
            here(),
            found,
            amount=form.amount.data,
            dated=form.dated.data,
            reference=form.reference.data or "",
            by=on_duty(),
        )
        if made:
            say(f"{form.reference.data} of {day(made.dated)} is brought forward.")
            return redirect(url_for("city_ledger.company", company_id=company_id))
    return _page(found, forward=form, status=422)


def _page(
    found: Company,
    form: PayForm | None = None,
    *,
    forward: BringForwardForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    hotel = here()
    [aged] = receivables.aged(session(), hotel, hotel.business_date, company=found) or [
        Aged(found.id, found.code, found.name, (0,) * 5, 0, 0)
    ]
    owed = receivables.balance_of(session(), hotel, found)
    if form is None:
        form = PayForm(formdata=None)
        form.amount.data = owed if owed.minor > 0 else None
        form.oldest_first.data = True
        form.offer_foreign(owed)
    form.begin_with_last()
    told: dict[str, Any] = {
        "credit_limit": credit_limits.limit_of(session(), hotel, found.id),
        "due_days": statements.due_days(session(), hotel),
        "latest": reading.latest_of(session(), hotel, found, limit=LATEST),
        "open": reading.open_of(session(), hotel, found),
        "sent": statements.of(session(), hotel, found),
    }
    html = render_template(
        "city_ledger/company.html",
        company=found,
        form=form,
        forward=forward or BringForwardForm(formdata=None),
        statement=StatementForm(formdata=None),
        aged=aged,
        owed=owed,
        today=hotel.business_date,
        **told,
    )
    return html, status
