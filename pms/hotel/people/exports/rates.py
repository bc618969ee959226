"""Rates: who is paid at more than one, and how a payroll system is told which hours are at which.

A system multiplies hours by the rate that it knows somebody by. Who worked at that one alone is
told by hours; everybody else's are parted by rate.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from pms.base.refusal import Refusal
from pms.hotel.people.exports.told import AMOUNTS, Earning, Person, Target, Told

Key = tuple[Person, str, int]  # whose, in which job, at which rate


class RatesMixed(Refusal):
    def __init__(self, target: Target, what: str, people: Iterable[str]) -> None:
        super().__init__(
            f"{target.words} knows one rate for each {what}, and these worked at others: "
            f"{'; '.join(people)}. Give each of them a {what} of its own in the settings of the "
            "export, as it is called there.",
            field="jobs",
        )


class NoRates(Refusal):
    def __init__(self, target: Target, people: Iterable[str]) -> None:
        super().__init__(
            f"{target.words} has no column for rates, and would pay at one rate what these worked "
            f"at several: {', '.join(sorted(people))}. Use another file, or the plain CSV."
        )


def several(earnings: Iterable[Earning]) -> frozenset[Person]:
    """Return who was paid by the hour otherwise than at the one rate they are known by."""
    found: dict[Person, set[int]] = defaultdict(set)
    for each in earnings:
        if each.kind not in AMOUNTS:
            found[each.person].add(each.rate or 0)
    return frozenset(
        person
        for person, rates in found.items()
        if len(rates if person.base_rate is None else {*rates, person.base_rate}) > 1
    )


def stated(earnings: Sequence[Earning]) -> Callable[[Earning], int | None]:
    """Return what tells the rate to state with an earning: nothing for who has only one."""
    people = several(earnings)

    def rate(each: Earning) -> int | None:
        return each.rate if each.kind not in AMOUNTS and each.person in people else None

    return rate


def refuse_several(target: Target, earnings: Sequence[Earning]) -> None:
    """Refuse, by name, who was paid at rates that a file has no place for."""
    people = several(earnings)
    if people:
        raise NoRates(target, (person.name for person in people))


def jobs(
    target: Target, told: Told, earnings: Sequence[Earning], what: str, *, usual: str | None = ""
) -> Mapping[Key, str]:
    """Return what a target calls each job at its rate, of who was paid at several.

    The settings say it, by the position's code or by code and rate; the base rate is `usual`, and
    with None every job has its title. Refuses, by name, two rates under one word.
    """
    people = several(earnings)
    words: dict[Key, str] = {}
    under: dict[tuple[Person, str | None], set[Key]] = defaultdict(set)
    for each in earnings:
        if each.kind in AMOUNTS or each.person not in people:
            continue
        key = key_of(each)
        word = _word(told, each, usual)
        words[key] = word or ""
        under[each.person, word].add(key)
    mixed = {
        person: keys
        for (person, word), keys in under.items()
        if word is None or len({rate for _, _, rate in keys}) > 1
    }
    if mixed:
        raise RatesMixed(target, what, sorted(_said(told, *each) for each in mixed.items()))
    return words


def key_of(each: Earning) -> Key:
    """Return whose hours these are, in which job, at which rate."""
    return each.person, each.job, each.rate or 0


def _word(told: Told, each: Earning, usual: str | None) -> str | None:
    """Return what the job of an earning is called, or None where nobody said."""
    called = told.settings.jobs
    rate = told.amount(each.rate or 0)
    word = called.get(f"{each.job} {rate}") or called.get(each.job)
    if word or usual is None:
        return word or each.position
    return usual if (each.rate or 0) == each.person.base_rate else None


def _said(told: Told, person: Person, keys: Iterable[Key]) -> str:
    rates = sorted({f"{job} {told.amount(rate)}".strip() for _, job, rate in keys})
    return f"{person.name} ({', '.join(rates)})"
