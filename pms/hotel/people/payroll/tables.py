"""What payroll keeps: rules, periods, and of each locked one its hours, its lines and its files.

A locked period holds what it was reckoned from beside what came out, all in ink: it can be
recounted for ever, whatever happens to hours, rates and rules later.
"""

import enum
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pms.base.db import Base, OfHotel, choice, within_hotel
from pms.hotel.people.employees import Employee, Position
from pms.hotel.people.exports import Frequency, Target
from pms.hotel.people.pay import ExtraKind, PayKind


class PeriodState(enum.StrEnum):
    """How far a pay period is."""

    OPEN = "open"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    LOCKED = "locked"
    EXPORTED = "exported"

    @property
    def words(self) -> str:
        """The state in words."""
        return self.value.capitalize()


FINAL = frozenset({PeriodState.LOCKED, PeriodState.EXPORTED})


class PayRuleSet(OfHotel, Base):
    """The rules of a jurisdiction from a day on; a later row of the same day corrects it."""

    __tablename__ = "pay_rules"
    __table_args__ = (
        sa.CheckConstraint("length(jurisdiction) BETWEEN 2 AND 6", name="is_somewhere"),
        sa.Index(None, "hotel_id", "jurisdiction", "valid_from"),
    )

    jurisdiction: Mapped[str]
    valid_from: Mapped[date]
    data: Mapped[dict[str, Any]]
    staff_id: Mapped[int]
    made_at: Mapped[datetime]


class PayPeriod(OfHotel, Base):
    """The days from first to last, both paid; `fingerprint` is that of the figures reviewed."""

    __tablename__ = "pay_periods"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "first"),
        sa.CheckConstraint("last >= first", name="has_a_day"),
        sa.CheckConstraint("pays_on >= last", name="paid_when_over"),
        sa.CheckConstraint(
            "(state = 'open') = (fingerprint IS NULL)", name="reviewed_with_its_figures"
        ),
        sa.CheckConstraint("fingerprint IS NULL OR length(fingerprint) = 64", name="has_digest"),
    )

    first: Mapped[date]
    last: Mapped[date]
    pays_on: Mapped[date]
    frequency: Mapped[Frequency | None] = mapped_column(choice(Frequency))
    state: Mapped[PeriodState] = mapped_column(choice(PeriodState), default=PeriodState.OPEN)
    fingerprint: Mapped[str | None] = mapped_column(sa.String(64))
    reviewed_by: Mapped[int | None]
    reviewed_at: Mapped[datetime | None]
    approved_by: Mapped[int | None]
    approved_at: Mapped[datetime | None]
    locked_by: Mapped[int | None]
    locked_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    @property
    def is_final(self) -> bool:
        """Whether nothing of it changes any more."""
        return self.state in FINAL


class PayBonus(OfHotel, Base):
    """A bonus, of the day it was earned for, in minor units."""

    __tablename__ = "pay_bonuses"
    __table_args__ = (
        within_hotel("employee_id", "employees"),
        sa.CheckConstraint("amount > 0", name="is_something"),
        sa.CheckConstraint("kind LIKE '%bonus'", name="is_a_bonus"),
        sa.CheckConstraint("length(words) > 0", name="says_what_for"),
        sa.Index(None, "hotel_id", "day"),
    )

    employee_id: Mapped[int]
    day: Mapped[date]
    kind: Mapped[ExtraKind] = mapped_column(choice(ExtraKind))
    amount: Mapped[int]
    words: Mapped[str]
    staff_id: Mapped[int]
    made_at: Mapped[datetime]

    employee: Mapped[Employee] = relationship(viewonly=True)


