"""Sleeping: what taxes that are counted by heads and nights have to know of who sleeps here."""

from collections.abc import Iterable
from dataclasses import dataclass

from pms.hotel.tariff.taxes.reckoning import BY_HEAD, NO_LIMITS, Children, Rule, TaxKind

BY_NIGHT = frozenset({TaxKind.PER_PERSON_NIGHT, TaxKind.PER_NIGHT})


@dataclass(frozen=True, slots=True)
class Slept:
    """Who sleeps here, and the how-manieth night of their stay a charge begins with."""

    adults: int = 1
    children: Children = ()
    night_no: int = 1


def asks_heads(rules: Iterable[Rule]) -> bool:
    """Tell whether any of the taxes is by head, or has its most by head."""
    return any(_is_by_head(rule) for rule in rules)


def counts_nights(rules: Iterable[Rule]) -> bool:
    """Tell whether any of the taxes is by night, so that the quantity of a charge is its nights."""
    return any(
        rule.kind in BY_NIGHT or rule.limits is not NO_LIMITS
        for rule in rules
        if not rule.limits.has_ended
    )


def _is_by_head(rule: Rule) -> bool:
    by_head = rule.kind in BY_HEAD or rule.limits.cap is not None
    return by_head and not rule.limits.has_ended
