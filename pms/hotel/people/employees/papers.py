"""Papers: documents of employees that run out, and who has to be reminded of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base.db import lock, new_id
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people.employees.tables import Employee, EmployeePaper, PaperKind

LONGEST_REMINDER = 365  # days


@dataclass(frozen=True)
class Seen:
    """A document as it was shown; reminded of so many days before it runs out."""

    kind: PaperKind
    expires_on: date
    words: str = ""
    issued_on: date | None = None
    remind_days: int = 30


def keep(session: Session, employee: Employee, seen: Seen, *, by: Staff) -> EmployeePaper:
    """Write down a document of an employee; refuses one that runs out before it was issued."""
    require(by, Permission.MANAGE_PEOPLE, employee.hotel_id)
    today = business_day.hold(session, session.get_one(Hotel, employee.hotel_id))
    if seen.issued_on is not None and seen.issued_on > seen.expires_on:
        raise Invalid("It runs out before it was issued. Check the days.", field="expires_on")
    if not 0 <= seen.remind_days <= LONGEST_REMINDER:
        raise Invalid("Remind at most a year before.", field="remind_days")
    paper = EmployeePaper(
        hotel_id=employee.hotel_id,
        id=new_id(),
        employee_id=employee.id,
        kind=seen.kind,
        words=seen.words.strip(),
        issued_on=seen.issued_on,
        expires_on=seen.expires_on,
        remind_days=seen.remind_days,
    )
    session.add(paper)
    session.flush()
    logbook.record(
        session,
        "saw document",
        employee,
        by=by,
        day=today,
        kind=seen.kind,
        until=seen.expires_on,
    )
    return paper


def take_out(session: Session, paper: EmployeePaper, *, by: Staff) -> None:
    """Take a document out, because it was renewed or isn't needed any more."""
    require(by, Permission.MANAGE_PEOPLE, paper.hotel_id)
    today = business_day.hold(session, session.get_one(Hotel, paper.hotel_id))
    lock(session, paper)
    before = {"kind": paper.kind, "until": paper.expires_on}
    logbook.record(session, "took out document", paper.employee, by=by, day=today, before=before)
    session.delete(paper)
    session.flush()


def of(session: Session, employee: Employee) -> Sequence[EmployeePaper]:
    """Return an employee's documents, what runs out first on top."""
    return session.scalars(
        sa.select(EmployeePaper)
        .where(
            EmployeePaper.hotel_id == employee.hotel_id, EmployeePaper.employee_id == employee.id
        )
        .order_by(EmployeePaper.expires_on)
    ).all()


def is_due(paper: EmployeePaper, day: date) -> bool:
    """Tell whether somebody has to be reminded of a document on a day."""
    return paper.expires_on - timedelta(days=paper.remind_days) <= day


def due(session: Session, hotel: Hotel, day: date) -> list[EmployeePaper]:
    """Return the documents to be reminded of on a day, with whose they are; not of who left."""
    soonest = day + timedelta(days=LONGEST_REMINDER)
    rows = session.scalars(
        sa.select(EmployeePaper)
        .join(
            Employee,
            sa.and_(
                Employee.hotel_id == EmployeePaper.hotel_id,
                Employee.id == EmployeePaper.employee_id,
            ),
        )
        .options(joinedload(EmployeePaper.employee))
        .where(
            EmployeePaper.hotel_id == hotel.id,
            EmployeePaper.expires_on <= soonest,
            sa.or_(Employee.left_on.is_(None), Employee.left_on >= day),
        )
        .order_by(EmployeePaper.expires_on, EmployeePaper.id)
        .limit(1000)
    )
    return [paper for paper in rows if is_due(paper, day)]
