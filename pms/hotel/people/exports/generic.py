"""The plain table: everything, a row for each person, position and kind."""

from collections.abc import Mapping, Sequence
from typing import cast

from pms.hotel.people.exports.told import (
    AMOUNTS,
    Earning,
    File,
    Person,
    Target,
    Told,
    Wants,
    coded,
    commas,
    plain,
    refuse_none,
    sums,
)
from pms.hotel.people.pay import PayKind

CODES: Mapping[PayKind, str] = {kind: kind.value for kind in PayKind}
_HEAD = [
    "employee_no",
    "last_name",
    "first_name",
    "period_start",
    "period_end",
    "department",
    "job",
    "pay_code",
    "hours",
    "rate",
    "amount",
    "tips_cash",
    "tips_charged",
]
_TIPS = (PayKind.CASH_TIPS, PayKind.TIPS)


def table(told: Told, earnings: Sequence[Earning]) -> File:
    """Return the table; tips stand in columns of their own, cash and charged."""
    wants = Wants()
    rows = coded(Target.GENERIC, told, earnings, wants)
    wants.refuse()
    records: list[list[str]] = []
    by = sums(
        rows, lambda each: (each.person, each.department, each.position, each.kind, each.rate)
    )
    for key, whole in by.items():
        person, department, position, kind, rate = cast(
            tuple[Person, str, str, PayKind, int | None], key
        )
        if not whole.amount and whole.says_nothing(kind):
            continue
        amount = told.amount(whole.amount)
        paid = ["", amount, ""] if kind is PayKind.CASH_TIPS else ["", "", amount]
        records.append(
            [
                *map(plain, (person.number, person.last_name, person.first_name)),
                *(told.first.isoformat(), told.last.isoformat()),
                *map(plain, (department, position, told.settings.codes[kind])),
                "" if kind in AMOUNTS else whole.hours,
                "" if rate is None else told.amount(rate),
                *(paid if kind in _TIPS else [amount, "", ""]),
            ]
        )
    refuse_none(records)
    return File(f"payroll-{told.first}-{told.last}.csv", "text/csv", commas([_HEAD, *records]))
