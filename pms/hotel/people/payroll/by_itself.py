"""By itself: what of overtime premiums a payroll system pays that is told hours at their rates.

It pays a share more of the rate of the very hours. The law's premium is of the week's regular rate
and falls due when the week ends, so each week is counted in the period that it ends in, with the
hours of it that an earlier period told.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.dates import ONE_DAY
from pms.base.money import round_half_up
from pms.hotel.house.hotels import Hotel
from pms.hotel.people.employees import Employment
from pms.hotel.people.pay import PayKind
from pms.hotel.people.pay.lines import PREMIUM_OF
from pms.hotel.people.payroll import figures, rule_sets
from pms.hotel.people.payroll.evidence import WEEK
from pms.hotel.people.payroll.figures import Owed
from pms.hotel.people.payroll.rule_sets import RuleBook
from pms.hotel.people.payroll.tables import PayPeriod, PayPiece

Premium = tuple[int, PayKind]  # whose, of which kind


def of_period(session: Session, period: PayPeriod, lines: Sequence[Owed]) -> dict[Premium, int]:
    """Return minor units by employee and kind of premium, rounded by the week; five questions."""
    told = [each for each in lines if each.kind in PREMIUM_OF]
    begun = figures.told_before(session, period, since=period.first - WEEK, kinds=PREMIUM_OF)
    if not told and not begun:
        return {}
    book = rule_sets.book(session, session.get_one(Hotel, period.hotel_id))
    laws = _laws(session, period, told)
    weeks: dict[tuple[Premium, date], Fraction] = defaultdict(Fraction)
    for each in told:
        _add(weeks, each, book, laws, until=period.last)
    for each in begun:
        _add(weeks, each, book, laws, since=period.first, until=period.last)
    found: dict[Premium, int] = defaultdict(int)
    for (premium, _), exact in weeks.items():
        found[premium] += round_half_up(exact)
    return dict(found)


def _add(
    weeks: dict[tuple[Premium, date], Fraction],
    each: Owed,
    book: RuleBook,
    laws: Mapping[int, str],
    *,
    since: date = date.min,
    until: date,
) -> None:
    """Add what a system pays by itself for some hours, where their week ends within some days."""
    law = laws.get(each.employee_id, "")
    held = book.on(law, each.day)
    ends = held.rules.week_of(each.day) + WEEK - ONE_DAY if held else date.max
    due = book.on(law, ends) if since <= ends <= until else None
    if due is None:
        return
    tiers = (*due.rules.daily, *due.rules.seventh_day, *due.rules.weekly)
    share = min((tier.percent for tier in tiers if tier.kind is each.kind), default=100) - 100
    premium = each.employee_id, PREMIUM_OF[each.kind]
    weeks[premium, ends] += Fraction((each.rate or 0) * each.minutes * share, 6000)


def _laws(session: Session, period: PayPeriod, lines: Iterable[Owed]) -> dict[int, str]:
    """Return under whose law people worked, in this period or one that is corrected.

    Whose hours were all found later go by their newest position.
    """
    ids = {period.id} | {each.corrects_id for each in lines if each.corrects_id is not None}
    held = (
        sa.select(Employment.employee_id, Employment.jurisdiction)
        .where(Employment.hotel_id == period.hotel_id)
        .order_by(Employment.begins_on, Employment.id)
    )
    worked = (
        sa.select(PayPiece.employee_id, PayPiece.jurisdiction)
        .where(PayPiece.hotel_id == period.hotel_id, PayPiece.period_id.in_(ids))
        .distinct()
    )
    return {
        row.employee_id: row.jurisdiction
        for question in (held, worked)
        for row in session.execute(question)
    }
