"""Pay rules: what a jurisdiction asks for, as data that holds from a day on."""

import enum
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from pms.hotel.people.pay.lines import PayKind


class OvertimeBase(enum.StrEnum):
    """What an overtime premium is reckoned on."""

    REGULAR_RATE = "regular_rate"  # the week's weighted average (29 CFR 778.115)
    OWN_RATE = "own_rate"  # the rate of the hour itself


class RateRounding(enum.StrEnum):
    """How the regular rate is rounded before a premium is reckoned on it.

    Exact loses nothing. Some payroll systems round it to the cent first, halves to the even one.
    """

    EXACT = "exact"
    CENT_HALF_EVEN = "cent_half_even"


class PremiumOn(enum.StrEnum):
    """The hours that a premium is for."""

    NIGHT = "night"
    SUNDAY = "sunday"
    HOLIDAY = "holiday"

    @property
    def pays(self) -> PayKind:
        """The kind of line it becomes."""
        return PayKind(self.value)


@dataclass(frozen=True, slots=True)
class Tier:
    """Hours beyond `after` minutes, of a day or a week, are paid at `percent` of the rate: 150."""

    after: int
    percent: int
    kind: PayKind
    source: str


@dataclass(frozen=True, slots=True)
class Premium:
    """A percentage on the hour's own rate; `begins` and `ends` say when it is night."""

    on: PremiumOn
    percent: int
    source: str
    begins: time = time(23)
    ends: time = time(6)


@dataclass(frozen=True, slots=True)
class PayRules:
    """What is asked for: overtime by week, day and seventh day, minimum wage, premiums.

    `week_starts` is 0 for Monday to 6 for Sunday, and `workday_begins` the local time at which a
    workday does. `minimum_wage` and `tip_credit` (the most that tips may stand for) are minor units
    an hour. `flat_by_straight` divides a flat sum by straight hours, as California does. `calendar`
    names the holidays: a country, with its subdivision where there is one (US-CA, DE-BY).
    """

    name: str
    weekly: tuple[Tier, ...] = ()
    daily: tuple[Tier, ...] = ()
    seventh_day: tuple[Tier, ...] = ()
    week_starts: int = 0
    workday_begins: time = time(0)
    base: OvertimeBase = OvertimeBase.REGULAR_RATE
    rounding: RateRounding = RateRounding.EXACT
    flat_by_straight: bool = False
    minimum_wage: int = 0
    tip_credit: int = 0
    minimum_source: str = ""
    rate_source: str = ""
    premiums: tuple[Premium, ...] = ()
    calendar: str | None = None

    def week_of(self, day: date) -> date:
        """Return the first day of the workweek that a day is in."""
        return day - timedelta(days=(day.weekday() - self.week_starts) % 7)

    @property
    def knows_holidays(self) -> bool:
        """Whether the holidays of its calendar are known, or it has none."""
        return self.calendar is None or _is_known(self.calendar)

    def is_holiday(self, day: date) -> bool:
        """Tell whether a day is a public holiday of the calendar."""
        return self.calendar is not None and day in _holidays(self.calendar, day.year)


_RULES = TypeAdapter(PayRules)


def read_rules(data: dict[str, Any]) -> PayRules:
    """Return rules from what was kept of them; raises ValueError for what they can't be."""
    return _RULES.validate_python(data)


def write_rules(rules: PayRules) -> dict[str, Any]:
    """Return rules as plain JSON, to be kept."""
    written: dict[str, Any] = _RULES.dump_python(rules, mode="json")
    return written


def _is_known(calendar: str) -> bool:
    import holidays
    from holidays.registry import EntityLoader

    country, _, subdivision = calendar.partition("-")
    if country not in set(EntityLoader.get_country_codes()):
        return False
    return not subdivision or subdivision in getattr(holidays, country).subdivisions


@lru_cache(maxsize=64)
def _holidays(calendar: str, year: int) -> frozenset[date]:
    from holidays import country_holidays

    country, _, subdivision = calendar.partition("-")
    return frozenset(country_holidays(country, subdiv=subdivision or None, years=year))
