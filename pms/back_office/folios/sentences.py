"""Routing rules as plain sentences: who pays how much of what, on which nights."""

from datetime import date
from itertools import groupby

from pms.base.money import Money
from pms.hotel.books.folios import EVERY_DAY, WHOLE, RoutingRule
from pms.hotel.tariff.charges import Department
from pms.web.filters import money, short_day
from pms.web.forms import WEEKDAYS

DEPARTMENTS = {
    Department.ROOMS: "rooms",
    Department.FOOD_AND_BEVERAGE: "food and beverage",
    Department.OTHER: "other departments",
    Department.MISCELLANEOUS: "miscellaneous",
}
EVERYTHING = "everything"


def sentence(rule: RoutingRule, *, payer: str, code: str | None, currency: str) -> str:
    """Say a rule: “Acme pays 60 % of Room, up to €120.00 a night, Mon–Thu”."""
    what = code or (DEPARTMENTS[rule.department] if rule.department else EVERYTHING)
    part = "" if rule.percent == WHOLE else f"{percent(rule.percent)} of "
    said = [f"{payer} pays {part}{what}", *_limits(rule, currency)]
    if rule.weekdays != EVERY_DAY:
        said.append(weekdays(rule.weekdays))
    said += nights(rule.first_night, rule.last_night)
    return ", ".join(said)


def percent(hundredths: int) -> str:
    """Write a share: 6000 is `60 %`, 1250 is `12.5 %`."""
    return f"{hundredths / 100:g} %"


def weekdays(bits: int) -> str:
    """Write weekdays: three and more in a row as `Mon–Thu`."""
    ticked = [no for no in range(len(WEEKDAYS)) if bits & 1 << no]
    words = []
    for _, run in groupby(enumerate(ticked), lambda pair: pair[1] - pair[0]):
        days = [WEEKDAYS[no] for _, no in run]
        words += days if len(days) < 3 else [f"{days[0]}–{days[-1]}"]
    return ", ".join(words)


def nights(first: date | None, last: date | None) -> list[str]:
    """Write the nights that bound a rule: nothing, one, or from one to another."""
    if first is not None and first == last:
        return [f"on {short_day(first)}"]
    bounds = [("from", first), ("to", last)]
    said = " ".join(f"{word} {short_day(day)}" for word, day in bounds if day is not None)
    return [said] if said else []


def _limits(rule: RoutingRule, currency: str) -> list[str]:
    most = [(rule.night_limit, "a night"), (rule.total_limit, "in all")]
    said = [f"{money(Money(minor, currency))} {word}" for minor, word in most if minor is not None]
    return [f"up to {' and '.join(said)}"] if said else []
