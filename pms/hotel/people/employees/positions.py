"""Positions: what people are employed as in a hotel."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock, new_id
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people.employees.tables import Position

LONGEST_CODE = 20


class PositionCodeTaken(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(
            f"There is a position {code} already. Choose another code, or give that one again if "
            "it was dropped.",
            field="code",
        )


def add(
    session: Session,
    hotel: Hotel,
    *,
    code: str,
    title: str,
    department: Department,
    tipped: bool = False,
    adults_only: bool = False,
    cost_center: str | None = None,
    by: Staff,
) -> Position:
    """Say what somebody can be employed as. Refuses a code in use, and no code or title."""
    require(by, Permission.MANAGE_PEOPLE, hotel.id)
    today = business_day.hold(session, hotel)
    code, title = code.strip().upper(), title.strip()
    if not code or len(code) > LONGEST_CODE:
        raise Invalid(f"A position's code has 1 to {LONGEST_CODE} letters.", field="code")
    if not title:
        raise Invalid("Say what the position is called.", field="title")
    taken = sa.select(Position.id).where(Position.hotel_id == hotel.id, Position.code == code)
    if session.scalar(taken) is not None:
        raise PositionCodeTaken(code)
    position = Position(
        hotel_id=hotel.id,
        id=new_id(),
        code=code,
        title=title,
        department=department,
        tipped=tipped,
        adults_only=adults_only,
        cost_center=(cost_center or "").strip() or None,
    )
    session.add(position)
    session.flush()
    logbook.record(session, "added", position, by=by, day=today, code=code, title=title)
    return position


def drop(session: Session, position: Position, *, by: Staff) -> None:
    """Give a position to nobody any more; who holds it keeps it."""
    require(by, Permission.MANAGE_PEOPLE, position.hotel_id)
    today = business_day.hold(session, session.get_one(Hotel, position.hotel_id))
    lock(session, position)
    position.active = False
    session.flush()
    logbook.record(session, "dropped", position, by=by, day=today, code=position.code)


def take_up(session: Session, position: Position, *, by: Staff) -> None:
    """Let a position that was dropped be given again, as it was."""
    require(by, Permission.MANAGE_PEOPLE, position.hotel_id)
    today = business_day.hold(session, session.get_one(Hotel, position.hotel_id))
    lock(session, position)
    position.active = True
    session.flush()
    logbook.record(session, "took up", position, by=by, day=today, code=position.code)


def of_hotel(session: Session, hotel: Hotel, *, dropped: bool = False) -> Sequence[Position]:
    """Return the positions that can be given, or those `dropped`, by department and title."""
    wanted = sa.select(Position).where(
        Position.hotel_id == hotel.id, Position.active.is_(not dropped)
    )
    return session.scalars(wanted.order_by(Position.department, Position.title).limit(200)).all()
