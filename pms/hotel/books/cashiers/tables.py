"""What a cashier's shift is: a drawer with a float, what went in and out of it, and its counts."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pms.base import ink
from pms.base.db import Base, OfHotel, choice, within_chain, within_hotel
from pms.hotel.house.staff import Staff


class ShiftState(enum.StrEnum):
    """Where a shift stands: at work, being counted blind, counted, looked at by somebody else."""

    OPEN = "open"
    COUNTING = "counting"
    CLOSED = "closed"
    REVIEWED = "reviewed"

    @property
    def is_over(self) -> bool:
        """Whether the drawer is counted and empty."""
        return self in {ShiftState.CLOSED, ShiftState.REVIEWED}


class MoveKind(enum.StrEnum):
    """Why money went into a drawer or out of it."""

    FLOAT = "float"
    TAKEN = "taken"
    CHANGE = "change"
    GIVEN_BACK = "given_back"
    VOIDED = "voided"
    PAID_OUT = "paid_out"
    DROP = "drop"
    OVER_SHORT = "over_short"
    HANDED_IN = "handed_in"

    @property
    def words(self) -> str:
        """The kind in words."""
        return {"over_short": "Over/short", "paid_out": "Paid-out"}.get(
            self.value, self.value.replace("_", " ").capitalize()
        )


CLOSING = (MoveKind.OVER_SHORT, MoveKind.HANDED_IN)  # what a count leads to
FOREIGN_HANDED_IN = "kind = 'handed_in' AND rate IS NOT NULL"  # as its index is asked for


class CashierShift(OfHotel, Base):
    """One cashier's drawer from its float to its count; it may span the roll of the day."""

    __tablename__ = "cashier_shifts"
    __table_args__ = (
        within_chain("staff_id", "staff"),
        within_chain("reviewed_by", "staff"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        sa.UniqueConstraint("hotel_id", "number"),
        sa.CheckConstraint("opening_float >= 0", name="float_not_below_nothing"),
        sa.CheckConstraint(
            "(state IN ('closed', 'reviewed')) = (closed_at IS NOT NULL)"
            " AND (closed_at IS NULL) = (closed_on IS NULL)",
            name="closed_at_an_hour",
        ),
        sa.CheckConstraint(
            "(state = 'reviewed') = (reviewed_at IS NOT NULL)"
            " AND (reviewed_at IS NULL) = (reviewed_by IS NULL)",
            name="reviewed_by_somebody",
        ),
        sa.CheckConstraint("reviewed_by <> staff_id", name="reviewed_by_somebody_else"),
        sa.Index(
            "uq_cashier_shifts_one_open",
            "hotel_id",
            "staff_id",
            unique=True,
            sqlite_where=sa.text("state IN ('open', 'counting')"),
            postgresql_where=sa.text("state IN ('open', 'counting')"),
        ),
        sa.Index(None, "hotel_id", "state"),
        sa.Index(None, "hotel_id", "opened_on"),
    )

    chain_id: Mapped[int]
    number: Mapped[int]
    staff_id: Mapped[int]
    state: Mapped[ShiftState] = mapped_column(choice(ShiftState))
    opening_float: Mapped[int]
    opened_on: Mapped[date]
    opened_at: Mapped[datetime]
    closed_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    reviewed_by: Mapped[int | None]
    reviewed_at: Mapped[datetime | None]
    review: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    cashier: Mapped[Staff] = relationship(
        viewonly=True, foreign_keys="[CashierShift.chain_id, CashierShift.staff_id]"
    )


class DrawerMove(OfHotel, Base):
    """Money into a drawer (above zero) or out of it, and the entry that says so in the books.

    `amount` is in minor units of `currency`, `booked` what stands for it in the hotel's. `rate` is
    the kept rate of foreign money: millionths of it for one unit of the hotel's currency.
    """

    __tablename__ = "drawer_moves"
    __table_args__ = (
        within_hotel("shift_id", "cashier_shifts"),
        within_hotel("entry_id", "entries"),
        sa.UniqueConstraint("hotel_id", "entry_id", "currency"),
        sa.CheckConstraint("amount <> 0", name="moves_money"),
        sa.CheckConstraint("rate > 0", name="rate_above_zero"),
        sa.CheckConstraint("rate IS NOT NULL OR booked = amount", name="house_money_is_itself"),
        sa.Index(None, "hotel_id", "shift_id", "currency"),
        sa.Index(None, "hotel_id", "business_day"),
        sa.Index(
            "ix_drawer_moves_foreign_handed_in",
            "hotel_id",
            "currency",
            sqlite_where=sa.text(FOREIGN_HANDED_IN),
            postgresql_where=sa.text(FOREIGN_HANDED_IN),
        ),
    )

    shift_id: Mapped[int]
    entry_id: Mapped[int]
    business_day: Mapped[date]
    kind: Mapped[MoveKind] = mapped_column(choice(MoveKind))
    currency: Mapped[str] = mapped_column(sa.String(3))
    amount: Mapped[int]
    booked: Mapped[int]
    rate: Mapped[int | None]


class DrawerCount(OfHotel, Base):
    """What lay in a drawer of one currency, and what should have: minor units of it.

    Number 1 is the cashier's own, blind; those after it are recounts.
    """

    __tablename__ = "drawer_counts"
    __table_args__ = (
        within_hotel("shift_id", "cashier_shifts"),
        sa.UniqueConstraint("hotel_id", "shift_id", "no", "currency"),
        sa.CheckConstraint("counted >= 0", name="counted_not_below_nothing"),
        sa.CheckConstraint("no >= 1", name="first_is_one"),
    )

    shift_id: Mapped[int]
    no: Mapped[int] = mapped_column(sa.SmallInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))
    expected: Mapped[int]
    counted: Mapped[int]
    staff_id: Mapped[int]
    at: Mapped[datetime]

    pieces: Mapped[list["CountedPieces"]] = relationship(
        viewonly=True, order_by="CountedPieces.value.desc()"
    )

    @property
    def difference(self) -> int:
        """Minor units that lay there more than they should: over, or below zero short."""
        return self.counted - self.expected


