"""Cashier: what was taken and given back on a day, by way of payment and by person."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask import render_template
from flask.typing import ResponseReturnValue

from pms.back_office.cashier import counting, foreign_notes, mine, paying_out, settings, shifts
from pms.back_office.cashier.desk import bp, is_blind_to, my_shift, names
from pms.hotel.books import papers
from pms.hotel.books.cashiers import CashierShift, ShiftState, drawers
from pms.hotel.books.folios import Folio, FolioWindow
from pms.hotel.books.ledger import Entry
from pms.hotel.books.payments import Method, PaidOut, Payment
from pms.hotel.house.staff import Permission, Staff
from pms.web import paging
from pms.web.asked import day_asked
from pms.web.auth import allows, here
from pms.web.database import session

__all__ = ["bp", "counting", "foreign_notes", "mine", "paying_out", "settings", "shifts"]

PAID_OUTS_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Sum:
    """One way of payment in one person's hands: how often, and minor units."""

    way: str
    who: str
    count: int
    amount: int
    is_blind: bool = False


@bp.get("/cashier")
@allows(Permission.LOOK)
def cashier() -> ResponseReturnValue:
    """Show the payments of today, or of a day asked for."""
    day, said = day_asked(here().business_date)
    page = paging.page(
        sa.select(Payment)
        .where(Payment.hotel_id == here().id, Payment.business_day == day)
        .order_by(Payment.id.desc())
    )
    sums, entries = _sums(day), {each.entry_id for each in page.rows}
    html = render_template(
        "cashier/cashier.html",
        day=day,
        said=said,
        page=page,
        sums=sums,
        all_taken=sum(each.amount for each in sums),
        is_blind=any(each.is_blind for each in sums),
        my_shift=my_shift(),
        paid_outs=_paid_outs(day),
        paid_out_entries=_paid_out_entries(entries),
        foreign=drawers.foreign_words(session(), here(), entries),
        names=names({each.staff_id for each in page.rows}),
        bills=_bills({each.account_id for each in page.rows}),
        papers=papers.of_payments(session(), here(), {each.id for each in page.rows}),
    )
    return html, 422 if said else 200


def _sums(day: date) -> list[Sum]:
    """Add the day up; cash still to be counted blind is said only to who reviews that drawer."""
    rows = session().execute(
        sa.select(
            Payment.method,
            sa.func.coalesce(Payment.brand, ""),
            Staff.id,
            Staff.name,
            sa.func.count(),
            sa.func.sum(Payment.amount),
        )
        .join(Staff, sa.and_(Staff.chain_id == here().chain_id, Staff.id == Payment.staff_id))
        .where(Payment.hotel_id == here().id, Payment.business_day == day)
        .group_by(Payment.method, Payment.brand, Staff.id, Staff.name)
        .order_by(Payment.method, Payment.brand, Staff.name)
    )
    to_count = _to_count()
    return [
        Sum(
            brand or method.value.capitalize(),
            who,
            int(count),
            int(amount),
            is_blind=method is Method.CASH and staff_id in to_count,
        )
        for method, brand, staff_id, who, count, amount in rows
    ]


def _to_count() -> set[int]:
    """Return whose drawers are still to be counted, for who isn't to know what should be in it."""
    at_work = session().scalars(
        sa.select(CashierShift).where(
            CashierShift.hotel_id == here().id,
            CashierShift.state.in_([ShiftState.OPEN, ShiftState.COUNTING]),
        )
    )
    return {each.staff_id for each in at_work if is_blind_to(each)}


@dataclass(frozen=True, slots=True)
class Voucher:
    """A paid-out, whose it is, and whether it was undone."""

    paid_out: PaidOut
    folio: int | None
    who: str
    is_undone: bool


def _paid_outs(day: date) -> list[Voucher]:
    undone = sa.exists().where(
        Entry.hotel_id == PaidOut.hotel_id, Entry.reverses_id == PaidOut.entry_id
    )
    rows = session().execute(
        sa.select(PaidOut, Folio.number, Staff.name, undone)
        .join(Staff, sa.and_(Staff.chain_id == here().chain_id, Staff.id == PaidOut.staff_id))
        .outerjoin(Folio, sa.and_(Folio.hotel_id == PaidOut.hotel_id, Folio.id == PaidOut.folio_id))
        .where(PaidOut.hotel_id == here().id, PaidOut.business_day == day)
        .order_by(PaidOut.number.desc())
        .limit(PAID_OUTS_AT_MOST)
    )
    return [Voucher(row[0], row[1], row[2], bool(row[3])) for row in rows]


def _paid_out_entries(ids: set[int]) -> set[int]:
    """Return which of some entries are paid-outs."""
    return set(
        session().scalars(
            sa.select(PaidOut.entry_id).where(
                PaidOut.hotel_id == here().id, PaidOut.entry_id.in_(ids)
            )
        )
    )


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
