"""Absences: days on which somebody who is employed isn't there, and what is paid for each."""

import enum
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pms.base.db import Base, OfHotel, choice, within_hotel
from pms.hotel.people.employees import Employee


class AbsenceKind(enum.StrEnum):
    """Why somebody isn't there."""

    VACATION = "vacation"
    SICK = "sick"
    HOLIDAY = "holiday"
    PARENTAL = "parental"
    UNPAID = "unpaid"

    @property
    def words(self) -> str:
        """The kind in words."""
        return self.value.capitalize()


class Absence(OfHotel, Base):
    """An absence from its first day to its last, both included."""

    __tablename__ = "absences"
    __table_args__ = (
        within_hotel("employee_id", "employees"),
        sa.UniqueConstraint("hotel_id", "id", "employee_id"),
        sa.CheckConstraint("last_day >= first_day", name="begins_before_it_ends"),
        sa.Index(None, "hotel_id", "employee_id", "last_day"),
    )

    employee_id: Mapped[int]
    kind: Mapped[AbsenceKind] = mapped_column(choice(AbsenceKind))
    first_day: Mapped[date]
    last_day: Mapped[date]
    note: Mapped[str] = mapped_column(default="")

    employee: Mapped[Employee] = relationship(viewonly=True)


class AbsentDay(Base):
    """One day of an absence: its key lets nobody be absent twice; `minutes_paid` may be none."""

    __tablename__ = "absent_days"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["hotel_id", "absence_id", "employee_id"],
            ["absences.hotel_id", "absences.id", "absences.employee_id"],
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("minutes_paid BETWEEN 0 AND 1440", name="at_most_a_day"),
        sa.Index(None, "hotel_id", "absence_id"),
        sa.Index(None, "hotel_id", "day"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    employee_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    absence_id: Mapped[int]
    minutes_paid: Mapped[int]
