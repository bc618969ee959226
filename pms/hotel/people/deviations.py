"""Deviations: where what was punched isn't what was rostered, or can't be right."""

import enum
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base import clock
from pms.hotel.house.hotels import Hotel
from pms.hotel.people import rules
from pms.hotel.people.employees import Employee, Employment
from pms.hotel.people.roster import RosterShift, RosterWeek
from pms.hotel.people.roster.fitting import monday_of
from pms.hotel.people.rules import Limits
from pms.hotel.people.timeclock import Break, TimeEntry, reckoning
from pms.hotel.people.timeclock.punching import FORGOTTEN_AFTER


class Kind(enum.StrEnum):
    """What is out of order, in the order in which it presses."""

    MISSING_OUT = "missing_out"
    NOT_THERE = "not_there"
    UNROSTERED = "unrostered"
    LATE = "late"
    LEFT_EARLY = "left_early"
    LONG_SHIFT = "long_shift"
    SHORT_BREAK = "short_break"

    @property
    def words(self) -> str:
        """The deviation in words."""
        return {Kind.MISSING_OUT: "No clock-out"}.get(
            self, self.value.replace("_", " ").capitalize()
        )


@dataclass(frozen=True)
class Deviation:
    """One of them, on a service day; `minutes` is how late, how early, how long or how short."""

    kind: Kind
    employee: Employee
    day: date
    minutes: int = 0
    entry_id: int | None = None

    @property
    def words(self) -> str:
        """What it is, with its minutes."""
        if self.kind in {Kind.LATE, Kind.LEFT_EARLY}:
            return f"{self.kind.words} by {self.minutes} min"
        if self.kind is Kind.LONG_SHIFT:
            return f"{self.kind.words}, {rules.in_hours(self.minutes)} h"
        if self.kind is Kind.SHORT_BREAK:
            return f"{self.kind.words}, {self.minutes} min"
        return self.kind.words


@dataclass(frozen=True)
class Day:
    """Somebody's service day: what they were rostered for, and what they punched."""

    employee: Employee
    day: date
    shifts: Sequence[RosterShift]
    entries: Sequence[TimeEntry]
    breaks: dict[int, Sequence[Break]]
    rostered: bool  # whether their departments' week was published at all


def found(session: Session, hotel: Hotel, first: date, last: date) -> list[Deviation]:
    """Return the deviations of service days, both included, by day and person; five questions."""
    limits, now = rules.of_hotel(session, hotel), clock.now()
    return [each for one in _days(session, hotel, first, last) for each in of_day(one, limits, now)]


def of_day(one: Day, limits: Limits, now: datetime) -> list[Deviation]:
    """Return what is out of order on one person's day, what presses most first."""
    made = [
        *_open_ones(one, now),
        *_against_the_roster(one, limits, now),
        *_lengths(one, limits),
    ]
    order = list(Kind)
    return sorted(made, key=lambda each: order.index(each.kind))


def _open_ones(one: Day, now: datetime) -> Iterable[Deviation]:
    for entry in one.entries:
        is_old = now - entry.started_at >= FORGOTTEN_AFTER
        if entry.ended_at is None and (entry.forgotten or is_old):
            yield Deviation(Kind.MISSING_OUT, one.employee, one.day, entry_id=entry.id)


def _against_the_roster(one: Day, limits: Limits, now: datetime) -> Iterable[Deviation]:
    matched = set()
    for shift in one.shifts:
        there = [each for each in one.entries if _meets(each, shift, now)]
        matched |= {each.id for each in there}
        if not there:
            if reckoning.minutes(shift.starts_at, now) > limits.grace:
                yield Deviation(Kind.NOT_THERE, one.employee, one.day)
            continue
        came = min(there, key=lambda each: each.started_at)
        late = reckoning.minutes(shift.starts_at, came.started_at)
        if late > limits.grace:
            yield Deviation(Kind.LATE, one.employee, one.day, late, came.id)
        ends = [each.ended_at for each in there if each.ended_at is not None]
        if len(ends) == len(there):
            early = reckoning.minutes(max(ends), shift.ends_at)
            if early > limits.grace:
                yield Deviation(Kind.LEFT_EARLY, one.employee, one.day, early, there[-1].id)
    if one.rostered:
        for entry in one.entries:
            if entry.id not in matched:
                yield Deviation(Kind.UNROSTERED, one.employee, one.day, entry_id=entry.id)


