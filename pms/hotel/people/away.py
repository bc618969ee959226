"""Away: absences entered, which give shifts back to the roster; a position's end, and leaving."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base import dates
from pms.base.db import lock, new_id
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people import employees
from pms.hotel.people.absences import Absence, AbsenceKind, AbsentDay
from pms.hotel.people.duty import Level
from pms.hotel.people.employees import Employee, Employment
from pms.hotel.people.payroll import locking
from pms.hotel.people.roster import planning
from pms.hotel.people.roster.planning import Planned
from pms.hotel.people.roster.tables import RosterShift
from pms.hotel.people.timeclock import TimeEntry
from pms.hotel.people.timeclock.punching import running
from pms.hotel.people.timeclock.refusals import OwnHours

LONGEST = 366  # days
A_DAY = 1440  # minutes
WEEKDAYS = frozenset(range(5))  # Monday is 0


class AbsentAlready(Refusal):
    def __init__(self, employee: Employee, day: date) -> None:
        super().__init__(
            f"{employee.name} is absent on {day:%a %d %b} already. Take that out first.",
            field="first",
        )


class StillAtWork(Refusal):
    def __init__(self, employee: Employee, day: date, *, field: str = "left_on") -> None:
        super().__init__(
            f"{employee.name} worked on {day:%a %d %b %Y}. The last day is that, or later.",
            field=field,
        )


class AtWorkNow(Refusal):
    """The clock would forget the PIN they end their shift with."""

    def __init__(self, employee: Employee) -> None:
        super().__init__(
            f"{employee.name} is still at work. Let them clock out first.", field="left_on"
        )


def be_absent(
    session: Session,
    employee: Employee,
    *,
    kind: AbsenceKind,
    first: date,
    last: date,
    minutes_a_day: int = 0,
    paid_on: Collection[int] = WEEKDAYS,
    note: str = "",
    by: Staff,
) -> Absence:
    """Write down that somebody isn't there on days, both included; their shifts become open ones.

    `minutes_a_day` are paid on the weekdays of `paid_on` (Monday is 0): who writes those down
    approves hours, and not their own. Refuses days on which they are absent already or not
    employed, more than a year, and to pay a day of a locked pay period.
    """
    require(by, Permission.ROSTER, employee.hotel_id)
    if minutes_a_day:
        _refuse_unless_approver(employee, by)
    hotel = session.get_one(Hotel, employee.hotel_id)
    today = business_day.hold(session, hotel)
    lock(session, employee)
    _refuse_days(session, employee, first, last)
    if not 0 <= minutes_a_day <= A_DAY:
        raise Invalid("At most a day is paid for a day.", field="hours")
    days = [
        (day, minutes_a_day if day.weekday() in paid_on else 0) for day in dates.days(first, last)
    ]
    _refuse_locked(session, hotel, days)
    opened = _give_back(session, hotel, employee, first, last, by=by)
    absence = Absence(
        hotel_id=hotel.id,
        id=new_id(),
        employee_id=employee.id,
        kind=kind,
        first_day=first,
        last_day=last,
        note=note.strip(),
    )
    _write(session, absence, days)
    logbook.record(
        session, "absent", employee, by=by, day=today, kind=kind, first=first, last=last,
        opened=opened,
    )  # fmt: skip
    return absence


def _refuse_days(session: Session, employee: Employee, first: date, last: date) -> None:
    """Refuse too many days, days not employed, and days on which they are absent already."""
    if not 0 <= (last - first).days < LONGEST:
        raise Invalid("The last day is the first or later, within a year.", field="last")
    if not (employee.works_on(first) and employee.works_on(last)):
        raise Invalid(f"{employee.name} isn't employed on all those days.", field="first")
    taken = session.scalar(
        sa.select(sa.func.min(AbsentDay.day)).where(
            AbsentDay.hotel_id == employee.hotel_id,
            AbsentDay.employee_id == employee.id,
            AbsentDay.day.between(first, last),
        )
    )
    if taken is not None:
        raise AbsentAlready(employee, taken)


def _write(session: Session, absence: Absence, days: Sequence[tuple[date, int]]) -> None:
    """Write an absence and its days, each with the minutes paid for it."""
    session.add(absence)
    session.flush()
    rows = [
        {
            "hotel_id": absence.hotel_id,
            "employee_id": absence.employee_id,
            "day": day,
            "absence_id": absence.id,
            "minutes_paid": minutes,
        }
        for day, minutes in days
    ]
    session.execute(sa.insert(AbsentDay), rows)


def take_out(session: Session, absence: Absence, *, by: Staff) -> None:
    """Take an absence out; shifts that were given back stay open.

    Refuses one of which a day was paid in a locked pay period, and a paid one to who may not
    approve hours.
    """
    require(by, Permission.ROSTER, absence.hotel_id)
    hotel = session.get_one(Hotel, absence.hotel_id)
    today = business_day.hold(session, hotel)
    lock(session, absence)
    paid = sa.select(AbsentDay.day, AbsentDay.minutes_paid).where(
        AbsentDay.hotel_id == hotel.id, AbsentDay.absence_id == absence.id
    )
    days = [(day, minutes) for day, minutes in session.execute(paid)]
    if any(minutes for _, minutes in days):
        _refuse_unless_approver(absence.employee, by)
    _refuse_locked(session, hotel, days)
    before = {"kind": absence.kind, "first": absence.first_day, "last": absence.last_day}
    employee = absence.employee
    session.execute(
        sa.delete(AbsentDay).where(
            AbsentDay.hotel_id == absence.hotel_id, AbsentDay.absence_id == absence.id
        )
    )
    session.delete(absence)
    session.flush()
    logbook.record(session, "took out absence", employee, by=by, day=today, before=before)


def leave(session: Session, employee: Employee, *, left_on: date, why: str, by: Staff) -> int:
    """Let somebody leave after a last day; their later shifts become open, and are counted.

    Days away after it are taken out, but for those that a locked pay period paid. Refuses a last
    day before hours they worked, one that is over while they are at work, and what
    `employees.leave` refuses.
    """
    require(by, Permission.MANAGE_PEOPLE, employee.hotel_id)
    hotel = session.get_one(Hotel, employee.hotel_id)
    worked = session.scalar(
        sa.select(sa.func.max(TimeEntry.service_day)).where(
            TimeEntry.hotel_id == hotel.id,
            TimeEntry.employee_id == employee.id,
            sa.not_(TimeEntry.struck),
        )
    )
    if worked is not None and worked > left_on:
        raise StillAtWork(employee, worked)
    if left_on < hotel.business_date and running(session, employee) is not None:
        raise AtWorkNow(employee)
    opened = _give_back(session, hotel, employee, left_on + dates.ONE_DAY, date.max, by=by)
    employees.leave(session, employee, left_on=left_on, why=why, by=by)
    _cut_short(session, hotel, employee, left_on, by=by)
    return opened


def end_position(session: Session, employment: Employment, *, ends_on: date, by: Staff) -> int:
    """Let a position end after a last day; its later shifts become open, and are counted.

    Refuses a last day before hours that were worked in it, and what `employees.end_position` does.
    """
    require(by, Permission.MANAGE_PEOPLE, employment.hotel_id)
    hotel = session.get_one(Hotel, employment.hotel_id)
    worked = session.scalar(
        sa.select(sa.func.max(TimeEntry.service_day)).where(
            TimeEntry.hotel_id == hotel.id,
            TimeEntry.employment_id == employment.id,
            sa.not_(TimeEntry.struck),
        )
    )
    if worked is not None and worked > ends_on:
        raise StillAtWork(employment.employee, worked, field="ends_on")
    opened = _give_back(
        session,
        hotel,
        employment.employee,
        ends_on + dates.ONE_DAY,
        date.max,
        position_id=employment.position_id,
        by=by,
    )
    employees.end_position(session, employment, ends_on=ends_on, by=by)
    return opened


def _cut_short(
    session: Session, hotel: Hotel, employee: Employee, left_on: date, *, by: Staff
) -> None:
    """Take out somebody's days away after their last day, as far as none was paid and locked."""
    locked = locking.last_locked(session, hotel)
    later = sa.select(Absence).where(
        Absence.hotel_id == hotel.id,
        Absence.employee_id == employee.id,
        Absence.last_day > left_on,
    )
    for absence in session.scalars(later.order_by(Absence.first_day)).all():
        days = sa.and_(AbsentDay.hotel_id == hotel.id, AbsentDay.absence_id == absence.id)
        paid = sa.select(sa.func.max(AbsentDay.day)).where(
            days, AbsentDay.minutes_paid > 0, AbsentDay.day <= (locked or date.min)
        )
        until = max(left_on, session.scalar(paid) or left_on)
        if until >= absence.last_day:
            continue
        session.execute(sa.delete(AbsentDay).where(days, AbsentDay.day > until))
        _let_end(session, absence, until, by=by)


