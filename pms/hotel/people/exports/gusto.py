"""Gusto: a row for each employee by name, a column for each kind of hours."""

from collections.abc import Mapping, Sequence

from pms.hotel.people.exports import rates
from pms.hotel.people.exports.told import (
    AMOUNTS,
    LEFT_OUT,
    PREMIUMS,
    Earning,
    File,
    NotToldApart,
    NumberMissing,
    Person,
    Sum,
    Target,
    Told,
    Wants,
    alike,
    coded,
    commas,
    fits,
    plain,
    refuse_none,
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
    **dict.fromkeys(PREMIUMS, "Correction payment"),
}
TEMPLATE_CODES: Mapping[PayKind, str] = {
    PayKind.REGULAR: "regular_hours",
    PayKind.OVERTIME: "overtime_hours",
    **dict.fromkeys(PREMIUMS, LEFT_OUT),
}


def smart_import(told: Told, earnings: Sequence[Earning]) -> File:
    """Return Gusto's smart import: the kinds that occur as columns, blanks and no zeros.

    Who worked at several rates has a row for each title, as Gusto wants it; money is in the first.
    Gusto knows people by name: where two have the same, it is told its own ID of each. Refuses
    those of whom it isn't written down.
    """
    wants, words = Wants(), dict[rates.Key, str]()
    rows = coded(Target.GUSTO, told, earnings, wants)
    with wants:
        words.update(rates.jobs(Target.GUSTO, told, rows, "title", usual=None))
    same = alike(rows, lambda person: (person.first_name, person.last_name))
    if unknown := [person for person in same if not person.known_as]:
        wants.also(NotToldApart(Target.GUSTO, "the ID that Gusto has for them", unknown))
    wants.refuse()
    kinds = [kind for kind in PayKind if any(each.kind is kind for each in rows)]
    heads = list(dict.fromkeys(told.settings.codes[kind] for kind in kinds))
    with_id = ["gusto_employee_id"] if same else []
    records = []
    for (person, title), found in _cells(told, rows, words).items():
        cells = [found.get(head, "") for head in heads]
        known_as = [person.known_as or ""] if same else []
        names = (person.first_name, person.last_name, *known_as, title)
        records.append([*map(plain, names), *cells])
    refuse_none(records)
    head = ["first_name", "last_name", *with_id, "title", *heads]
    name = f"gusto-hours-{told.first.isoformat()}-{told.last.isoformat()}.csv"
    return File(name, "text/csv", commas([head, *records]))


def template(told: Told, earnings: Sequence[Earning]) -> File:
    """Return the template that knows people by their mail: by last name, zeros written.

    Refuses people without an e-mail address, or with one that is another's too.
    """
    target, wants = Target.GUSTO_TEMPLATE, Wants()
    rows = coded(target, told, earnings, wants)
    kinds = (PayKind.REGULAR, PayKind.OVERTIME)
    with wants:
        fits(target, rows, kinds)
    nowhere = {each.person for each in rows if not each.person.email}
    if nowhere:
        wants.also(NumberMissing(target, "an e-mail address", nowhere))
    if shared := alike(rows, lambda person: (person.email or "",)):
        wants.also(NotToldApart(target, "an e-mail address of their own", shared))
    with wants:
        rates.refuse_several(target, rows)
    wants.refuse()
    heads = [
        told.settings.codes[kind]
        for kind in kinds
        if told.settings.codes.get(kind, LEFT_OUT) != LEFT_OUT
    ]
    records = []
    by_name = sorted(
        _cells(told, rows, {}).items(),
        key=lambda each: (each[0][0].last_name, each[0][0].first_name),
    )
    for (person, _), found in by_name:
        cells = [found.get(head, "0.00") for head in heads]
        words = (person.last_name, person.first_name, person.email or "")
        records.append([*map(plain, words), *cells])
    refuse_none(records)
    head = ["last_name", "first_name", "employee_email", *heads]
    return File(f"gusto-{told.last.isoformat()}.csv", "text/csv", commas([head, *records]))


def _cells(
    told: Told, rows: Sequence[Earning], words: Mapping[rates.Key, str]
) -> dict[tuple[Person, str], dict[str, str]]:
    """Return the cells of each person and title, where there are any, by the head of the column.

    Kinds of one head are added up; money stands with the first title of its person.
    """
    found: dict[tuple[Person, str], dict[str, Sum]] = {}
    first: dict[Person, str] = {}
    place = {person: n for n, person in enumerate(dict.fromkeys(each.person for each in rows))}
    codes = told.settings.codes
    money = {codes[kind] for kind in AMOUNTS if codes.get(kind)}
    for each in sorted(rows, key=lambda each: (place[each.person], each.kind in AMOUNTS)):
        title = words.get(rates.key_of(each), "")
        usual = first.setdefault(each.person, title)
        heads = found.setdefault((each.person, usual if each.kind in AMOUNTS else title), {})
        heads.setdefault(codes[each.kind], Sum()).add(each)
    cells = {
        key: {
            head: told.amount(whole.amount) if head in money else whole.hours
            for head, whole in heads.items()
            if not whole.says_nothing(PayKind.BONUS if head in money else PayKind.REGULAR)
        }
        for key, heads in found.items()
    }
    return {key: said for key, said in cells.items() if said}
