"""What a wake-up is: what a party asked for, and each call with what came of it."""

import enum
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pms.base import ink
from pms.base.db import Base, OfHotel, choice, within_chain, within_hotel
from pms.hotel.stays.reservations import Reservation


class CallState(enum.StrEnum):
    """What came of a call: `missed` is one that nobody made in time."""

    WAITING = "waiting"
    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    MISSED = "missed"
    CANCELLED = "cancelled"

    @property
    def words(self) -> str:
        """The state in words."""
        return self.value.replace("_", " ").capitalize()


class WakeUp(OfHotel, Base):
    """What a party asked for: an hour of the hotel's clock, once or each morning until it leaves.

    It belongs to the party, not to a room, so it moves where the guest moves. What was asked for
    several rooms at once shares `batch_id`. `ended_at` is when somebody took it back.
    """

    __tablename__ = "wake_ups"
    __table_args__ = (
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        within_chain("staff_id", "staff"),
        within_hotel("reservation_id", "reservations"),
        sa.CheckConstraint("again_minutes BETWEEN 1 AND 60", name="called_again_within_the_hour"),
        sa.Index(None, "hotel_id", "reservation_id"),
        sa.Index(None, "hotel_id", "daily", "ended_at"),
    )

    chain_id: Mapped[int]
    reservation_id: Mapped[int]
    batch_id: Mapped[int | None]
    at: Mapped[time]
    first_on: Mapped[date]
    daily: Mapped[bool] = mapped_column(default=False)
    again_minutes: Mapped[int]
    notes: Mapped[str | None]
    staff_id: Mapped[int]
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    reservation: Mapped[Reservation] = relationship(viewonly=True)


class WakeUpCall(OfHotel, Base):
    """One call: when it is due, when it is made (again), in which room, and what came of it.

    Where nobody answered, or nobody called, `request_id` is who was sent up.
    """

    __tablename__ = "wake_up_calls"
    __table_args__ = (
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        within_chain("staff_id", "staff"),
        within_hotel("wake_up_id", "wake_ups"),
        within_hotel("room_id", "rooms"),
        within_hotel("request_id", "requests"),
        sa.UniqueConstraint("hotel_id", "wake_up_id", "day"),
        sa.CheckConstraint("(state = 'waiting') = (next_at IS NOT NULL)", name="waits_for_a_time"),
        sa.CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended_at_a_time"),
        sa.CheckConstraint(
            "(state IN ('no_answer', 'missed')) = (request_id IS NOT NULL)",
            name="somebody_is_sent_up",
        ),
        sa.CheckConstraint("tries >= 0", name="tries_not_negative"),
        sa.CheckConstraint("next_at IS NULL OR next_at >= due_at", name="not_before_it_is_due"),
        sa.Index(
            "ix_wake_up_calls_waiting",
            "hotel_id",
            "next_at",
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        ),
        sa.Index(None, "hotel_id", "due_at"),
    )

    chain_id: Mapped[int]
    wake_up_id: Mapped[int]
    day: Mapped[date]
    due_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    state: Mapped[CallState] = mapped_column(choice(CallState), default=CallState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    room_id: Mapped[int | None]
    request_id: Mapped[int | None]
    staff_id: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    wake_up: Mapped[WakeUp] = relationship(viewonly=True)


ink.guard(
    "wake_up_calls_end_once",
    table="wake_up_calls",
    when="UPDATE",
    refuse_if=(
        "OLD.state <> 'waiting'"
        " OR (NEW.version <> OLD.version + 1"
        " AND (NEW.state <> OLD.state OR NEW.tries <> OLD.tries))"
    ),
    message="somebody has seen to this call first",
)
ink.guard(
    "wake_up_calls_stay",
    table="wake_up_calls",
    when="DELETE",
    refuse_if="1 = 1",
    message="a call is cancelled, not erased",
)
