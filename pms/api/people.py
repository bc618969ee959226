"""People: the published roster for machines, and punches told by clocks on the wall; never pay."""

from datetime import datetime, timedelta
from typing import Annotated

import sqlalchemy as sa
from pydantic import AwareDatetime, Field
from sqlalchemy.orm import joinedload
from typing_extensions import TypedDict

from pms.api.calls import PREFIX, Made, deed, look
from pms.api.door import opens
from pms.api.problems import UnknownCode
from pms.api.shapes import Body, Day, Query, Word
from pms.base.refusal import Invalid
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.house.tokens import Scope
from pms.hotel.people.duty import Department
from pms.hotel.people.employees import Employee, Employment, Position
from pms.hotel.people.roster import RosterShift
from pms.hotel.people.timeclock import Punch, Punched, Source, punching
from pms.hotel.people.timeclock.punching import Press
from pms.web.database import session

LONGEST = timedelta(days=31)


class RosterAsked(Query):
    """Which days, both included, at most 31; of one department, or all."""

    first: Day
    last: Day
    department: Annotated[Department, Field(strict=False)] | None = None


class ShiftRead(TypedDict):
    """A published shift; `employee` is a number, or nothing for an open one."""

    id: str
    day: str
    department: Department
    position: str
    employee: str | None
    starts_at: datetime
    ends_at: datetime
    break_minutes: int


class Roster(TypedDict):
    """Published shifts in the order in which they begin."""

    shifts: list[ShiftRead]


class PunchAsked(Body):
    """A press at a clock; `key` is the clock's own, so that it is taken once."""

    employee: Word
    kind: Annotated[Punched, Field(strict=False)]
    key: Word
    at: Annotated[AwareDatetime, Field(strict=False)] | None = None
    position: Word | None = None


class PunchRead(TypedDict):
    """A punch as it was taken, at its whole minute."""

    id: str
    employee: str
    kind: Punched
    at: datetime


class TooManyDays(Invalid):
    def __init__(self) -> None:
        super().__init__(f"Ask for 1 to {LONGEST.days} days at a time.", field="last")


@look("/hotels/<code>/roster", asks=RosterAsked, answers=Roster)
@opens(Scope.ROSTER)
def published_roster(hotel: Hotel, asked: RosterAsked) -> Roster:
    """List the shifts that people go by; drafts and cancelled ones aren't told."""
    if not timedelta() <= asked.last - asked.first < LONGEST:
        raise TooManyDays
    query = (
        sa.select(RosterShift, Position)
        .join(
            Position,
            sa.and_(
                Position.hotel_id == RosterShift.hotel_id, Position.id == RosterShift.position_id
            ),
        )
        .options(joinedload(RosterShift.employee))
        .where(
            RosterShift.hotel_id == hotel.id,
            RosterShift.day.between(asked.first, asked.last),
            RosterShift.published_at.is_not(None),
            RosterShift.cancelled_at.is_(None),
        )
        .order_by(RosterShift.starts_at, RosterShift.id)
        .limit(10_000)
    )
    if asked.department is not None:
        query = query.where(Position.department == asked.department)
    return {"shifts": [_shift(shift, held) for shift, held in session().execute(query)]}


@deed("/hotels/<code>/punches", asks=PunchAsked, answers=PunchRead, status=201)
@opens(Scope.TIME_CLOCK)
def take_punch(hotel: Hotel, asked: PunchAsked, *, by: Staff) -> Made:
    """Take a press at a clock; told again under its key, it answers the punch there is."""
    employee = session().scalar(
        sa.select(Employee).where(Employee.hotel_id == hotel.id, Employee.number == asked.employee)
    )
    if employee is None:
        raise UnknownCode("employee", asked.employee)
    made = punching.punch(
        session(),
        employee,
        asked.kind,
        press=Press(Source.MACHINE, key=f"{by.id}/{asked.key}", at=asked.at),
        employment=_held(hotel, employee, asked.position) if asked.position else None,
        by=by,
    )
    return Made(_punch(made, employee), f"{PREFIX}/hotels/{hotel.code}/punches/{made.id}")


def _held(hotel: Hotel, employee: Employee, code: str) -> Employment:
    """Return somebody's position by its code; the clock itself asks whether they hold it today."""
    held = session().scalar(
        sa.select(Employment)
        .join(
            Position,
            sa.and_(
                Position.hotel_id == Employment.hotel_id, Position.id == Employment.position_id
            ),
        )
        .where(
            Employment.hotel_id == hotel.id,
            Employment.employee_id == employee.id,
            Position.code == code.upper(),
        )
        .order_by(Employment.begins_on.desc())
        .limit(1)
    )
    if held is None:
        raise UnknownCode("position", code)
    return held


def _shift(shift: RosterShift, held: Position) -> ShiftRead:
    return {
        "id": str(shift.id),
        "day": shift.day.isoformat(),
        "department": held.department,
        "position": held.code,
        "employee": shift.employee.number if shift.employee else None,
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
        "break_minutes": shift.break_minutes,
    }


def _punch(made: Punch, employee: Employee) -> PunchRead:
    return {
        "id": str(made.id),
        "employee": employee.number,
        "kind": made.kind,
        "at": made.at,
    }
