"""What is kept of who works here: the person, their positions and pay, papers, training.

An employee is one hotel's: who works in two of a chain has a number, a rate and hours in each. A
sign-in is another thing, which some of them have.
"""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pms.base import ink
from pms.base.db import Base, OfHotel, choice, within_chain, within_hotel
from pms.hotel.house.departments import Department


class PayrollSystem(enum.StrEnum):
    """Whose payroll knows an employee by a number of its own."""

    ADP_RUN = "adp_run"
    ADP_WORKFORCE_NOW = "adp_workforce_now"
    DATEV_LODAS = "datev_lodas"
    GUSTO = "gusto"
    PAYCHEX_FLEX = "paychex_flex"
    QUICKBOOKS = "quickbooks"

    @property
    def words(self) -> str:
        """The system as its makers write it."""
        return {
            PayrollSystem.ADP_RUN: "ADP RUN",
            PayrollSystem.ADP_WORKFORCE_NOW: "ADP Workforce Now",
            PayrollSystem.DATEV_LODAS: "DATEV LODAS",
            PayrollSystem.GUSTO: "Gusto",
            PayrollSystem.PAYCHEX_FLEX: "Paychex Flex",
            PayrollSystem.QUICKBOOKS: "QuickBooks",
        }[self]


class PayBasis(enum.StrEnum):
    """What an amount is paid for."""

    HOUR = "hour"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"

    @property
    def is_salary(self) -> bool:
        """Whether it is paid whatever the hours."""
        return self is not PayBasis.HOUR

    @property
    def times_a_year(self) -> int:
        """How often a salary's amount is paid in a year."""
        return {PayBasis.HOUR: 0, PayBasis.WEEK: 52, PayBasis.MONTH: 12, PayBasis.YEAR: 1}[self]


class PaperKind(enum.StrEnum):
    """What kind of document an employee has to have, and to renew."""

    WORK_PERMIT = "work_permit"
    RESIDENCE_PERMIT = "residence_permit"
    HEALTH_CERTIFICATE = "health_certificate"
    FOOD_HANDLER = "food_handler"
    ALCOHOL_SERVICE = "alcohol_service"
    FIRST_AID = "first_aid"
    DRIVING_LICENCE = "driving_licence"
    CONTRACT = "contract"
    OTHER = "other"

    @property
    def words(self) -> str:
        """The kind in words."""
        return self.value.replace("_", " ").capitalize()


class Employee(OfHotel, Base):
    """Somebody who works here, or did; `is_manager` also means that no tip pool may pay them."""

    __tablename__ = "employees"
    __table_args__ = (
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        within_chain("staff_id", "staff"),
        sa.UniqueConstraint("hotel_id", "number"),
        sa.UniqueConstraint("hotel_id", "staff_id"),
        sa.CheckConstraint("left_on IS NULL OR left_on >= hired_on", name="hired_before_leaving"),
        sa.CheckConstraint("born_on IS NULL OR born_on < hired_on", name="born_before_hired"),
        sa.CheckConstraint("length(number) BETWEEN 1 AND 20", name="has_a_number"),
        sa.CheckConstraint("length(last_name) > 0", name="has_a_name"),
        sa.CheckConstraint("language IN ('en', 'de', 'fr', 'es')", name="language_is_written"),
        sa.Index(None, "hotel_id", "last_name"),
    )

    chain_id: Mapped[int]
    staff_id: Mapped[int | None]
    number: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    born_on: Mapped[date | None]
    department: Mapped[Department] = mapped_column(choice(Department))
    is_manager: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str | None] = mapped_column(sa.String(2))
    hired_on: Mapped[date]
    left_on: Mapped[date | None]
    pin_hash: Mapped[str | None] = mapped_column(deferred=True)
    version: Mapped[int] = mapped_column(default=1)

    @property
    def name(self) -> str:
        """The name as it is said."""
        return f"{self.first_name} {self.last_name}".strip()

    def works_on(self, day: date) -> bool:
        """Tell whether they are employed on a day; the last day counts."""
        return self.hired_on <= day and (self.left_on is None or day <= self.left_on)

    def age_on(self, day: date) -> int | None:
        """Return their age in whole years on a day, where the birthday is known."""
        if self.born_on is None:
            return None
        had_birthday = (day.month, day.day) >= (self.born_on.month, self.born_on.day)
        return day.year - self.born_on.year - (not had_birthday)


class PayrollNumber(Base):
    """How a payroll system knows an employee: file number, worker id, or the name it has there."""

    __tablename__ = "payroll_numbers"
    __table_args__ = (
        within_hotel("employee_id", "employees"),
        sa.UniqueConstraint("hotel_id", "system", "number"),
        sa.CheckConstraint("length(number) BETWEEN 1 AND 60", name="is_written"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    employee_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    system: Mapped[PayrollSystem] = mapped_column(choice(PayrollSystem), primary_key=True)
    number: Mapped[str]


class Position(OfHotel, Base):
    """What people are employed as; `tipped` where they customarily get tips.

    `adults_only` is not for who isn't 18; `cost_center` is what payroll books its hours on.
    """

    __tablename__ = "positions"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "code"),
        sa.CheckConstraint("length(code) BETWEEN 1 AND 20", name="has_a_code"),
    )

    code: Mapped[str]
    title: Mapped[str]
    department: Mapped[Department] = mapped_column(choice(Department))
    tipped: Mapped[bool] = mapped_column(default=False)
    adults_only: Mapped[bool] = mapped_column(default=False)
    cost_center: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)


