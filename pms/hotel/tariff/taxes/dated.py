"""Dated: all of a hotel's rules as they begin to hold, read once and asked of any night."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from sqlalchemy.orm import Session

from pms.hotel.tariff.taxes.reading import dated_rules, every_rule
from pms.hotel.tariff.taxes.reckoning import Rule

Rules = tuple[Rule, ...]
Dated = dict[int | None, list[tuple[date, Rules]]]

_EVERY = every_rule()


def dated(session: Session, hotel_id: int) -> Dated:
    """Return each class's rules as they begin to hold, in order: one question."""
    rows = session.connection().execute(_EVERY, {"hotel": hotel_id}).all()
    starts: dict[int, set[date]] = defaultdict(set)
    taxed: dict[tuple[int, int], list[tuple[date, Rule]]] = defaultdict(list)
    for class_id, no, from_day, rule in dated_rules(rows):
        taxed[class_id, no].append((from_day, rule))
        starts[class_id].add(from_day)
    return {
        class_id: [
            (start, _as_one(tuple(_standing(taxed, class_id, start))))
            for start in sorted(starts[class_id])
        ]
        for class_id in starts
    }


def rules_on(dated: Dated, tax_class: int | None, night: date) -> Rules:
    """Return the rules of a class that hold on a night."""
    held: Rules = ()
    for start, rules in dated.get(tax_class, ()):
        if start > night:
            break
        held = rules
    return held


def _standing(
    taxed: dict[tuple[int, int], list[tuple[date, Rule]]], class_id: int, day: date
) -> Iterable[Rule]:
    for (of_class, _), changes in taxed.items():
        if of_class == class_id:
            held = [rule for from_day, rule in changes if from_day <= day]
            if held:
                yield held[-1]


@lru_cache(maxsize=1024)
def _as_one(rules: Rules) -> Rules:
    """Return the same tuple for equal rules: quick to compare."""
    return rules
