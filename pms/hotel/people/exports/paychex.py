"""Paychex Flex: sixteen columns in a fixed order, a row for each worker and pay component."""

from collections.abc import Mapping, Sequence
from typing import cast

from pms.hotel.people.exports import rates
from pms.hotel.people.exports.told import (
    AMOUNTS,
    Earning,
    File,
    NumberMissing,
    SettingMissing,
    Target,
    Told,
    Wants,
    coded,
    commas,
    known,
    plain,
    refuse_none,
    sums,
)
from pms.hotel.people.pay import PayKind

CODES: Mapping[PayKind, str] = {
    PayKind.REGULAR: "Hourly",
    PayKind.OVERTIME: "Overtime",
    PayKind.DOUBLE_TIME: "Double Time",
    PayKind.VACATION: "PTO",
    PayKind.SICK: "Sick",
    PayKind.HOLIDAY_PAY: "Holiday",
    PayKind.MAKE_UP: "Min Wage Adj",
    PayKind.BONUS: "Bonus",
    PayKind.SERVICE_CHARGE: "Service Charge",
    PayKind.TIPS: "Paycheck Tips",
    PayKind.CASH_TIPS: "Cash Tips",
    PayKind.OVERTIME_PREMIUM: "Overtime Premium",
    PayKind.DOUBLE_TIME_PREMIUM: "Double Time Premium",
}
_LONGEST_CLIENT, _LONGEST_WORKER, _LONGEST_COMPONENT = 8, 10, 20
_HEAD = [
    "Client ID",
    "Worker ID",
    "Org",
    "Job Number",
    "Pay Component",
    "Rate",
    "Rate Number",
    "Hours",
    "Units",
    "Line Date",
    "Amount",
    "Check Seq Number",
    "Override State",
    "Override Local",
    "Override Local Jurisdiction",
    "Labor Assignment",
]


def flex(told: Told, earnings: Sequence[Earning]) -> File:
    """Return the import file: hours or an amount in each row, every column there.

    A rate overrides the one that is set up there, so it is stated for who worked at several.
    Refuses IDs and pay components that are longer than their columns.
    """
    target, company, wants = Target.PAYCHEX_FLEX, told.settings.company, Wants()
    if not 1 <= len(company) <= _LONGEST_CLIENT:
        wants.also(SettingMissing(target, f"a client ID of at most {_LONGEST_CLIENT} characters"))
    rows = coded(target, told, earnings, wants)
    with wants:
        known(target, rows, "a worker ID")
    long = {each.person for each in rows if len(each.person.known_as or "") > _LONGEST_WORKER}
    if long:
        asked = f"a worker ID of at most {_LONGEST_WORKER} characters"
        wants.also(NumberMissing(target, asked, long))
    codes = [told.settings.codes.get(each.kind, "") for each in rows]
    if any(len(code) > _LONGEST_COMPONENT for code in codes):
        asked = f"pay components of at most {_LONGEST_COMPONENT} characters"
        wants.also(SettingMissing(target, asked))
    wants.refuse()
    records, rate_of = list[list[str]](), rates.stated(rows)
    for key, whole in sums(
        rows, lambda each: (each.person.known_as, each.kind, rate_of(each))
    ).items():
        number, kind, rate = cast(tuple[str, PayKind, int | None], key)
        if whole.says_nothing(kind):
            continue
        record = [""] * len(_HEAD)
        record[0], record[1], record[4] = map(plain, (company, number, told.settings.codes[kind]))
        if kind in AMOUNTS:
            record[10] = told.amount(whole.amount)
        else:
            record[5] = "" if rate is None else told.amount(rate)
            record[7] = whole.hours
        records.append(record)
    refuse_none(records)
    name = f"paychex-hours-{told.first.isoformat()}-{told.last.isoformat()}.csv"
    return File(name, "text/csv", commas([_HEAD, *records]))
