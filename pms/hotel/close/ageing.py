"""Ageing: what companies owe on the city ledger by how long they have owed it, as a report."""

from datetime import date

from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.hotel.books import receivables
from pms.hotel.books.receivables import Aged
from pms.hotel.close.reports import DayNotClosed, Report, Value
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel

NAME = "ageing"
_COLUMNS = (
    "code", "company", "current", "days_30", "days_60", "days_90", "days_120", "disputed",
    "unallocated", "balance",
)  # fmt: skip


def of_day(session: Session, hotel: Hotel, day: date) -> Report:
    """Return each account as it stood when a day ended, or stands now, and their sum.

    Items are in the column of the days since they were billed; `unallocated` is in the company's
    favour. The sum of `balance` is the trial balance of the city ledger.
    """
    refuse_unlived(session, hotel, day)
    aged = receivables.aged(session, hotel, day)
    rows = [_row(hotel, each) for each in (*aged, receivables.together(aged, "total"))]
    return Report(NAME, _COLUMNS, rows)


def refuse_unlived(session: Session, hotel: Hotel, day: date) -> None:
    """Refuse a day to come, and one before the hotel opened: nobody owed anything as of it."""
    if not hotel.opened_on <= day <= business_day.today(session, hotel):
        raise DayNotClosed(day)


def _row(hotel: Hotel, aged: Aged) -> tuple[Value, ...]:
    amounts = (*aged.columns, aged.disputed, aged.unallocated, aged.balance)
    return (aged.code, aged.name, *(str(Money(minor, hotel.currency)) for minor in amounts))
