"""Training: the courses a hotel asks for, who was on them, and who is due."""

import calendar
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base.db import lock, new_id
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people.employees.tables import Course, Employee, Training

SOON = timedelta(days=30)


class CourseTaken(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is a course {name} already. Choose another name, or ask for that one again if "
            "it was dropped.",
            field="name",
        )


class Due(NamedTuple):
    """A course that somebody has to be on by a day; `last` is when they were, if ever."""

    employee: Employee
    course: Course
    by: date
    last: date | None


def add_course(
    session: Session,
    hotel: Hotel,
    *,
    name: str,
    department: Department | None,
    every_months: int | None,
    within_days: int,
    by: Staff,
) -> Course:
    """Ask a department, or everybody, to be on a course; refuses a name in use."""
    require(by, Permission.MANAGE_PEOPLE, hotel.id)
    today = business_day.hold(session, hotel)
    name = name.strip()
    if not name:
        raise Invalid("Say what the course is called.", field="name")
    if (every_months is not None and every_months < 1) or within_days < 0:
        raise Invalid("It comes again after a month or more.", field="every_months")
    taken = sa.select(Course.id).where(Course.hotel_id == hotel.id, Course.name == name)
    if session.scalar(taken) is not None:
        raise CourseTaken(name)
    course = Course(
        hotel_id=hotel.id,
        id=new_id(),
        name=name,
        department=department,
        every_months=every_months,
        within_days=within_days,
    )
    session.add(course)
    session.flush()
    logbook.record(session, "added", course, by=by, day=today, name=name)
    return course


def drop_course(session: Session, course: Course, *, by: Staff) -> None:
    """Ask for a course no more; who was on it stays written down."""
    require(by, Permission.MANAGE_PEOPLE, course.hotel_id)
    today = business_day.hold(session, session.get_one(Hotel, course.hotel_id))
    lock(session, course)
    course.active = False
    session.flush()
    logbook.record(session, "dropped", course, by=by, day=today, name=course.name)


def take_up_course(session: Session, course: Course, *, by: Staff) -> None:
    """Ask again for a course that was dropped, as it was."""
    require(by, Permission.MANAGE_PEOPLE, course.hotel_id)
    today = business_day.hold(session, session.get_one(Hotel, course.hotel_id))
    lock(session, course)
    course.active = True
    session.flush()
    logbook.record(session, "took up", course, by=by, day=today, name=course.name)


def note(
    session: Session, employee: Employee, course: Course, *, done_on: date, by: Staff
) -> Training:
    """Write down that somebody was on a course; said twice, it is written once."""
    require(by, Permission.MANAGE_PEOPLE, employee.hotel_id)
    today = business_day.hold(session, session.get_one(Hotel, employee.hotel_id))
    if done_on > today:
        raise Invalid("Nobody was there yet. Write it down afterwards.", field="done_on")
    written = session.scalar(
        sa.select(Training).where(
            Training.hotel_id == employee.hotel_id,
            Training.employee_id == employee.id,
            Training.course_id == course.id,
            Training.done_on == done_on,
        )
    )
    if written is not None:
        return written
    training = Training(
        hotel_id=employee.hotel_id,
        id=new_id(),
        employee_id=employee.id,
        course_id=course.id,
        done_on=done_on,
    )
    session.add(training)
    session.flush()
    logbook.record(session, "trained", employee, by=by, day=today, course=course.name, on=done_on)
    return training


def take_out(session: Session, training: Training, *, by: Staff) -> None:
    """Take out a course that somebody wasn't on after all; it is due again as it was."""
    require(by, Permission.MANAGE_PEOPLE, training.hotel_id)
    today = business_day.hold(session, session.get_one(Hotel, training.hotel_id))
    lock(session, training)
    employee = session.get_one(Employee, (training.hotel_id, training.employee_id))
    before = {"course": training.course.name, "on": training.done_on}
    logbook.record(session, "took out training", employee, by=by, day=today, before=before)
    session.delete(training)
    session.flush()


def of(session: Session, employee: Employee) -> Sequence[Training]:
    """Return the courses that somebody was on, the latest first."""
    return session.scalars(
        sa.select(Training)
        .options(joinedload(Training.course))
        .where(Training.hotel_id == employee.hotel_id, Training.employee_id == employee.id)
        .order_by(Training.done_on.desc(), Training.id)
        .limit(100)
    ).all()


def courses(session: Session, hotel: Hotel, *, dropped: bool = False) -> Sequence[Course]:
    """Return the courses a hotel asks for, or those `dropped`, by name."""
    return session.scalars(
        sa.select(Course)
        .where(Course.hotel_id == hotel.id, Course.active.is_(not dropped))
        .order_by(Course.name)
        .limit(200)
    ).all()


def due(session: Session, hotel: Hotel, people: Iterable[Employee], day: date) -> list[Due]:
    """Return what these people are due within a month of a day, what is latest first.

    Two questions however many people there are.
    """
    asked = courses(session, hotel)
    newest = (
        sa.select(Training.employee_id, Training.course_id, sa.func.max(Training.done_on))
        .where(Training.hotel_id == hotel.id)
        .group_by(Training.employee_id, Training.course_id)
    )
    last = {(who, what): on for who, what, on in session.execute(newest)}
    found = [
        Due(employee, course, by, last.get((employee.id, course.id)))
        for employee in people
        for course in asked
        if course.department in {None, employee.department}
        if (by := due_by(employee, course, last.get((employee.id, course.id)))) is not None
        if by <= day + SOON
    ]
    return sorted(found, key=lambda each: (each.by, each.employee.last_name, each.course.name))


def due_by(employee: Employee, course: Course, last: date | None) -> date | None:
    """Return the day by which somebody has to be on a course again, or for the first time."""
    if last is None:
        return employee.hired_on + timedelta(days=course.within_days)
    if course.every_months is None:
        return None
    return months_after(last, course.every_months)


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    longest = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, longest))
