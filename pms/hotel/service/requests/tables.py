"""What a request is: something asked of the house, by when, who has it, and what became of it."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pms.base import ink
from pms.base.db import Base, OfHotel, choice, within_chain, within_hotel
from pms.hotel.guests.guests import Guest
from pms.hotel.house.departments import Department
from pms.hotel.house.staff import Staff
from pms.hotel.rooms.rooms import Room
from pms.hotel.service.requests.categories import Category, Priority
from pms.hotel.stays.reservations import Reservation


class State(enum.StrEnum):
    """Where a request stands."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    DONE = "done"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    REOPENED = "reopened"

    @property
    def words(self) -> str:
        """The state in words."""
        return self.value.replace("_", " ").capitalize()


UNSEEN = frozenset({State.NEW, State.REOPENED})  # nobody has said yet that they saw it
RUNNING = UNSEEN | {State.ACKNOWLEDGED, State.ASSIGNED, State.IN_PROGRESS}  # its clocks run
OPEN = RUNNING | {State.ON_HOLD}


class Source(enum.StrEnum):
    """How it reached the house."""

    DESK = "desk"
    PHONE = "phone"
    STAFF = "staff"
    GUEST = "guest"


class Why(enum.StrEnum):
    """Why a request went a level up."""

    UNSEEN = "unseen"
    OVERDUE = "overdue"
    NOBODY_ON_DUTY = "nobody_on_duty"
    BY_HAND = "by_hand"

    @property
    def words(self) -> str:
        """The reason in words."""
        return {
            Why.UNSEEN: "nobody had seen it in time",
            Why.OVERDUE: "it was not done in time",
            Why.NOBODY_ON_DUTY: "nobody below was on duty",
            Why.BY_HAND: "somebody sent it up",
        }[self]


class Recovery(enum.StrEnum):
    """What was done for a guest who was let down, or what the service cost."""

    ADJUSTMENT = "adjustment"
    CHARGE = "charge"
    GIFT = "gift"


def _some(name: str, column: str, condition: str) -> sa.Index:
    """Return an index of the few rows for which a condition holds."""
    where = sa.text(condition)
    return sa.Index(name, "hotel_id", column, sqlite_where=where, postgresql_where=where)


class Request(OfHotel, Base):
    """Something asked of the house.

    `assignee_id` is who was asked; once `taken_at` is set they have it. `seen_by` and `due_at` are
    its clocks; `escalates_at` is when somebody above is told next, and nothing while it rests.
    `turn` counts how often it was reopened, `level` whom it has reached.
    """

    __tablename__ = "requests"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "number"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        within_hotel("category_id", "request_categories"),
        within_hotel("room_id", "rooms"),
        within_hotel("reservation_id", "reservations"),
        within_chain("guest_id", "guests"),
        within_chain("assignee_id", "staff"),
        within_chain("staff_id", "staff"),
        sa.CheckConstraint("(state = 'on_hold') = (held_at IS NOT NULL)", name="held_since"),
        sa.CheckConstraint("state <> 'on_hold' OR hold_reason IS NOT NULL", name="held_because"),
        sa.CheckConstraint("(state = 'cancelled') = (cancel_reason IS NOT NULL)", name="cancelled"),
        sa.CheckConstraint(
            "(state IN ('done', 'closed')) = (done_at IS NOT NULL)", name="done_at_a_time"
        ),
        sa.CheckConstraint(
            "escalates_at IS NULL"
            " OR state IN ('new', 'reopened', 'acknowledged', 'assigned', 'in_progress')",
            name="rests_untold",
        ),
        sa.CheckConstraint(
            "state NOT IN ('assigned', 'in_progress', 'done', 'closed') OR taken_at IS NOT NULL",
            name="somebody_has_it",
        ),
        sa.CheckConstraint("taken_at IS NULL OR assignee_id IS NOT NULL", name="taken_by_somebody"),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name="one_to_three"),
        sa.CheckConstraint("seen_by <= due_at", name="seen_before_it_is_due"),
        sa.CheckConstraint(
            "room_id IS NOT NULL OR reservation_id IS NOT NULL OR place IS NOT NULL",
            name="is_somewhere",
        ),
        sa.CheckConstraint(
            "state <> 'closed' OR NOT complaint OR cause IS NOT NULL", name="cause_is_known"
        ),
        sa.CheckConstraint("complaint OR follow_up_on IS NULL", name="complaints_are_followed"),
        sa.CheckConstraint(
            "followed_up_at IS NULL OR follow_up_on IS NOT NULL", name="followed_as_agreed"
        ),
        sa.CheckConstraint("labour_minutes >= 0 AND parts_cost >= 0", name="costs_not_negative"),
        sa.Index(None, "hotel_id", "state", "due_at"),
        sa.Index(None, "hotel_id", "department", "id"),
        sa.Index(None, "hotel_id", "room_id", "id"),
        sa.Index(None, "hotel_id", "guest_id", "id"),
        sa.Index(None, "hotel_id", "reservation_id", "id"),
        sa.Index(None, "hotel_id", "assignee_id", "state"),
        _some("ix_requests_escalating", "escalates_at", "escalates_at IS NOT NULL"),
        _some(
            "ix_requests_to_follow_up",
            "follow_up_on",
            "follow_up_on IS NOT NULL AND followed_up_at IS NULL",
        ),
    )

    chain_id: Mapped[int]
    number: Mapped[int]
    category_id: Mapped[int]
    department: Mapped[Department] = mapped_column(choice(Department))
    priority: Mapped[Priority] = mapped_column(choice(Priority))
    vip: Mapped[bool] = mapped_column(default=False)
    source: Mapped[Source] = mapped_column(choice(Source))
    guest_visible: Mapped[bool] = mapped_column(default=True)
    words: Mapped[str]
    place: Mapped[str | None]
    room_id: Mapped[int | None]
    reservation_id: Mapped[int | None]
    guest_id: Mapped[int | None]
    state: Mapped[State] = mapped_column(choice(State), default=State.NEW)
    turn: Mapped[int] = mapped_column(default=0)
    level: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    assignee_id: Mapped[int | None]
    taken_at: Mapped[datetime | None]
    staff_id: Mapped[int]
    asked_on: Mapped[date]
    asked_at: Mapped[datetime]
    wanted_at: Mapped[datetime | None]
    clock_from: Mapped[datetime]
    seen_by: Mapped[datetime]
    due_at: Mapped[datetime]
    escalates_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    held_from: Mapped[str | None]
    held_left: Mapped[int | None]
    hold_reason: Mapped[str | None]
    paused: Mapped[int] = mapped_column(default=0)
    seen_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_words: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None]
    labour_minutes: Mapped[int] = mapped_column(default=0)
    parts_cost: Mapped[int] = mapped_column(default=0)
    complaint: Mapped[bool] = mapped_column(default=False)
    cause: Mapped[str | None]
    follow_up_on: Mapped[date | None]
    followed_up_at: Mapped[datetime | None]
    follow_up_words: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    category: Mapped[Category] = relationship(viewonly=True)
    room: Mapped[Room | None] = relationship(viewonly=True)
    reservation: Mapped[Reservation | None] = relationship(viewonly=True)
    guest: Mapped[Guest | None] = relationship(
        viewonly=True,
        primaryjoin=lambda: sa.and_(
            Request.chain_id == Guest.chain_id, sa.orm.foreign(Request.guest_id) == Guest.id
        ),
    )
    assignee: Mapped[Staff | None] = relationship(
        viewonly=True,
        primaryjoin=lambda: sa.and_(
            Request.chain_id == Staff.chain_id, sa.orm.foreign(Request.assignee_id) == Staff.id
        ),
    )

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in OPEN

    @property
    def where(self) -> str:
        """Where it is wanted, as one says it."""
        if self.room is not None:
            return f"Room {self.room.number}"
        return self.place or "No room yet"


