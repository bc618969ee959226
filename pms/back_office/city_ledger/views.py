"""City ledger: companies with their balances, and each one's bills and payments."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.city_ledger.forms import PayForm
from pms.base.money import Money
from pms.hotel.books import ledger, receivables
from pms.hotel.books.folios import Folio
from pms.hotel.books.ledger import Account
from pms.hotel.books.payments import Payment
from pms.hotel.books.receivables import DirectBill
from pms.hotel.guests.companies import Company
from pms.hotel.house.staff import Permission
from pms.web import paging
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.filters import money
from pms.web.saying import say

bp = Blueprint("city_ledger", __name__)

ROWS_AT_MOST = 100


@bp.get("/city-ledger")
@allows(Permission.LOOK)
def city_ledger() -> ResponseReturnValue:
    """Show the companies that may be billed or were, and what each owes this hotel."""
    hotel = here()
    was_billed = sa.exists().where(
        DirectBill.hotel_id == hotel.id, DirectBill.company_id == Company.id
    )
    page = paging.page(
        sa.select(Company)
        .where(Company.chain_id == hotel.chain_id, sa.or_(Company.direct_bill, was_billed))
        .order_by(Company.name, Company.id)
    )
    owed = _owed(list(page.rows))
    all_owed = _all_owed()
    return render_template("city_ledger/city_ledger.html", page=page, owed=owed, all_owed=all_owed)


@bp.get("/city-ledger/<int:company_id>")
@allows(Permission.LOOK)
def company(company_id: int) -> ResponseReturnValue:
    """Show what one company was billed and paid."""
    return _page(find(Company, company_id), PayForm())


@bp.post("/city-ledger/<int:company_id>/pay")
@allows(Permission.PAY)
def pay(company_id: int) -> ResponseReturnValue:
    """Take a company's money."""
    found, form = find(Company, company_id), PayForm()
    if form.validate() and form.amount.data is not None:
        paid = attempt(
            form,
            receivables.pay_city,
            here(),
            found,
            amount=form.amount.data,
            method=form.method,
            reference=form.reference.data or None,
            key=f"city/{str(form.key.data)[:40]}",
            by=on_duty(),
        )
        if paid:
            say(f"{money(form.amount.data)} of {found.name} is taken.")
            return redirect(url_for("city_ledger.company", company_id=company_id))
    return _page(found, form, 422)


def _page(found: Company, form: PayForm, status: int = 200) -> ResponseReturnValue:
    owed = receivables.balance_of(session(), here(), found)
    bills = receivables.bills_of(session(), here(), found, limit=ROWS_AT_MOST)
    if not form.is_submitted() and owed.minor > 0:
        form.amount.data = owed
    html = render_template(
        "city_ledger/company.html",
        company=found,
        form=form,
        owed=owed,
        bills=bills,
        folios=_folios({bill.folio_id for bill in bills}),
        payments=_payments(found),
    )
    return html, status


def _owed(companies: list[Company]) -> dict[int, Money]:
    codes = {f"city/{each.code}": each.id for each in companies}
    accounts = {
        row.id: codes[row.code]
        for row in session().execute(
            sa.select(Account.id, Account.code).where(
                Account.hotel_id == here().id, Account.code.in_(codes)
            )
        )
    }
    sums = ledger.balances(session(), here(), list(accounts))
    return {accounts[each]: Money(minor, here().currency) for each, minor in sums.items()}


def _all_owed() -> Money:
    ids = session().scalars(
        sa.select(Account.id).where(
            Account.hotel_id == here().id, Account.ledger == ledger.Ledger.CITY
        )
    )
    return Money(sum(ledger.balances(session(), here(), list(ids)).values()), here().currency)


def _folios(ids: set[int]) -> dict[int, Any]:
    rows = session().execute(
        sa.select(Folio.id, Folio.number, Folio.name).where(
            Folio.hotel_id == here().id, Folio.id.in_(ids)
        )
    )
    return {row.id: row for row in rows}


def _payments(found: Company) -> list[Payment]:
    return list(
        session().scalars(
            sa.select(Payment)
            .join(
                Account,
                sa.and_(Account.hotel_id == Payment.hotel_id, Account.id == Payment.account_id),
            )
            .where(Payment.hotel_id == here().id, Account.code == f"city/{found.code}")
            .order_by(Payment.id.desc())
            .limit(ROWS_AT_MOST)
        )
    )
