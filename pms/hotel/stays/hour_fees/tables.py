"""What an early arrival and a late departure cost by the hour, and what became of it."""

import enum
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pms.base.db import Base, OfHotel, choice, within_chain, within_hotel
from pms.hotel.house import references
from pms.hotel.tariff.charges import ChargeCode


class Hour(enum.StrEnum):
    """Which hour a fee is for: the room had before its time, or kept after it."""

    EARLY = "early"
    LATE = "late"

    @property
    def words(self) -> str:
        """The fee in words."""
        return "Early arrival" if self is Hour.EARLY else "Late departure"


class HourStep(OfHotel, Base):
    """One step: who comes before `at`, or leaves after it, pays a share of a night or an amount."""

    __tablename__ = "hour_steps"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "hour", "at"),
        within_hotel("code_id", "charge_codes"),
        sa.CheckConstraint("(percent IS NULL) <> (amount IS NULL)", name="a_share_or_an_amount"),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name="share_of_a_night"),
        sa.CheckConstraint("amount > 0", name="amount_of_something"),
    )

    hour: Mapped[Hour] = mapped_column(choice(Hour))
    at: Mapped[time]
    percent: Mapped[int | None]
    amount: Mapped[int | None]
    code_id: Mapped[int]

    code: Mapped[ChargeCode] = relationship(viewonly=True)

    @property
    def when(self) -> str:
        """The step's hour in words."""
        said = references.BEFORE if self.hour is Hour.EARLY else references.AFTER
        return said.format(hour=f"{self.at:%H:%M}")


class StayFee(OfHotel, Base):
    """What was made of a fee for a stay: charged by an entry, or waived and why; once."""

    __tablename__ = "stay_fees"
    __table_args__ = (
        within_hotel("stay_id", "stays"),
        within_hotel("entry_id", "entries"),
        within_chain("staff_id", "staff"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        sa.CheckConstraint("due > 0", name="of_something"),
        sa.CheckConstraint(
            "(entry_id IS NULL) = (waived_why IS NOT NULL)", name="charged_or_waived"
        ),
        sa.Index(
            "uq_stay_fees_standing",
            "hotel_id",
            "stay_id",
            "hour",
            unique=True,
            sqlite_where=sa.text("taken_back_on IS NULL"),
            postgresql_where=sa.text("taken_back_on IS NULL"),
        ),
    )

    chain_id: Mapped[int]
    stay_id: Mapped[int]
    hour: Mapped[Hour] = mapped_column(choice(Hour))
    due: Mapped[int]
    entry_id: Mapped[int | None]
    waived_why: Mapped[str | None]
    staff_id: Mapped[int]
    day: Mapped[date]
    at: Mapped[datetime]
    taken_back_on: Mapped[date | None]
