"""Figures: what a period owes to whom, line by line, and what stands in the way of paying it."""

import enum
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import dates
from pms.base.money import Money, round_half_up
from pms.hotel.house.hotels import Hotel
from pms.hotel.people import hours as clock_hours
from pms.hotel.people.employees import Employee
from pms.hotel.people.hours import Unapproved
from pms.hotel.people.pay import Extra, PayKind, PayLine, PayRules, Place, reckon
from pms.hotel.people.payroll import laws
from pms.hotel.people.payroll.evidence import WEEK, Absent, Evidence, gather
from pms.hotel.people.payroll.tables import PaidLine, PayPeriod
from pms.hotel.people.rules import in_hours


class Owed(NamedTuple):
    """A line of somebody's pay; with `corrects_id` the difference to what a period paid."""

    employee_id: int
    day: date
    kind: PayKind
    position_id: int | None
    minutes: int
    rate: int | None
    amount: int
    because: str
    source: str
    corrects_id: int | None = None


class Cure(enum.Enum):
    """Where what is missing is put right."""

    HOURS = enum.auto()  # the time clock's
    PAY = enum.auto()
    JOBS = enum.auto()  # the positions that somebody has
    RULES = enum.auto()
    POOLS = enum.auto()


class Whom(NamedTuple):
    """Whom something is about, and the hours of theirs that it is about."""

    employee_id: int
    name: str
    entries: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing or odd, in a sentence; whether it stops the period, and whom it is about.

    `cure` is where it is put right, if anywhere.
    """

    sentence: str
    stops: bool
    people: tuple[Whom, ...] = ()
    cure: Cure | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of whom it is about."""
        return tuple(whom.name for whom in self.people)

    @property
    def words(self) -> str:
        """The sentence with the names."""
        return f"{self.sentence}: {', '.join(self.names)}." if self.names else f"{self.sentence}."


def reckoned(evidence: Evidence, place: Place, first: date, last: date) -> list[Owed]:
    """Return everybody's lines of the days from first to last.

    Who has no rules has no lines: `gaps` says so.
    """
    clocked = laws.by_person(evidence.clocked)
    extras: dict[int, list[Extra]] = defaultdict(list)
    for beside in evidence.beside:
        extras[beside.employee_id].append(beside.extra)
    absent: dict[int, list[Absent]] = defaultdict(list)
    for away in evidence.absent:
        absent[away.employee_id].append(away)
    owed: list[Owed] = []
    for who in sorted({*clocked, *extras, *absent}):
        lines: list[PayLine] = []
        for under in laws.apart(clocked.get(who, ()), extras[who], evidence.rules, place.zone):
            rules = _rules_of(evidence, under.jurisdiction, first)
            if rules is not None:
                lines += reckon(under.pieces, under.extras, rules, place, first=first, last=last)
        if who not in clocked:  # nobody's law is asked for what has no hours
            lines = [_beside(extra) for extra in extras[who] if first <= extra.day <= last]
        owed += [_owed(who, line) for line in lines]
        owed += [_paid_absence(away, place) for away in absent[who]]
    return owed


def _rules_of(
    evidence: Evidence, jurisdiction: str, first: date
) -> Callable[[date], PayRules] | None:
    """Return what asks the book for one jurisdiction, or None where it has no rules on a day."""
    if evidence.rules.on(jurisdiction, first) is None:
        return None

    def on(day: date) -> PayRules:
        held = evidence.rules.on(jurisdiction, day)
        if held is None:
            raise LookupError(f"No pay rules for {jurisdiction} on {day}.")
        return held.rules

    return on


def _owed(who: int, line: PayLine) -> Owed:
    return Owed(
        who, line.day, line.kind, line.position_id,
        line.minutes, line.rate, line.amount, line.because, line.source,
    )  # fmt: skip


def _beside(extra: Extra) -> PayLine:
    words = extra.words or extra.kind.words
    return PayLine(extra.kind.pays, extra.day, None, 0, None, extra.amount, words, extra.kind.words)


def _paid_absence(away: Absent, place: Place) -> Owed:
    amount = round_half_up(Fraction((away.rate or 0) * away.minutes, 60))
    paid = "paid by salary"
    if away.rate is not None:
        paid = f"at {place.said(away.rate)} = {place.said(amount)}"
    return Owed(
        away.employee_id,
        away.day,
        away.kind,
        None,
        away.minutes,
        away.rate,
        amount,
        f"{in_hours(away.minutes)} h {paid}",
        f"Paid absence: {away.kind.words.lower()}",
    )


