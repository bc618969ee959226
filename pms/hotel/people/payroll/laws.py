"""Laws: by which jurisdiction's rules each workweek of somebody goes.

Who works under another law from a week on has each week by its own. A week in which they worked
under two goes by neither, for no rule says which hours count for which: it stops the period.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import permutations

from pms.base import dates
from pms.hotel.people.pay import Extra, Piece
from pms.hotel.people.payroll.evidence import WEEK, Clocked
from pms.hotel.people.payroll.rule_sets import RuleBook

MINUTE = timedelta(minutes=1)
SHORT_REST = timedelta(minutes=20)  # in the United States such a break is work (29 CFR 785.18)


@dataclass(slots=True)
class Under:
    """What somebody worked under one law, and what they got beside it in its weeks."""

    jurisdiction: str
    pieces: list[Piece] = field(default_factory=list)
    extras: list[Extra] = field(default_factory=list)


def apart(
    clocked: Iterable[Clocked], extras: Sequence[Extra], book: RuleBook, zone: str
) -> list[Under]:
    """Return one person's hours by law, the newest last, with what they got beside in its weeks.

    What was got in a week without hours goes with the newest law.
    """
    found: dict[str, Under] = {}
    for each in sorted(clocked, key=lambda each: each.piece.starts):
        under = found.pop(each.jurisdiction, None) or Under(each.jurisdiction)
        under.pieces.append(each.piece)
        found[each.jurisdiction] = under  # the one worked under last is the newest
    laws = list(found.values())
    if len(laws) == 1:
        laws[0].extras = list(extras)
        return laws
    weeks = {id(under): _weeks(under, book, zone) for under in laws}
    for extra in extras if laws else ():
        mine = (
            under
            for under in reversed(laws)
            if _week_of(book, under.jurisdiction, extra.day) in weeks[id(under)]
        )
        next(mine, laws[-1]).extras.append(extra)
    return laws


def mixed(
    clocked: Mapping[int, Sequence[Clocked]], book: RuleBook, zone: str, *, since: date
) -> Iterator[int]:
    """Yield who worked under two laws in one workweek that ends on a day or later.

    Weeks may begin on different days: what counts is whether work under one law falls into a
    workweek that has work under the other.
    """
    for who, theirs in clocked.items():
        laws = apart(theirs, (), book, zone)
        if any(_meet(*pair, book, zone, since) for pair in permutations(laws, 2)):
            yield who


def _meet(one: Under, other: Under, book: RuleBook, zone: str, since: date) -> bool:
    """Tell whether a day under one law is in a workweek of the other, both ending since a day."""
    weeks = _weeks(other, book, zone)
    return any(
        week in weeks and min(week, _week_of(book, one.jurisdiction, day)) + WEEK > since
        for day in _workdays(one, book, zone)
        for week in [_week_of(book, other.jurisdiction, day)]
    )


def short_rests(clocked: Iterable[Clocked], *, since: datetime) -> set[int]:
    """Return who wasn't paid for a break that the law they work under pays, since an instant.

    Nobody who is exempt: a salary pays whatever hours there are.
    """
    found: set[int] = set()
    before: Clocked | None = None
    for each in sorted(clocked, key=lambda each: (each.entry_id, each.piece.starts)):
        if before is not None and before.entry_id == each.entry_id and not each.piece.exempt:
            rest = each.piece.starts - before.piece.ends
            if each.jurisdiction[:2] == "US" and rest <= SHORT_REST and before.piece.ends >= since:
                found.add(each.employee_id)
        before = each
    return found


def by_person(clocked: Iterable[Clocked]) -> dict[int, list[Clocked]]:
    """Return hours by whose they are."""
    found: dict[int, list[Clocked]] = defaultdict(list)
    for each in clocked:
        found[each.employee_id].append(each)
    return found


def _weeks(under: Under, book: RuleBook, zone: str) -> set[date]:
    """Return the workweeks in which somebody worked under a law."""
    return {_week_of(book, under.jurisdiction, day) for day in _workdays(under, book, zone)}


def _workdays(under: Under, book: RuleBook, zone: str) -> set[date]:
    """Return the workdays on which somebody worked under a law."""
    return {
        day
        for piece in under.pieces
        for day in dates.days(
            _workday(book, under.jurisdiction, piece.starts, zone),
            _workday(book, under.jurisdiction, piece.ends - MINUTE, zone),
        )
    }


def _workday(book: RuleBook, jurisdiction: str, at: datetime, zone: str) -> date:
    wall = dates.local(at, zone)
    held = book.on(jurisdiction, wall.date())
    return dates.day_by_rollover(wall, held.rules.workday_begins) if held else wall.date()


def _week_of(book: RuleBook, jurisdiction: str, day: date) -> date:
    held = book.on(jurisdiction, day)
    return held.rules.week_of(day) if held is not None else day
