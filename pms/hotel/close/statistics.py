"""Statistics: what a closed day came to, one row for the house and one for each market."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pms.base import ink
from pms.base.db import Base


class DayStatistics(Base):
    """One closed day of the house; money in minor units.

    Revenue, taxes and payments are what was posted on the day; rooms and people are who was in
    the house when it closed.
    """

    __tablename__ = "day_statistics"
    __table_args__ = ({"sqlite_with_rowid": False},)

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    rooms: Mapped[int]
    out_of_order: Mapped[int]
    out_of_service: Mapped[int]
    occupied: Mapped[int]
    complimentary: Mapped[int]
    house_use: Mapped[int]
    group_rooms: Mapped[int]
    day_use: Mapped[int]
    adults: Mapped[int]
    children: Mapped[int]
    arrivals: Mapped[int]
    arrival_persons: Mapped[int]
    departures: Mapped[int]
    departure_persons: Mapped[int]
    walk_ins: Mapped[int]
    no_shows: Mapped[int]
    cancellations: Mapped[int]
    cancelled_arrivals: Mapped[int]
    reservations_made: Mapped[int]
    nights_reserved: Mapped[int]
    room_revenue: Mapped[int]
    food_and_beverage: Mapped[int]
    other_revenue: Mapped[int]
    taxes: Mapped[int]
    payments: Mapped[int]


class SegmentStatistics(Base):
    """One market's share of a closed day: rooms occupied and room revenue (minor units)."""

    __tablename__ = "segment_statistics"
    __table_args__ = ({"sqlite_with_rowid": False},)

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(primary_key=True)
    rooms: Mapped[int]
    revenue: Mapped[int]


ink.append_only("day_statistics")
ink.append_only("segment_statistics")
