"""What a roster is made of: shift templates, weeks that are published, and shifts."""

from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pms.base import ink
from pms.base.db import Base, OfHotel, choice, within_hotel
from pms.hotel.people.duty import Department
from pms.hotel.people.employees import Employee, Position


class ShiftTemplate(OfHotel, Base):
    """A usual shift of a department by the hotel's clock; it ends the next day if not later.

    `level` is how the duty list has who works it.
    """

    __tablename__ = "shift_templates"
    __table_args__ = (
        within_hotel("position_id", "positions"),
        sa.UniqueConstraint("hotel_id", "department", "code"),
        sa.CheckConstraint("break_minutes BETWEEN 0 AND 240", name="break_within_four_hours"),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name="one_to_three"),
        sa.CheckConstraint("length(code) BETWEEN 1 AND 8", name="has_a_code"),
    )

    department: Mapped[Department] = mapped_column(choice(Department))
    code: Mapped[str]
    position_id: Mapped[int]
    begins: Mapped[time]
    ends: Mapped[time]
    break_minutes: Mapped[int] = mapped_column(sa.SmallInteger, default=30)
    level: Mapped[int] = mapped_column(sa.SmallInteger, default=1)

    position: Mapped[Position] = relationship(viewonly=True)


class RosterWeek(OfHotel, Base):
    """A department's week, named by its Monday; a draft until it is published."""

    __tablename__ = "roster_weeks"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "department", "monday"),
        sa.CheckConstraint(
            "(published_at IS NULL) = (published_by IS NULL)", name="published_by_somebody"
        ),
    )

    department: Mapped[Department] = mapped_column(choice(Department))
    monday: Mapped[date]
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None]


class RosterShift(OfHotel, Base):
    """Somebody's shift on a day, or an open one that nobody has.

    In a published week `published_at` is when the staff could first see it and `changed_at` when
    it last became another than they had seen; `seen_at` is when its person said that they know.
    What is `cancelled_at` was published and is no more.
    """

    __tablename__ = "roster_shifts"
    __table_args__ = (
        within_hotel("week_id", "roster_weeks"),
        within_hotel("employee_id", "employees"),
        within_hotel("position_id", "positions"),
        sa.CheckConstraint("ends_at > starts_at", name="takes_some_time"),
        sa.CheckConstraint("break_minutes BETWEEN 0 AND 240", name="break_within_four_hours"),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name="one_to_three"),
        sa.CheckConstraint(
            "published_at IS NOT NULL OR (changed_at IS NULL AND cancelled_at IS NULL"
            " AND seen_at IS NULL)",
            name="changed_if_published",
        ),
        sa.Index(None, "hotel_id", "week_id"),
        sa.Index(None, "hotel_id", "employee_id", "starts_at"),
        sa.Index(None, "hotel_id", "day"),
    )

    week_id: Mapped[int]
    employee_id: Mapped[int | None]
    position_id: Mapped[int]
    day: Mapped[date]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    break_minutes: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    level: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    note: Mapped[str] = mapped_column(default="")
    published_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    week: Mapped[RosterWeek] = relationship(viewonly=True)
    employee: Mapped[Employee | None] = relationship(viewonly=True)
    position: Mapped[Position] = relationship(viewonly=True)

    @property
    def minutes(self) -> int:
        """The minutes worked, without the break that is planned."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60 - self.break_minutes

    @property
    def is_news(self) -> bool:
        """Whether its person hasn't said that they know what became of it."""
        since = self.changed_at or self.published_at
        return since is not None and (self.seen_at is None or self.seen_at < since)


_PLACED = "UPDATE OF employee_id, position_id, day, starts_at, ends_at, cancelled_at"
for _name, _deed in (("put", "INSERT"), ("moved", _PLACED)):
    ink.guard(
        f"roster_shifts_do_not_overlap_{_name}",
        table="roster_shifts",
        when=_deed,
        refuse_if=(
            "NEW.employee_id IS NOT NULL AND NEW.cancelled_at IS NULL"
            " AND EXISTS (SELECT 1 FROM roster_shifts o WHERE o.hotel_id = NEW.hotel_id"
            " AND o.employee_id = NEW.employee_id AND o.id <> NEW.id AND o.cancelled_at IS NULL"
            " AND o.starts_at < NEW.ends_at AND o.ends_at > NEW.starts_at)"
        ),
        message="nobody has two shifts at a time",
    )
    ink.guard(
        f"roster_shifts_are_for_who_is_there_{_name}",
        table="roster_shifts",
        when=_deed,
        refuse_if=(
            "NEW.employee_id IS NOT NULL AND NEW.cancelled_at IS NULL"
            " AND (EXISTS (SELECT 1 FROM absent_days a WHERE a.hotel_id = NEW.hotel_id"
            " AND a.employee_id = NEW.employee_id AND a.day = NEW.day)"
            " OR NOT EXISTS (SELECT 1 FROM employments e WHERE e.hotel_id = NEW.hotel_id"
            " AND e.employee_id = NEW.employee_id AND e.position_id = NEW.position_id"
            " AND e.begins_on <= NEW.day AND (e.ends_on IS NULL OR e.ends_on >= NEW.day)))"
        ),
        message="a shift is for who holds the position and is there",
    )
ink.guard(
    "absent_days_have_no_shift",
    table="absent_days",
    when="INSERT",
    refuse_if=(
        "EXISTS (SELECT 1 FROM roster_shifts s WHERE s.hotel_id = NEW.hotel_id"
        " AND s.employee_id = NEW.employee_id AND s.day = NEW.day AND s.cancelled_at IS NULL)"
    ),
    message="a shift is for who holds the position and is there",
)
