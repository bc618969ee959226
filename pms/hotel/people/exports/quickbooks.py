"""QuickBooks Desktop: time activities as IIF, a line for each person, day and payroll item.

A line has more than no hours, and less than 24. So hours that a correction takes back are taken off
other days of the same item, the longest first.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from pms.base.refusal import Refusal
from pms.hotel.people.exports import rates
from pms.hotel.people.exports.told import (
    AMOUNTS,
    LEFT_OUT,
    Earning,
    File,
    NotToldApart,
    Person,
    Target,
    Told,
    Wants,
    alike,
    coded,
    refuse_none,
)
from pms.hotel.people.pay import PayKind
from pms.hotel.people.pay.lines import hundredths

Item = tuple[Person, str]  # whose, on which payroll item
Minutes = int | Fraction
_LONGEST = 2399  # hundredths of an hour in a line
# Time activities hold no money: it is left out, and paid by payroll items of its own.
CODES: Mapping[PayKind, str] = {
    PayKind.REGULAR: "Hourly Wage",
    PayKind.OVERTIME: "Hourly Overtime",
    PayKind.DOUBLE_TIME: "Hourly Double-time",
    PayKind.VACATION: "Vacation Hourly",
    PayKind.SICK: "Sick Hourly",
    PayKind.HOLIDAY_PAY: "Holiday Hourly",
    **{kind: LEFT_OUT for kind in PayKind if kind in AMOUNTS},
}
ALPHABET = "cp1252"
_TIMER = "!TIMERHDR VER REL COMPANYNAME IMPORTEDBEFORE FROMTIMER COMPANYCREATETIME"
_ACTIVITY = "!TIMEACT DATE JOB EMP ITEM PITEM DURATION PROJ NOTE BILLINGSTATUS"


class HoursTakenBack(Refusal):
    def __init__(self, people: str) -> None:
        super().__init__(
            f"QuickBooks takes no hours back by this file: {people}. Correct them there by hand, "
            "or use another export."
        )


class NotSpelled(Refusal):
    def __init__(self, people: Iterable[Person]) -> None:
        self.people = tuple(sorted(people, key=_named))
        self.what = "a name that it can spell"
        names = "; ".join(_named(each) for each in self.people)
        super().__init__(
            f"QuickBooks Desktop can't spell: {names}. Write down their names as it has them as "
            "their payroll numbers.",
            names=names,
        )


class MoneyInTime(Refusal):
    def __init__(self, kinds: str) -> None:
        super().__init__(
            f"A file of time holds no money: {kinds}. Give “{LEFT_OUT}” as their code.",
            field="codes",
        )


def time_activities(told: Told, earnings: Sequence[Earning]) -> File:
    """Return the timer file: dates MM/DD/YY, hours as plain decimals, names as QuickBooks has them.

    A payroll item has one rate: who worked at several has an item for each job, called the kind's
    name and the job's word of the settings. Refuses money that isn't left out, more hours taken
    back than there are, two people under one name, and names that Windows-1252 doesn't have: a name
    that is spelled otherwise is somebody new there.
    """
    items = _held(told, earnings)
    company = f"TIMERHDR\t 8\t 0\t{_cell(told.hotel)}\tN\tY\t{told.settings.company_created}"
    head = [_TIMER.replace(" ", "\t"), company, _ACTIVITY.replace(" ", "\t")]
    lines = []
    for (person, item), worked in items.items():
        name = _named(person)
        for day, duration in _durations(worked):
            cells = [f"{day:%m/%d/%y}", "", name, "", item, duration, "", "", "0"]
            lines.append("\t".join(["TIMEACT", *map(_cell, cells)]))
    refuse_none(lines)
    content = "".join(f"{line}\r\n" for line in (*head, *lines)).encode(ALPHABET, errors="replace")
    return File(f"time-{told.last.isoformat()}.iif", "text/plain", content)


def _held(told: Told, earnings: Sequence[Earning]) -> dict[Item, dict[date, Minutes]]:
    """Return what stands in a file by payroll item, refusing at once all that it can't hold."""
    wants, items = Wants(), dict[Item, dict[date, Minutes]]()
    rows = coded(Target.QUICKBOOKS, told, earnings, wants)
    money = sorted({each.kind.words for each in rows if each.kind in AMOUNTS})
    if money:
        wants.also(MoneyInTime(", ".join(money)))
    with wants:
        items = _by_item(told, [each for each in rows if each.kind not in AMOUNTS])
    below = {f"{person.name}, {item}" for (person, item), at in items.items() if not _is_enough(at)}
    if below:
        wants.also(HoursTakenBack("; ".join(sorted(below))))
    if same := alike(rows, lambda person: (_named(person),)):
        asked = "the name that QuickBooks has for them, as payroll number"
        wants.also(NotToldApart(Target.QUICKBOOKS, asked, same))
    unspelled = {each.person for each in rows if not spells(_named(each.person))}
    if unspelled:
        wants.also(NotSpelled(unspelled))
    wants.refuse()
    return items


def _named(person: Person) -> str:
    """Return the name that somebody has there: as it was written down, or “Schmoe, Joe”."""
    return person.known_as or f"{person.last_name}, {person.first_name}"


def _by_item(told: Told, rows: Sequence[Earning]) -> dict[Item, dict[date, Minutes]]:
    """Return the minutes of each person's payroll items by day."""
    words = rates.jobs(Target.QUICKBOOKS, told, rows, "payroll item")
    found: dict[Item, dict[date, Minutes]] = {}
    for each in rows:
        item = f"{told.settings.codes[each.kind]} {words.get(rates.key_of(each), '')}".strip()
        worked = found.setdefault((each.person, item), {})
        worked[each.day] = worked.get(each.day, 0) + each.minutes
    return found


def _is_enough(worked: dict[date, Minutes]) -> bool:
    """Take hours that are below nothing off the longest days; tell whether there were enough."""
    back = -sum(minutes for minutes in worked.values() if minutes < 0)
    for day in sorted(worked, key=lambda each: (-worked[each], each)):
        taken = max(0, min(back, worked[day]))
        worked[day] = max(0, worked[day]) - taken
        back -= taken
    return not back


def _durations(worked: Mapping[date, Minutes]) -> Iterator[tuple[date, str]]:
    """Yield the lines' days and hours: their hundredths add up to those of the whole."""
    before: Minutes = 0
    for day in sorted(worked):
        after = before + worked[day]
        left = hundredths(after) - hundredths(before)
        before = after
        while left > 0:
            part = min(left, _LONGEST)
            yield day, f"{part // 100}.{part % 100:02}".rstrip("0").rstrip(".")
            left -= part


def spells(name: str) -> bool:
    """Say whether QuickBooks Desktop, which reads Windows-1252, has every letter of a name."""
    return name.encode(ALPHABET, errors="replace").decode(ALPHABET) == name


def _cell(text: str) -> str:
    return " ".join(text.split())
