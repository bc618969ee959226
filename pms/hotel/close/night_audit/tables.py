"""What an audit leaves behind: its run, its steps, and what was decided for whom."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pms.base.db import Base, choice, within_hotel


class AuditState(enum.StrEnum):
    """Whether a day's audit is under way (or was cut off), failed, or done."""

    RUNNING = "running"
    FAILED = "failed"
    DONE = "done"


class StepState(enum.StrEnum):
    """Where a step stands."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


class Choice(enum.StrEnum):
    """What is decided for an arrival that isn't in, or a departure that isn't out."""

    CHECK_IN = "check_in"
    KEEP = "keep"
    NO_SHOW = "no_show"
    NO_SHOW_KEEP_NIGHTS = "no_show_keep_nights"
    EXTEND = "extend"
    CHECK_OUT = "check_out"
    CHECK_OUT_WITH_BALANCE = "check_out_with_balance"


FOR_ARRIVALS = frozenset({Choice.CHECK_IN, Choice.KEEP, Choice.NO_SHOW, Choice.NO_SHOW_KEEP_NIGHTS})


class Audit(Base):
    """The closing of one business day; there is one a day, however often it was begun."""

    __tablename__ = "audits"
    __table_args__ = (
        sa.CheckConstraint(
            "(state = 'done') = (finished_at IS NOT NULL)", name="done_when_finished"
        ),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    state: Mapped[AuditState] = mapped_column(choice(AuditState), default=AuditState.RUNNING)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    staff_id: Mapped[int]


class AuditStep(Base):
    """One step: how it stands, how many rows it wrote, how often it was tried."""

    __tablename__ = "audit_steps"
    __table_args__ = (
        sa.ForeignKeyConstraint(["hotel_id", "day"], ["audits.hotel_id", "audits.day"]),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    no: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    name: Mapped[str]
    state: Mapped[StepState] = mapped_column(choice(StepState), default=StepState.PENDING)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    rows: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]


class AuditChoice(Base):
    """What somebody decided for a party before the day closes."""

    __tablename__ = "audit_choices"
    __table_args__ = (
        within_hotel("reservation_id", "reservations"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    reservation_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    choice: Mapped[Choice] = mapped_column(choice(Choice))
    staff_id: Mapped[int]
    at: Mapped[datetime]
