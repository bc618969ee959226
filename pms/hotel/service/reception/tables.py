"""What reception writes down: a party's privacy, messages, telephone calls and visitors."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pms.base import ink
from pms.base.db import Base, OfHotel, choice, within_chain, within_hotel
from pms.hotel.rooms.rooms import Room
from pms.hotel.stays.reservations import Reservation


def _of_chain() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"])


def _while(name: str, *columns: str, condition: str, unique: bool = False) -> sa.Index:
    """Return an index of the few rows for which a condition still holds."""
    where = sa.text(condition)
    return sa.Index(
        name, "hotel_id", *columns, unique=unique, sqlite_where=where, postgresql_where=where
    )


class PrivacyWish(Base):
    """What a party wants kept from it; without a row it takes calls and sees visitors.

    With `no_information` nobody is told that the party is here, so it takes neither.
    """

    __tablename__ = "privacy_wishes"
    __table_args__ = (
        within_hotel("reservation_id", "reservations"),
        sa.CheckConstraint(
            "NOT no_information OR (no_calls AND no_visitors)", name="hidden_from_all"
        ),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    reservation_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    no_calls: Mapped[bool] = mapped_column(default=False)
    no_visitors: Mapped[bool] = mapped_column(default=False)
    no_information: Mapped[bool] = mapped_column(default=False)

    @property
    def words(self) -> str | None:
        """What is said of the party at a desk, or None where nothing is kept from it."""
        if self.no_information:
            return "No information: say neither that they are here nor that they aren't"
        kept = [
            word
            for word, is_so in (("no calls", self.no_calls), ("no visitors", self.no_visitors))
            if is_so
        ]
        return ", ".join(kept).capitalize() or None


class MessageState(enum.StrEnum):
    """Whether the guest has it."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"


class How(enum.StrEnum):
    """How a message reached the guest."""

    ON_PAPER = "on_paper"
    IN_PERSON = "in_person"
    READ_BACK = "read_back"

    @property
    def words(self) -> str:
        """The way in words."""
        return {
            How.ON_PAPER: "on paper",
            How.IN_PERSON: "in person",
            How.READ_BACK: "read back by telephone",
        }[self]


class GuestMessage(OfHotel, Base):
    """A message for a party in the house or arriving; it moves where the party moves."""

    __tablename__ = "guest_messages"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "number"),
        _of_chain(),
        within_hotel("reservation_id", "reservations"),
        within_chain("staff_id", "staff"),
        within_chain("ended_by", "staff"),
        sa.CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended_at_a_time"),
        sa.CheckConstraint("(state = 'waiting') = (ended_by IS NULL)", name="ended_by_somebody"),
        sa.CheckConstraint("(state = 'delivered') = (how IS NOT NULL)", name="delivered_somehow"),
        sa.CheckConstraint("(state = 'withdrawn') = (why IS NOT NULL)", name="withdrawn_for_why"),
        sa.Index(None, "hotel_id", "reservation_id"),
        _while("ix_guest_messages_waiting", "id", condition="state = 'waiting'"),
    )

    chain_id: Mapped[int]
    number: Mapped[int]
    reservation_id: Mapped[int]
    sender: Mapped[str]
    phone: Mapped[str | None]
    words: Mapped[str]
    urgent: Mapped[bool] = mapped_column(default=False)
    state: Mapped[MessageState] = mapped_column(choice(MessageState), default=MessageState.WAITING)
    how: Mapped[How | None] = mapped_column(choice(How))
    why: Mapped[str | None]
    staff_id: Mapped[int]
    taken_at: Mapped[datetime]
    ended_by: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    reservation: Mapped[Reservation] = relationship(viewonly=True)


