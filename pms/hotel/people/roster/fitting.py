"""Fitting: whether somebody can have a shift by the rules of work, as a pure question.

Refusals come in the order in which a manager would mind: not employed, absent, two at once, too
young, too little rest, too long a day, too short a break, too long a week.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from pms.base import dates
from pms.hotel.people.employees import Employee, Employment, Position
from pms.hotel.people.employees.hiring import ADULT
from pms.hotel.people.roster.refusals import (
    Absent,
    ForAdults,
    MinorsHours,
    NotInPosition,
    Overlaps,
    TooLittleRest,
    TooLongADay,
    TooLongAWeek,
    TooShortABreak,
)
from pms.hotel.people.rules import Limits, for_minors

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Stint:
    """A shift as the rules see it; instants, and the minutes of it that are worked."""

    day: date
    starts_at: datetime
    ends_at: datetime
    minutes: int

    @property
    def rest(self) -> int:
        """The minutes of its break."""
        return (self.ends_at - self.starts_at) // MINUTE - self.minutes


@dataclass(frozen=True)
class Plans:
    """What is known of somebody around a shift: their other shifts, positions and absences."""

    employee: Employee
    employments: Sequence[Employment]
    others: Sequence[Stint]
    absent: dict[date, str]


def check(
    wanted: Stint, position: Position, plans: Plans, limits: Limits, *, time_zone: str
) -> None:
    """Refuse a shift that somebody can't have, with the rule and the figure."""
    who = plans.employee
    holds = any(
        each.position_id == position.id and each.runs_on(wanted.day) for each in plans.employments
    )
    if not holds or not who.works_on(wanted.day):
        raise NotInPosition(who, position, wanted.day)
    if wanted.day in plans.absent:
        raise Absent(who, wanted.day, plans.absent[wanted.day])
    for other in plans.others:
        if other.starts_at < wanted.ends_at and wanted.starts_at < other.ends_at:
            since, until = (dates.local(at, time_zone) for at in (other.starts_at, other.ends_at))
            raise Overlaps(who, since, until)
    age = who.age_on(wanted.day)
    if age is not None and age < ADULT:
        _check_minor(wanted, position, who, limits, time_zone)
        limits = for_minors(limits)
    _check_lengths(wanted, plans, limits)


def _check_minor(
    wanted: Stint, position: Position, who: Employee, limits: Limits, time_zone: str
) -> None:
    if position.adults_only:
        raise ForAdults(who, position)
    since, until = (dates.local(at, time_zone) for at in (wanted.starts_at, wanted.ends_at))
    late = since.date() != until.date() or until.time() > limits.minor_until
    if since.time() < limits.minor_from or late:
        raise MinorsHours(who, f"{limits.minor_from:%H:%M}", f"{limits.minor_until:%H:%M}")


def _check_lengths(wanted: Stint, plans: Plans, limits: Limits) -> None:
    who = plans.employee
    for other in plans.others:
        if other.day == wanted.day:
            continue  # a split shift is one day's work
        apart = max(wanted.starts_at - other.ends_at, other.starts_at - wanted.ends_at) // MINUTE
        if apart < limits.rest:
            raise TooLittleRest(who, apart, limits.rest)
    whole_day = wanted.minutes + sum(o.minutes for o in plans.others if o.day == wanted.day)
    if whole_day > limits.longest_day:
        raise TooLongADay(who, whole_day, limits.longest_day)
    _check_break(wanted, [o for o in plans.others if o.day == wanted.day], who, limits)
    monday = monday_of(wanted.day)
    whole_week = wanted.minutes + sum(
        other.minutes for other in plans.others if monday_of(other.day) == monday
    )
    if whole_week > limits.longest_week:
        raise TooLongAWeek(who, whole_week, limits.longest_week)


def _check_break(wanted: Stint, others: Sequence[Stint], who: Employee, limits: Limits) -> None:
    """Refuse a long day without its break; the time between two shifts of a day is one too."""
    stints = sorted([wanted, *others], key=lambda each: each.starts_at)
    worked = sum(each.minutes for each in stints)
    rested = sum(each.rest for each in stints) + sum(
        (after.starts_at - before.ends_at) // MINUTE for before, after in pairwise(stints)
    )
    if worked > limits.break_after and rested < limits.break_of:
        raise TooShortABreak(who, worked, rested, limits.break_of)


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())
