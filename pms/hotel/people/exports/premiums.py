"""Premiums: what overtime is worth beyond what a payroll system pays by itself; what isn't told.

A system that is told overtime hours pays more for them by itself, of the rate it knows. The law's
premium is of the regular rate, which a service charge, a bonus, another job or the minimum wage
raise: what is left of it is told as money.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pms.hotel.people.exports.told import LEFT_OUT, PREMIUMS, Earning, Person, Told
from pms.hotel.people.pay import PAID, PayKind
from pms.hotel.people.pay.lines import PREMIUM_OF

_HOURS_OF = {premium: hours for hours, premium in PREMIUM_OF.items()}


@dataclass(frozen=True, slots=True)
class Left:
    """What a file leaves to be paid otherwise, in minor units; below zero what it overpays."""

    person: Person
    kind: PayKind
    amount: int


def beyond(told: Told, earnings: Sequence[Earning]) -> list[Earning]:
    """Return earnings with premiums as what a system doesn't pay by itself, one a person and kind.

    It pays none where it isn't told the overtime as such. A minor unit a line is rounding. Overtime
    of a salary is told as plain hours where its worth is, as money.
    """
    kept: list[Earning] = []
    found: dict[tuple[Person, PayKind], list[Earning]] = {}
    salaried = {each.person for each in earnings if each.kind in PREMIUMS and not each.minutes}
    for each in earnings:
        if each.kind in PREMIUMS and each.minutes:
            found.setdefault((each.person, each.kind), []).append(each)
        elif each.kind in PREMIUM_OF and each.rate is None and each.person in salaried:
            kept.append(replace(each, kind=PayKind.REGULAR))
        else:
            kept.append(each)
    for (_, kind), lines in found.items():
        rest = sum(each.amount for each in lines)
        if _pays_by_itself(told, kind):
            rest -= sum(each.by_itself for each in lines)
            if abs(rest) <= len(lines):
                continue
        last = max(lines, key=lambda each: (each.day, each.position))
        kept.append(replace(last, amount=rest, by_itself=0))
    return kept


def owed(told: Told, earnings: Sequence[Earning]) -> list[Earning]:
    """Return earnings as a file of hours tells them; no premium is told that a system overpays."""
    return [each for each in beyond(told, earnings) if not _is_overpaid(each)]


def left_out(told: Told, earnings: Sequence[Earning]) -> list[Left]:
    """Return what a file leaves to be paid otherwise, or overpays, by person and kind."""
    codes = told.settings.codes
    sums: dict[tuple[Person, PayKind], int] = {}
    for each in beyond(told, earnings):
        untold = each.told
        left = codes.get(untold.kind) == LEFT_OUT and untold.kind in PAID
        if left or _is_overpaid(each):
            key = each.person, untold.kind
            sums[key] = sums.get(key, 0) + each.amount
    found = [Left(person, kind, amount) for (person, kind), amount in sums.items() if amount]
    return sorted(found, key=lambda each: (each.person.name, each.person.number, each.kind))


def _pays_by_itself(told: Told, premium: PayKind) -> bool:
    code = told.settings.codes.get(_HOURS_OF[premium], LEFT_OUT)
    return code not in (LEFT_OUT, told.settings.codes.get(PayKind.REGULAR))


def _is_overpaid(each: Earning) -> bool:
    return each.kind in PREMIUMS and bool(each.minutes) and each.amount < 0
