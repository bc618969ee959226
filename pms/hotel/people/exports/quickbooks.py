"""QuickBooks Desktop: time activities as IIF, a line for each person, day and payroll item."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import cast

from pms.base.refusal import Refusal
from pms.hotel.people.exports.told import (
    AMOUNTS,
    BY_ITSELF,
    LEFT_OUT,
    Earning,
    File,
    Person,
    Target,
    Told,
    coded,
    sums,
)
from pms.hotel.people.pay import PayKind

# Time activities hold no money: it is left out, and paid by payroll items of its own.
CODES: Mapping[PayKind, str] = {
    PayKind.REGULAR: "Hourly Wage",
    PayKind.OVERTIME: "Hourly Overtime",
    PayKind.DOUBLE_TIME: "Hourly Double-time",
    PayKind.VACATION: "Vacation Hourly",
    PayKind.SICK: "Sick Hourly",
    PayKind.HOLIDAY_PAY: "Holiday Hourly",
    **dict.fromkeys(AMOUNTS, LEFT_OUT),
    **BY_ITSELF,
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
    def __init__(self, people: str) -> None:
        super().__init__(
            f"QuickBooks Desktop can't spell: {people}. Write down their names as it has them as "
            "their payroll numbers.",
            names=people,
        )


class MoneyInTime(Refusal):
    def __init__(self, kinds: str) -> None:
        super().__init__(
            f"A file of time holds no money: {kinds}. Give “{LEFT_OUT}” as their code.",
            field="codes",
        )


def time_activities(told: Told, earnings: Sequence[Earning]) -> File:
    """Return the timer file: dates MM/DD/YY, hours as plain decimals, names as QuickBooks has them.

    Refuses money that isn't left out, a day whose hours are below zero, and names that Windows-1252
    doesn't have: a name that is spelled otherwise is somebody new there.
    """
    rows = coded(Target.QUICKBOOKS, told, earnings)
    money = sorted({each.kind.words for each in rows if each.kind in AMOUNTS})
    if money:
        raise MoneyInTime(", ".join(money))
    company = f"TIMERHDR\t 8\t 0\t{_cell(told.hotel)}\tN\tY\t{told.settings.company_created}"
    lines = [_TIMER.replace(" ", "\t"), company, _ACTIVITY.replace(" ", "\t")]
    below, unspelled = set(), set()
    for key, whole in sums(rows, lambda each: (each.person, each.day, each.kind)).items():
        person, day, kind = cast(tuple[Person, date, PayKind], key)
        if whole.minutes < 0:
            below.add(f"{person.name}, {day:%d %b}")
        name = person.known_as or f"{person.last_name}, {person.first_name}"
        if not spells(name):
            unspelled.add(name)
        item, duration = told.settings.codes[kind], whole.hours.rstrip("0").rstrip(".")
        cells = [f"{day:%m/%d/%y}", "", name, "", item, duration, "", "", "0"]
        lines.append("\t".join(["TIMEACT", *map(_cell, cells)]))
    if below:
        raise HoursTakenBack("; ".join(sorted(below)))
    if unspelled:
        raise NotSpelled("; ".join(sorted(unspelled)))
    content = "".join(f"{line}\r\n" for line in lines).encode(ALPHABET, errors="replace")
    return File(f"time-{told.last.isoformat()}.iif", "text/plain", content)


def spells(name: str) -> bool:
    """Say whether QuickBooks Desktop, which reads Windows-1252, has every letter of a name."""
    return name.encode(ALPHABET, errors="replace").decode(ALPHABET) == name


def _cell(text: str) -> str:
    return " ".join(text.split())