def _let_end(session: Session, absence: Absence, until: date, *, by: Staff) -> None:
    """Let an absence end on a day, or be out where it would begin after it."""
    hotel, employee = session.get_one(Hotel, absence.hotel_id), absence.employee
    before = {"kind": absence.kind, "first": absence.first_day, "last": absence.last_day}
    said: dict[str, Any] = {"by": by, "day": hotel.business_date, "before": before}
    if absence.first_day > until:
        session.delete(absence)
        session.flush()
        logbook.record(session, "took out absence", employee, **said)
        return
    absence.last_day = until
    session.flush()
    logbook.record(session, "cut absence short", employee, last=until, **said)


def of(session: Session, employee: Employee) -> Sequence[Absence]:
    """Return somebody's absences, the latest first."""
    return session.scalars(
        sa.select(Absence)
        .where(Absence.hotel_id == employee.hotel_id, Absence.employee_id == employee.id)
        .order_by(Absence.first_day.desc())
        .limit(50)
    ).all()


def _refuse_unless_approver(employee: Employee, by: Staff) -> None:
    """Refuse paid hours to who may not approve any, and one's own: nobody approves these again."""
    require(by, Permission.APPROVE_HOURS, employee.hotel_id)
    if employee.staff_id == by.id:
        raise OwnHours


