"""Evidence: all that a pay period is reckoned from, as it stands, or as it stood when it locked."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.hotel.house.hotels import Hotel
from pms.hotel.people import hours, tips
from pms.hotel.people.employees import Employee, Employment, PayBasis, pay
from pms.hotel.people.hours import PaidAbsence, Worked
from pms.hotel.people.pay import Extra, ExtraKind, PayKind, Piece, Salary
from pms.hotel.people.payroll import rule_sets
from pms.hotel.people.payroll.rule_sets import RuleBook
from pms.hotel.people.payroll.tables import (
    PayBonus,
    PayExtra,
    PayPeriod,
    PayPiece,
)
from pms.hotel.people.tips import PoolKind, SharedBy, TipDeclaration, TipPool

WEEK = timedelta(days=7)


class Clocked(NamedTuple):
    """Paid time, the entry of the clock it comes from, and under whose law it was worked."""

    employee_id: int
    piece: Piece
    entry_id: int
    jurisdiction: str


class Beside(NamedTuple):
    """What somebody is paid beside hours; `pool_id` where it comes out of a pool."""

    employee_id: int
    extra: Extra
    pool_id: int | None = None


class Absent(NamedTuple):
    """A day that is paid as if it was worked, at the rate of the position held longest."""

    employee_id: int
    kind: PayKind
    day: date
    minutes: int
    rate: int | None


@dataclass(slots=True)
class Evidence:
    """Hours, what is paid beside them, the rules, and what couldn't be told.

    `unpaid` are hours whose rate nobody wrote down; `unshared` is money of pools in which nobody
    worked.
    """

    rules: RuleBook
    clocked: list[Clocked] = field(default_factory=list)
    beside: list[Beside] = field(default_factory=list)
    absent: list[Absent] = field(default_factory=list)
    takings: dict[int, dict[date, int]] = field(default_factory=dict)
    unpaid: set[int] = field(default_factory=set)
    unshared: list[tuple[TipPool, int]] = field(default_factory=list)


def gather(session: Session, hotel: Hotel, first: date, last: date) -> Evidence:
    """Return what the days from first to last are reckoned from, and the week they begin in.

    Nine questions, however many people work.
    """
    worked = hours.approved_hours(session, hotel, first - WEEK, last)
    evidence = Evidence(rules=rule_sets.book(session, hotel))
    evidence.unpaid = {each.employee_id for each in worked if each.basis is None}
    evidence.clocked = clocked(worked)
    evidence.absent, rateless = _absent(
        session, hotel, hours.paid_absences(session, hotel, first, last)
    )
    evidence.unpaid |= rateless
    evidence.beside = [
        *_bonuses(session, hotel, first - WEEK, last),
        *_declared(session, hotel, first - WEEK, last),
        *_carried(session, hotel, first - WEEK, first),
    ]
    _share(session, hotel, worked, first, last, evidence)
    return evidence


def frozen(session: Session, period: PayPeriod) -> Evidence:
    """Return what a locked period was reckoned from; its absences are in its lines."""
    evidence = Evidence(rules=rule_sets.frozen_book(session, period))
    pieces = sa.select(*sa.inspect(PayPiece).columns).where(
        PayPiece.hotel_id == period.hotel_id, PayPiece.period_id == period.id
    )
    for row in session.execute(pieces.order_by(PayPiece.id)):
        piece = Piece(
            *(row.starts_at, row.ends_at, row.position_id), row.rate, row.tipped, row.exempt,
            None if row.salary_a_year is None else Salary(row.salary_a_year, row.week_minutes),
        )  # fmt: skip
        evidence.clocked.append(Clocked(row.employee_id, piece, row.entry_id, row.jurisdiction))
    evidence.beside = beside_of(session, [period])[period.id]
    return evidence


def beside_of(
    session: Session, periods: Sequence[PayPeriod], who: Collection[int] | None = None
) -> Mapping[int, list[Beside]]:
    """Return what locked periods paid beside hours, by period: to everybody, or to some."""
    query = sa.select(*sa.inspect(PayExtra).columns).where(
        PayExtra.hotel_id.in_({each.hotel_id for each in periods}),
        PayExtra.period_id.in_([each.id for each in periods]),
    )
    if who is not None:
        query = query.where(PayExtra.employee_id.in_(who))
    found: dict[int, list[Beside]] = defaultdict(list)
    for row in session.execute(query.order_by(PayExtra.id)):
        extra = Extra(row.day, row.kind, row.amount, row.words)
        found[row.period_id].append(Beside(row.employee_id, extra, row.pool_id))
    return found


def clocked(worked: Iterable[Worked]) -> list[Clocked]:
    """Return approved hours as paid pieces: unpaid breaks are cut out, salaries have no rate."""
    found = []
    for each in worked:
        rate = each.rate if each.basis is PayBasis.HOUR else None
        salary = _salary(each)
        starts = each.started_at
        ends = [
            *((p.started_at, p.ended_at) for p in each.breaks if not p.paid),
            (each.ended_at, each.ended_at),
        ]
        for until, again in sorted(ends):
            if until > starts:
                of_job = (each.position_id, rate, each.tipped, each.exempt, salary)
                piece = Piece(starts, until, *of_job)
                found.append(Clocked(each.employee_id, piece, each.entry_id, each.jurisdiction))
            starts = again
    return found


def _salary(worked: Worked) -> Salary | None:
    """Return the salary that pays hours, where somebody said what hours it is for."""
    if worked.basis is None or worked.rate is None or worked.week_minutes is None:
        return None
    return Salary(worked.rate * worked.basis.times_a_year, worked.week_minutes)


def _bonuses(session: Session, hotel: Hotel, first: date, last: date) -> list[Beside]:
    rows = session.scalars(
        sa.select(PayBonus)
        .where(PayBonus.hotel_id == hotel.id, PayBonus.day.between(first, last))
        .order_by(PayBonus.id)
    )
    return [
        Beside(row.employee_id, Extra(row.day, row.kind, row.amount, row.words)) for row in rows
    ]


def _declared(session: Session, hotel: Hotel, first: date, last: date) -> list[Beside]:
    rows = session.scalars(
        sa.select(TipDeclaration)
        .where(TipDeclaration.hotel_id == hotel.id, TipDeclaration.day.between(first, last))
        .order_by(TipDeclaration.id)
    )
    return [
        Beside(row.employee_id, Extra(row.day, ExtraKind.CASH_TIPS, row.amount, "Declared"))
        for row in rows
    ]


def _carried(session: Session, hotel: Hotel, since: date, until: date) -> list[Beside]:
    """Return what pools gave in locked periods on days of the week that the period begins in.

    It isn't shared again, so it names no pool: who manages since then keeps what they had.
    """
    rows = session.scalars(
        sa.select(PayExtra)
        .join(
            PayPeriod,
            sa.and_(
                PayPeriod.hotel_id == PayExtra.hotel_id,
                PayPeriod.id == PayExtra.period_id,
                PayExtra.day.between(PayPeriod.first, PayPeriod.last),
            ),
        )
        .where(
            PayExtra.hotel_id == hotel.id,
            PayExtra.pool_id.is_not(None),
            PayExtra.day >= since,
            PayExtra.day < until,
        )
        .order_by(PayExtra.id)
    )
    return [
        Beside(row.employee_id, Extra(row.day, row.kind, row.amount, row.words)) for row in rows
    ]


def _share(
    session: Session,
    hotel: Hotel,
    worked: Sequence[Worked],
    first: date,
    last: date,
    evidence: Evidence,
) -> None:
    """Give out what came into each pool; people who manage others get none of it."""
    running = tips.pools(session, hotel, first, last)
    if not running:
        return
    evidence.takings = tips.takings(session, hotel, [pool for pool, _ in running], first, last)
    managers = set(
        session.scalars(
            sa.select(Employee.id).where(Employee.hotel_id == hotel.id, Employee.is_manager)
        )
    )
    for pool, points in running:
        weights: dict[date, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for each in worked:
            shares = each.position_id in points and each.employee_id not in managers
            if shares and first <= each.service_day <= last:
                times = points[each.position_id] if pool.shared_by is SharedBy.POINTS else 1
                weights[each.service_day][each.employee_id] += each.minutes_paid * times
        shared, left = tips.share(evidence.takings[pool.id], weights, hotel.currency)
        if left:
            evidence.unshared.append((pool, left))
        kind = ExtraKind.TIPS if pool.kind is PoolKind.TIPS else ExtraKind.SERVICE_CHARGE
        evidence.beside += [
            Beside(each.employee_id, Extra(each.day, kind, each.amount, _why(pool, each)), pool.id)
            for each in shared
        ]


def _why(pool: TipPool, share: tips.Share) -> str:
    unit = "min" if pool.shared_by is SharedBy.HOURS else "min by points"
    return f"{pool.name}: {share.weight} of {share.of_weight} {unit}"


_KIND_OF = {
    "vacation": PayKind.VACATION,
    "sick": PayKind.SICK,
    "holiday": PayKind.HOLIDAY_PAY,
    "parental": PayKind.PARENTAL,
}


def _absent(
    session: Session, hotel: Hotel, absences: Sequence[PaidAbsence]
) -> tuple[list[Absent], set[int]]:
    """Return paid days away at their rates, and whose rate nobody wrote down."""
    if not absences:
        return [], set()
    held = session.scalars(
        sa.select(Employment)
        .where(
            Employment.hotel_id == hotel.id,
            Employment.employee_id.in_({each.employee_id for each in absences}),
        )
        .order_by(Employment.begins_on, Employment.id)
    ).all()
    written = pay.rates(session, hotel, {each.id for each in held})
    found, rateless = [], set()
    for each in absences:
        if each.kind.value not in _KIND_OF:
            continue
        holds = (e for e in held if e.employee_id == each.employee_id and e.runs_on(each.day))
        longest = next(holds, None)
        if longest is None:
            continue  # who isn't employed on a day isn't paid for it
        rate = pay.rate_on(each.day, written.get(longest.id, ()))
        if rate is None:
            rateless.add(each.employee_id)
        by_hour = rate is not None and rate.basis is PayBasis.HOUR
        found.append(
            Absent(
                each.employee_id,
                _KIND_OF[each.kind.value],
                each.day,
                each.minutes,
                rate.amount if rate is not None and by_hour else None,
            )
        )
    return found, rateless
