"""Counters: for each night, what the house and each type can still sell.

`sold + held <= rooms - out_of_order + allowance + forced` is a CHECK of the database. `forced`
rises only for what is a fact whatever the counter says, with who and why in a Forcing.
"""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pms.base import ink
from pms.base.db import Base, OfHotel, choice, within_hotel

_FITS = "sold + held <= rooms - out_of_order + allowance + forced"
_NOT_NEGATIVE = "rooms >= 0 AND out_of_order >= 0 AND sold >= 0 AND held >= 0 AND forced >= 0"


class HouseNight(Base):
    """One night of the whole house; its `allowance` is the limit of the house beside the types."""

    __tablename__ = "house_nights"
    __table_args__ = (
        sa.CheckConstraint(_FITS, name="never_oversold"),
        sa.CheckConstraint(_NOT_NEGATIVE, name="not_negative"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    night: Mapped[date] = mapped_column(primary_key=True)
    rooms: Mapped[int]
    out_of_order: Mapped[int] = mapped_column(default=0)
    sold: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    allowance: Mapped[int] = mapped_column(default=0)
    forced: Mapped[int] = mapped_column(default=0)


class TypeNight(Base):
    """One night of one type."""

    __tablename__ = "type_nights"
    __table_args__ = (
        within_hotel("type_id", "room_types"),
        sa.CheckConstraint(_FITS, name="never_oversold"),
        sa.CheckConstraint(_NOT_NEGATIVE, name="not_negative"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    night: Mapped[date] = mapped_column(primary_key=True)
    type_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rooms: Mapped[int]
    out_of_order: Mapped[int] = mapped_column(default=0)
    sold: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    allowance: Mapped[int] = mapped_column(default=0)
    forced: Mapped[int] = mapped_column(default=0)


class Forcing(OfHotel, Base):
    """Why a night was forced over what could be sold: by whom, when, for which claim or block."""

    __tablename__ = "forcings"
    __table_args__ = (
        within_hotel("type_id", "room_types"),
        sa.Index(None, "hotel_id", "night"),
    )

    night: Mapped[date]
    type_id: Mapped[int | None]
    rooms: Mapped[int]
    subject_id: Mapped[int]
    reason: Mapped[str]
    staff_id: Mapped[int]
    at: Mapped[datetime]


ink.append_only("forcings")


class HoldState(enum.StrEnum):
    """A hold is open, was used by a booking, or was released; each ends once."""

    OPEN = "open"
    USED = "used"
    RELEASED = "released"


class Hold(OfHotel, Base):
    """Rooms kept off sale for a while, for someone who is deciding or paying."""

    __tablename__ = "holds"
    __table_args__ = (
        within_hotel("type_id", "room_types"),
        sa.CheckConstraint("rooms > 0", name="holds_something"),
        sa.CheckConstraint("departure > arrival", name="has_a_night"),
        sa.Index(None, "hotel_id", "state", "expires_at"),
    )

    type_id: Mapped[int]
    arrival: Mapped[date]
    departure: Mapped[date]
    rooms: Mapped[int]
    expires_at: Mapped[datetime]
    state: Mapped[HoldState] = mapped_column(choice(HoldState), default=HoldState.OPEN)


class NightChange(OfHotel, Base):
    """What a business day changed about a night to come: rooms and amount, more or less.

    Append-only, so that "on the books as of" any day is a sum.
    """

    __tablename__ = "night_changes"
    __table_args__ = (
        within_hotel("type_id", "room_types"),
        sa.Index(None, "hotel_id", "business_day", "night"),
        sa.Index(None, "hotel_id", "reservation_id"),
    )

    business_day: Mapped[date]
    night: Mapped[date]
    type_id: Mapped[int]
    market: Mapped[str]
    reservation_id: Mapped[int]
    rooms: Mapped[int]
    amount: Mapped[int]


ink.append_only("night_changes")
