"""Corrections: what changed about a locked period is paid, or taken back, in the next one.

Nothing is edited: a locked period is reckoned again from the hours as they are now, by the rules
and beside the tips that it went by, and what came out differently is a line of the open period.
Tips that were shared out stay shared: nobody's share is taken back for somebody's late punch.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import dates
from pms.base.money import round_half_up
from pms.hotel.house.hotels import Hotel
from pms.hotel.people import hours as clock_hours
from pms.hotel.people.hours import Unapproved, Worked
from pms.hotel.people.pay import ABSENT, HOURS, PayKind
from pms.hotel.people.payroll import figures, rule_sets, touched
from pms.hotel.people.payroll.evidence import WEEK, Evidence, beside_of, clocked
from pms.hotel.people.payroll.figures import Cure, Gap, Owed, of_entries
from pms.hotel.people.payroll.rule_sets import RuleBook
from pms.hotel.people.payroll.tables import FINAL, PayPeriod
from pms.hotel.people.rules import in_hours

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

    Only those are reckoned again whose hours or rates were touched since, in the periods they were
    touched in. Hours wait that nobody ever approved, that were changed since, or of which the
    approval was taken back.
    """
    locked = _locked_before(session, hotel, period)
    if not locked:
        return [], []
    oldest, newest = locked[-1], locked[0]
    unsure = clock_hours.unapproved(session, hotel, oldest.first - WEEK, newest.last)
    waiting = [each for each in unsure if each.service_day >= oldest.first]
    whom = {
        earlier: who - _left_alone(earlier, unsure)
        for earlier, who in touched.since_lock(session, hotel, period, locked).items()
    }
    gap = Gap(
        "Hours of a locked period wait for approval", False, tuple(of_entries(waiting)), Cure.HOURS
    )
    return _owed(session, hotel, whom), [gap] if waiting else []


def _left_alone(earlier: PayPeriod, unsure: Iterable[Unapproved]) -> set[int]:
    """Return whose hours of a period, or of the week it begins in, wait for approval."""
    first = earlier.first - WEEK
    return {each.employee.id for each in unsure if first <= each.service_day <= earlier.last}


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


def _owed(session: Session, hotel: Hotel, whom: Mapping[PayPeriod, Collection[int]]) -> list[Owed]:
    """Return what periods owe to whom, the oldest period first."""
    book = rule_sets.book(session, hotel) if any(whom.values()) else None
    found: dict[int, list[Owed]] = defaultdict(list)
    for periods, who in _together(whom):
        again = _Again(session, hotel, periods, who, book)
        for each in periods:
            found[each.id] += again.differs(each, who & set(whom[each]))
    return [
        line for each in whom for line in sorted(found[each.id], key=lambda one: one.employee_id)
    ]


def _together(
    whom: Mapping[PayPeriod, Collection[int]],
) -> Iterator[tuple[list[PayPeriod], set[int]]]:
    """Yield periods with those to reckon in them: who was touched from one period to another.

    So an old mistake of one doesn't have the hours of years read of everybody.
    """
    periods = list(whom)
    numbers: dict[int, list[int]] = defaultdict(list)
    for number, each in enumerate(periods):
        for who in whom[each]:
            numbers[who].append(number)
    spans: dict[tuple[int, int], set[int]] = defaultdict(set)
    for who, theirs in numbers.items():
        spans[theirs[0], theirs[-1]].add(who)
    for (first, last), people in spans.items():
        yield [each for each in periods[first : last + 1] if people & set(whom[each])], people


class _Again:
    """Some people's hours of some periods as they are now, beside what these went by and paid.

    Seven questions, however many periods there are.
    """

    def __init__(
        self,
        session: Session,
        hotel: Hotel,
        periods: Sequence[PayPeriod],
        who: Collection[int],
        book: RuleBook | None,
    ) -> None:
        self._place = figures.place_of(hotel)
        self._books = rule_sets.frozen_books(session, periods, otherwise=book)
        self._beside = beside_of(session, periods, who)
        self._told = _told(session, periods, who)
        first, last = periods[0].first - WEEK, periods[-1].last
        self._worked: dict[date, list[Worked]] = defaultdict(list)
        for each in clock_hours.approved_hours(session, hotel, first, last, of=who):
            self._worked[each.service_day].append(each)

    def differs(self, earlier: PayPeriod, who: Collection[int]) -> Iterator[Owed]:
        """Yield what came out differently for some people in a period."""
        days = dates.days(earlier.first - WEEK, earlier.last)
        worked = (each for day in days for each in self._worked.get(day, ()))
        evidence = Evidence(
            self._books[earlier.id],
            clocked=clocked(each for each in worked if each.employee_id in who),
            beside=[each for each in self._beside[earlier.id] if each.employee_id in who],
        )
        now = figures.reckoned(evidence, self._place, earlier.first, earlier.last)
        told = [each for each in self._told[earlier.id] if each.employee_id in who]
        return _between(earlier, _by_place(now), _by_place(told))


def _between(
    earlier: PayPeriod, is_: Mapping[Place, Held], was: Mapping[Place, Held]
) -> Iterator[Owed]:
    nothing = Held()
    for where in sorted(is_.keys() | was.keys(), key=lambda each: (each[:3], each[3] or 0)):
        new, old = is_.get(where, nothing), was.get(where, nothing)
        for minutes, rate, amount, said in _parts(where.kind, new, old):
            yield Owed(
                *(where.employee_id, where.day, where.kind, where.position_id),
                minutes=minutes,
                rate=rate,
                amount=amount,
                because=f"Correction: {said}. {new.because or 'Not worked'}",
                source=f"Pay period {earlier.first:%d %b} to {earlier.last:%d %b %Y}",
                corrects_id=earlier.id,
            )


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


def _told(
    session: Session, periods: Sequence[PayPeriod], who: Collection[int]
) -> Mapping[int, list[Owed]]:
    """Return what locked periods paid to some people, then what later ones corrected of it."""
    found: dict[int, list[Owed]] = defaultdict(list)
    for each, line in figures.kept_of(session, periods, who):
        found[each].append(line)
    return found


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
