"""What the time clock keeps: punches in ink, the hours they make, edits and approvals of these."""

import enum
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pms.base.db import Base, OfHotel, choice, within_chain, within_hotel
from pms.hotel.people.employees.tables import Employee, Employment


class Punched(enum.StrEnum):
    """What somebody did at the clock."""

    IN = "in"
    BREAK = "break"
    BACK = "back"
    CHANGE = "change"
    OUT = "out"

    @property
    def words(self) -> str:
        """What the button says."""
        return {
            Punched.IN: "Clock in",
            Punched.BREAK: "Begin break",
            Punched.BACK: "Back from break",
            Punched.CHANGE: "Change position",
            Punched.OUT: "Clock out",
        }[self]


class Source(enum.StrEnum):
    """Where a punch comes from."""

    TABLET = "tablet"
    PHONE = "phone"
    MACHINE = "machine"


class ClockDevice(OfHotel, Base):
    """A tablet that is the hotel's time clock; it holds the token, this row only its digest."""

    __tablename__ = "clock_devices"
    __table_args__ = (
        sa.UniqueConstraint("digest"),
        sa.CheckConstraint("length(digest) = 64", name="has_digest"),
    )

    name: Mapped[str]
    digest: Mapped[str] = mapped_column(sa.String(64))
    paired_by: Mapped[int]
    paired_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PinTry(OfHotel, Base):
    """A wrong PIN, counted before the next is hashed."""

    __tablename__ = "pin_tries"
    __table_args__ = (
        sa.Index(None, "hotel_id", "number", "at"),
        sa.Index(None, "hotel_id", "device_id", "at"),
    )

    device_id: Mapped[int]
    number: Mapped[str]
    at: Mapped[datetime]


_RUNNING = sa.text("ended_at IS NULL AND NOT struck AND NOT forgotten")
_UNAPPROVED = sa.text("approved_at IS NULL")
_ON_BREAK = sa.text("ended_at IS NULL")


class TimeEntry(OfHotel, Base):
    """Time that somebody worked in one position without changing it; open until they clock out.

    `service_day` is the day on which the shift began by the hotel's clock, also for what is worked
    after midnight or after a change of position. Instants are whole minutes. `version` counts the
    changes; an approval is of one version, so what changes wants a new one. `forgotten` are those
    nobody clocked out of, until somebody says when they ended; `struck` those that were never
    worked: they stay to be read, with the punches that made them.
    """

    __tablename__ = "time_entries"
    __table_args__ = (
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        within_hotel("employee_id", "employees"),
        sa.ForeignKeyConstraint(
            ["hotel_id", "employment_id", "employee_id"],
            ["employments.hotel_id", "employments.id", "employments.employee_id"],
        ),
        within_chain("approved_by", "staff"),
        sa.CheckConstraint("ended_at IS NULL OR ended_at > started_at", name="takes_some_time"),
        sa.CheckConstraint(
            "(approved_at IS NULL) = (approved_by IS NULL)", name="approved_by_somebody"
        ),
        sa.CheckConstraint(
            "approved_at IS NULL OR (ended_at IS NOT NULL AND NOT struck)", name="over_if_approved"
        ),
        sa.CheckConstraint("NOT forgotten OR ended_at IS NULL", name="forgotten_if_open"),
        sa.Index(
            "uq_time_entries_one_running",
            "hotel_id",
            "employee_id",
            unique=True,
            sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
        sa.Index(None, "hotel_id", "service_day"),
        sa.Index(None, "hotel_id", "employee_id", "started_at"),
        sa.Index(None, "hotel_id", "approved_at"),
        sa.Index(
            "ix_time_entries_unapproved",
            "hotel_id",
            "service_day",
            sqlite_where=_UNAPPROVED,
            postgresql_where=_UNAPPROVED,
        ),
    )

    chain_id: Mapped[int]
    employee_id: Mapped[int]
    employment_id: Mapped[int]
    service_day: Mapped[date]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    forgotten: Mapped[bool] = mapped_column(default=False)
    struck: Mapped[bool] = mapped_column(default=False)
    approved_by: Mapped[int | None]
    approved_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    employee: Mapped[Employee] = relationship(viewonly=True)
    employment: Mapped[Employment] = relationship(
        viewonly=True,
        primaryjoin=lambda: sa.and_(
            TimeEntry.hotel_id == Employment.hotel_id,
            sa.orm.foreign(TimeEntry.employment_id) == Employment.id,
        ),
    )


class Break(OfHotel, Base):
    """A break inside an entry; open until they are back."""

    __tablename__ = "time_breaks"
    __table_args__ = (
        within_hotel("entry_id", "time_entries"),
        sa.CheckConstraint("ended_at IS NULL OR ended_at > started_at", name="takes_some_time"),
        sa.Index(
            "uq_time_breaks_one_running",
            "hotel_id",
            "entry_id",
            unique=True,
            sqlite_where=_ON_BREAK,
            postgresql_where=_ON_BREAK,
        ),
        sa.Index(None, "hotel_id", "entry_id"),
    )

    entry_id: Mapped[int]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    paid: Mapped[bool] = mapped_column(default=False)


class Punch(OfHotel, Base):
    """One press at the clock, in ink; `key` is the machine's own, so that it is taken once."""

    __tablename__ = "punches"
    __table_args__ = (
        within_hotel("employee_id", "employees"),
        within_hotel("entry_id", "time_entries"),
        sa.UniqueConstraint("hotel_id", "key"),
        sa.Index(None, "hotel_id", "entry_id"),
        sa.Index(None, "hotel_id", "employee_id", "at"),
    )

    employee_id: Mapped[int]
    entry_id: Mapped[int]
    kind: Mapped[Punched] = mapped_column(choice(Punched))
    at: Mapped[datetime]
    source: Mapped[Source] = mapped_column(choice(Source))
    device_id: Mapped[int | None]
    key: Mapped[str | None]


class TimeEdit(OfHotel, Base):
    """A change of hours by hand, in ink: how they were, how they are since, who and why.

    `version` is the one that the change made; `before` is empty for hours written down by hand,
    and `after` for those that were struck.
    """

    __tablename__ = "time_edits"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "entry_id", "version"),
        sa.CheckConstraint("length(why) > 0", name="has_a_reason"),
        sa.Index(None, "hotel_id", "employee_id", "at"),
        sa.Index(None, "hotel_id", "at"),
    )

    employee_id: Mapped[int]
    entry_id: Mapped[int]
    version: Mapped[int]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    why: Mapped[str]
    staff_id: Mapped[int]
    at: Mapped[datetime]


class TimeApproval(OfHotel, Base):
    """That somebody approved one version of an entry, and the minutes it came to; in ink.

    `why` is said by who worked or corrected the hours and approved them all the same, as nobody
    else could.
    """

    __tablename__ = "time_approvals"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "entry_id", "version"),
        sa.CheckConstraint("minutes_paid >= 0 AND minutes_unpaid >= 0", name="not_negative"),
    )

    entry_id: Mapped[int]
    version: Mapped[int]
    minutes_paid: Mapped[int]
    minutes_unpaid: Mapped[int]
    staff_id: Mapped[int]
    at: Mapped[datetime]
    why: Mapped[str | None]
