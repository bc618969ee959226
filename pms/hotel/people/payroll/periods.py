"""Pay periods: opened, reviewed, approved and locked, each step by somebody who may."""

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.dates import ONE_DAY
from pms.base.db import lock, new_id
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people.exports import Frequency
from pms.hotel.people.payroll import corrections, figures
from pms.hotel.people.payroll.evidence import WEEK, Evidence
from pms.hotel.people.payroll.figures import Gap, Owed
from pms.hotel.people.payroll.refusals import (
    AnotherFollows,
    FiguresChanged,
    LockInOrder,
    NobodyToPay,
    NotOver,
    OwnReview,
    PeriodsMeet,
    SomethingMissing,
    WrongState,
)
from pms.hotel.people.payroll.tables import (
    FINAL,
    PaidLine,
    PayExtra,
    PayPeriod,
    PayPiece,
    PeriodRules,
    PeriodState,
    PoolTaking,
)

LONGEST = timedelta(days=31)


def open_period(
    session: Session,
    hotel: Hotel,
    *,
    first: date,
    last: date,
    pays_on: date,
    frequency: Frequency | None,
    by: Staff,
) -> PayPeriod:
    """Open the pay period of the days from first to last, both paid.

    Refuses one that doesn't follow the period before, or is longer than a month; no frequency means
    an odd one, that payroll systems which want one won't take.
    """
    require(by, Permission.RUN_PAYROLL, hotel.id)
    day = business_day.hold(session, hotel)
    if not first <= last < first + LONGEST:
        raise Invalid("A pay period is 1 to 31 days.", field="last")
    if pays_on < last:
        raise Invalid("Pay comes when the period is over.", field="pays_on")
    before = latest(session, hotel)
    if before is not None and first != before.last + ONE_DAY:
        raise PeriodsMeet(before)
    period = PayPeriod(
        hotel_id=hotel.id,
        id=new_id(),
        first=first,
        last=last,
        pays_on=pays_on,
        frequency=frequency,
        state=PeriodState.OPEN,
    )
    session.add(period)
    session.flush()
    logbook.record(
        session, "opened", period, by=by, day=day, first=first, last=last, pays_on=pays_on
    )
    return period


def take_period_back(session: Session, period: PayPeriod, *, by: Staff) -> None:
    """Take back a period that was opened with the wrong days; the right one is opened instead.

    Refuses one that is reviewed or further, and one that another follows.
    """
    require(by, Permission.RUN_PAYROLL, period.hotel_id)
    hotel = session.get_one(Hotel, period.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, period)
    if period.state is not PeriodState.OPEN:
        raise WrongState(period, PeriodState.OPEN)
    last = latest(session, hotel)
    if last is not None and last.id != period.id:
        raise AnotherFollows(last)
    before = {"first": period.first, "last": period.last, "pays_on": period.pays_on}
    logbook.record(session, "took back", period, by=by, day=day, before=before)
    session.delete(period)
    session.flush()


def latest(session: Session, hotel: Hotel) -> PayPeriod | None:
    """Return the period that ends last."""
    return session.scalar(
        sa.select(PayPeriod)
        .where(PayPeriod.hotel_id == hotel.id)
        .order_by(PayPeriod.last.desc())
        .limit(1)
    )


def standing(session: Session, period: PayPeriod) -> tuple[Evidence | None, list[Owed], list[Gap]]:
    """Return what a period is reckoned from, comes to, and lacks; a locked one as it was written.

    Shows pay: log the look.
    """
    if period.is_final:
        return None, figures.kept(session, period), []
    hotel = session.get_one(Hotel, period.hotel_id)
    evidence, owed = figures.owed_now(session, hotel, period)
    corrected, waiting = corrections.differences(session, hotel, period)
    lacking = figures.gaps(session, hotel, period, evidence)
    lacking += figures.salaried(session, hotel, owed, evidence)
    return evidence, owed + corrected, lacking + waiting


def review(session: Session, period: PayPeriod, *, by: Staff) -> PayPeriod:
    """Say that the figures were looked at; they are held by their fingerprint from now on.

    Refuses a period in which something is missing, with names, and one in which nobody worked.
    """
    day = _begin(session, period, Permission.RUN_PAYROLL, PeriodState.OPEN, by)
    _, owed, gaps = standing(session, period)
    _refuse(owed, gaps)
    period.fingerprint = figures.fingerprint(owed)
    period.reviewed_by, period.reviewed_at = by.id, clock.now()
    return _go(session, period, PeriodState.REVIEWED, "reviewed", by=by, day=day)


def approve(session: Session, period: PayPeriod, *, by: Staff) -> PayPeriod:
    """Approve the figures as they were reviewed.

    Refuses who reviewed them, for two people look at pay, and figures that changed since.
    """
    day = _begin(session, period, Permission.APPROVE_PAYROLL, PeriodState.REVIEWED, by)
    if period.reviewed_by == by.id:
        raise OwnReview
    _, owed, _ = standing(session, period)
    _refuse_changed(period, owed)
    period.approved_by, period.approved_at = by.id, clock.now()
    return _go(session, period, PeriodState.APPROVED, "approved", by=by, day=day)