class PeriodRules(Base):
    """By which rules a locked period reckoned a workweek."""

    __tablename__ = "pay_period_rules"
    __table_args__ = (
        within_hotel("period_id", "pay_periods"),
        within_hotel("rules_id", "pay_rules"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    period_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    jurisdiction: Mapped[str] = mapped_column(primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    rules_id: Mapped[int]


class PayPiece(OfHotel, Base):
    """Paid time that a locked period was reckoned from, and that of the week it began in."""

    __tablename__ = "pay_pieces"
    __table_args__ = (
        within_hotel("period_id", "pay_periods"),
        within_hotel("employee_id", "employees"),
        within_hotel("position_id", "positions"),
        sa.CheckConstraint("ends_at > starts_at", name="takes_some_time"),
        sa.CheckConstraint(
            "(salary_a_year IS NULL) = (week_minutes IS NULL)", name="salary_is_for_hours"
        ),
        sa.Index(None, "hotel_id", "period_id", "employee_id"),
    )

    period_id: Mapped[int]
    employee_id: Mapped[int]
    position_id: Mapped[int]
    entry_id: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    rate: Mapped[int | None]
    tipped: Mapped[bool]
    exempt: Mapped[bool]
    salary_a_year: Mapped[int | None]
    week_minutes: Mapped[int | None] = mapped_column(sa.SmallInteger)
    jurisdiction: Mapped[str]


class PayExtra(OfHotel, Base):
    """What a locked period paid beside hours; `pool_id` where it was shared out of a pool."""

    __tablename__ = "pay_extras"
    __table_args__ = (
        within_hotel("period_id", "pay_periods"),
        within_hotel("employee_id", "employees"),
        within_hotel("pool_id", "tip_pools"),
        sa.CheckConstraint(
            "pool_id IS NULL OR kind IN ('tips', 'service_charge')", name="of_a_pool"
        ),
        sa.Index(None, "hotel_id", "period_id", "employee_id"),
    )

    period_id: Mapped[int]
    employee_id: Mapped[int]
    day: Mapped[date]
    kind: Mapped[ExtraKind] = mapped_column(choice(ExtraKind))
    amount: Mapped[int]
    words: Mapped[str]
    pool_id: Mapped[int | None]


class PoolTaking(Base):
    """What came into a pool on a day of a locked period, in minor units."""

    __tablename__ = "pool_takings"
    __table_args__ = (
        within_hotel("period_id", "pay_periods"),
        within_hotel("pool_id", "tip_pools"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    period_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    pool_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    amount: Mapped[int]


class PaidLine(OfHotel, Base):
    """A line of a locked period; with `corrects_id` it is the difference to an earlier one."""

    __tablename__ = "pay_lines"
    __table_args__ = (
        within_hotel("period_id", "pay_periods"),
        within_hotel("employee_id", "employees"),
        within_hotel("position_id", "positions"),
        within_hotel("corrects_id", "pay_periods"),
        sa.CheckConstraint("corrects_id <> period_id", name="corrects_another"),
        sa.CheckConstraint("length(because) > 0 AND length(source) > 0", name="explains_itself"),
        sa.Index(None, "hotel_id", "period_id", "employee_id"),
        sa.Index(
            None,
            "hotel_id",
            "corrects_id",
            sqlite_where=sa.text("corrects_id IS NOT NULL"),
            postgresql_where=sa.text("corrects_id IS NOT NULL"),
        ),
    )

    period_id: Mapped[int]
    employee_id: Mapped[int]
    position_id: Mapped[int | None]
    day: Mapped[date]
    kind: Mapped[PayKind] = mapped_column(choice(PayKind))
    minutes: Mapped[int]
    rate: Mapped[int | None]
    amount: Mapped[int]
    because: Mapped[str]
    source: Mapped[str]
    corrects_id: Mapped[int | None]

    position: Mapped[Position | None] = relationship(viewonly=True)


class ExportSettings(Base):
    """How a payroll system knows the hotel, and its codes for what is earned."""

    __tablename__ = "pay_export_settings"
    __table_args__ = ({"sqlite_with_rowid": False},)

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    target: Mapped[Target] = mapped_column(choice(Target), primary_key=True)
    data: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=1)


class PayExport(OfHotel, Base):
    """A file of a period as it was made, to the byte."""

    __tablename__ = "pay_exports"
    __table_args__ = (
        within_hotel("period_id", "pay_periods"),
        sa.UniqueConstraint("hotel_id", "period_id", "target", "sha256"),
        sa.CheckConstraint("length(sha256) = 64", name="has_digest"),
    )

    period_id: Mapped[int]
    target: Mapped[Target] = mapped_column(choice(Target))
    name: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    staff_id: Mapped[int]
    made_at: Mapped[datetime]
