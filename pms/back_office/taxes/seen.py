"""Seen: a tax as it stands and as it would be, night by night, on a stay that was typed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from pms.base.money import Money, total
from pms.hotel.rooms.pricing import Party
from pms.hotel.tariff import taxes
from pms.hotel.tariff.taxes import Heads, Rule


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay to see a tax on: so many nights at a price, and who sleeps there."""

    price: Money
    nights: int
    party: Party


@dataclass(frozen=True, slots=True)
class Span:
    """Nights that bear the same: the how-manieth they are, what each bears, and why."""

    first: int
    last: int
    each: Money
    says: str


@dataclass(frozen=True, slots=True)
class Borne:
    """What a tax comes to over a stay."""

    spans: tuple[Span, ...]
    total: Money


def borne(rule: Rule | None, stay: Stay, beside: Sequence[Rule] = ()) -> Borne:
    """Return what a stay bears of a rule, `beside` others of the same charge.

    What goes back to a long stay is off it.
    """
    currency = stay.price.currency
    nights = range(1, stay.nights + 1)
    by_night = [_of_night(rule, stay, night_no, beside) for night_no in nights]
    spans = []
    for (each, says), alike in groupby(enumerate(by_night, start=1), lambda pair: pair[1]):
        nos = [no for no, _ in alike]
        spans.append(Span(nos[0], nos[-1], each, says))
    whole = total((each for each, _ in by_night), currency)
    if rule is not None and rule.limits.refunds and _is_exempt(rule, stay):
        whole = Money.zero(currency)
    return Borne(tuple(spans), whole)


def _is_exempt(rule: Rule, stay: Stay) -> bool:
    return rule.limits.exempt_from is not None and stay.nights >= rule.limits.exempt_from


def _of_night(
    rule: Rule | None, stay: Stay, night_no: int, beside: Sequence[Rule]
) -> tuple[Money, str]:
    nothing = Money.zero(stay.price.currency), "nothing"
    if rule is None:
        return nothing
    taxed = taxes.split(
        stay.price,
        [*beside, rule],
        persons=stay.party.adults,
        children=stay.party.child_ages,
        night_no=night_no,
    )
    line = next((each for each in taxed.taxes if each.rule == rule), None)
    if line is None:
        return nothing
    heads = Heads(stay.party.adults, stay.party.child_ages)
    return line.amount, taxes.explain(
        rule.kind, rule.rate, line.base, line.amount, bands=rule.children, heads=heads
    )


def standing(dated: list[tuple[date, Rule]], day: date) -> Rule | None:
    """Return the rule that holds on a day, of a history with the newest first."""
    return next((rule for from_day, rule in dated if from_day <= day), None)


def with_state(dated: list[tuple[date, Rule]], day: date) -> Iterator[tuple[date, Rule, str]]:
    """Yield a history with whether each is to come, holds, or held."""
    held = False
    for from_day, rule in dated:
        if from_day > day:
            yield from_day, rule, "to come"
        else:
            yield from_day, rule, "held" if held else "holds"
            held = True
