"""Cashier: what was taken and given back on a day, by way of payment and by person."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from pms.hotel.books import papers
from pms.hotel.books.folios import Folio, FolioWindow
from pms.hotel.books.payments import Payment
from pms.hotel.house.staff import Permission, Staff
from pms.web import paging
from pms.web.auth import allows, here
from pms.web.database import session

bp = Blueprint("cashier", __name__)


@dataclass(frozen=True, slots=True)
class Sum:
    """One way of payment in one person's hands: how often, and minor units."""

    way: str
    who: str
    count: int
    amount: int


@bp.get("/cashier")
@allows(Permission.LOOK)
def cashier() -> ResponseReturnValue:
    """Show the payments of today, or of a day asked for."""
    day = _day(request.args.get("day", ""))
    page = paging.page(
        sa.select(Payment)
        .where(Payment.hotel_id == here().id, Payment.business_day == day)
        .order_by(Payment.id.desc())
    )
    sums = _sums(day)
    return render_template(
        "cashier/cashier.html",
        day=day,
        page=page,
        sums=sums,
        all_taken=sum(each.amount for each in sums),
        names=_names({each.staff_id for each in page.rows}),
        bills=_bills({each.account_id for each in page.rows}),
        papers=papers.of_payments(session(), here(), {each.id for each in page.rows}),
    )


def _sums(day: date) -> list[Sum]:
    rows = session().execute(
        sa.select(
            Payment.method,
            sa.func.coalesce(Payment.brand, ""),
            Staff.name,
            sa.func.count(),
            sa.func.sum(Payment.amount),
        )
        .join(Staff, sa.and_(Staff.chain_id == here().chain_id, Staff.id == Payment.staff_id))
        .where(Payment.hotel_id == here().id, Payment.business_day == day)
        .group_by(Payment.method, Payment.brand, Staff.id, Staff.name)
        .order_by(Payment.method, Payment.brand, Staff.name)
    )
    return [
        Sum(brand or method.value.capitalize(), who, int(count), int(amount))
        for method, brand, who, count, amount in rows
    ]


def _names(ids: set[int]) -> dict[int, str]:
    rows = session().execute(
        sa.select(Staff.id, Staff.name).where(Staff.chain_id == here().chain_id, Staff.id.in_(ids))
    )
    return {row.id: row.name for row in rows}


def _bills(account_ids: set[int]) -> dict[int, tuple[int, int, str]]:
    """Return folio, number and name by the account that was paid into."""
    rows = session().execute(
        sa.select(FolioWindow.account_id, Folio.id, Folio.number, Folio.name)
        .join(
            Folio,
            sa.and_(Folio.hotel_id == FolioWindow.hotel_id, Folio.id == FolioWindow.folio_id),
        )
        .where(FolioWindow.hotel_id == here().id, FolioWindow.account_id.in_(account_ids))
    )
    return {account: (folio, number, name) for account, folio, number, name in rows}


def _day(text: str) -> date:
    if not text:
        return here().business_date
    try:
        return date.fromisoformat(text)
    except ValueError:
        abort(404)