def reopen(session: Session, period: PayPeriod, *, why: str, by: Staff) -> PayPeriod:
    """Take a review or an approval back, with the reason; a locked period stays locked."""
    require(by, Permission.RUN_PAYROLL, period.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, period.hotel_id))
    lock(session, period)
    if period.state not in {PeriodState.REVIEWED, PeriodState.APPROVED}:
        raise WrongState(period, PeriodState.REVIEWED)
    if not why.strip():
        raise Invalid("Say why it is opened again.", field="why")
    period.fingerprint = None
    period.reviewed_by = period.reviewed_at = period.approved_by = period.approved_at = None
    return _go(session, period, PeriodState.OPEN, "reopened", by=by, day=day, why=why)


def lock_period(session: Session, period: PayPeriod, *, by: Staff) -> PayPeriod:
    """Write an approved period down for good: its lines, and all they were reckoned from.

    Refuses one that isn't over by the hotel's day, one before which another isn't locked, and
    figures that changed since they were reviewed. What changes afterwards is paid in the next one.

    It has the day alone: who approves hours, or sets pay, shares it, and what they wrote before
    `locked_at` but kept after the figures were read would be paid neither here nor in the next.
    """
    require(by, Permission.RUN_PAYROLL, period.hotel_id)
    business_day.take_alone(session, session.get_one(Hotel, period.hotel_id))
    day = _begin(session, period, Permission.RUN_PAYROLL, PeriodState.APPROVED, by)
    if day <= period.last:
        raise NotOver(period.last)
    open_before = session.scalar(
        sa.select(PayPeriod)
        .where(
            PayPeriod.hotel_id == period.hotel_id,
            PayPeriod.last < period.first,
            PayPeriod.state.not_in(FINAL),
        )
        .limit(1)
    )
    if open_before is not None:
        raise LockInOrder(open_before)
    evidence, owed, _ = standing(session, period)
    _refuse_changed(period, owed)
    if evidence is None:
        raise LookupError("A period that isn't locked has evidence.")
    _write(session, period, evidence, owed)
    period.locked_by, period.locked_at = by.id, clock.now()
    return _go(session, period, PeriodState.LOCKED, "locked", by=by, day=day)


def _write(session: Session, period: PayPeriod, evidence: Evidence, owed: Sequence[Owed]) -> None:
    """Write the lines and the evidence of a period, in as many statements as there are tables."""
    of = {"hotel_id": period.hotel_id, "period_id": period.id}
    pieces = [
        {
            **of,
            "id": new_id(),
            "employee_id": each.employee_id,
            "position_id": each.piece.position_id,
            "entry_id": each.entry_id,
            "starts_at": each.piece.starts,
            "ends_at": each.piece.ends,
            "rate": each.piece.rate,
            "tipped": each.piece.tipped,
            "exempt": each.piece.exempt,
            "salary_a_year": each.piece.salary.a_year if each.piece.salary else None,
            "week_minutes": each.piece.salary.week_minutes if each.piece.salary else None,
            "jurisdiction": each.jurisdiction,
        }
        for each in evidence.clocked
    ]
    extras = [
        {
            **of,
            "id": new_id(),
            "employee_id": each.employee_id,
            "day": each.extra.day,
            "kind": each.extra.kind,
            "amount": each.extra.amount,
            "words": each.extra.words,
            "pool_id": each.pool_id,
        }
        for each in evidence.beside
    ]
    takings = [
        {**of, "pool_id": pool_id, "day": day, "amount": amount}
        for pool_id, days in evidence.takings.items()
        for day, amount in days.items()
    ]
    lines = [{**of, "id": new_id(), **each._asdict()} for each in owed]
    for table, rows in (
        (PeriodRules, _rules(period, evidence)),
        (PayPiece, pieces),
        (PayExtra, extras),
        (PoolTaking, takings),
        (PaidLine, lines),
    ):
        if rows:
            session.execute(sa.insert(table), rows)


def _rules(period: PayPeriod, evidence: Evidence) -> list[dict[str, object]]:
    """Return by which rules each workweek of the period went."""
    rows: list[dict[str, object]] = []
    for jurisdiction in sorted({each.jurisdiction for each in evidence.clocked}):
        held = evidence.rules.on(jurisdiction, period.first)
        week = held.rules.week_of(period.first) if held else period.last + ONE_DAY
        while week <= period.last:
            held = evidence.rules.on(jurisdiction, week + WEEK - ONE_DAY)
            if held is not None:
                rows.append(
                    {
                        "hotel_id": period.hotel_id,
                        "period_id": period.id,
                        "jurisdiction": jurisdiction,
                        "week": week,
                        "rules_id": held.rules_id,
                    }
                )
            week += WEEK
    return rows


def _begin(
    session: Session, period: PayPeriod, needs: Permission, state: PeriodState, by: Staff
) -> date:
    require(by, needs, period.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, period.hotel_id))
    lock(session, period)
    if period.state is not state:
        raise WrongState(period, state)
    return day


def _refuse(owed: Sequence[Owed], gaps: Sequence[Gap]) -> None:
    stopping = [gap for gap in gaps if gap.stops]
    if stopping:
        raise SomethingMissing(stopping)
    if not owed:
        raise NobodyToPay


def _refuse_changed(period: PayPeriod, owed: Sequence[Owed]) -> None:
    if figures.fingerprint(owed) != period.fingerprint:
        raise FiguresChanged


def _go(
    session: Session,
    period: PayPeriod,
    state: PeriodState,
    verb: str,
    *,
    by: Staff,
    day: date,
    why: str | None = None,
) -> PayPeriod:
    before = {"state": period.state}
    period.state = state
    period.version += 1
    session.flush()
    logbook.record(session, verb, period, by=by, day=day, before=before, why=why, state=state)
    return period
