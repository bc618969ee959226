"""Traces: what a department must not forget about a party or the house, on a day."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from pms.base import card_numbers, clock
from pms.base.db import Base, OfHotel, choice, lock, new_id, within_chain, within_hotel
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays.reservations import Reservation

LONGEST = 400


class TraceDone(Refusal):
    def __init__(self) -> None:
        super().__init__("That trace is done already.")


class TraceOpen(Refusal):
    def __init__(self) -> None:
        super().__init__("That trace isn't done yet.")


class Trace(OfHotel, Base):
    """One thing to do: by which department, on which day, for whom, and who did it."""

    __tablename__ = "traces"
    __table_args__ = (
        within_hotel("reservation_id", "reservations"),
        within_chain("staff_id", "staff"),
        within_chain("done_by", "staff"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        sa.CheckConstraint("(done_by IS NULL) = (done_at IS NULL)", name="done_by_somebody"),
        sa.Index(None, "hotel_id", "due_on"),
        sa.Index(None, "hotel_id", "reservation_id"),
        sa.Index(
            "ix_traces_to_do",
            "hotel_id",
            "due_on",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        ),
    )

    chain_id: Mapped[int]
    reservation_id: Mapped[int | None]
    department: Mapped[Department] = mapped_column(choice(Department))
    due_on: Mapped[date]
    words: Mapped[str]
    staff_id: Mapped[int]
    written_at: Mapped[datetime]
    done_by: Mapped[int | None]
    done_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    reservation: Mapped[Reservation | None] = relationship(viewonly=True)
    doer: Mapped[Staff | None] = relationship(
        viewonly=True,
        primaryjoin=lambda: sa.and_(
            Trace.chain_id == Staff.chain_id, sa.orm.foreign(Trace.done_by) == Staff.id
        ),
    )


def add(
    session: Session,
    hotel: Hotel,
    *,
    department: Department,
    due_on: date,
    words: str,
    reservation: Reservation | None = None,
    by: Staff,
) -> Trace:
    """Write down what a department must do on a day; refuses a past day, and nothing to do."""
    require(by, Permission.REQUEST, hotel.id)
    day = business_day.hold(session, hotel)
    words = words.strip()
    if not words or len(words) > LONGEST:
        raise Invalid(f"Say what is to be done, in 1 to {LONGEST} characters.", field="words")
    if due_on < day:
        raise Invalid("That day is past. Trace from today on.", field="due_on")
    card_numbers.refuse(words=words)
    trace = Trace(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        reservation_id=reservation.id if reservation else None,
        department=department,
        due_on=due_on,
        words=words,
        staff_id=by.id,
        written_at=clock.now(),
    )
    session.add(trace)
    session.flush()
    logbook.record(
        session, "traced", trace, by=by, day=day, department=department.value, due_on=due_on
    )
    return trace


def finish(session: Session, trace: Trace, *, by: Staff) -> None:
    """Note that it is done, and who did it; refuses what is done already."""
    day = _hold(session, trace, by)
    if trace.done_at is not None:
        raise TraceDone
    trace.done_by, trace.done_at = by.id, clock.now()
    trace.version += 1
    session.flush()
    logbook.record(session, "did", trace, by=by, day=day)


def reopen(session: Session, trace: Trace, *, by: Staff) -> None:
    """Take back that it is done; refuses what is still to do."""
    day = _hold(session, trace, by)
    if trace.done_at is None:
        raise TraceOpen
    before = trace.done_at
    trace.done_by = trace.done_at = None
    trace.version += 1
    session.flush()
    logbook.record(session, "reopened", trace, by=by, day=day, before={"done_at": before})


def _hold(session: Session, trace: Trace, by: Staff) -> date:
    require(by, Permission.REQUEST, trace.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, trace.hotel_id))
    lock(session, trace)
    return day


def of_day(
    session: Session,
    hotel: Hotel,
    day: date,
    *,
    department: Department | None = None,
    limit: int = 300,
) -> list[Trace]:
    """Return what is to do on a day and what is left of the days before, the oldest first."""
    wanted = (
        sa.select(Trace)
        .options(
            joinedload(Trace.reservation).joinedload(Reservation.guest), joinedload(Trace.doer)
        )
        .where(
            Trace.hotel_id == hotel.id,
            sa.or_(Trace.due_on == day, sa.and_(Trace.due_on < day, Trace.done_at.is_(None))),
        )
        .order_by(Trace.done_at.is_not(None), Trace.due_on, Trace.id)
        .limit(limit)
    )
    if department is not None:
        wanted = wanted.where(Trace.department == department)
    return list(session.scalars(wanted))


def to_do(
    session: Session, reservation: Reservation, *, until: date, limit: int = 20
) -> list[Trace]:
    """Return what is traced for a party by a day and isn't done, the oldest first."""
    return list(
        session.scalars(
            sa.select(Trace)
            .where(
                Trace.hotel_id == reservation.hotel_id,
                Trace.reservation_id == reservation.id,
                Trace.done_at.is_(None),
                Trace.due_on <= until,
            )
            .order_by(Trace.due_on, Trace.id)
            .limit(limit)
        )
    )


def of(session: Session, reservation: Reservation, *, limit: int = 50) -> list[Trace]:
    """Return what is traced for a party, by day."""
    return list(
        session.scalars(
            sa.select(Trace)
            .options(joinedload(Trace.doer))
            .where(Trace.hotel_id == reservation.hotel_id, Trace.reservation_id == reservation.id)
            .order_by(Trace.due_on, Trace.id)
            .limit(limit)
        )
    )