def _meets(entry: TimeEntry, shift: RosterShift, now: datetime) -> bool:
    ended = entry.ended_at or max(now, entry.started_at)
    if entry.forgotten:
        ended = entry.started_at + FORGOTTEN_AFTER
    return entry.started_at < shift.ends_at and ended > shift.starts_at


def _lengths(one: Day, limits: Limits) -> Iterable[Deviation]:
    worked = rested = 0
    for entry in one.entries:
        if entry.ended_at is None:
            return
        taken = sum(
            reckoning.minutes(each.started_at, each.ended_at)
            for each in one.breaks.get(entry.id, ())
            if each.ended_at is not None
        )
        worked += reckoning.minutes(entry.started_at, entry.ended_at) - taken
        rested += taken
    if not one.entries:
        return
    if worked > limits.long_shift:
        yield Deviation(Kind.LONG_SHIFT, one.employee, one.day, worked, one.entries[-1].id)
    apart = sum(
        reckoning.minutes(before.ended_at, after.started_at)
        for before, after in zip(one.entries, one.entries[1:], strict=False)
        if before.ended_at is not None
    )
    if worked > limits.break_after and rested + apart < limits.break_of:
        yield Deviation(Kind.SHORT_BREAK, one.employee, one.day, rested, one.entries[-1].id)


def _days(session: Session, hotel: Hotel, first: date, last: date) -> list[Day]:
    shifts: dict[tuple[date, int], list[RosterShift]] = defaultdict(list)
    people: dict[int, Employee] = {}
    for shift in session.scalars(_published(hotel, first, last)):
        if shift.employee is not None:
            shifts[shift.day, shift.employee.id].append(shift)
            people[shift.employee.id] = shift.employee
    entries: dict[tuple[date, int], list[TimeEntry]] = defaultdict(list)
    for entry in session.scalars(_worked(hotel, first, last)):
        entries[entry.service_day, entry.employee_id].append(entry)
        people[entry.employee_id] = entry.employee
    taken = dict(reckoning.breaks(session, hotel, first, last))
    weeks = {
        (department, monday)
        for department, monday in session.execute(
            sa.select(RosterWeek.department, RosterWeek.monday).where(
                RosterWeek.hotel_id == hotel.id, RosterWeek.published_at.is_not(None)
            )
        )
    }
    return [
        Day(
            people[who],
            day,
            shifts[day, who],
            entries[day, who],
            taken,
            any(
                (each.employment.position.department, monday_of(day)) in weeks
                for each in entries[day, who]
            ),
        )
        for day, who in sorted({*shifts, *entries}, key=lambda at: (at[0], people[at[1]].last_name))
    ]


def _published(hotel: Hotel, first: date, last: date) -> sa.Select[RosterShift]:
    return (
        sa.select(RosterShift)
        .options(joinedload(RosterShift.employee))
        .where(
            RosterShift.hotel_id == hotel.id,
            RosterShift.day.between(first, last),
            RosterShift.published_at.is_not(None),
            RosterShift.cancelled_at.is_(None),
        )
        .order_by(RosterShift.starts_at)
    )


def _worked(hotel: Hotel, first: date, last: date) -> sa.Select[TimeEntry]:
    return (
        sa.select(TimeEntry)
        .options(
            joinedload(TimeEntry.employee),
            joinedload(TimeEntry.employment).joinedload(Employment.position),
        )
        .where(
            TimeEntry.hotel_id == hotel.id,
            TimeEntry.service_day.between(first, last),
            sa.not_(TimeEntry.struck),
        )
        .order_by(TimeEntry.started_at)
    )