def place_of(hotel: Hotel) -> Place:
    """Return where a hotel's people work."""
    return Place(hotel.time_zone, hotel.currency)


def fingerprint(owed: Iterable[Owed]) -> str:
    """Return SHA-256 of what is owed, in whatever order it is told."""
    rows = sorted(json.dumps([_word(part) for part in each]) for each in owed)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def worth(owed: Iterable[Owed]) -> str:
    """Return SHA-256 of what is owed without why in words: a later version may say it better."""
    return fingerprint(each._replace(because="") for each in owed)


def _word(part: object) -> object:
    return part.isoformat() if isinstance(part, date) else part


_WRITTEN = [getattr(PaidLine, name) for name in Owed._fields]


def kept(session: Session, period: PayPeriod, *, employee_id: int | None = None) -> list[Owed]:
    """Return the lines of a locked period as they were written, of everybody or of one."""
    query = sa.select(*_WRITTEN).where(
        PaidLine.hotel_id == period.hotel_id, PaidLine.period_id == period.id
    )
    if employee_id is not None:
        query = query.where(PaidLine.employee_id == employee_id)
    return [Owed(*row) for row in session.execute(query.order_by(PaidLine.id))]


def kept_of(
    session: Session, periods: Sequence[PayPeriod], who: Collection[int]
) -> Iterator[tuple[int, Owed]]:
    """Yield what locked periods paid to some people, then what later ones corrected of them.

    Each with the id of the period that it is of; two questions.
    """
    ids = [each.id for each in periods]
    own = sa.and_(PaidLine.period_id.in_(ids), PaidLine.corrects_id.is_(None))
    for of, which in (
        (PaidLine.period_id, own),
        (PaidLine.corrects_id, PaidLine.corrects_id.in_(ids)),
    ):
        query = sa.select(of, *_WRITTEN).where(
            PaidLine.hotel_id.in_({each.hotel_id for each in periods}),
            PaidLine.employee_id.in_(who),
            which,
        )
        for period_id, *row in session.execute(query.order_by(PaidLine.id)):
            yield period_id, Owed(*row)


def told_before(
    session: Session, period: PayPeriod, *, since: date, kinds: Collection[PayKind]
) -> list[Owed]:
    """Return the lines of some kinds that earlier periods had of the days before one."""
    earlier = sa.select(PayPeriod.id).where(
        PayPeriod.hotel_id == period.hotel_id,
        PayPeriod.last >= since,
        PayPeriod.last < period.first,
    )
    query = sa.select(*_WRITTEN).where(
        PaidLine.hotel_id == period.hotel_id,
        PaidLine.period_id.in_(earlier),
        PaidLine.day >= since,
        PaidLine.kind.in_(kinds),
    )
    return [Owed(*row) for row in session.execute(query.order_by(PaidLine.id))]


# --- what stands in the way -----------------------------------------------------------------------


def gaps(session: Session, hotel: Hotel, period: PayPeriod, evidence: Evidence) -> list[Gap]:
    """Return what is missing or odd about a period, what stops it first."""
    people = names(session, hotel)
    standing = clock_hours.unapproved(session, hotel, period.first, period.last)
    found = [
        _gap(
            "Never clocked out",
            True,
            of_entries(e for e in standing if e.is_open and not e.at_work),
            Cure.HOURS,
        ),
        _gap("Still at work", True, of_entries(e for e in standing if e.at_work), Cure.HOURS),
        _gap(
            "Nobody wrote down what they are paid",
            True,
            _named(people, evidence.unpaid),
            Cure.PAY,
        ),
        *_without_rules(period, evidence, people),
        _gap(
            "Works under two laws in one workweek",
            True,
            _named(people, _mixed(hotel, period, evidence)),
            Cure.JOBS,
        ),
        *(
            Gap(
                f"Nobody who shares the tips of “{pool.name}” worked, and {_said(hotel, left)} of "
                "tips is in it",
                True,
                cure=Cure.POOLS,
            )
            for pool, left in evidence.unshared
        ),
        _gap(
            "Took a break of 20 minutes or less that isn't paid, and in the United States is work "
            "(29 CFR 785.18): say so in the rules of work, and correct these hours",
            False,
            _named(people, laws.short_rests(evidence.clocked, since=_begin(hotel, period))),
            Cure.HOURS,
        ),
        _gap(
            "Hours that nobody approved aren't paid yet",
            False,
            of_entries(e for e in standing if not e.is_open),
            Cure.HOURS,
        ),
        *_cut_week(period, evidence),
    ]
    return sorted((each for each in found if each is not None), key=lambda each: not each.stops)


