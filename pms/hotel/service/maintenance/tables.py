"""What a work order is: something to be mended, where, by whom, what it cost, and what it took."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pms.base import ink
from pms.base.db import Base, OfHotel, choice, within_chain, within_hotel
from pms.hotel.house.staff import Staff
from pms.hotel.rooms.blocks import RoomBlock
from pms.hotel.rooms.rooms import Room
from pms.hotel.service.requests.categories import Priority


class OrderState(enum.StrEnum):
    """Where a work order stands."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    DONE = "done"
    CANCELLED = "cancelled"

    @property
    def words(self) -> str:
        """The state in words."""
        return self.value.replace("_", " ").capitalize()


STANDING = frozenset({OrderState.OPEN, OrderState.IN_PROGRESS, OrderState.ON_HOLD})


class WorkOrder(OfHotel, Base):
    """Something to be mended in a room or a place.

    `block_id` is what keeps the room from guests for it, now or before.
    """

    __tablename__ = "work_orders"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "number"),
        sa.UniqueConstraint("hotel_id", "block_id"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        within_hotel("room_id", "rooms"),
        within_hotel("block_id", "room_blocks"),
        within_chain("assignee_id", "staff"),
        within_chain("staff_id", "staff"),
        sa.CheckConstraint("room_id IS NOT NULL OR place IS NOT NULL", name="is_somewhere"),
        sa.CheckConstraint("block_id IS NULL OR room_id IS NOT NULL", name="blocks_its_room"),
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done_at_a_time"),
        sa.CheckConstraint(
            "state NOT IN ('in_progress', 'done') OR started_at IS NOT NULL", name="begun"
        ),
        sa.CheckConstraint("state <> 'on_hold' OR hold_reason IS NOT NULL", name="held_because"),
        sa.CheckConstraint("(state = 'cancelled') = (cancel_reason IS NOT NULL)", name="cancelled"),
        sa.CheckConstraint("labour_minutes >= 0 AND parts_cost >= 0", name="costs_not_negative"),
        sa.Index(None, "hotel_id", "state", "id"),
        sa.Index(None, "hotel_id", "room_id", "id"),
        sa.Index(None, "hotel_id", "assignee_id", "state"),
    )

    chain_id: Mapped[int]
    number: Mapped[int]
    room_id: Mapped[int | None]
    place: Mapped[str | None]
    words: Mapped[str]
    priority: Mapped[Priority] = mapped_column(choice(Priority))
    state: Mapped[OrderState] = mapped_column(choice(OrderState), default=OrderState.OPEN)
    assignee_id: Mapped[int | None]
    staff_id: Mapped[int]
    reported_on: Mapped[date]
    reported_at: Mapped[datetime]
    due_on: Mapped[date | None]
    block_id: Mapped[int | None]
    started_at: Mapped[datetime | None]
    hold_reason: Mapped[str | None]
    done_at: Mapped[datetime | None]
    done_words: Mapped[str | None]
    cancel_reason: Mapped[str | None]
    labour_minutes: Mapped[int] = mapped_column(default=0)
    parts_cost: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    room: Mapped[Room | None] = relationship(viewonly=True)
    block: Mapped[RoomBlock | None] = relationship(viewonly=True)
    assignee: Mapped[Staff | None] = relationship(
        viewonly=True,
        primaryjoin=lambda: sa.and_(
            WorkOrder.chain_id == Staff.chain_id, sa.orm.foreign(WorkOrder.assignee_id) == Staff.id
        ),
    )

    @property
    def is_standing(self) -> bool:
        """Whether it is still to be done."""
        return self.state in STANDING

    @property
    def where(self) -> str:
        """Where it is, as one says it."""
        return f"Room {self.room.number}" if self.room is not None else self.place or ""


ink.guard(
    "work_orders_one_hand_at_a_time",
    table="work_orders",
    when="UPDATE",
    refuse_if=(
        "NEW.version <> OLD.version + 1 AND (NEW.state <> OLD.state"
        " OR COALESCE(NEW.assignee_id, 0) <> COALESCE(OLD.assignee_id, 0)"
        " OR COALESCE(NEW.block_id, 0) <> COALESCE(OLD.block_id, 0))"
    ),
    message="somebody changed this work order first",
)
ink.guard(
    "work_orders_end_once",
    table="work_orders",
    when="UPDATE OF state",
    refuse_if=(
        "(OLD.state = 'cancelled' AND NEW.state <> 'cancelled')"
        " OR (OLD.state = 'done' AND NEW.state NOT IN ('done', 'open'))"
    ),
    message="a work order that is over is reopened, or stays so",
)
