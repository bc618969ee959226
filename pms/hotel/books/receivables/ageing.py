"""Ageing: what companies owe by how long they have owed it, as of a business day."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.hotel.books.ledger import Entry
from pms.hotel.books.receivables.tables import Allocation, CityItem, Dispute
from pms.hotel.guests.companies import Company
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel

STEPS = (30, 60, 90, 120)  # days from which an item stands in the next column
COLUMNS = ("current", "30", "60", "90", "120+")


@dataclass(frozen=True, slots=True)
class Aged:
    """One account's ageing in minor units, or the sum of several.

    `columns` are what is owed and not in dispute, the newest first; `unallocated` is what stands
    in the company's favour, above zero.
    """

    company_id: int
    code: str
    name: str
    columns: tuple[int, ...]
    disputed: int
    unallocated: int

    @property
    def balance(self) -> int:
        """What the account owes by the ledger."""
        return sum(self.columns) + self.disputed - self.unallocated


def ageing(
    session: Session, hotel: Hotel, day: date, *, company: Company | None = None
) -> list[Aged]:
    """Return each account with something open as of a day, by name: one question.

    A past day's is reckoned back from what is open now by the allocations made since, so it stays
    what it was.
    """
    is_past = day < business_day.today(session, hotel)
    query = _aged(hotel, day, _open_on(hotel, day) if is_past else CityItem.open)
    query = query.where(_moved_since(hotel, day) if is_past else CityItem.open != 0)
    if company is not None:
        query = query.where(CityItem.company_id == company.id)
    rows = session.execute(query)
    found = [
        Aged(row.id, row.code, row.name, tuple(int(row[n]) for n in _PLACES), int(row.disputed),
             int(row.unallocated))
        for row in rows
    ]  # fmt: skip
    return [each for each in found if any((*each.columns, each.disputed, each.unallocated))]


def together(aged: list[Aged], name: str = "Together") -> Aged:
    """Return the sum of some accounts."""
    columns = tuple(sum(each.columns[n] for each in aged) for n in range(len(COLUMNS)))
    disputed = sum(each.disputed for each in aged)
    return Aged(0, "", name, columns, disputed, sum(each.unallocated for each in aged))


def overdue(session: Session, hotel: Hotel, company: Company, *, before: date) -> Money:
    """Return what a company owes since before a day and doesn't dispute."""
    disputed = sa.exists().where(
        Dispute.hotel_id == CityItem.hotel_id,
        Dispute.item_id == CityItem.id,
        Dispute.resolved_on.is_(None),
    )
    minor = session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(CityItem.open), 0)).where(
            CityItem.hotel_id == hotel.id,
            CityItem.company_id == company.id,
            CityItem.open > 0,
            CityItem.dated < before,
            ~disputed,
        )
    )
    return Money(int(minor or 0), hotel.currency)


_PLACES = range(3, 3 + len(COLUMNS))


def _aged(
    hotel: Hotel, day: date, left: sa.SQLColumnExpression[int]
) -> sa.Select[*tuple[Any, ...]]:
    """Ask for the sums of what was `left` open of each account's items."""
    in_dispute = sa.exists().where(
        Dispute.hotel_id == CityItem.hotel_id,
        Dispute.item_id == CityItem.id,
        Dispute.raised_on <= day,
        sa.or_(Dispute.resolved_on.is_(None), Dispute.resolved_on > day),
    )

    def summed(condition: sa.ColumnElement[bool], sign: int = 1) -> sa.ColumnElement[int]:
        return sa.func.coalesce(sa.func.sum(sa.case((condition, sign * left), else_=0)), 0)

    owed = sa.and_(CityItem.amount > 0, ~in_dispute)
    ends = [day - timedelta(days=step) for step in STEPS]
    return (
        sa.select(
            Company.id,
            Company.code,
            Company.name,
            *(
                summed(sa.and_(owed, *_between(newest, oldest)))
                for newest, oldest in zip([None, *ends], [*ends, None], strict=True)
            ),
            summed(sa.and_(CityItem.amount > 0, in_dispute)).label("disputed"),
            summed(CityItem.amount < 0, -1).label("unallocated"),
        )
        .join(
            Company,
            sa.and_(Company.chain_id == CityItem.chain_id, Company.id == CityItem.company_id),
        )
        .join(Entry, sa.and_(Entry.hotel_id == CityItem.hotel_id, Entry.id == CityItem.id))
        .where(CityItem.hotel_id == hotel.id, Entry.business_day <= day)
        .group_by(Company.id, Company.code, Company.name)
        .order_by(Company.name, Company.id)
    )


def _between(newest: date | None, oldest: date | None) -> list[sa.ColumnElement[bool]]:
    """Return the conditions of a column: dated up to `newest`, and after `oldest`."""
    conditions = []
    if newest is not None:
        conditions.append(CityItem.dated <= newest)
    if oldest is not None:
        conditions.append(CityItem.dated > oldest)
    return conditions


def _moved_since(hotel: Hotel, day: date) -> sa.ColumnElement[bool]:
    """Return the condition of items that are open, or of which something was allocated since."""
    return sa.or_(
        CityItem.open != 0,
        *(
            CityItem.id.in_(
                sa.select(side).where(Allocation.hotel_id == hotel.id, Allocation.made_on > day)
            )
            for side in (Allocation.debit_id, Allocation.credit_id)
        ),
    )


def _open_on(hotel: Hotel, day: date) -> sa.ColumnElement[int]:
    """Return what was open of an item when a day ended: what is, and what was allocated since."""

    def since(side: sa.orm.InstrumentedAttribute[int]) -> sa.ScalarSelect[int]:
        return (
            sa.select(sa.func.coalesce(sa.func.sum(Allocation.amount), 0))
            .where(Allocation.hotel_id == hotel.id, side == CityItem.id, Allocation.made_on > day)
            .correlate(CityItem)
            .scalar_subquery()
        )

    return CityItem.open + since(Allocation.debit_id) - since(Allocation.credit_id)
