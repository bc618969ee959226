"""What is kept of a consumed allowance: which charge took how much of it, by which entry."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pms.base import ink
from pms.base.db import Base, within_hotel


class AllowanceUse(Base):
    """What one charge took of an allowance, by the entry that takes it off the bill; in ink.

    `since` is the day the allowance began, which tells one day's from the next. It stands while
    its entry does.
    """

    __tablename__ = "allowance_uses"
    __table_args__ = (
        within_hotel("entry_id", "entries"),
        within_hotel("charge_id", "entries"),
        sa.ForeignKeyConstraint(
            ["hotel_id", "reservation_id", "no"],
            [
                "reservation_allowances.hotel_id",
                "reservation_allowances.reservation_id",
                "reservation_allowances.no",
            ],
        ),
        sa.UniqueConstraint("hotel_id", "charge_id", "no"),
        sa.CheckConstraint("amount > 0", name="uses_something"),
        sa.Index(None, "hotel_id", "reservation_id", "no", "since"),
        sa.Index(None, "hotel_id", "since"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    charge_id: Mapped[int]
    reservation_id: Mapped[int]
    no: Mapped[int] = mapped_column(sa.SmallInteger)
    since: Mapped[date]
    allowed: Mapped[int]
    amount: Mapped[int]


ink.append_only("allowance_uses")
ink.guard(
    "allowance_uses_go_so_far",
    table="allowance_uses",
    when="INSERT",
    refuse_if=(
        "(SELECT COALESCE(SUM(u.amount), 0) FROM allowance_uses u"
        " WHERE u.hotel_id = NEW.hotel_id AND u.reservation_id = NEW.reservation_id"
        " AND u.no = NEW.no AND u.since = NEW.since AND NOT EXISTS (SELECT 1 FROM entries r"
        " WHERE r.hotel_id = u.hotel_id AND r.reverses_id = u.entry_id))"
        " + NEW.amount > NEW.allowed"
    ),
    message="an allowance goes as far as it goes",
)
