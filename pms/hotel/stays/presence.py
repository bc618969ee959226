"""What a stay is: a party in the house, from the key handed over to the key handed back."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pms.base.db import Base, OfHotel, choice, within_hotel
from pms.hotel.rooms.rooms import Room
from pms.hotel.stays.reservations.promise import Reservation


class Presence(enum.StrEnum):
    """Whether the party is here, gone, or was never (the check-in was undone)."""

    IN_HOUSE = "in_house"
    DEPARTED = "departed"
    UNDONE = "undone"


class Stay(OfHotel, Base):
    """A party's presence; `room` is where it is now (or was last).

    `planned_departure` keeps what an early check-out cut short, so that it can be undone;
    `left_owing` says why a party was let go with a balance.
    """

    __tablename__ = "stays"
    __table_args__ = (
        within_hotel("reservation_id", "reservations"),
        within_hotel("room_id", "rooms"),
        sa.CheckConstraint(
            "(state = 'departed') = (departed_on IS NOT NULL)", name="departed_on_a_day"
        ),
        sa.CheckConstraint(
            "departed_on IS NULL OR departed_on >= arrived_on", name="leaves_after_arriving"
        ),
        sa.Index(
            "uq_stays_one_per_reservation",
            "hotel_id",
            "reservation_id",
            unique=True,
            sqlite_where=sa.text("state <> 'undone'"),
            postgresql_where=sa.text("state <> 'undone'"),
        ),
        sa.Index(None, "hotel_id", "state", "room_id"),
        sa.Index(None, "hotel_id", "arrived_on"),
        sa.Index(None, "hotel_id", "departed_on"),
    )

    reservation_id: Mapped[int]
    room_id: Mapped[int]
    state: Mapped[Presence] = mapped_column(choice(Presence), default=Presence.IN_HOUSE)
    arrived_on: Mapped[date]
    arrived_at: Mapped[datetime]
    departed_on: Mapped[date | None]
    departed_at: Mapped[datetime | None]
    planned_departure: Mapped[date | None]
    left_owing: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    reservation: Mapped[Reservation] = relationship(viewonly=True)
    room: Mapped[Room] = relationship(viewonly=True)


def is_in_house() -> sa.ColumnElement[bool]:
    """Return the condition that a `Stay` of the query is of its `Reservation`, and in house now."""
    return sa.and_(
        Stay.hotel_id == Reservation.hotel_id,
        Stay.reservation_id == Reservation.id,
        Stay.state == Presence.IN_HOUSE,
    )