class RequestNote(OfHotel, Base):
    """Words about a request, kept apart from the logbook so that they can be erased."""

    __tablename__ = "request_notes"
    __table_args__ = (
        within_hotel("request_id", "requests"),
        within_chain("staff_id", "staff"),
        sa.Index(None, "hotel_id", "request_id", "id"),
    )

    chain_id: Mapped[int]
    request_id: Mapped[int]
    staff_id: Mapped[int]
    at: Mapped[datetime]
    notes: Mapped[str]


class Escalation(Base):
    """A level a request reached, once in each turn, and why; `staff_id` is who was told."""

    __tablename__ = "request_escalations"
    __table_args__ = (
        within_hotel("request_id", "requests"),
        within_chain("staff_id", "staff"),
        sa.CheckConstraint("level BETWEEN 2 AND 3", name="goes_up"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    request_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    turn: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    level: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    chain_id: Mapped[int]
    why: Mapped[Why] = mapped_column(choice(Why))
    staff_id: Mapped[int | None]
    at: Mapped[datetime]


class RequestRecovery(OfHotel, Base):
    """What was taken off or put on a bill for a request, by its entry; or a gift and its cost."""

    __tablename__ = "request_recoveries"
    __table_args__ = (
        within_hotel("request_id", "requests"),
        within_hotel("folio_id", "folios"),
        within_hotel("entry_id", "entries"),
        sa.UniqueConstraint("hotel_id", "entry_id"),
        sa.CheckConstraint("(kind = 'gift') = (entry_id IS NULL)", name="money_has_its_entry"),
        sa.CheckConstraint("(entry_id IS NULL) = (folio_id IS NULL)", name="entry_on_a_folio"),
        sa.CheckConstraint("amount >= 0", name="not_negative"),
        sa.Index(None, "hotel_id", "request_id"),
    )

    request_id: Mapped[int]
    kind: Mapped[Recovery] = mapped_column(choice(Recovery))
    amount: Mapped[int]
    reason: Mapped[str]
    folio_id: Mapped[int | None]
    entry_id: Mapped[int | None]
    staff_id: Mapped[int]
    at: Mapped[datetime]


ink.append_only("request_escalations")
ink.append_only("request_recoveries")
ink.guard(
    "requests_one_hand_at_a_time",
    table="requests",
    when="UPDATE",
    refuse_if=(
        "NEW.version <> OLD.version + 1 AND (NEW.state <> OLD.state OR NEW.level <> OLD.level"
        " OR COALESCE(NEW.assignee_id, 0) <> COALESCE(OLD.assignee_id, 0)"
        " OR (NEW.taken_at IS NULL) <> (OLD.taken_at IS NULL))"
    ),
    message="somebody changed this request first",
)
ink.guard(
    "requests_go_by_the_steps",
    table="requests",
    when="UPDATE OF state",
    refuse_if=(
        "(OLD.state IN ('closed', 'cancelled') AND NEW.state NOT IN (OLD.state, 'reopened'))"
        " OR (OLD.state = 'done' AND NEW.state NOT IN ('done', 'closed', 'reopened'))"
        " OR (NEW.state = 'closed' AND OLD.state NOT IN ('done', 'closed'))"
        " OR (NEW.state = 'reopened' AND OLD.state NOT IN"
        " ('done', 'closed', 'cancelled', 'reopened', 'on_hold'))"
        " OR (NEW.state = 'new' AND OLD.state NOT IN ('new', 'on_hold'))"
    ),
    message="a request goes by its steps; reopen it first",
)