class CountedPieces(Base):
    """How many notes or coins of one value were counted."""

    __tablename__ = "counted_pieces"
    __table_args__ = (
        within_hotel("count_id", "drawer_counts"),
        sa.CheckConstraint("value > 0 AND pieces > 0", name="something_of_worth"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    pieces: Mapped[int]


class ExchangeRate(OfHotel, Base):
    """What the house asks of a foreign currency from a business day on.

    `rate` is in millionths of that currency for one unit of the hotel's; none says that the house
    takes it no more. The newest of the latest day is in force.
    """

    __tablename__ = "exchange_rates"
    __table_args__ = (
        sa.CheckConstraint("rate > 0", name="rate_above_zero"),
        sa.Index(None, "hotel_id", "currency", "from_day"),
    )

    currency: Mapped[str] = mapped_column(sa.String(3))
    from_day: Mapped[date]
    rate: Mapped[int | None]
    staff_id: Mapped[int]
    set_at: Mapped[datetime]


class NotesBanked(OfHotel, Base):
    """Foreign notes that went from the safe to the bank.

    `amount` is in minor units of `currency`, `booked` what they stood for in the hotel's, and
    `credited` what the bank gave for them at its `rate`: millionths of it for one of the hotel's.
    Its `fee`, in the hotel's minor units, comes off that.
    """

    __tablename__ = "notes_banked"
    __table_args__ = (
        within_hotel("entry_id", "entries"),
        sa.UniqueConstraint("hotel_id", "entry_id"),
        sa.CheckConstraint("amount > 0", name="moves_notes"),
        sa.CheckConstraint("rate > 0", name="rate_above_zero"),
        sa.CheckConstraint("fee >= 0", name="fee_not_below_nothing"),
        sa.Index(None, "hotel_id", "currency"),
    )

    entry_id: Mapped[int]
    business_day: Mapped[date]
    currency: Mapped[str] = mapped_column(sa.String(3))
    amount: Mapped[int]
    rate: Mapped[int]
    booked: Mapped[int]
    credited: Mapped[int]
    fee: Mapped[int]
    staff_id: Mapped[int]

    @property
    def difference(self) -> int:
        """Minor units of the hotel's that the bank gave more than was booked: gain, or loss."""
        return self.credited - self.booked


class SafeClearing(OfHotel, Base):
    """What was left in the books of a foreign currency of which no notes lie in the safe, cleared.

    `booked` is what it came to in the hotel's minor units, above or below zero; the entry says why.
    """

    __tablename__ = "safe_clearings"
    __table_args__ = (
        within_hotel("entry_id", "entries"),
        sa.UniqueConstraint("hotel_id", "entry_id"),
        sa.CheckConstraint("booked <> 0", name="clears_something"),
        sa.Index(None, "hotel_id", "currency"),
    )

    entry_id: Mapped[int]
    business_day: Mapped[date]
    currency: Mapped[str] = mapped_column(sa.String(3))
    booked: Mapped[int]
    staff_id: Mapped[int]


class CashierRule(Base):
    """What a hotel asks of its cashiers: whether cash wants an open shift, and the usual float."""

    __tablename__ = "cashier_rules"
    __table_args__ = (sa.CheckConstraint("usual_float >= 0", name="float_not_below_nothing"),)

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    asks_for_shift: Mapped[bool]
    usual_float: Mapped[int]


for _table in (
    "drawer_moves",
    "drawer_counts",
    "counted_pieces",
    "exchange_rates",
    "notes_banked",
    "safe_clearings",
):
    ink.append_only(_table)
