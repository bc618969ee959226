"""Hours: what was worked and approved, and what is paid without being worked, for whoever pays it.

A day is the service day, on which the shift began by the hotel's clock; what was worked after
midnight belongs to it. Minutes are reckoned between instants, so a night in which clocks go back
has the hour that was really worked.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.people.absences import Absence, AbsenceKind, AbsentDay
from pms.hotel.people.employees import Employee, Employment, PayBasis, PayRate, Position, pay
from pms.hotel.people.timeclock import Break, TimeEntry, reckoning
from pms.hotel.people.timeclock.punching import FORGOTTEN_AFTER


class Pause(NamedTuple):
    """A break that was taken, from instant to instant (UTC)."""

    started_at: datetime
    ended_at: datetime
    paid: bool


class Worked(NamedTuple):
    """Approved hours in one position, without a change of it.

    `minutes_paid` are those between the instants (UTC) less `minutes_unpaid`, the unpaid breaks.
    `rate` is in minor units for the `basis`, as it stood on the service day; nothing where nobody
    wrote one down; `week_minutes` are those a salary is for, where that was said.
    """

    entry_id: int
    employee_id: int
    employment_id: int
    position_id: int
    department: Department
    service_day: date
    started_at: datetime
    ended_at: datetime
    minutes_paid: int
    minutes_unpaid: int
    breaks: tuple[Pause, ...]
    basis: PayBasis | None
    rate: int | None
    tipped: bool
    exempt: bool
    jurisdiction: str
    week_minutes: int | None


class PaidAbsence(NamedTuple):
    """A day that is paid and wasn't worked."""

    employee_id: int
    day: date
    kind: AbsenceKind
    minutes: int


class Unapproved(NamedTuple):
    """Hours that can't be paid yet; `is_open` when nobody clocked out, `at_work` while they may."""

    entry_id: int
    employee: Employee
    service_day: date
    is_open: bool
    at_work: bool


def approved_hours(
    session: Session, hotel: Hotel, first: date, last: date, *, of: Collection[int] | None = None
) -> list[Worked]:
    """Return the approved hours of service days, both included, by employee and beginning.

    Everybody's, or `of` some employees. Four questions however many there are. They hold rates:
    log the look (`pay.note_look`) before showing these to anybody.
    """
    wanted = (
        sa.select(TimeEntry, Employment, Position)
        .join(
            Employment,
            sa.and_(
                Employment.hotel_id == TimeEntry.hotel_id, Employment.id == TimeEntry.employment_id
            ),
        )
        .join(
            Position,
            sa.and_(
                Position.hotel_id == Employment.hotel_id, Position.id == Employment.position_id
            ),
        )
        .where(
            TimeEntry.hotel_id == hotel.id,
            TimeEntry.service_day.between(first, last),
            TimeEntry.approved_at.is_not(None),
        )
        .order_by(TimeEntry.employee_id, TimeEntry.started_at)
    )
    if of is not None:
        wanted = wanted.where(TimeEntry.employee_id.in_(of))
    rows = session.execute(wanted).all()
    taken = reckoning.breaks(session, hotel, first, last, of=of)
    paid = pay.rates(session, hotel, {employment.id for _, employment, _ in rows})
    return [
        _worked(entry, employment, position, taken.get(entry.id, ()), paid.get(employment.id, ()))
        for entry, employment, position in rows
    ]


def paid_absences(session: Session, hotel: Hotel, first: date, last: date) -> list[PaidAbsence]:
    """Return the days, both included, that are paid without having been worked."""
    rows = session.execute(
        sa.select(AbsentDay.employee_id, AbsentDay.day, Absence.kind, AbsentDay.minutes_paid)
        .join(
            Absence,
            sa.and_(Absence.hotel_id == AbsentDay.hotel_id, Absence.id == AbsentDay.absence_id),
        )
        .where(
            AbsentDay.hotel_id == hotel.id,
            AbsentDay.day.between(first, last),
            AbsentDay.minutes_paid > 0,
        )
        .order_by(AbsentDay.employee_id, AbsentDay.day)
    )
    return [PaidAbsence(*row) for row in rows]


def unapproved(session: Session, hotel: Hotel, first: date, last: date) -> list[Unapproved]:
    """Return the hours of service days, both included, that nobody has approved yet."""
    rows = session.execute(
        sa.select(TimeEntry, Employee)
        .join(
            Employee,
            sa.and_(Employee.hotel_id == TimeEntry.hotel_id, Employee.id == TimeEntry.employee_id),
        )
        .where(
            TimeEntry.hotel_id == hotel.id,
            TimeEntry.service_day.between(first, last),
            TimeEntry.approved_at.is_(None),
            sa.not_(TimeEntry.struck),
        )
        .order_by(TimeEntry.service_day, Employee.last_name, TimeEntry.id)
    )
    now = clock.now()
    return [
        Unapproved(
            *(entry.id, who, entry.service_day),
            is_open=entry.ended_at is None,
            at_work=_at_work(entry, now),
        )
        for entry, who in rows
    ]


def _at_work(entry: TimeEntry, now: datetime) -> bool:
    began_lately = now - entry.started_at < FORGOTTEN_AFTER
    return entry.ended_at is None and not entry.forgotten and began_lately


def _worked(
    entry: TimeEntry,
    employment: Employment,
    position: Position,
    taken: Sequence[Break],
    written: Sequence[PayRate],
) -> Worked:
    if entry.ended_at is None:
        raise ValueError(f"Entry {entry.id} is approved and open.")
    pauses = tuple(Pause(b.started_at, b.ended_at, b.paid) for b in taken if b.ended_at)
    unpaid = sum(reckoning.minutes(p.started_at, p.ended_at) for p in pauses if not p.paid)
    rate = pay.rate_on(entry.service_day, written)
    return Worked(
        entry_id=entry.id,
        employee_id=entry.employee_id,
        employment_id=employment.id,
        position_id=position.id,
        department=position.department,
        service_day=entry.service_day,
        started_at=entry.started_at,
        ended_at=entry.ended_at,
        minutes_paid=reckoning.minutes(entry.started_at, entry.ended_at) - unpaid,
        minutes_unpaid=unpaid,
        breaks=pauses,
        basis=rate.basis if rate else None,
        rate=rate.amount if rate else None,
        tipped=position.tipped,
        exempt=employment.exempt,
        jurisdiction=employment.jurisdiction,
        week_minutes=rate.week_minutes if rate else None,
    )
