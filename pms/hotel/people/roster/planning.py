"""Planning: shifts put on a department's week, changed, taken off, and copied from the week before.

What changes in a published week holds at once: the duty list follows, and who it concerns is told.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base import clock, dates
from pms.base.db import insert_new, lock, new_id
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people import rules
from pms.hotel.people.absences import Absence, AbsentDay
from pms.hotel.people.duty import Department, Level
from pms.hotel.people.employees import Employee, Employment, Position
from pms.hotel.people.roster import fitting, telling, templates
from pms.hotel.people.roster.fitting import Plans, Stint, monday_of
from pms.hotel.people.roster.refusals import ShiftGone
from pms.hotel.people.roster.tables import RosterShift, RosterWeek

WEEK = timedelta(days=7)
AROUND = timedelta(days=8)  # a week's hours, and the rest before and after it


@dataclass(frozen=True)
class Planned:
    """A shift as it is wished: times by the hotel's clock; it ends the next day if not later."""

    position: Position
    day: date
    begins: time
    ends: time
    employee: Employee | None = None
    break_minutes: int = 30
    level: Level = Level.ATTENDS
    note: str = ""


class Copied(NamedTuple):
    """How many shifts were copied, and those left open, each with why its person can't."""

    shifts: int
    opened: tuple[str, ...]


def put(
    session: Session, hotel: Hotel, department: Department, planned: Planned, *, by: Staff
) -> RosterShift:
    """Put a shift on a department's week; without an employee it is open.

    Refuses what the rules of work refuse (`fitting`), and a position of another department.
    """
    require(by, Permission.ROSTER, hotel.id)
    today = business_day.hold(session, hotel)
    templates.check_department(planned.position, department)
    week = week_of(session, hotel, department, planned.day)
    shift = RosterShift(hotel_id=hotel.id, id=new_id(), week_id=week.id)
    _place(session, hotel, department, shift, planned)
    if week.published_at is not None:
        shift.published_at = clock.now()
    session.add(shift)
    session.flush()
    logbook.record(session, "put on roster", shift, by=by, day=today, **_said(planned))
    telling.tell(session, hotel, [shift])
    return shift


def change(session: Session, shift: RosterShift, planned: Planned, *, by: Staff) -> RosterShift:
    """Change a shift; refuses what `put` refuses.

    A published shift that goes to somebody else is cancelled for the first and new for the second,
    so that both are told. Returns the shift that stands.
    """
    require(by, Permission.ROSTER, shift.hotel_id)
    hotel = session.get_one(Hotel, shift.hotel_id)
    today = business_day.hold(session, hotel)
    lock(session, shift)
    if shift.cancelled_at is not None:
        raise ShiftGone
    department = shift.week.department
    templates.check_department(planned.position, department)
    if monday_of(planned.day) != shift.week.monday:
        raise Invalid("That day is in another week. Put the shift there.", field="day")
    before = {"person": shift.employee.name if shift.employee else "open", "on": shift.day}
    person = planned.employee.id if planned.employee else None
    if shift.published_at is not None and person != shift.employee_id:
        return _hand_over(session, hotel, shift, planned, by=by)
    _place(session, hotel, department, shift, planned)
    if shift.published_at is not None:
        shift.changed_at = clock.now()
    shift.version += 1
    session.flush()
    logbook.record(
        session, "changed shift", shift, by=by, day=today, before=before, **_said(planned)
    )
    telling.tell(session, hotel, [shift])
    return shift


def take_off(session: Session, shift: RosterShift, *, by: Staff) -> None:
    """Take a shift off the roster; a published one stays to be read as cancelled."""
    require(by, Permission.ROSTER, shift.hotel_id)
    hotel = session.get_one(Hotel, shift.hotel_id)
    today = business_day.hold(session, hotel)
    lock(session, shift)
    if shift.cancelled_at is not None:
        raise ShiftGone
    before = {"person": shift.employee_id, "on": shift.day}
    logbook.record(session, "took off roster", shift, by=by, day=today, before=before)
    if shift.published_at is None:
        session.delete(shift)
        session.flush()
        return
    shift.cancelled_at = shift.changed_at = clock.now()
    shift.version += 1
    session.flush()
    telling.tell(session, hotel, [shift])


def copy_week(
    session: Session, hotel: Hotel, department: Department, monday: date, *, by: Staff
) -> Copied:
    """Copy the week before into a week that has no shift yet, at the same times by the clock.

    A shift that its person can't have becomes an open one. Refuses an empty week before, and a
    week that has shifts.
    """
    require(by, Permission.ROSTER, hotel.id)
    today = business_day.hold(session, hotel)
    monday = monday_of(monday)
    if _shifts(session, hotel, department, monday):
        raise Invalid("This week has shifts already. Take them off first, or go on by hand.")
    before = _shifts(session, hotel, department, monday - WEEK)
    if not before:
        raise Invalid("The week before has no shifts. Put the first ones by hand.")
    opened = []
    for old in before:
        planned = _again(hotel, old)
        try:
            put(session, hotel, department, planned, by=by)
        except Refusal as refusal:
            opened.append(refusal.sentence)
            put(session, hotel, department, _opened(planned), by=by)
    week = week_of(session, hotel, department, monday)
    logbook.record(session, "copied week", week, by=by, day=today, shifts=len(before))
    return Copied(len(before), tuple(opened))


def week_of(session: Session, hotel: Hotel, department: Department, day: date) -> RosterWeek:
    """Return a department's week, made when it is first asked for, and hold it."""
    wanted = {"hotel_id": hotel.id, "department": department, "monday": monday_of(day)}
    insert_new(session, RosterWeek, [{**wanted, "id": new_id()}])
    week = session.scalars(sa.select(RosterWeek).filter_by(**wanted)).one()
    return lock(session, week)