class Direction(enum.StrEnum):
    """Who called whom."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"


class Outcome(enum.StrEnum):
    """What came of a telephone call."""

    DEALT_WITH = "dealt_with"
    PUT_THROUGH = "put_through"
    NOT_REACHED = "not_reached"

    @property
    def words(self) -> str:
        """The outcome in words."""
        return self.value.replace("_", " ").capitalize()


class PhoneCall(OfHotel, Base):
    """A telephone call: with whom, about whom, what came of it, and what it became.

    `back_by` is until when they are to be called back.
    """

    __tablename__ = "phone_calls"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "number"),
        sa.UniqueConstraint("hotel_id", "request_id"),
        sa.UniqueConstraint("hotel_id", "message_id"),
        _of_chain(),
        within_hotel("reservation_id", "reservations"),
        within_hotel("room_id", "rooms"),
        within_hotel("request_id", "requests"),
        within_hotel("message_id", "guest_messages"),
        within_chain("staff_id", "staff"),
        within_chain("called_back_by", "staff"),
        sa.CheckConstraint(
            "(called_back_at IS NULL) = (called_back_by IS NULL)", name="called_back_by_somebody"
        ),
        sa.CheckConstraint(
            "called_back_at IS NULL OR back_by IS NOT NULL", name="called_back_as_promised"
        ),
        sa.CheckConstraint("back_by IS NULL OR back_by > called_at", name="called_back_later"),
        sa.CheckConstraint(
            "request_id IS NULL OR message_id IS NULL", name="becomes_one_thing_at_most"
        ),
        sa.Index(None, "hotel_id", "reservation_id"),
        _while(
            "ix_phone_calls_to_call_back",
            "back_by",
            condition="back_by IS NOT NULL AND called_back_at IS NULL",
        ),
    )

    chain_id: Mapped[int]
    number: Mapped[int]
    direction: Mapped[Direction] = mapped_column(choice(Direction))
    with_whom: Mapped[str]
    phone: Mapped[str | None]
    reservation_id: Mapped[int | None]
    room_id: Mapped[int | None]
    matter: Mapped[str]
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome))
    back_by: Mapped[datetime | None]
    called_back_at: Mapped[datetime | None]
    called_back_by: Mapped[int | None]
    request_id: Mapped[int | None]
    message_id: Mapped[int | None]
    staff_id: Mapped[int]
    called_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    reservation: Mapped[Reservation | None] = relationship(viewonly=True)
    room: Mapped[Room | None] = relationship(viewonly=True)

    @property
    def is_to_be_called_back(self) -> bool:
        """Whether somebody waits for a call."""
        return self.back_by is not None and self.called_back_at is None


class Visitor(OfHotel, Base):
    """Somebody in the house who doesn't stay: whom they visit, their badge, in and out."""

    __tablename__ = "visitors"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "number"),
        _of_chain(),
        within_hotel("reservation_id", "reservations"),
        within_chain("staff_id", "staff"),
        within_chain("left_by", "staff"),
        sa.CheckConstraint("(left_at IS NULL) = (left_by IS NULL)", name="seen_out_by_somebody"),
        sa.CheckConstraint("left_at IS NULL OR left_at >= came_at", name="leaves_after_coming"),
        sa.CheckConstraint("reservation_id IS NOT NULL OR host IS NOT NULL", name="visits_someone"),
        sa.Index(None, "hotel_id", "reservation_id"),
        _while("ix_visitors_still_in", "came_at", condition="left_at IS NULL"),
        _while(
            "uq_visitors_one_per_badge",
            "badge",
            condition="left_at IS NULL AND badge IS NOT NULL",
            unique=True,
        ),
    )

    chain_id: Mapped[int]
    number: Mapped[int]
    name: Mapped[str]
    reservation_id: Mapped[int | None]
    host: Mapped[str | None]
    badge: Mapped[str | None]
    vehicle: Mapped[str | None]
    staff_id: Mapped[int]
    came_at: Mapped[datetime]
    left_by: Mapped[int | None]
    left_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    reservation: Mapped[Reservation | None] = relationship(viewonly=True)


ink.guard(
    "guest_messages_end_once",
    table="guest_messages",
    when="UPDATE OF state, how, why, ended_at, ended_by, reservation_id, number",
    refuse_if="OLD.state <> 'waiting'",
    message="somebody has seen to this message first",
)
ink.guard(
    "phone_calls_become_one_thing",
    table="phone_calls",
    when="UPDATE OF request_id, message_id",
    refuse_if=(
        "COALESCE(OLD.request_id, OLD.message_id) IS NOT NULL"
        " AND COALESCE(NEW.request_id, NEW.message_id, 0)"
        " <> COALESCE(OLD.request_id, OLD.message_id)"
    ),
    message="this call became something already",
)
ink.guard(
    "visitors_leave_once",
    table="visitors",
    when="UPDATE OF left_at, left_by, came_at, number",
    refuse_if="OLD.left_at IS NOT NULL",
    message="this visitor has left already",
)
for _table in ("guest_messages", "phone_calls", "visitors"):
    ink.guard(
        f"{_table}_stay",
        table=_table,
        when="DELETE",
        refuse_if="1 = 1",
        message="what reception wrote down has a number and stays",
    )
