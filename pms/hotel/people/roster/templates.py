"""Templates: the usual shifts of each department."""

from collections.abc import Sequence
from datetime import time

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base.db import lock, new_id
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people.duty import Department, Level
from pms.hotel.people.employees import Position
from pms.hotel.people.roster.refusals import NotOfTheDepartment, TemplateTaken
from pms.hotel.people.roster.tables import ShiftTemplate

LONGEST_CODE = 8
LONGEST_BREAK = 240  # minutes


def add(
    session: Session,
    hotel: Hotel,
    *,
    position: Position,
    code: str,
    begins: time,
    ends: time,
    break_minutes: int,
    level: Level,
    by: Staff,
) -> ShiftTemplate:
    """Write down a usual shift of a position's department; refuses a code in use there."""
    require(by, Permission.ROSTER, hotel.id)
    today = business_day.hold(session, hotel)
    code = code.strip().upper()
    if not 1 <= len(code) <= LONGEST_CODE:
        raise Invalid(f"A shift's code has 1 to {LONGEST_CODE} letters, like E.", field="code")
    check_shape(position.department, begins, ends, break_minutes, level)
    taken = sa.select(ShiftTemplate.id).where(
        ShiftTemplate.hotel_id == hotel.id,
        ShiftTemplate.department == position.department,
        ShiftTemplate.code == code,
    )
    if session.scalar(taken) is not None:
        raise TemplateTaken(code)
    template = ShiftTemplate(
        hotel_id=hotel.id,
        id=new_id(),
        department=position.department,
        code=code,
        position_id=position.id,
        begins=begins,
        ends=ends,
        break_minutes=break_minutes,
        level=int(level),
    )
    session.add(template)
    session.flush()
    logbook.record(
        session,
        "added",
        template,
        by=by,
        day=today,
        code=code,
        begins=f"{begins:%H:%M}",
        ends=f"{ends:%H:%M}",
    )
    return template


def drop(session: Session, template: ShiftTemplate, *, by: Staff) -> None:
    """Offer a usual shift no more; shifts made from it stay."""
    require(by, Permission.ROSTER, template.hotel_id)
    today = business_day.hold(session, session.get_one(Hotel, template.hotel_id))
    lock(session, template)
    logbook.record(session, "dropped", template, by=by, day=today, before={"code": template.code})
    session.delete(template)
    session.flush()


def of_department(
    session: Session, hotel: Hotel, department: Department
) -> Sequence[ShiftTemplate]:
    """Return a department's usual shifts, the earliest first."""
    return session.scalars(
        sa.select(ShiftTemplate)
        .options(joinedload(ShiftTemplate.position))
        .where(
            ShiftTemplate.hotel_id == hotel.id,
            ShiftTemplate.department == department,
        )
        .order_by(ShiftTemplate.begins, ShiftTemplate.code)
        .limit(50)
    ).all()


def check_shape(
    department: Department, begins: time, ends: time, break_minutes: int, level: Level
) -> None:
    """Refuse a break longer than four hours, seconds, and a level that isn't the department's."""
    if not 0 <= break_minutes <= LONGEST_BREAK:
        raise Invalid(f"A break has at most {LONGEST_BREAK} minutes.", field="break_minutes")
    if begins.second or ends.second:
        raise Invalid("Shifts begin and end at whole minutes.", field="begins")
    if (level is Level.DUTY_MANAGER) != (department is Department.MANAGEMENT):
        raise Invalid("Management's shifts are the duty manager's, no others.", field="level")


def check_department(position: Position, department: Department) -> None:
    """Refuse a position of another department."""
    if position.department is not department:
        raise NotOfTheDepartment(position, department)
