"""ADP: paydata for Workforce Now, the generic file of RUN, and the template with a pay date."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import zip_longest
from typing import cast

from pms.hotel.people.exports import rates
from pms.hotel.people.exports.told import (
    AMOUNTS,
    LEFT_OUT,
    PREMIUMS,
    Earning,
    File,
    SettingMissing,
    Sum,
    Target,
    Told,
    Wants,
    ascii_only,
    coded,
    commas,
    fits,
    known,
    refuse_none,
    sums,
)
from pms.hotel.people.pay import PayKind

_CSV = "text/csv"
_FILE_NUMBER = "a file number"
_OF_AMOUNTS = {
    PayKind.MAKE_UP: "MWA",
    PayKind.BONUS: "BON",
    PayKind.SERVICE_CHARGE: "SVC",
    PayKind.TIPS: "TIP",
    PayKind.CASH_TIPS: "CTP",
    PayKind.OVERTIME_PREMIUM: "OTP",
    PayKind.DOUBLE_TIME_PREMIUM: "DTP",
}
RUN_CODES: Mapping[PayKind, str] = {
    PayKind.REGULAR: "REG",
    PayKind.OVERTIME: "OVT",
    PayKind.DOUBLE_TIME: "DBL",
    PayKind.VACATION: "VAC",
    PayKind.SICK: "SIC",
    PayKind.HOLIDAY_PAY: "HOL",
    **_OF_AMOUNTS,
}
# Regular and overtime have columns of their own; their code is never written.
WORKFORCE_NOW_CODES: Mapping[PayKind, str] = {
    PayKind.REGULAR: "REG",
    PayKind.OVERTIME: "OT",
    PayKind.DOUBLE_TIME: "D",
    PayKind.VACATION: "V",
    PayKind.SICK: "S",
    PayKind.HOLIDAY_PAY: "H",
    **_OF_AMOUNTS,
}
# The template has two columns: a kind that has none has to be left out by its code.
TEMPLATE_CODES: Mapping[PayKind, str] = {
    PayKind.REGULAR: "REG",
    PayKind.OVERTIME: "OT",
    **dict.fromkeys(PREMIUMS, LEFT_OUT),
}

_LONGEST_BATCH = 8
_COMPANY = "a company code of 2 or 3 letters and digits"


def workforce_now(told: Told, earnings: Sequence[Earning]) -> File:
    """Return PRcccEPI.csv: fixed columns for regular and overtime hours, pairs for other codes.

    Blank, never 0, where there are no hours; a third code goes on a second record. Who worked at
    several rates has records for each, with the rate beside the hours. A code of two letters is
    filled up with _ in the file's name only. Refuses a batch ID that ADP would cut.
    """
    target, company, wants = Target.ADP_WORKFORCE_NOW, told.settings.company, Wants()
    with wants:
        ascii_only(target, company, told.settings.batch)
    if not (2 <= len(company) <= 3 and company.isalnum()):
        wants.also(SettingMissing(target, _COMPANY))
    rows = coded(target, told, earnings, wants)
    with wants:
        known(target, rows, _FILE_NUMBER)
    _spelled(target, told, rows, wants, unwritten=_FIXED)
    batch = f"{told.settings.batch}{told.last:%y%m%d}"
    if len(batch) > _LONGEST_BATCH:
        wants.also(SettingMissing(target, "batches that begin with at most 2 letters"))
    wants.refuse()
    with_money = any(each.kind in AMOUNTS for each in rows)
    by_rate = _by_rate(rows)
    with_rates = any(rate is not None for _, rate in by_rate)
    head = ["Co Code", "Batch ID", "File #", "Reg Hours", "O/T Hours"]
    head += ["Hours 3 Code", "Hours 3 Amount", "Hours 4 Code", "Hours 4 Amount"]
    head += ["Temp Rate"] if with_rates else []
    if with_money:
        head += ["Earnings 3 Code", "Earnings 3 Amount", "Earnings 4 Code", "Earnings 4 Amount"]
    records = []
    for (number, rate), kinds in by_rate.items():
        temporary = ["" if rate is None else told.amount(rate)] if with_rates else []
        for of_hours, of_money in _cells(told, kinds):
            money = of_money if with_money else []
            records.append([company, batch, number, *of_hours, *temporary, *money])
    refuse_none(records)
    return File(f"PR{company:_<3}EPI.csv", _CSV, commas([head, *records]))


_FIXED = (PayKind.REGULAR, PayKind.OVERTIME)


def _spelled(
    target: Target,
    told: Told,
    rows: Sequence[Earning],
    wants: Wants,
    *,
    unwritten: Sequence[PayKind] = (),
) -> None:
    """Want numbers, and codes but those that are never written, that an ASCII file can hold."""
    used = {told.settings.codes[each.kind] for each in rows if each.kind not in unwritten}
    for word in sorted({*used, *(each.person.known_as or "" for each in rows)}):
        with wants:
            ascii_only(target, word)


def _by_number(rows: Sequence[Earning]) -> dict[str, dict[PayKind, Sum]]:
    """Return what was earned by file number and kind."""
    found: dict[str, dict[PayKind, Sum]] = {}
    for each in rows:
        found.setdefault(each.person.known_as or "", {}).setdefault(each.kind, Sum()).add(each)
    return found


def _by_rate(rows: Sequence[Earning]) -> dict[tuple[str, int | None], dict[PayKind, Sum]]:
    """Return what was earned by file number and rate, where one is stated, and kind.

    Money stands with the first hours of its person.
    """
    rate_of = rates.stated(rows)
    found: dict[tuple[str, int | None], dict[PayKind, Sum]] = {}
    first: dict[str, int | None] = {}
    for each in sorted(rows, key=lambda each: each.kind in AMOUNTS):
        number = each.person.known_as or ""
        rate = first.setdefault(number, rate_of(each))
        key = number, rate if each.kind in AMOUNTS else rate_of(each)
        found.setdefault(key, {}).setdefault(each.kind, Sum()).add(each)
    return dict(sorted(found.items(), key=lambda each: (each[0][0], each[0][1] or 0)))


def _cells(told: Told, kinds: dict[PayKind, Sum]) -> list[tuple[list[str], list[str]]]:
    """Return the cells of hours and of money of as many records as they need, if any."""
    codes = told.settings.codes
    kinds = {kind: whole for kind, whole in kinds.items() if not whole.says_nothing(kind)}
    fixed = [kinds[kind].hours if kind in kinds else "" for kind in _FIXED]
    others = [
        (codes[kind], whole.hours)
        for kind, whole in kinds.items()
        if kind not in _FIXED and kind not in AMOUNTS
    ]
    money = [
        (codes[kind], told.amount(whole.amount)) for kind, whole in kinds.items() if kind in AMOUNTS
    ]
    pairs = list(zip_longest(_in_twos(others), _in_twos(money), fillvalue=[""] * 4))
    if not pairs and any(fixed):
        pairs = [([""] * 4, [""] * 4)]
    return [
        ([*(fixed if place == 0 else ["", ""]), *of_hours], of_money)
        for place, (of_hours, of_money) in enumerate(pairs)
    ]


def _in_twos(pairs: Sequence[tuple[str, str]]) -> list[list[str]]:
    cells = [cell for pair in pairs for cell in pair]
    return [(cells[n : n + 4] + [""] * 4)[:4] for n in range(0, len(cells), 4)]


def run(told: Told, earnings: Sequence[Earning]) -> File:
    """Return RUN's generic file: one row for each person, earnings code and rate code.

    RUN is told no rates: hours at another than the base rate want a rate code of their own, which
    the settings have by position. Refuses a period without a single pay frequency.
    """
    target, company, wants = Target.ADP_RUN, told.settings.company, Wants()
    words: Mapping[rates.Key, str] = {}
    with wants:
        ascii_only(target, company)
    if not company:
        wants.also(SettingMissing(target, "a company code"))
    frequency = told.frequency.value if told.frequency else ""
    if not frequency:
        wants.also(SettingMissing(target, "a single pay frequency"))
    rows = coded(target, told, earnings, wants)
    with wants:
        known(target, rows, "an employee ID")
    _spelled(target, told, rows, wants)
    with wants:
        words = rates.jobs(target, told, rows, "rate code", usual=_BASE)
        ascii_only(target, *words.values())
    wants.refuse()
    above = [company, frequency[0].upper(), _us(told.first), _us(told.last)]
    codes = told.settings.codes
    records: list[list[str]] = []
    for key, whole in sums(
        rows,
        lambda each: (each.person.known_as, each.kind, words.get(rates.key_of(each), _BASE)),
    ).items():
        number, kind, rate_code = cast(tuple[str, PayKind, str], key)
        if whole.says_nothing(kind):
            continue
        paid = ["", told.amount(whole.amount)] if kind in AMOUNTS else [whole.hours, ""]
        records.append([*above, number, codes[kind], *paid, "0", "", rate_code])
    refuse_none(records)
    days = f"{told.first:%m%d%Y}-{told.last:%m%d%Y}"
    return File(
        f"{frequency.capitalize()}-{days}.csv",
        _CSV,
        commas([["##GENERIC## V1.0"], _RUN_HEAD, *records]),
    )


_BASE = "BASE"
_RUN_HEAD = [
    "Company Code",
    "Pay Frequency",
    "Pay Period Start Date",
    "Pay Period End Date",
    "Employee ID",
    "Earnings Code",
    "Pay Hours",
    "Dollars",
    "Separate Check",
    "Worked In Dept",
    "Rate Code",
]


def template(told: Told, earnings: Sequence[Earning]) -> File:
    """Return the paydata template with a pay date: regular and overtime hours, zeros written.

    The batch is the month and day on which the period ends; rows stand by file number.
    """
    target, company, wants = Target.ADP_TEMPLATE, told.settings.company, Wants()
    with wants:
        ascii_only(target, company)
    if not company:
        wants.also(SettingMissing(target, _COMPANY))
    rows = coded(target, told, earnings, wants)
    with wants:
        known(target, rows, _FILE_NUMBER)
    _spelled(target, told, rows, wants, unwritten=tuple(PayKind))
    with wants:
        fits(target, rows, _FIXED)
    with wants:
        rates.refuse_several(target, rows)
    wants.refuse()
    head = ["Co Code", "Batch ID", "File #", "Reg Hours", "O/T Hours", "Pay Date"]
    records = []
    for number, kinds in _by_number(rows).items():
        said = [kind for kind in _FIXED if kind in kinds and not kinds[kind].says_nothing(kind)]
        fixed = [kinds[kind].hours if kind in said else "0.00" for kind in _FIXED]
        if said:
            records.append([company, f"{told.last:%m%d}", number, *fixed, _us(told.pays_on)])
    refuse_none(records)
    return File(f"paydata-{told.last:%Y-%m-%d}.csv", _CSV, commas([head, *records]))


def _us(day: date) -> str:
    return f"{day:%m/%d/%Y}"
