"""Builders for people: a position, somebody employed in it, hours they worked, a shift."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock, dates
from pms.base.money import Money
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role, Staff
from pms.hotel.people import employees, linking, roster
from pms.hotel.people.duty import Level
from pms.hotel.people.employees import (
    Employee,
    Employment,
    PayBasis,
    Person,
    Position,
    pay,
    positions,
)
from pms.hotel.people.roster import Planned, RosterShift
from pms.hotel.people.timeclock import TimeEntry, approving, editing
from pms.hotel.people.timeclock.editing import Rest, Times
from tests import make

HIRED = date(2026, 1, 5)


def position(
    session: Session,
    hotel: Hotel,
    code: str = "AGENT",
    *,
    department: Department = Department.FRONT_OFFICE,
    **details: Any,
) -> Position:
    """A position, made once per code."""
    found = session.scalar(sa.select(Position).filter_by(hotel_id=hotel.id, code=code))
    return found or positions.add(
        session,
        hotel,
        code=code,
        title=code.capitalize(),
        department=department,
        by=make.by(session, hotel),
        **details,
    )


def employee(
    session: Session,
    hotel: Hotel,
    name: str = "Ana Reyes",
    *,
    born_on: date | None = None,
    hired_on: date = HIRED,
    staff: Staff | None = None,
    email: str | None = None,
) -> Employee:
    """Somebody of the front office, hired at the beginning of the year."""
    by = make.by(session, hotel)
    first, _, last = name.partition(" ")
    number = employees.next_number(session, hotel)
    person = Person(number, first, last, Department.FRONT_OFFICE, email=email, born_on=born_on)
    made = employees.hire(session, hotel, person, hired_on=hired_on, by=by)
    if staff is not None:
        linking.link(session, made, staff, by=by)
    return made


def employed(
    session: Session,
    hotel: Hotel,
    name: str = "Ana Reyes",
    *,
    held: Position | None = None,
    rate: str | None = "15.00",
    **details: object,
) -> Employment:
    """Somebody who holds a position at an hourly rate."""
    who = employee(session, hotel, name, **details)  # type: ignore[arg-type]
    return holds(session, who, held or position(session, hotel), rate=rate)


def holds(
    session: Session, who: Employee, held: Position, *, rate: str | None = "15.00"
) -> Employment:
    """One more position of somebody."""
    hotel = session.get_one(Hotel, who.hotel_id)
    by = make.by(session, hotel)
    employment = employees.begin_position(
        session, who, held, begins_on=who.hired_on, jurisdiction="DE", by=by
    )
    if rate is not None:
        pay.set_rate(
            session,
            employment,
            amount=Money.parse(rate, hotel.currency),
            basis=PayBasis.HOUR,
            valid_from=who.hired_on,
            by=by,
        )
    return employment


def instant(hotel: Hotel, wall: str) -> datetime:
    """The instant at which the hotel's clock shows `2026-11-20 07:00`."""
    return dates.instant(datetime.fromisoformat(wall), hotel.time_zone)


def worked(
    session: Session,
    employment: Employment,
    since: str,
    until: str,
    *,
    rest: tuple[str, str] | None = None,
    approved: bool = True,
) -> TimeEntry:
    """Hours by the hotel's clock, written down by an accountant, approved by a manager."""
    hotel = session.get_one(Hotel, employment.hotel_id)
    by = make.by(session, hotel)
    breaks = [Rest(instant(hotel, rest[0]), instant(hotel, rest[1]))] if rest else []
    times = Times(employment, instant(hotel, since), instant(hotel, until), breaks)
    with clock.set_to(times.ended_at + timedelta(hours=1)):
        writer = make.by(session, hotel, Role.ACCOUNTANT)
        entry = editing.write_down(session, employment.employee, times, why="Agreed", by=writer)
        return approving.approve(session, entry, by=by) if approved else entry


def shift(
    session: Session,
    hotel: Hotel,
    day: date,
    hours: tuple[int, int] = (7, 15),
    *,
    who: Employee | None = None,
    held: Position | None = None,
    level: Level = Level.ATTENDS,
) -> RosterShift:
    """A shift on the roster of the position's department, with half an hour's break."""
    held = held or position(session, hotel)
    planned = Planned(held, day, time(hours[0]), time(hours[1]), who, level=level)
    return roster.put(session, hotel, held.department, planned, by=make.by(session, hotel))


def head(session: Session, hotel: Hotel) -> Staff:
    """Who may roster and approve, and doesn't see pay."""
    return make.by(session, hotel, Role.HOUSEKEEPING_MANAGER)


def utc(wall: str) -> datetime:
    """An instant that is written in UTC."""
    return datetime.fromisoformat(wall).replace(tzinfo=UTC)
