"""Upgrades as they are kept: what the house asks for one, and each that was sold or given."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pms.base.db import Base, OfHotel, within_chain, within_hotel
from pms.hotel.rooms.rooms import RoomType


class UpgradePrice(Base):
    """What the house asks a night for a better type, whatever plans say."""

    __tablename__ = "upgrade_prices"
    __table_args__ = (
        within_hotel("from_type_id", "room_types"),
        within_hotel("to_type_id", "room_types"),
        sa.CheckConstraint("amount > 0", name="of_something"),
        sa.CheckConstraint("from_type_id <> to_type_id", name="to_another_type"),
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    from_type_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    to_type_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    amount: Mapped[int]


class Upgrade(OfHotel, Base):
    """One upgrade: sold for an amount, or given for a reason; `before` is what stood, by night."""

    __tablename__ = "upgrades"
    __table_args__ = (
        within_hotel("reservation_id", "reservations"),
        within_hotel("from_type_id", "room_types"),
        within_hotel("to_type_id", "room_types"),
        within_chain("staff_id", "staff"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        sa.CheckConstraint("from_type_id <> to_type_id", name="to_another_type"),
        sa.CheckConstraint("amount >= 0", name="never_paid_to_the_guest"),
        sa.CheckConstraint("(amount = 0) = (free_why IS NOT NULL)", name="given_for_a_reason"),
        sa.CheckConstraint(
            "(taken_back_on IS NULL) = (taken_back_why IS NULL)", name="taken_back_for_a_reason"
        ),
        sa.Index(None, "hotel_id", "reservation_id"),
    )

    chain_id: Mapped[int]
    reservation_id: Mapped[int]
    from_type_id: Mapped[int]
    to_type_id: Mapped[int]
    amount: Mapped[int]
    free_why: Mapped[str | None]
    before: Mapped[dict[str, Any]]
    staff_id: Mapped[int]
    day: Mapped[date]
    at: Mapped[datetime]
    taken_back_on: Mapped[date | None]
    taken_back_why: Mapped[str | None]

    from_type: Mapped[RoomType] = relationship(
        viewonly=True,
        primaryjoin=lambda: sa.and_(
            Upgrade.hotel_id == RoomType.hotel_id,
            sa.orm.foreign(Upgrade.from_type_id) == RoomType.id,
        ),
    )
    to_type: Mapped[RoomType] = relationship(
        viewonly=True,
        primaryjoin=lambda: sa.and_(
            Upgrade.hotel_id == RoomType.hotel_id,
            sa.orm.foreign(Upgrade.to_type_id) == RoomType.id,
        ),
    )
