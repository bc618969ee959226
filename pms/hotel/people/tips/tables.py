"""What is kept of tips: pools with the positions that share them, and what people declare."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pms.base import ink
from pms.base.db import Base, OfHotel, choice, within_hotel
from pms.hotel.people.employees import Employee, Position
from pms.hotel.tariff.charges import ChargeCode


class PoolKind(enum.StrEnum):
    """Whether guests gave it, or had to pay it."""

    TIPS = "tips"
    SERVICE_CHARGE = "service_charge"

    @property
    def words(self) -> str:
        """The kind in words."""
        return self.value.replace("_", " ").capitalize()


class SharedBy(enum.StrEnum):
    """What a share is reckoned by."""

    HOURS = "hours"
    POINTS = "points"

    @property
    def words(self) -> str:
        """The way in words."""
        return "Hours" if self is SharedBy.HOURS else "Hours by points"


_OPEN = sa.text("ends_on IS NULL")


class TipPool(OfHotel, Base):
    """What comes in on a charge code, from a day to a day, and how it is shared."""

    __tablename__ = "tip_pools"
    __table_args__ = (
        within_hotel("charge_code_id", "charge_codes"),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= begins_on", name="begins_before_it_ends"),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 80", name="has_a_name"),
        sa.Index(
            "uq_tip_pools_one_open",
            "hotel_id",
            "charge_code_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    name: Mapped[str]
    kind: Mapped[PoolKind] = mapped_column(choice(PoolKind))
    shared_by: Mapped[SharedBy] = mapped_column(choice(SharedBy))
    charge_code_id: Mapped[int]
    begins_on: Mapped[date]
    ends_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    charge_code: Mapped[ChargeCode] = relationship(viewonly=True)

    def runs_on(self, day: date) -> bool:
        """Tell whether money of a day goes into it."""
        return self.begins_on <= day and (self.ends_on is None or day <= self.ends_on)


class TipPoolPosition(Base):
    """A position that shares a pool, with its points."""

    __tablename__ = "tip_pool_positions"
    __table_args__ = (
        within_hotel("pool_id", "tip_pools"),
        within_hotel("position_id", "positions"),
        sa.CheckConstraint("points BETWEEN 1 AND 100", name="one_to_a_hundred"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    pool_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    points: Mapped[int] = mapped_column(sa.SmallInteger)

    position: Mapped[Position] = relationship(viewonly=True)


class TipDeclaration(OfHotel, Base):
    """What somebody says they took in cash on a day, in minor units."""

    __tablename__ = "tip_declarations"
    __table_args__ = (
        within_hotel("employee_id", "employees"),
        sa.CheckConstraint("amount > 0", name="is_something"),
        sa.Index(None, "hotel_id", "day"),
    )

    employee_id: Mapped[int]
    day: Mapped[date]
    amount: Mapped[int]
    staff_id: Mapped[int]
    made_at: Mapped[datetime]

    employee: Mapped[Employee] = relationship(viewonly=True)


_MANAGERS_POSITION = (
    "EXISTS (SELECT 1 FROM positions p WHERE p.hotel_id = NEW.hotel_id AND p.id = NEW.position_id"
    " AND p.department = 'management')"
)
for _deed in ("INSERT", "UPDATE"):
    ink.guard(
        f"tip_pool_positions_no_managers_{_deed.lower()}",
        table="tip_pool_positions",
        when=_deed,
        refuse_if=_MANAGERS_POSITION,
        message="managers share in no tip pool",
    )
