"""Pay: what hours come to under dated rules, line by line, each with its reason and its source.

Pure functions over worked time; what is kept of it is `payroll`'s. Money is whole minor units, and
what is rounded is said where it is rounded: a day's pay in a position, a week's premium of a kind,
a premium of a day; each to the minor unit, half up, and shared out without losing one.
"""

from pms.hotel.people.pay.lines import (
    ABSENT,
    HOURS,
    PAID,
    Extra,
    ExtraKind,
    PayKind,
    PayLine,
    hours,
)
from pms.hotel.people.pay.place import Place
from pms.hotel.people.pay.presets import PRESETS, california, generic_weekly, germany, us_federal
from pms.hotel.people.pay.reckoning import reckon, reckon_week
from pms.hotel.people.pay.regular_rate import RegularRate, regular_rate
from pms.hotel.people.pay.rules import (
    OvertimeBase,
    PayRules,
    Premium,
    PremiumOn,
    RateRounding,
    Tier,
    read_rules,
    write_rules,
)
from pms.hotel.people.pay.worked import Piece, Salary

__all__ = [
    "ABSENT",
    "HOURS",
    "PAID",
    "PRESETS",
    "Extra",
    "ExtraKind",
    "OvertimeBase",
    "PayKind",
    "PayLine",
    "PayRules",
    "Piece",
    "Place",
    "Premium",
    "PremiumOn",
    "RateRounding",
    "RegularRate",
    "Salary",
    "Tier",
    "california",
    "generic_weekly",
    "germany",
    "hours",
    "read_rules",
    "reckon",
    "reckon_week",
    "regular_rate",
    "us_federal",
    "write_rules",
]
