"""Corrections: what changed about a locked period is paid, or taken back, in the next one.

Nothing is edited: a locked period is reckoned again from the hours as they are now, by the rules
and beside the tips that it went by, and what came out differently is a line of the open period.
Tips that were shared out stay shared: nobody's share is taken back for somebody's late punch.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import round_half_up
from pms.hotel.house.hotels import Hotel
from pms.hotel.people import hours as clock_hours
from pms.hotel.people.employees import PayRate
from pms.hotel.people.pay import ABSENT, HOURS, PayKind
from pms.hotel.people.payroll import figures, rule_sets
from pms.hotel.people.payroll.evidence import WEEK, clocked, frozen
from pms.hotel.people.payroll.figures import Cure, Gap, Owed, of_entries
from pms.hotel.people.payroll.tables import FINAL, PayPeriod
from pms.hotel.people.rules import in_hours
from pms.hotel.people.timeclock import TimeEdit, TimeEntry

_STAY = frozenset({PayKind.TIPS, PayKind.SERVICE_CHARGE, PayKind.CASH_TIPS, PayKind.BONUS}) | ABSENT


class Place(NamedTuple):
    """Where a correction belongs: whose, of which day, position and kind."""

    employee_id: int
    day: date
    kind: PayKind
    position_id: int | None


class Held(NamedTuple):
    """What stands in a place: minutes, minor units, why, and the rate of the last line of hours."""

    minutes: int = 0
    amount: int = 0
    because: str = ""
    rate: int | None = None


def differences(session: Session, hotel: Hotel, period: PayPeriod) -> tuple[list[Owed], list[Gap]]:
    """Return what earlier locked periods owe since they locked, and whose hours still wait.

    Only periods of which hours or rates were touched since are reckoned again. Hours wait that
    nobody ever approved, that were changed since, or of which the approval was taken back.
    """
    locked = _locked_before(session, hotel, period)
    if not locked:
        return [], []
    oldest, newest = locked[-1], locked[0]
    unsure = clock_hours.unapproved(session, hotel, oldest.first - WEEK, newest.last)
    waiting = [each for each in unsure if each.service_day >= oldest.first]
    found: list[Owed] = []
    for earlier in _touched(session, hotel, period, locked):
        left_alone = {
            each.employee.id
            for each in unsure
            if earlier.first - WEEK <= each.service_day <= earlier.last
        }
        found += [
            each for each in _of(session, hotel, earlier) if each.employee_id not in left_alone
        ]
    gap = Gap(
        "Hours of a locked period wait for approval", False, tuple(of_entries(waiting)), Cure.HOURS
    )
    return found, [gap] if waiting else []


def _locked_before(session: Session, hotel: Hotel, period: PayPeriod) -> Sequence[PayPeriod]:
    """Return the locked periods before one, the newest first."""
    return session.scalars(
        sa.select(PayPeriod)
        .where(
            PayPeriod.hotel_id == hotel.id,
            PayPeriod.state.in_(FINAL),
            PayPeriod.last < period.first,
        )
        .order_by(PayPeriod.last.desc())
    ).all()


def _touched(
    session: Session, hotel: Hotel, period: PayPeriod, locked: Sequence[PayPeriod]
) -> list[PayPeriod]:
    """Return the locked periods of which hours, or the week they begin in, or rates were touched.

    That is: approved, edited or written down after the period locked, however long ago that was.
    What was touched before the last lock but one is in what was paid since.
    """
    locked_at = {each.id: at for each in locked if (at := each.locked_at) is not None}
    since = min(at for each in locked[:2] if (at := each.locked_at) is not None)
    of_hotel = (TimeEntry.hotel_id == hotel.id, TimeEntry.service_day < period.first)
    approved = (
        sa.select(TimeEntry.service_day, sa.func.max(TimeEntry.approved_at))
        .where(*of_hotel, TimeEntry.approved_at > since)
        .group_by(TimeEntry.service_day)
    )
    repaid = (
        sa.select(PayRate.valid_from, sa.func.max(PayRate.made_at))
        .where(PayRate.hotel_id == hotel.id, PayRate.made_at > since)
        .group_by(PayRate.valid_from)
    )
    signed = [(day, at) for day, at in session.execute(approved) if at is not None]
    days = signed + _edited(session, hotel, since)
    rates = [(day, at) for day, at in session.execute(repaid)]
    return [
        each
        for each in reversed(locked)
        if any(
            each.first - WEEK <= day <= each.last and at > locked_at[each.id] for day, at in days
        )
        or any(day <= each.last and at > locked_at[each.id] for day, at in rates)
    ]


def _edited(session: Session, hotel: Hotel, since: datetime) -> list[tuple[date, datetime]]:
    """Return the service days of hours that were edited, and when.

    Hours that were moved touch the day they were on as much as the one they are on now.
    """
    found = []
    for version in (TimeEdit.before, TimeEdit.after):
        day = version["service_day"].as_string()
        rows = session.execute(
            sa.select(day, TimeEdit.at).where(TimeEdit.hotel_id == hotel.id, TimeEdit.at > since)
        )
        found += [(date.fromisoformat(word), at) for word, at in rows if word]
    return found


def _of(session: Session, hotel: Hotel, earlier: PayPeriod) -> list[Owed]:
    evidence = frozen(session, earlier)
    book = rule_sets.book(session, hotel)
    evidence.rules = rule_sets.frozen_book(session, earlier, otherwise=book)
    evidence.clocked = clocked(
        clock_hours.approved_hours(session, hotel, earlier.first - WEEK, earlier.last)
    )
    now = figures.reckoned(evidence, figures.place_of(hotel), earlier.first, earlier.last)
    told = _told(session, earlier)
    is_, was = _by_place(now), _by_place(told)
    nothing = Held()
    found = []
    for where in sorted(is_.keys() | was.keys(), key=lambda each: (each[:3], each[3] or 0)):
        new, old = is_.get(where, nothing), was.get(where, nothing)
        for minutes, rate, amount, said in _parts(where.kind, new, old):
            found.append(
                Owed(
                    *(where.employee_id, where.day, where.kind, where.position_id),
                    minutes=minutes,
                    rate=rate,
                    amount=amount,
                    because=f"Correction: {said}. {new.because or 'Not worked'}",
                    source=f"Pay period {earlier.first:%d %b} to {earlier.last:%d %b %Y}",
                    corrects_id=earlier.id,
                )
            )
    return found


def _parts(kind: PayKind, new: Held, old: Held) -> Iterable[tuple[int, int | None, int, str]]:
    """Yield minutes, rate, amount and words of what changed: hours at one rate, then the rest.

    The rate is the newer one. What the hours that stayed are paid otherwise has no hours of its
    own, so that whoever is told hours at their rate, and the rest as money, pays what is owed.
    """
    minutes, amount = new.minutes - old.minutes, new.amount - old.amount
    said = f"{in_hours(old.minutes)} h became {in_hours(new.minutes)} h"
    of_rate = new if new.minutes else old
    if minutes and of_rate.rate is not None:
        part = round_half_up(_worth(kind, of_rate) * minutes)
        if abs(amount - part) <= 1 or (new.rate == old.rate and kind not in HOURS):
            part = amount
        yield minutes, of_rate.rate, part, said
        minutes, amount = 0, amount - part
    if minutes or amount:
        yield minutes, None, amount, said if minutes else "the same hours, otherwise paid"


def _worth(kind: PayKind, held: Held) -> Fraction:
    """Return what a minute of a kind is paid, in minor units."""
    if kind in HOURS:
        return Fraction(held.rate or 0, 60)
    return Fraction(held.amount, held.minutes)


def _told(session: Session, earlier: PayPeriod) -> list[Owed]:
    """Return what a locked period paid, and what later ones corrected of it."""
    own = [each for each in figures.kept(session, earlier) if each.corrects_id is None]
    return own + figures.corrections_of(session, earlier)


def _by_place(owed: Iterable[Owed]) -> dict[Place, Held]:
    found: dict[Place, Held] = defaultdict(Held)
    for each in owed:
        if each.kind not in _STAY:
            where = Place(each.employee_id, each.day, each.kind, each.position_id)
            before = found[where]
            found[where] = Held(
                before.minutes + each.minutes,
                before.amount + each.amount,
                each.because,
                before.rate if each.rate is None else each.rate,
            )
    return found
