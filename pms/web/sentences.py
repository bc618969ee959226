"""Routing as plain sentences: who pays how much of what, on which nights, and who can't."""

from datetime import date
from itertools import groupby

from pms.hotel.books.folios import EVERY_DAY, WHOLE
from pms.hotel.books.taking import Takes
from pms.hotel.stays.credit_watch import Standing
from pms.hotel.tariff.charges import Department
from pms.hotel.tariff.taxes import Levies
from pms.web.filters import money, short_day
from pms.web.forms import WEEKDAYS

DEPARTMENTS = {
    Department.ROOMS: "rooms",
    Department.FOOD_AND_BEVERAGE: "food and beverage",
    Department.OTHER: "other departments",
    Department.MISCELLANEOUS: "miscellaneous",
}
LEVIES = {
    Levies.ALONG: "Go with the charge",
    Levies.LEFT: "City tax and other levies stay",
    Levies.ONLY: "Only city tax and other levies",
}
EVERYTHING = "everything"


def sentence(takes: Takes, *, payer: str) -> str:
    """Say a rule: “Acme pays 60 % of Room, up to €120.00 a night, Mon–Thu”."""
    part = "" if takes.percent == WHOLE else f"{percent(takes.percent)} of "
    what = f"{part}{_what(takes)}"
    if takes.levies is Levies.ONLY:
        what = f"{part}the levies on {_what(takes)}"
    said = [f"{payer} pays {what}", *_limits(takes)]
    if takes.levies is Levies.LEFT:
        said[0] += " without levies"
    if takes.weekdays != EVERY_DAY:
        said.append(weekdays(takes.weekdays))
    said += nights(takes.first_night, takes.last_night)
    return ", ".join(said)


def over_credit(company: Standing) -> str:
    """Say whom a stay would put over their credit limit, and by how much."""
    return (
        f"{company.name} may owe {money(company.limit)} at most, owes {money(company.owes)}; "
        f"this stay's part {money(company.part)} would be {money(company.over)} over."
    )


def _what(takes: Takes) -> str:
    """Write which charges: a set by its name, several codes by theirs."""
    if takes.charge_set is not None:
        return str(takes.charge_set.name)
    if takes.department is not None:
        return DEPARTMENTS[takes.department]
    *others, last = [code.name for code in takes.every_code] or [EVERYTHING]
    return f"{', '.join(others)} and {last}" if others else last


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


def _limits(takes: Takes) -> list[str]:
    most = [(takes.night_limit, "a night"), (takes.total_limit, "in all")]
    said = [f"{money(limit)} {word}" for limit, word in most if limit is not None]
    return [f"up to {' and '.join(said)}"] if said else []
