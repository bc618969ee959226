"""Publishing: a week becomes what people go by; open shifts are taken, and news are seen."""

from datetime import date
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock, dates
from pms.base.db import lock
from pms.hotel.house import business_day, logbook
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people import rules
from pms.hotel.people.employees import Employee
from pms.hotel.people.roster import fitting, telling
from pms.hotel.people.roster.fitting import Stint, monday_of
from pms.hotel.people.roster.planning import plans_of, week_of
from pms.hotel.people.roster.refusals import (
    NothingToPublish,
    NotOpen,
    ShiftBegun,
    ShiftGone,
    ShiftOver,
)
from pms.hotel.people.roster.tables import RosterShift, RosterWeek


def publish(
    session: Session, hotel: Hotel, department: Department, monday: date, *, by: Staff
) -> RosterWeek:
    """Publish a department's week: people see it, are written to, and fill the duty list.

    Refuses a week in which nothing waits. What is changed later holds at once.
    """
    require(by, Permission.ROSTER, hotel.id)
    today = business_day.hold(session, hotel)
    week = week_of(session, hotel, department, monday)
    drafts = session.scalars(
        sa.select(RosterShift)
        .where(
            RosterShift.hotel_id == hotel.id,
            RosterShift.week_id == week.id,
            RosterShift.published_at.is_(None),
        )
        .order_by(RosterShift.starts_at, RosterShift.id)
    ).all()
    if not drafts:
        raise NothingToPublish
    now = clock.now()
    for each in drafts:
        each.published_at = now
    week.published_at, week.published_by = now, by.id
    session.flush()
    telling.tell(session, hotel, drafts)
    logbook.record(
        session, "published roster", week, by=by, day=today, monday=week.monday, shifts=len(drafts)
    )
    return week


def take_open(
    session: Session, shift: RosterShift, employee: Employee, *, by: Staff
) -> RosterShift:
    """Let somebody take an open shift of a published week, while it is still to come.

    Refuses what the rules refuse. A shift that has begun is given away by `planning.change` alone.
    """
    require(by, Permission.CLOCK_IN, shift.hotel_id)
    hotel = session.get_one(Hotel, shift.hotel_id)
    today = business_day.hold(session, hotel)
    lock(session, shift)
    lock(session, employee)
    if shift.cancelled_at is not None or shift.published_at is None:
        raise ShiftGone
    if shift.employee_id is not None:
        raise NotOpen(session.get_one(Employee, (hotel.id, shift.employee_id)).name)
    _refuse_begun(hotel, shift)
    around = plans_of(session, hotel, [employee], shift.day)[employee.id]
    wanted = Stint(shift.day, shift.starts_at, shift.ends_at, shift.minutes)
    limits = rules.of_hotel(session, hotel)
    fitting.check(wanted, shift.position, around, limits, time_zone=hotel.time_zone)
    shift.employee_id = employee.id
    shift.changed_at = shift.seen_at = clock.now()
    shift.version += 1
    session.flush()
    logbook.record(session, "took open shift", shift, by=by, day=today, person=employee.name)
    telling.tell(session, hotel, [shift])
    return shift


def say_seen(session: Session, employee: Employee, *, by: Staff) -> int:
    """Write down that somebody knows of all their shifts; returns how many were news."""
    require(by, Permission.CLOCK_IN, employee.hotel_id)
    hotel = session.get_one(Hotel, employee.hotel_id)
    today = business_day.hold(session, hotel)
    news = sa.func.coalesce(RosterShift.changed_at, RosterShift.published_at)
    seen = session.execute(
        sa.update(RosterShift)
        .where(
            RosterShift.hotel_id == hotel.id,
            RosterShift.employee_id == employee.id,
            RosterShift.published_at.is_not(None),
            sa.or_(RosterShift.seen_at.is_(None), RosterShift.seen_at < news),
        )
        .values(seen_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    count = cast(Any, seen).rowcount
    if count:
        logbook.record(session, "saw shifts", employee, by=by, day=today, shifts=count)
    return int(count)


def _refuse_begun(hotel: Hotel, shift: RosterShift) -> None:
    now = clock.now()
    if shift.ends_at <= now:
        raise ShiftOver(dates.local(shift.ends_at, hotel.time_zone))
    if shift.starts_at <= now:
        raise ShiftBegun(dates.local(shift.starts_at, hotel.time_zone))


def this_monday(hotel: Hotel) -> date:
    """Return the Monday of the week that it is on the hotel's clock."""
    return monday_of(dates.local(clock.now(), hotel.time_zone).date())