def _refuse_locked(session: Session, hotel: Hotel, days: Iterable[tuple[date, int]]) -> None:
    """Refuse to change what a locked pay period paid: an absence isn't corrected in the next."""
    paid = sorted(day for day, minutes in days if minutes)
    last = locking.last_locked(session, hotel) if paid else None
    for day in paid:
        if last is not None and day <= last:
            locking.refuse_locked(session, hotel, day, field="first")


def _give_back(
    session: Session,
    hotel: Hotel,
    employee: Employee,
    first: date,
    last: date,
    *,
    position_id: int | None = None,
    by: Staff,
) -> int:
    """Let the shifts of somebody's days, of one position or all, be open ones; return how many."""
    theirs = sa.select(RosterShift).where(
        RosterShift.hotel_id == hotel.id,
        RosterShift.employee_id == employee.id,
        RosterShift.day.between(first, last),
        RosterShift.cancelled_at.is_(None),
    )
    if position_id is not None:
        theirs = theirs.where(RosterShift.position_id == position_id)
    shifts = session.scalars(theirs.options(joinedload(RosterShift.position))).all()
    for shift in shifts:
        planned = Planned(
            position=shift.position,
            day=shift.day,
            begins=dates.local(shift.starts_at, hotel.time_zone).time(),
            ends=dates.local(shift.ends_at, hotel.time_zone).time(),
            break_minutes=shift.break_minutes,
            level=Level(shift.level),
            note=shift.note,
        )
        planning.change(session, shift, planned, by=by)
    return len(shifts)
