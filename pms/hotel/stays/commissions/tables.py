"""What an agent is owed in commission: a statement of a period's stays, approved, then paid."""

import enum
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pms.base import ink
from pms.base.db import Base, OfHotel, choice, within_chain, within_hotel


class CommissionState(enum.StrEnum):
    """Where a statement is; one that was reversed lets its stays go, to be approved anew."""

    APPROVED = "approved"
    PAID = "paid"
    REVERSED = "reversed"


class CommissionStatement(OfHotel, Base):
    """What an agent earned with the stays that ended from `first` to `last`, in minor units."""

    __tablename__ = "commission_statements"
    __table_args__ = (
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        within_chain("company_id", "companies"),
        sa.UniqueConstraint("hotel_id", "number"),
        sa.CheckConstraint("amount > 0", name="owes_something"),
        sa.CheckConstraint("last >= first", name="lasts_a_day"),
        sa.CheckConstraint(
            "(paid_on IS NULL) = (reference IS NULL)"
            " AND (state <> 'paid' OR paid_on IS NOT NULL)"
            " AND (state <> 'approved' OR paid_on IS NULL)",
            name="paid_with_day_and_reference",
        ),
        sa.CheckConstraint(
            "(state = 'reversed') = (reversed_on IS NOT NULL)"
            " AND (reversed_on IS NULL) = (reason IS NULL)",
            name="reversed_with_reason",
        ),
        sa.Index(None, "hotel_id", "company_id", "first"),
    )

    chain_id: Mapped[int]
    company_id: Mapped[int]
    number: Mapped[int]
    first: Mapped[date]
    last: Mapped[date]
    amount: Mapped[int]
    state: Mapped[CommissionState] = mapped_column(choice(CommissionState))
    approved_on: Mapped[date]
    approved_by: Mapped[int]
    paid_on: Mapped[date | None]
    reference: Mapped[str | None]
    reversed_on: Mapped[date | None]
    reason: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)


class CommissionLine(Base):
    """One stay of a statement, as it stood when it was approved; `live` until it is reversed.

    `percent` is hundredths of a percent, `revenue` and `amount` are minor units.
    """

    __tablename__ = "commission_lines"
    __table_args__ = (
        within_hotel("statement_id", "commission_statements"),
        within_hotel("reservation_id", "reservations"),
        sa.Index(
            "uq_commission_lines_a_stay_once",
            "hotel_id",
            "reservation_id",
            unique=True,
            sqlite_where=sa.text("live"),
            postgresql_where=sa.text("live"),
        ),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    statement_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reservation_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revenue: Mapped[int]
    percent: Mapped[int]
    amount: Mapped[int]
    live: Mapped[bool] = mapped_column(default=True)


for _table in ("commission_statements", "commission_lines"):
    ink.guard(
        f"{_table}_no_delete",
        table=_table,
        when="DELETE",
        refuse_if="1 = 1",
        message="what was approved stays",
    )
ink.guard(
    "commission_statements_go_one_way",
    table="commission_statements",
    when="UPDATE",
    refuse_if="NEW.amount <> OLD.amount OR NEW.company_id <> OLD.company_id"
    " OR NEW.first <> OLD.first OR NEW.last <> OLD.last OR NEW.number <> OLD.number"
    " OR OLD.state = 'reversed' OR (OLD.state = 'paid' AND NEW.state <> 'reversed')"
    " OR (OLD.paid_on IS NOT NULL AND (NEW.paid_on IS NULL OR NEW.paid_on <> OLD.paid_on))",
    message="a commission is approved, paid, or reversed, once",
)
ink.guard(
    "commission_lines_stay",
    table="commission_lines",
    when="UPDATE",
    refuse_if="NEW.revenue <> OLD.revenue OR NEW.percent <> OLD.percent"
    " OR NEW.amount <> OLD.amount OR NEW.reservation_id <> OLD.reservation_id"
    " OR NEW.statement_id <> OLD.statement_id OR (NEW.live AND NOT OLD.live)",
    message="what was approved stays",
)