def plans_of(
    session: Session, hotel: Hotel, employees: Collection[Employee], day: date, *, but: int = 0
) -> Mapping[int, Plans]:
    """Return what is known of people around a day, without one shift; three questions."""
    ids = {each.id for each in employees}
    first, last = day - AROUND, day + AROUND
    held: dict[int, list[Employment]] = defaultdict(list)
    for each in session.scalars(
        sa.select(Employment).where(
            Employment.hotel_id == hotel.id, Employment.employee_id.in_(ids)
        )
    ):
        held[each.employee_id].append(each)
    stints: dict[int, list[Stint]] = defaultdict(list)
    for shift in session.scalars(
        sa.select(RosterShift).where(
            RosterShift.hotel_id == hotel.id,
            RosterShift.employee_id.in_(ids),
            RosterShift.day.between(first, last),
            RosterShift.cancelled_at.is_(None),
            RosterShift.id != but,
        )
    ):
        if shift.employee_id is not None:
            stints[shift.employee_id].append(
                Stint(shift.day, shift.starts_at, shift.ends_at, shift.minutes)
            )
    absent: dict[int, dict[date, str]] = defaultdict(dict)
    days = (
        sa.select(AbsentDay.employee_id, AbsentDay.day, Absence.kind)
        .join(
            Absence,
            sa.and_(Absence.hotel_id == AbsentDay.hotel_id, Absence.id == AbsentDay.absence_id),
        )
        .where(
            AbsentDay.hotel_id == hotel.id,
            AbsentDay.employee_id.in_(ids),
            AbsentDay.day.between(first, last),
        )
    )
    for employee_id, on, kind in session.execute(days):
        absent[employee_id][on] = kind.words.lower()
    return {
        each.id: Plans(each, held[each.id], stints[each.id], absent[each.id]) for each in employees
    }


def hours_of(hotel: Hotel, day: date, begins: time, ends: time) -> tuple[datetime, datetime]:
    """Return the instants of a shift; one that ends no later than it begins ends the next day."""
    until = day if ends > begins else day + dates.ONE_DAY
    return (
        dates.instant(datetime.combine(day, begins), hotel.time_zone),
        dates.instant(datetime.combine(until, ends), hotel.time_zone),
    )


def _place(
    session: Session, hotel: Hotel, department: Department, shift: RosterShift, planned: Planned
) -> None:
    """Write a wish onto a shift, after asking whether its person can have it."""
    templates.check_shape(
        department, planned.begins, planned.ends, planned.break_minutes, planned.level
    )
    starts_at, ends_at = hours_of(hotel, planned.day, planned.begins, planned.ends)
    length = (ends_at - starts_at) // timedelta(minutes=1) - planned.break_minutes
    if length <= 0:
        raise Invalid("The break is as long as the shift.", field="break_minutes")
    who = planned.employee
    if who is not None:
        lock(session, who)
        around = plans_of(session, hotel, [who], planned.day, but=shift.id)[who.id]
        wanted = Stint(planned.day, starts_at, ends_at, length)
        limits = rules.of_hotel(session, hotel)
        fitting.check(wanted, planned.position, around, limits, time_zone=hotel.time_zone)
    shift.employee_id = who.id if who else None
    shift.position_id, shift.day = planned.position.id, planned.day
    shift.starts_at, shift.ends_at = starts_at, ends_at
    shift.break_minutes, shift.level = planned.break_minutes, int(planned.level)
    shift.note = planned.note.strip()


def _hand_over(
    session: Session, hotel: Hotel, shift: RosterShift, planned: Planned, *, by: Staff
) -> RosterShift:
    """Cancel a published shift and put it anew for somebody else."""
    department = shift.week.department
    take_off(session, shift, by=by)
    return put(session, hotel, department, planned, by=by)


def _shifts(
    session: Session, hotel: Hotel, department: Department, monday: date
) -> list[RosterShift]:
    return list(
        session.scalars(
            sa.select(RosterShift)
            .join(
                RosterWeek,
                sa.and_(
                    RosterWeek.hotel_id == RosterShift.hotel_id,
                    RosterWeek.id == RosterShift.week_id,
                ),
            )
            .options(joinedload(RosterShift.employee), joinedload(RosterShift.position))
            .where(
                RosterShift.hotel_id == hotel.id,
                RosterWeek.department == department,
                RosterWeek.monday == monday,
                RosterShift.cancelled_at.is_(None),
            )
            .order_by(RosterShift.starts_at, RosterShift.id)
        )
    )


def _again(hotel: Hotel, old: RosterShift) -> Planned:
    """Return the wish for the same shift a week later."""
    return Planned(
        position=old.position,
        day=old.day + WEEK,
        begins=dates.local(old.starts_at, hotel.time_zone).time(),
        ends=dates.local(old.ends_at, hotel.time_zone).time(),
        employee=old.employee,
        break_minutes=old.break_minutes,
        level=Level(old.level),
        note=old.note,
    )


def _opened(planned: Planned) -> Planned:
    return Planned(
        position=planned.position,
        day=planned.day,
        begins=planned.begins,
        ends=planned.ends,
        break_minutes=planned.break_minutes,
        level=planned.level,
        note=planned.note,
    )


def _said(planned: Planned) -> dict[str, Any]:
    return {
        "person": planned.employee.name if planned.employee else "open",
        "on": planned.day,
        "begins": f"{planned.begins:%H:%M}",
        "ends": f"{planned.ends:%H:%M}",
    }
