"""House rules: what a hotel asks before it gives a key or takes one back, and how strictly."""

from pms.hotel.stays.house_rules.enforcing import (
    RuleBlocks,
    enforce_arrival,
    enforce_departure,
    passed,
)
from pms.hotel.stays.house_rules.facts import Desk, Fact
from pms.hotel.stays.house_rules.setting import AGES, USUAL, Rules, read, set_rule
from pms.hotel.stays.house_rules.tables import LEAVING, Check, HouseRule, RulePassed, Severity

__all__ = [
    "AGES",
    "LEAVING",
    "USUAL",
    "Check",
    "Desk",
    "Fact",
    "HouseRule",
    "RuleBlocks",
    "RulePassed",
    "Rules",
    "Severity",
    "enforce_arrival",
    "enforce_departure",
    "passed",
    "read",
    "set_rule",
]
