"""What housekeeping keeps: standards, the day's sheets and tasks, discrepancies, the minibar."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pms.base import ink
from pms.base.db import Base, OfHotel, choice, within_chain, within_hotel
from pms.hotel.house.staff import Staff
from pms.hotel.rooms.rooms import Room


class Work(enum.StrEnum):
    """What a room wants: after a departure, for who stays, with fresh linen, or a touch-up."""

    DEPARTURE = "departure"
    STAY = "stay"
    LINEN = "linen"
    TOUCH_UP = "touch_up"

    @property
    def words(self) -> str:
        """The work as a sheet says it."""
        return {
            Work.DEPARTURE: "Departure",
            Work.STAY: "Stay",
            Work.LINEN: "Stay, linen",
            Work.TOUCH_UP: "Touch-up",
        }[self]


class TaskState(enum.StrEnum):
    """Where the work in a room stands."""

    TO_DO = "to_do"
    CLEANING = "cleaning"
    DO_NOT_DISTURB = "do_not_disturb"
    DECLINED = "declined"
    DONE = "done"
    INSPECTED = "inspected"

    @property
    def words(self) -> str:
        """The state in words."""
        return self.value.replace("_", " ").capitalize()


OPEN = frozenset({TaskState.TO_DO, TaskState.CLEANING, TaskState.DO_NOT_DISTURB})
FINISHED = frozenset({TaskState.DONE, TaskState.INSPECTED})


class Difference(enum.StrEnum):
    """How what an attendant saw differs from what the desk has."""

    SLEEP = "sleep"
    SKIP = "skip"
    PERSON = "person"

    @property
    def words(self) -> str:
        """The difference in words."""
        return self.value.capitalize()


class Resolution(enum.StrEnum):
    """What a difference turned out to be."""

    LOOKED_AGAIN = "looked_again"
    CHECKED_IN = "checked_in"
    CHECKED_OUT = "checked_out"
    COUNT_CHANGED = "count_changed"
    EXPLAINED = "explained"

    @property
    def words(self) -> str:
        """The resolution in words."""
        return {
            Resolution.LOOKED_AGAIN: "Looked again: the desk is right",
            Resolution.CHECKED_IN: "The party is checked in now",
            Resolution.CHECKED_OUT: "The party is checked out now",
            Resolution.COUNT_CHANGED: "The desk has the right count now",
            Resolution.EXPLAINED: "There is another reason",
        }[self]


class CleaningStandard(Base):
    """Minutes and credits for a kind of work in a type of room, where they aren't the usual."""

    __tablename__ = "cleaning_standards"
    __table_args__ = (
        within_hotel("type_id", "room_types"),
        sa.CheckConstraint("minutes BETWEEN 1 AND 480", name="at_most_a_shift"),
        sa.CheckConstraint("credits BETWEEN 0 AND 99", name="two_digits"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    type_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    work: Mapped[Work] = mapped_column(choice(Work), primary_key=True)
    minutes: Mapped[int] = mapped_column(sa.SmallInteger)
    credits: Mapped[int] = mapped_column(sa.SmallInteger)


class KeepingRules(Base):
    """How a hotel keeps house: fresh linen every so many nights, and whether one inspects oneself.

    No linen is changed for who stays where `linen_every` is nothing.
    """

    __tablename__ = "keeping_rules"
    __table_args__ = (
        sa.CheckConstraint("linen_every BETWEEN 0 AND 30", name="within_a_month"),
        sa.CheckConstraint("shift_minutes BETWEEN 30 AND 720", name="a_shift"),
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    inspect_own: Mapped[bool] = mapped_column(default=False)
    linen_every: Mapped[int] = mapped_column(sa.SmallInteger, default=3)
    shift_minutes: Mapped[int] = mapped_column(sa.SmallInteger, default=420)


class Sheet(OfHotel, Base):
    """An attendant's sheet of a day; `minutes` is how long they are there to clean."""

    __tablename__ = "sheets"
    __table_args__ = (
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        within_chain("attendant_id", "staff"),
        sa.UniqueConstraint("hotel_id", "day", "attendant_id"),
        sa.UniqueConstraint("hotel_id", "day", "number"),
        sa.UniqueConstraint("hotel_id", "id", "day"),
        sa.CheckConstraint("minutes > 0", name="there_for_some_time"),
    )

    chain_id: Mapped[int]
    day: Mapped[date]
    number: Mapped[int]
    attendant_id: Mapped[int]
    minutes: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)

    attendant: Mapped[Staff] = relationship(
        viewonly=True,
        primaryjoin=lambda: sa.and_(
            Sheet.chain_id == Staff.chain_id, sa.orm.foreign(Sheet.attendant_id) == Staff.id
        ),
    )


_STILL_OPEN = sa.text("state IN ('to_do', 'cleaning', 'do_not_disturb')")


class Task(OfHotel, Base):
    """The work in one room on one sheet; `why` says why it is on this one.

    `turn` counts how often an inspection sent it back; `done_by` is who cleaned, which need not be
    whose sheet it is on. A room has one open task a day, and a new one when it is dirty again.
    """

    __tablename__ = "room_tasks"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["hotel_id", "sheet_id", "day"], ["sheets.hotel_id", "sheets.id", "sheets.day"]
        ),
        within_hotel("room_id", "rooms"),
        within_chain("done_by", "staff"),
        within_chain("inspected_by", "staff"),
        sa.CheckConstraint(
            "(state IN ('done', 'inspected')) = (done_at IS NOT NULL)", name="done_at_a_time"
        ),
        sa.CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="done_by_somebody"),
        sa.CheckConstraint(
            "(state = 'inspected') = (inspected_at IS NOT NULL)", name="inspected_at_a_time"
        ),
        sa.CheckConstraint(
            "(inspected_at IS NULL) = (inspected_by IS NULL)", name="inspected_by_somebody"
        ),
        sa.CheckConstraint(
            "(state = 'declined') = (declined_at IS NOT NULL)", name="declined_at_a_time"
        ),
        sa.CheckConstraint("state <> 'cleaning' OR started_at IS NOT NULL", name="begun_at_a_time"),
        sa.CheckConstraint("(tries = 0) = (tried_at IS NULL)", name="tried_at_a_time"),
        sa.CheckConstraint("state <> 'do_not_disturb' OR tries > 0", name="undisturbed_if_tried"),
        sa.CheckConstraint("minutes > 0 AND credits >= 0 AND turn >= 0", name="not_negative"),
        sa.CheckConstraint("turn = 0 OR redo_why IS NOT NULL", name="redone_because"),
        sa.Index(
            "uq_room_tasks_one_open",
            "hotel_id",
            "day",
            "room_id",
            unique=True,
            sqlite_where=_STILL_OPEN,
            postgresql_where=_STILL_OPEN,
        ),
        sa.Index(None, "hotel_id", "sheet_id"),
        sa.Index(None, "hotel_id", "day", "room_id"),
    )

    chain_id: Mapped[int]
    day: Mapped[date]
    sheet_id: Mapped[int]
    room_id: Mapped[int]
    work: Mapped[Work] = mapped_column(choice(Work))
    state: Mapped[TaskState] = mapped_column(choice(TaskState), default=TaskState.TO_DO)
    minutes: Mapped[int]
    credits: Mapped[int]
    rank: Mapped[int]
    why: Mapped[str]
    by_hand: Mapped[bool] = mapped_column(default=False)
    tries: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None]
    inspected_at: Mapped[datetime | None]
    inspected_by: Mapped[int | None]
    turn: Mapped[int] = mapped_column(default=0)
    redo_why: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    room: Mapped[Room] = relationship(viewonly=True)
    sheet: Mapped[Sheet] = relationship(
        viewonly=True,
        primaryjoin=lambda: sa.and_(
            Task.hotel_id == Sheet.hotel_id, sa.orm.foreign(Task.sheet_id) == Sheet.id
        ),
    )

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something in the room."""
        return self.state in OPEN

    @property
    def is_untouched(self) -> bool:
        """Whether nobody has been at the door yet; what was sent back belongs to who cleaned it."""
        was_there = self.tries or self.started_at or self.turn
        return self.state is TaskState.TO_DO and not was_there

    @property
    def rests_since(self) -> datetime | None:
        """When it came to rest: what makes the room dirty after that is new work."""
        return self.done_at or self.declined_at


class Discrepancy(OfHotel, Base):
    """What an attendant saw in a room where the desk has it otherwise, until that is resolved."""

    __tablename__ = "discrepancies"
    __table_args__ = (
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        within_hotel("room_id", "rooms"),
        within_chain("staff_id", "staff"),
        within_chain("resolved_by", "staff"),
        sa.CheckConstraint("(kind = 'sleep') = (desk_persons = 0)", name="sleeps_unknown"),
        sa.CheckConstraint("(kind = 'skip') = (seen_persons = 0)", name="skips_unseen"),
        sa.CheckConstraint("seen_persons <> desk_persons", name="differs"),
        sa.CheckConstraint("seen_persons >= 0 AND desk_persons >= 0", name="not_negative"),
        sa.CheckConstraint(
            "(resolution IS NULL) = (resolved_at IS NULL)", name="resolved_at_a_time"
        ),
        sa.CheckConstraint(
            "(resolution IS NULL) = (resolved_by IS NULL)", name="resolved_by_somebody"
        ),
        sa.CheckConstraint(
            "resolution <> 'explained' OR words IS NOT NULL", name="explained_in_words"
        ),
        sa.Index(
            "uq_discrepancies_one_open",
            "hotel_id",
            "room_id",
            unique=True,
            sqlite_where=sa.text("resolution IS NULL"),
            postgresql_where=sa.text("resolution IS NULL"),
        ),
        sa.Index(None, "hotel_id", "day"),
    )

    chain_id: Mapped[int]
    day: Mapped[date]
    room_id: Mapped[int]
    kind: Mapped[Difference] = mapped_column(choice(Difference))
    seen_persons: Mapped[int]
    desk_persons: Mapped[int]
    staff_id: Mapped[int]
    seen_at: Mapped[datetime]
    resolution: Mapped[Resolution | None] = mapped_column(choice(Resolution))
    words: Mapped[str | None]
    resolved_by: Mapped[int | None]
    resolved_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    room: Mapped[Room] = relationship(viewonly=True)
    seen_by: Mapped[Staff] = relationship(
        viewonly=True,
        primaryjoin=lambda: sa.and_(
            Discrepancy.chain_id == Staff.chain_id,
            sa.orm.foreign(Discrepancy.staff_id) == Staff.id,
        ),
    )


class MinibarItem(OfHotel, Base):
    """Something in the minibar, with its price and what it is charged as."""

    __tablename__ = "minibar_items"
    __table_args__ = (
        within_hotel("charge_code_id", "charge_codes"),
        sa.UniqueConstraint("hotel_id", "name"),
        sa.CheckConstraint("price > 0", name="costs_something"),
    )

    charge_code_id: Mapped[int]
    name: Mapped[str]
    price: Mapped[int]
    rank: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


ink.guard(
    "room_tasks_one_hand_at_a_time",
    table="room_tasks",
    when="UPDATE",
    refuse_if=(
        "NEW.version <> OLD.version + 1"
        " AND (NEW.state <> OLD.state OR NEW.sheet_id <> OLD.sheet_id OR NEW.turn <> OLD.turn)"
    ),
    message="somebody changed this task first",
)
ink.guard(
    "room_tasks_go_by_the_steps",
    table="room_tasks",
    when="UPDATE OF state",
    refuse_if=(
        "(NEW.state = 'inspected' AND OLD.state NOT IN ('done', 'inspected'))"
        " OR (OLD.state IN ('done', 'inspected') AND NEW.state = 'to_do'"
        " AND NEW.turn <> OLD.turn + 1)"
    ),
    message="a room is done before it is inspected, and sent back with its count",
)
ink.guard(
    "discrepancies_stay_resolved",
    table="discrepancies",
    when="UPDATE",
    refuse_if="OLD.resolution IS NOT NULL",
    message="what was resolved is resolved; look again",
)