class Employment(OfHotel, Base):
    """A position that somebody holds, from a day to a day; `exempt` from overtime (29 CFR 541).

    `jurisdiction` is where the work is done: ISO 3166, with the state where law is the state's
    (US-CA, US-DC, DE). A change of either is a new employment.
    """

    __tablename__ = "employments"
    __table_args__ = (
        within_hotel("employee_id", "employees"),
        within_hotel("position_id", "positions"),
        sa.UniqueConstraint("hotel_id", "id", "employee_id"),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= begins_on", name="begins_before_it_ends"),
        sa.CheckConstraint("length(jurisdiction) BETWEEN 2 AND 6", name="is_somewhere"),
        sa.Index(None, "hotel_id", "employee_id"),
    )

    employee_id: Mapped[int]
    position_id: Mapped[int]
    begins_on: Mapped[date]
    ends_on: Mapped[date | None]
    exempt: Mapped[bool] = mapped_column(default=False)
    jurisdiction: Mapped[str]

    position: Mapped[Position] = relationship(viewonly=True)
    employee: Mapped[Employee] = relationship(viewonly=True)

    def runs_on(self, day: date) -> bool:
        """Tell whether they hold the job on a day; the last day counts."""
        return self.begins_on <= day and (self.ends_on is None or day <= self.ends_on)


class PayRate(OfHotel, Base):
    """What a position pays from a day on, in minor units; a later row of a day corrects it.

    `week_minutes` are those that a salary pays straight, 0 where it pays whatever hours a week has;
    nothing where nobody said, and for pay by the hour.
    """

    __tablename__ = "pay_rates"
    __table_args__ = (
        within_hotel("employment_id", "employments"),
        sa.CheckConstraint("amount >= 0", name="not_negative"),
        sa.CheckConstraint(
            "week_minutes IS NULL OR (basis <> 'hour' AND week_minutes BETWEEN 0 AND 10080)",
            name="salary_for_a_week",
        ),
        sa.Index(None, "hotel_id", "employment_id", "valid_from"),
    )

    employment_id: Mapped[int]
    valid_from: Mapped[date]
    basis: Mapped[PayBasis] = mapped_column(choice(PayBasis))
    amount: Mapped[int]
    week_minutes: Mapped[int | None] = mapped_column(sa.SmallInteger)
    staff_id: Mapped[int]
    made_at: Mapped[datetime]


class EmployeePaper(OfHotel, Base):
    """A document of an employee that runs out; reminded of `remind_days` before it does."""

    __tablename__ = "employee_papers"
    __table_args__ = (
        within_hotel("employee_id", "employees"),
        sa.CheckConstraint("issued_on IS NULL OR issued_on <= expires_on", name="issued_first"),
        sa.CheckConstraint("remind_days BETWEEN 0 AND 365", name="within_a_year"),
        sa.Index(None, "hotel_id", "expires_on"),
        sa.Index(None, "hotel_id", "employee_id"),
    )

    employee_id: Mapped[int]
    kind: Mapped[PaperKind] = mapped_column(choice(PaperKind))
    words: Mapped[str] = mapped_column(default="")
    issued_on: Mapped[date | None]
    expires_on: Mapped[date]
    remind_days: Mapped[int] = mapped_column(sa.SmallInteger, default=30)

    employee: Mapped[Employee] = relationship(viewonly=True)


class Course(OfHotel, Base):
    """A training that a department, or everybody, needs within `within_days` of being hired.

    It is needed again every so many months, or once where `every_months` is nothing.
    """

    __tablename__ = "training_courses"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "name"),
        sa.CheckConstraint("every_months IS NULL OR every_months > 0", name="comes_again"),
        sa.CheckConstraint("within_days >= 0", name="not_before_hired"),
    )

    name: Mapped[str]
    department: Mapped[Department | None] = mapped_column(choice(Department))
    every_months: Mapped[int | None] = mapped_column(sa.SmallInteger)
    within_days: Mapped[int] = mapped_column(sa.SmallInteger, default=30)
    active: Mapped[bool] = mapped_column(default=True)


class Training(OfHotel, Base):
    """A course that somebody was on."""

    __tablename__ = "trainings"
    __table_args__ = (
        within_hotel("employee_id", "employees"),
        within_hotel("course_id", "training_courses"),
        sa.UniqueConstraint("hotel_id", "employee_id", "course_id", "done_on"),
    )

    employee_id: Mapped[int]
    course_id: Mapped[int]
    done_on: Mapped[date]

    course: Mapped[Course] = relationship(viewonly=True)


ink.append_only("pay_rates")
for _deed in ("INSERT", "UPDATE"):
    ink.guard(
        f"employments_one_at_a_time_{_deed.lower()}",
        table="employments",
        when=_deed,
        refuse_if=(
            "EXISTS (SELECT 1 FROM employments o WHERE o.hotel_id = NEW.hotel_id"
            " AND o.employee_id = NEW.employee_id AND o.position_id = NEW.position_id"
            " AND o.id <> NEW.id"
            " AND (o.ends_on IS NULL OR o.ends_on >= NEW.begins_on)"
            " AND (NEW.ends_on IS NULL OR NEW.ends_on >= o.begins_on))"
        ),
        message="nobody holds the same position twice on a day",
    )
    ink.guard(
        f"employments_begin_when_hired_{_deed.lower()}",
        table="employments",
        when=_deed,
        refuse_if=(
            "EXISTS (SELECT 1 FROM employees e WHERE e.hotel_id = NEW.hotel_id"
            " AND e.id = NEW.employee_id AND (NEW.begins_on < e.hired_on"
            " OR (e.left_on IS NOT NULL AND (NEW.ends_on IS NULL OR NEW.ends_on > e.left_on))))"
        ),
        message="a position is held from the hire to the leaving",
    )
