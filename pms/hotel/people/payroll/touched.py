"""Touched: whose hours, or pay, of which locked periods changed since these locked.

Five questions, however many periods are locked and however long ago. Paid absences, bonuses and
tips of a locked day can't change, so nobody is touched by them.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.hotel.house.hotels import Hotel
from pms.hotel.people.employees import Employment, PayRate, pay
from pms.hotel.people.payroll.evidence import WEEK
from pms.hotel.people.payroll.tables import PayPeriod
from pms.hotel.people.timeclock import TimeEdit, TimeEntry


class Touch(NamedTuple):
    """Whose hours of a service day changed, or what they are paid for, and when that was."""

    employee_id: int
    day: date
    at: datetime


def since_lock(
    session: Session, hotel: Hotel, period: PayPeriod, locked: Sequence[PayPeriod]
) -> Mapping[PayPeriod, set[int]]:
    """Return who was touched in which periods, or in the week these begin in, the oldest first.

    `locked` are those before `period`, the newest first. That is: hours approved, edited or
    written down after the period locked, however long ago, and hours worked at a rate that was
    written since. What was touched before the last lock but one is in what was paid since.
    """
    locked_at = {each.id: at for each in locked if (at := each.locked_at) is not None}
    since = min(locked_at[each.id] for each in locked[:2])
    touches = [
        *_approved(session, hotel, locked, since),
        *_edited(session, hotel, since),
        *_paid_otherwise(session, hotel, period, since),
    ]
    oldest_first = locked[::-1]
    ends = [each.last for each in oldest_first]
    found: dict[PayPeriod, set[int]] = defaultdict(set)
    for touch in touches:
        for each in oldest_first[bisect_left(ends, touch.day) :]:
            if each.first - WEEK > touch.day:
                break
            if touch.at > locked_at[each.id]:
                found[each].add(touch.employee_id)
    return {each: found[each] for each in oldest_first if each in found}


def _approved(
    session: Session, hotel: Hotel, locked: Sequence[PayPeriod], since: datetime
) -> Iterator[Touch]:
    """Yield the days of hours approved since, but those approved for the newest period in time."""
    newest, before = locked[0], locked[:2][-1]
    late = sa.and_(TimeEntry.service_day <= newest.last, TimeEntry.approved_at > newest.locked_at)
    rows = session.execute(
        sa.select(TimeEntry.employee_id, TimeEntry.service_day, TimeEntry.approved_at).where(
            TimeEntry.hotel_id == hotel.id,
            TimeEntry.approved_at > since,
            sa.or_(TimeEntry.service_day <= before.last, late),
        )
    )
    return (Touch(who, day, at) for who, day, at in rows if at is not None)


def _edited(session: Session, hotel: Hotel, since: datetime) -> Iterator[Touch]:
    """Yield the days of hours that were edited.

    Hours that were moved touch the day they were on as much as the one they are on now.
    """
    before, after = (each["service_day"].as_string() for each in (TimeEdit.before, TimeEdit.after))
    rows = session.execute(
        sa.select(TimeEdit.employee_id, before, after, TimeEdit.at).where(
            TimeEdit.hotel_id == hotel.id, TimeEdit.at > since
        )
    )
    for who, was, is_, at in rows:
        for word in {was, is_} - {None}:
            yield Touch(who, date.fromisoformat(word), at)


def _paid_otherwise(
    session: Session, hotel: Hotel, period: PayPeriod, since: datetime
) -> Iterator[Touch]:
    """Yield the days of hours that are paid by a rate written since.

    A rate touches neither a day that a later rate pays nor one without hours in its position.
    """
    rows = session.execute(
        sa.select(PayRate.employment_id, sa.func.min(PayRate.valid_from))
        .where(
            PayRate.hotel_id == hotel.id,
            PayRate.made_at > since,
            PayRate.valid_from < period.first,
        )
        .group_by(PayRate.employment_id)
    )
    earliest: dict[int, date] = dict(iter(rows))
    if not earliest:
        return
    written = pay.rates(session, hotel, earliest.keys())
    worked = session.execute(
        sa.select(TimeEntry.employee_id, TimeEntry.employment_id, TimeEntry.service_day)
        .join(
            Employment,  # its employee's hours are found without reading the house's
            sa.and_(
                Employment.hotel_id == TimeEntry.hotel_id,
                Employment.id == TimeEntry.employment_id,
                Employment.employee_id == TimeEntry.employee_id,
            ),
        )
        .where(
            Employment.hotel_id == hotel.id,
            Employment.id.in_(earliest.keys()),
            TimeEntry.service_day >= min(earliest.values()),
            TimeEntry.service_day < period.first,
            TimeEntry.approved_at.is_not(None),
        )
        .distinct()
    )
    for who, employment_id, day in worked:
        rate = pay.rate_on(day, written[employment_id])
        if rate is not None and rate.made_at > since:
            yield Touch(who, day, rate.made_at)
