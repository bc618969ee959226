"""Rule sets: which rules hold in a jurisdiction from which day; written down, never changed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.dates import ONE_DAY
from pms.base.db import new_id
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people.pay import PayRules, read_rules, write_rules
from pms.hotel.people.payroll.tables import PayPeriod, PayRuleSet, PeriodRules


class LawIsLocked(Refusal):
    def __init__(self, jurisdiction: str, last: date) -> None:
        super().__init__(
            f"What was worked under {jurisdiction} is locked until {last:%d %b %Y}, by the rules "
            f"that held. Let new ones hold from {last + ONE_DAY:%d %b %Y} on.",
            field="valid_from",
        )


class WeekIsFixed(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "A workweek begins on the same day for good (29 CFR 778.105). Keep the day.",
            field="week_starts",
        )


def set_rules(
    session: Session,
    hotel: Hotel,
    jurisdiction: str,
    rules: PayRules,
    *,
    valid_from: date,
    by: Staff,
) -> PayRuleSet:
    """Write down what a jurisdiction asks for from a day on.

    Refuses a day until which pay is locked that went by this jurisdiction's rules, or would now,
    and a workweek that begins on another day than before. Where nothing of it is locked, rules hold
    from any day.
    """
    require(by, Permission.SET_PAY, hotel.id)
    day = business_day.hold(session, hotel)
    if not 2 <= len(jurisdiction) <= 6 or not jurisdiction.replace("-", "").isalnum():
        raise Invalid("A jurisdiction is written like US-CA or DE.", field="jurisdiction")
    if not rules.knows_holidays:
        raise Invalid(
            f"No holidays are known for {rules.calendar}. Check where it is.", field="jurisdiction"
        )
    last = _locked_until(session, hotel, jurisdiction)
    if last is not None and valid_from <= last:
        raise LawIsLocked(jurisdiction, last)
    before = current(session, hotel).get(jurisdiction)
    if before is not None and read_rules(before.data).week_starts != rules.week_starts:
        raise WeekIsFixed
    kept = PayRuleSet(
        hotel_id=hotel.id,
        id=new_id(),
        jurisdiction=jurisdiction,
        valid_from=valid_from,
        data=write_rules(rules),
        staff_id=by.id,
        made_at=clock.now(),
    )
    session.add(kept)
    session.flush()
    logbook.record(
        session,
        "set pay rules",
        kept,
        by=by,
        day=day,
        jurisdiction=jurisdiction,
        since=valid_from,
        rules=rules.name,
    )
    return kept


def _locked_until(session: Session, hotel: Hotel, jurisdiction: str) -> date | None:
    """Return the last day of the locked periods in which somebody worked by a jurisdiction's rules.

    A state's that went by its country's count for both.
    """
    return session.scalar(
        sa.select(sa.func.max(PayPeriod.last))
        .join(
            PeriodRules,
            sa.and_(
                PeriodRules.hotel_id == PayPeriod.hotel_id, PeriodRules.period_id == PayPeriod.id
            ),
        )
        .join(
            PayRuleSet,
            sa.and_(
                PayRuleSet.hotel_id == PeriodRules.hotel_id, PayRuleSet.id == PeriodRules.rules_id
            ),
        )
        .where(
            PayPeriod.hotel_id == hotel.id,
            sa.or_(
                PeriodRules.jurisdiction == jurisdiction, PayRuleSet.jurisdiction == jurisdiction
            ),
        )
    )


def history(session: Session, hotel: Hotel) -> Sequence[PayRuleSet]:
    """Return every rule set, the one that holds last at the end."""
    return session.scalars(
        sa.select(PayRuleSet)
        .where(PayRuleSet.hotel_id == hotel.id)
        .order_by(PayRuleSet.jurisdiction, PayRuleSet.valid_from, PayRuleSet.id)
    ).all()


def current(session: Session, hotel: Hotel) -> dict[str, PayRuleSet]:
    """Return the newest rule set of each jurisdiction."""
    return {each.jurisdiction: each for each in history(session, hotel)}


class Held(NamedTuple):
    """Rules that hold, and the row they were read from."""

    rules_id: int
    rules: PayRules


class RuleBook:
    """Which rules hold in a jurisdiction on a day; a state without any goes by its country's.

    `otherwise` is asked for a jurisdiction that this book doesn't have by its own name.
    """

    def __init__(
        self, sets: Iterable[tuple[str, date, Held]], *, otherwise: "RuleBook | None" = None
    ) -> None:
        self._otherwise = otherwise
        self._sets: dict[str, list[tuple[date, Held]]] = defaultdict(list)
        for jurisdiction, since, held in sets:
            self._sets[jurisdiction].append((since, held))

    def on(self, jurisdiction: str, day: date) -> Held | None:
        """Return what holds on a day, or None before the first."""
        if self._otherwise is not None and jurisdiction not in self._sets:
            return self._otherwise.on(jurisdiction, day)
        sets = self._sets.get(jurisdiction) or self._sets.get(jurisdiction[:2], [])
        return next((held for since, held in reversed(sets) if since <= day), None)


def book(session: Session, hotel: Hotel) -> RuleBook:
    """Return the rules as they hold now."""
    return RuleBook(
        (each.jurisdiction, each.valid_from, Held(each.id, read_rules(each.data)))
        for each in history(session, hotel)
    )


def frozen_book(session: Session, period: PayPeriod) -> RuleBook:
    """Return the rules that a locked period went by, week by week."""
    return frozen_books(session, [period])[period.id]


def frozen_books(
    session: Session, periods: Sequence[PayPeriod], *, otherwise: RuleBook | None = None
) -> Mapping[int, RuleBook]:
    """Return the rules that each of some locked periods went by, week by week.

    `otherwise` has those of jurisdictions in which nobody worked then.
    """
    rows = session.execute(
        sa.select(
            *(PeriodRules.period_id, PeriodRules.jurisdiction, PeriodRules.week),
            *(PayRuleSet.id, PayRuleSet.data),
        )
        .join(
            PayRuleSet,
            sa.and_(
                PayRuleSet.hotel_id == PeriodRules.hotel_id, PayRuleSet.id == PeriodRules.rules_id
            ),
        )
        .where(
            PeriodRules.hotel_id.in_({each.hotel_id for each in periods}),
            PeriodRules.period_id.in_([each.id for each in periods]),
        )
        .order_by(PeriodRules.week)
    )
    sets: dict[int, list[tuple[str, date, Held]]] = defaultdict(list)
    read: dict[int, Held] = {}  # the rules of many weeks are the same
    for period_id, where, week, row, data in rows:
        held = read.get(row) or read.setdefault(row, Held(row, read_rules(data)))
        sets[period_id].append((where, week, held))
    return {each.id: RuleBook(sets[each.id], otherwise=otherwise) for each in periods}