def salaried(session: Session, hotel: Hotel, owed: Iterable[Owed], evidence: Evidence) -> list[Gap]:
    """Return whose overtime can't be reckoned: nobody said what hours their salary is for."""
    unsaid = {
        each.employee_id
        for each in evidence.clocked
        if each.piece.rate is None and each.piece.salary is None and not each.piece.exempt
    }
    who = unsaid & {each.employee_id for each in owed if each.kind in _BEYOND and not each.amount}
    found = _gap(
        "Paid by salary, worked overtime and isn't exempt: say on their pay page what hours the "
        "salary is for (29 CFR 778.113), or what it is worth isn't paid",
        False,
        _named(names(session, hotel), who) if who else [],
        Cure.PAY,
    )
    return [found] if found else []


_BEYOND = frozenset({PayKind.OVERTIME, PayKind.DOUBLE_TIME})


def names(session: Session, hotel: Hotel) -> dict[int, str]:
    """Return the names of everybody who works here, or did."""
    rows = session.execute(
        sa.select(Employee.id, Employee.first_name, Employee.last_name).where(
            Employee.hotel_id == hotel.id
        )
    )
    return {who: f"{first} {last}".strip() for who, first, last in rows}


def _gap(sentence: str, stops: bool, who: Sequence[Whom], cure: Cure) -> Gap | None:
    return Gap(sentence, stops, tuple(who), cure) if who else None


def _named(people: dict[int, str], who: Iterable[int]) -> list[Whom]:
    return _by_name(Whom(each, people.get(each, "somebody")) for each in who)


def of_entries(some: Iterable[Unapproved]) -> list[Whom]:
    """Return whose hours these are, each once."""
    entries: dict[tuple[int, str], list[int]] = defaultdict(list)
    for each in some:
        entries[each.employee.id, each.employee.name].append(each.entry_id)
    return _by_name(Whom(*who, tuple(dict.fromkeys(theirs))) for who, theirs in entries.items())


def _by_name(some: Iterable[Whom]) -> list[Whom]:
    return sorted(some, key=lambda whom: (whom.name, whom.employee_id))


def _said(hotel: Hotel, minor: int) -> str:
    return Money(minor, hotel.currency).said


def _begin(hotel: Hotel, period: PayPeriod) -> datetime:
    return dates.instant(datetime.combine(period.first, time()), hotel.time_zone)


def _mixed(hotel: Hotel, period: PayPeriod, evidence: Evidence) -> Iterable[int]:
    clocked = laws.by_person(evidence.clocked)
    return laws.mixed(clocked, evidence.rules, hotel.time_zone, since=period.first)


def _without_rules(
    period: PayPeriod, evidence: Evidence, people: dict[int, str]
) -> Iterable[Gap | None]:
    lawless: dict[str, set[int]] = defaultdict(set)
    for each in evidence.clocked:
        if evidence.rules.on(each.jurisdiction, period.first) is None:
            lawless[each.jurisdiction].add(each.employee_id)
    for jurisdiction, who in sorted(lawless.items()):
        yield _gap(f"No pay rules for {jurisdiction}", True, _named(people, who), Cure.RULES)


def _cut_week(period: PayPeriod, evidence: Evidence) -> Sequence[Gap]:
    """Say where the period ends inside a workweek: its overtime premiums come with the next."""
    ends = set()
    for jurisdiction in sorted({each.jurisdiction for each in evidence.clocked}):
        held = evidence.rules.on(jurisdiction, period.last)
        if held is not None:
            ends.add(held.rules.week_of(period.last) + WEEK - timedelta(days=1))
    return [
        Gap(
            f"The period cuts a workweek: its overtime is paid when it ends, on {end:%d %b %Y}",
            False,
        )
        for end in sorted(ends)
        if end != period.last
    ]


def owed_now(session: Session, hotel: Hotel, period: PayPeriod) -> tuple[Evidence, list[Owed]]:
    """Return what a period that isn't locked comes to now, and from what."""
    evidence = gather(session, hotel, period.first, period.last)
    return evidence, reckoned(evidence, place_of(hotel), period.first, period.last)
