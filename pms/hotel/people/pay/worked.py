"""Worked time, cut where it matters: at workdays, at midnight, where night begins and ends."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from pms.base import dates
from pms.hotel.people.pay.rules import PayRules, Premium, PremiumOn

_MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True)
class Salary:
    """A salary and the minutes a week that it pays straight; 0 where it pays whatever there are.

    By the year in minor units, so that one by the week or the month is whole: a week is a 52nd of
    it (29 CFR 778.113).
    """

    a_year: int
    week_minutes: int

    @property
    def a_week(self) -> Fraction:
        """What a week is worth, exactly."""
        return Fraction(self.a_year, 52)


@dataclass(frozen=True, slots=True)
class Piece:
    """Paid time without a break in one position, from and to an instant (UTC, whole minutes).

    `rate` is minor units an hour, None where a salary pays; `salary` is known where somebody said
    what hours it is for. `exempt` is from overtime.
    """

    starts: datetime
    ends: datetime
    position_id: int
    rate: int | None
    tipped: bool = False
    exempt: bool = False
    salary: Salary | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a piece that lies in one workday and is paid the same premiums throughout."""

    starts: datetime
    day: date
    minutes: int
    piece: Piece
    premiums: tuple[Premium, ...]


def cut(pieces: Iterable[Piece], rules: PayRules, zone: str) -> list[Stretch]:
    """Return worked time in its order, cut by workday and premium, however the pieces were told."""
    marks = _marks(rules)
    stretches = []
    for piece in sorted(pieces, key=lambda each: (each.starts, each.ends, each.position_id)):
        edges = [piece.starts, *_between(piece, marks, zone), piece.ends]
        for starts, ends in pairwise(edges):
            stretches.append(_stretch(piece, starts, ends, rules, zone))
    return stretches


def _stretch(piece: Piece, starts: datetime, ends: datetime, rules: PayRules, zone: str) -> Stretch:
    wall = dates.local(starts, zone)
    return Stretch(
        starts=starts,
        day=dates.day_by_rollover(wall, rules.workday_begins),
        minutes=int((ends - starts) // timedelta(minutes=1)),
        piece=piece,
        premiums=_premiums(wall, rules) if rules.premiums else (),
    )


def _premiums(wall: datetime, rules: PayRules) -> tuple[Premium, ...]:
    """Return the premiums of a local time: night beside the day's, a holiday before a Sunday."""
    is_holiday = rules.is_holiday(wall.date())
    paid = []
    for premium in rules.premiums:
        if premium.on is PremiumOn.NIGHT:
            applies = _is_night(wall.time(), premium)
        elif premium.on is PremiumOn.HOLIDAY:
            applies = is_holiday
        else:
            applies = wall.weekday() == 6 and not is_holiday
        if applies:
            paid.append(premium)
    return tuple(paid)


def _is_night(at: time, premium: Premium) -> bool:
    if premium.begins < premium.ends:
        return premium.begins <= at < premium.ends
    return at >= premium.begins or at < premium.ends


def _marks(rules: PayRules) -> tuple[time, ...]:
    marks = {rules.workday_begins}
    if rules.premiums:
        marks.add(_MIDNIGHT)
        nights = [each for each in rules.premiums if each.on is PremiumOn.NIGHT]
        marks.update(mark for each in nights for mark in (each.begins, each.ends))
    return tuple(sorted(marks))


def _between(piece: Piece, marks: Sequence[time], zone: str) -> list[datetime]:
    day = dates.local(piece.starts, zone).date()
    last = dates.local(piece.ends, zone).date()
    edges = {edge for each in dates.days(day, last) for edge in _edges(each, tuple(marks), zone)}
    return sorted(edge for edge in edges if piece.starts < edge < piece.ends)


@lru_cache(maxsize=4096)
def _edges(day: date, marks: tuple[time, ...], zone: str) -> tuple[datetime, ...]:
    """Return the instants at which clocks of a zone show the marks of a day."""
    return tuple(dates.instant(datetime.combine(day, mark), zone) for mark in marks)
