"""Hand-overs: what one shift tells the next, signed by who gives it and by who takes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import clock, ink
from pms.base.db import Base, OfHotel, choice, lock, new_id, within_chain
from pms.base.refusal import Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people import duty
from pms.hotel.people.duty import Shift
from pms.hotel.service import reception
from pms.hotel.service.reception import GuestMessage, PhoneCall, Visitor
from pms.hotel.service.requests import OPEN, Request
from pms.hotel.service.requests.entering import said

LONGEST = 4_000
MOST_OPEN = 500
RECEIVES = {Department.FRONT_OFFICE, Department.CONCIERGE, Department.MANAGEMENT}


class SignedAlready(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} has signed this hand-over already. Write a new one.")


class SignedByOne(Refusal):
    def __init__(self) -> None:
        super().__init__("You gave this hand-over; who takes over signs it too. Ask them.")


class Handover(OfHotel, Base):
    """What a shift of a department told the next, and what was open at that moment.

    `given_by` signs by writing it, `taken_by` by taking over; then it is in ink.
    """

    __tablename__ = "handovers"
    __table_args__ = (
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        within_chain("given_by", "staff"),
        within_chain("taken_by", "staff"),
        sa.CheckConstraint("(taken_by IS NULL) = (taken_at IS NULL)", name="signed_at_a_time"),
        sa.CheckConstraint("taken_by IS NULL OR taken_by <> given_by", name="signed_by_two"),
        sa.Index(None, "hotel_id", "day"),
    )

    chain_id: Mapped[int]
    department: Mapped[Department] = mapped_column(choice(Department))
    day: Mapped[date]
    shift: Mapped[Shift] = mapped_column(choice(Shift))
    words: Mapped[str]
    open_requests: Mapped[list[str]]
    open_messages: Mapped[list[str]] = mapped_column(default=list)
    open_calls: Mapped[list[str]] = mapped_column(default=list)
    visitors_in: Mapped[list[str]] = mapped_column(default=list)
    given_by: Mapped[int]
    given_at: Mapped[datetime]
    taken_by: Mapped[int | None]
    taken_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


ink.guard(
    "handovers_in_ink",
    table="handovers",
    when="UPDATE",
    refuse_if="OLD.taken_at IS NOT NULL OR NEW.words <> OLD.words OR NEW.given_by <> OLD.given_by",
    message="a hand-over is signed, not rewritten",
)
ink.guard(
    "handovers_stay",
    table="handovers",
    when="DELETE",
    refuse_if="1 = 1",
    message="a hand-over is signed, not rewritten",
)


def give(
    session: Session, hotel: Hotel, *, department: Department, words: str, by: Staff
) -> Handover:
    """Write and sign what the next shift has to know, with what is open in the department now.

    Who receives guests hands over by number, too, what messages wait, who is to be called back,
    and which visitors haven't left.
    """
    require(by, Permission.REQUEST, hotel.id)
    words = said(words, field="words", longest=LONGEST)
    day = business_day.hold(session, hotel)
    waiting = session.scalars(
        sa.select(Request.number)
        .where(
            Request.hotel_id == hotel.id,
            Request.state.in_(OPEN),
            *([] if department is Department.MANAGEMENT else [Request.department == department]),
        )
        .order_by(Request.due_at, Request.id)
        .limit(MOST_OPEN)
    ).all()
    made = Handover(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        department=department,
        day=day,
        shift=duty.now(hotel)[1],
        words=words,
        open_requests=[str(number) for number in waiting],
        **(_at_reception(session, hotel) if department in RECEIVES else {}),
        given_by=by.id,
        given_at=clock.now(),
    )
    session.add(made)
    session.flush()
    logbook.record(
        session, "handed over", made, by=by, day=day, department=department.value,
        shift=made.shift.value, open=len(waiting),
    )  # fmt: skip
    return made


def _at_reception(session: Session, hotel: Hotel) -> dict[str, list[str]]:
    """Return the numbers of what reception leaves to the next shift."""
    return {
        "open_messages": [str(each.number) for each in reception.waiting(session, hotel)],
        "open_calls": [str(each.number) for each in reception.to_call_back(session, hotel)],
        "visitors_in": [str(each.number) for each in reception.still_in(session, hotel)],
    }


def sign(session: Session, handover: Handover, *, by: Staff) -> Handover:
    """Sign as who takes over; refuses who gave it, and a second signature."""
    require(by, Permission.REQUEST, handover.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, handover.hotel_id))
    lock(session, handover)
    if handover.taken_by is not None:
        key = {"chain_id": handover.chain_id, "id": handover.taken_by}
        raise SignedAlready(session.get_one(Staff, key).name)
    if handover.given_by == by.id:
        raise SignedByOne
    handover.taken_by, handover.taken_at = by.id, clock.now()
    handover.version += 1
    session.flush()
    logbook.record(
        session, "took over", handover, by=by, day=day, department=handover.department.value
    )
    return handover


@dataclass(frozen=True)
class Left:
    """What reception left to the next shift, as it stands now, by number."""

    messages: dict[str, GuestMessage]
    calls: dict[str, PhoneCall]
    visitors: dict[str, Visitor]


def left_by_reception(session: Session, hotel: Hotel, given: Sequence[Handover]) -> Left:
    """Return the messages, calls and visitors that these hand-overs name: three questions.

    A hand-over keeps numbers, since it is in ink; who they are can be erased.
    """

    def found(noun: Any, field: str) -> dict[str, Any]:
        wanted = {int(number) for each in given for number in getattr(each, field)}
        rows = session.scalars(
            sa.select(noun).where(noun.hotel_id == hotel.id, noun.number.in_(wanted))
        )
        return {str(each.number): each for each in rows}

    return Left(
        found(GuestMessage, "open_messages"),
        found(PhoneCall, "open_calls"),
        found(Visitor, "visitors_in"),
    )


def latest(session: Session, hotel: Hotel, *, limit: int = 30) -> Sequence[Handover]:
    """Return the newest hand-overs, the newest first."""
    return session.scalars(
        sa.select(Handover)
        .where(Handover.hotel_id == hotel.id)
        .order_by(Handover.id.desc())
        .limit(limit)
    ).all()
