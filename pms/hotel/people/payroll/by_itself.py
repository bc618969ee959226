"""By itself: what of overtime premiums a payroll system pays that is told hours at their rates.

It pays a share more of the rate of the very hours. The law's premium is of the week's regular rate
and falls due when the week ends, so each week is counted in the period that it ends in, with the
hours of it that an earlier period told.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import dates
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


@dataclass(frozen=True, slots=True)
class Laws:
    """The law of each employee; `by_day` has the days of those who worked under several."""

    mostly: Mapping[int, str]
    by_day: Mapping[int, Sequence[tuple[date, str]]]

    def of(self, employee_id: int, day: date) -> str:
        """Return the law of hours on a day: that of the shift on it, or of the night before."""
        days = self.by_day.get(employee_id)
        if days is None:
            return self.mostly.get(employee_id, "")
        return min(days, key=lambda each: (abs(each[0] - day), each[0] > day))[1]


def of_period(session: Session, period: PayPeriod, lines: Sequence[Owed]) -> dict[Premium, int]:
    """Return minor units by employee and kind of premium, rounded by the week; six questions."""
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
    laws: Laws,
    *,
    since: date = date.min,
    until: date,
) -> None:
    """Add what a system pays by itself for some hours, where their week ends within some days."""
    law = laws.of(each.employee_id, each.day)
    held = book.on(law, each.day)
    ends = held.rules.week_of(each.day) + WEEK - ONE_DAY if held else date.max
    due = book.on(law, ends) if since <= ends <= until else None
    if due is None:
        return
    tiers = (*due.rules.daily, *due.rules.seventh_day, *due.rules.weekly)
    share = min((tier.percent for tier in tiers if tier.kind is each.kind), default=100) - 100
    premium = each.employee_id, PREMIUM_OF[each.kind]
    weeks[premium, ends] += Fraction((each.rate or 0) * each.minutes * share, 6000)


def _laws(session: Session, period: PayPeriod, lines: Iterable[Owed]) -> Laws:
    """Return under whose law people worked, in this period or one that is corrected.

    Whose hours were all found later go by their newest position.
    """
    ids = {period.id} | {each.corrects_id for each in lines if each.corrects_id is not None}
    held = (
        sa.select(Employment.employee_id, Employment.jurisdiction)
        .where(Employment.hotel_id == period.hotel_id)
        .order_by(Employment.begins_on, Employment.id)
    )
    mine = (PayPiece.hotel_id == period.hotel_id, PayPiece.period_id.in_(ids))
    worked: dict[int, set[str]] = defaultdict(set)
    of_law = sa.select(PayPiece.employee_id, PayPiece.jurisdiction).where(*mine).distinct()
    for row in session.execute(of_law):
        worked[row.employee_id].add(row.jurisdiction)
    newest = {row.employee_id: row.jurisdiction for row in session.execute(held)}
    several = [who for who, laws in worked.items() if len(laws) > 1]
    zone = session.get_one(Hotel, period.hotel_id).time_zone
    by_day: dict[int, list[tuple[date, str]]] = defaultdict(list)
    if several:
        pieces = sa.select(PayPiece.employee_id, PayPiece.starts_at, PayPiece.jurisdiction)
        theirs = pieces.where(*mine, PayPiece.employee_id.in_(several))
        for who, starts_at, jurisdiction in session.execute(theirs):
            by_day[who].append((dates.local(starts_at, zone).date(), jurisdiction))
    return Laws(newest | {who: min(laws) for who, laws in worked.items()}, dict(by_day))
