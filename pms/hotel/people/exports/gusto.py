"""Gusto: a row for each employee by name, a column for each kind of hours."""

from collections.abc import Mapping, Sequence

from pms.hotel.people.exports.told import (
    AMOUNTS,
    BY_ITSELF,
    LEFT_OUT,
    Earning,
    File,
    NumberMissing,
    Person,
    Sum,
    Target,
    Told,
    coded,
    commas,
    fits,
    plain,
)
from pms.hotel.people.pay import PayKind

# The code of a kind is the head of its column.
CODES: Mapping[PayKind, str] = {
    PayKind.REGULAR: "Regular hours",
    PayKind.OVERTIME: "Overtime hours",
    PayKind.DOUBLE_TIME: "Double overtime hours",
    PayKind.VACATION: "Vacation hours",
    PayKind.SICK: "Sick hours",
    PayKind.HOLIDAY_PAY: "Holiday hours",
    PayKind.MAKE_UP: "Correction payment",
    PayKind.BONUS: "Bonus",
    PayKind.SERVICE_CHARGE: "Service charge",
    PayKind.TIPS: "Paycheck tips",
    PayKind.CASH_TIPS: "Cash tips",
    **BY_ITSELF,
}
TEMPLATE_CODES: Mapping[PayKind, str] = {
    PayKind.REGULAR: "regular_hours",
    PayKind.OVERTIME: "overtime_hours",
    **BY_ITSELF,
}


def smart_import(told: Told, earnings: Sequence[Earning]) -> File:
    """Return Gusto's smart import: the kinds that occur as columns, blanks and no zeros."""
    rows = coded(Target.GUSTO, told, earnings)
    kinds = [kind for kind in PayKind if any(each.kind is kind for each in rows)]
    heads = list(dict.fromkeys(told.settings.codes[kind] for kind in kinds))
    records = [["first_name", "last_name", "title", *heads]]
    for person, found in _by_person(told, rows).items():
        cells = [found.get(head, "") for head in heads]
        records.append([plain(person.first_name), plain(person.last_name), "", *cells])
    name = f"gusto-hours-{told.first.isoformat()}-{told.last.isoformat()}.csv"
    return File(name, "text/csv", commas(records))


def template(told: Told, earnings: Sequence[Earning]) -> File:
    """Return the template that knows people by their mail: by last name, zeros written.

    Refuses people without an e-mail address.
    """
    target = Target.GUSTO_TEMPLATE
    rows = coded(target, told, earnings)
    kinds = (PayKind.REGULAR, PayKind.OVERTIME)
    fits(target, rows, kinds)
    nowhere = {each.person for each in rows if not each.person.email}
    if nowhere:
        raise NumberMissing(target, "an e-mail address", nowhere)
    heads = [
        told.settings.codes[kind]
        for kind in kinds
        if told.settings.codes.get(kind, LEFT_OUT) != LEFT_OUT
    ]
    records = [["last_name", "first_name", "employee_email", *heads]]
    by_name = sorted(
        _by_person(told, rows).items(), key=lambda each: (each[0].last_name, each[0].first_name)
    )
    for person, found in by_name:
        cells = [found.get(head, "0.00") for head in heads]
        words = (person.last_name, person.first_name, person.email or "")
        records.append([*map(plain, words), *cells])
    return File(f"gusto-{told.last.isoformat()}.csv", "text/csv", commas(records))


def _by_person(told: Told, rows: Sequence[Earning]) -> dict[Person, dict[str, str]]:
    """Return each person's cells by the head of the column; kinds of one head are added up."""
    found: dict[Person, dict[str, Sum]] = {}
    money = {told.settings.codes[kind] for kind in AMOUNTS if told.settings.codes.get(kind)}
    for each in rows:
        heads = found.setdefault(each.person, {})
        heads.setdefault(told.settings.codes[each.kind], Sum()).add(each)
    return {
        person: {
            head: told.amount(whole.amount) if head in money else whole.hours
            for head, whole in heads.items()
        }
        for person, heads in found.items()
    }
