"""Curing: what a period or a payroll system's file lacks, by person, and where each is cured."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask import url_for

from pms.base.refusal import Refusal
from pms.hotel.people.exports import NotSpelled, NotToldApart, NumberMissing, Target
from pms.hotel.people.payroll import SYSTEM, Cure, Gap, PayPeriod, Whom
from pms.web.auth import may_enter


class Way(NamedTuple):
    """Where something is cured, and what the link is called."""

    verb: str
    url: str


class Fact(NamedTuple):
    """One thing that is missing or odd; no way where nothing is to be done, or not by this person.

    `stops` tells whether the period stays open, or the file unmade, until it is cured.
    """

    words: str
    stops: bool
    way: Way | None


@dataclass(slots=True)
class Lack:
    """What is missing of one person, or of the period itself (no name)."""

    name: str = ""
    facts: list[Fact] = field(default_factory=list)

    @property
    def stops(self) -> bool:
        """Whether any of it stops the work."""
        return any(fact.stops for fact in self.facts)


def of_period(period: PayPeriod, gaps: Iterable[Gap]) -> list[Lack]:
    """Return what a period lacks: who stops it first, then by name, then what is nobody's."""
    found: dict[tuple[int, str], Lack] = {}
    for gap in gaps:
        for whom in gap.people or (None,):
            key = (whom.employee_id, whom.name) if whom else (0, "")
            lack = found.setdefault(key, Lack(key[1]))
            lack.facts.append(Fact(gap.sentence, gap.stops, _way(period, gap.cure, whom)))
    return _sorted(found.values())


def of_file(target: Target, wants: Iterable[Refusal], employees: dict[str, int]) -> list[Lack]:
    """Return what a file wants; `employees` are their ids by the house's number."""
    found: dict[tuple[int, str], Lack] = {}
    for want in wants:
        if isinstance(want, NumberMissing | NotSpelled | NotToldApart):
            for person in want.people:
                who = employees[person.number]
                lack = found.setdefault((who, person.name), Lack(person.name))
                lack.facts.append(Fact(f"Needs {want.what}", True, _number_of(target, who)))
        else:
            of_all = found.setdefault((0, ""), Lack())
            of_all.facts.append(Fact(want.sentence.rstrip("."), True, _settings(target, want)))
    return _sorted(found.values())


def _sorted(lacks: Iterable[Lack]) -> list[Lack]:
    return sorted(lacks, key=lambda each: (not each.stops, not each.name, each.name))


def _way(period: PayPeriod, cure: Cure | None, whom: Whom | None) -> Way | None:
    if cure is Cure.HOURS and whom and whom.entries:  # of whatever period they are
        return _to("Open the hours", "hours.entry", entry_id=whom.entries[0])
    if cure is Cure.HOURS:
        return _to("Open the hours", "hours.hours_page", first=period.first, last=period.last)
    if cure is Cure.PAY and whom:
        return _to("Write down the pay", "people.look", employee_id=whom.employee_id)
    if cure is Cure.JOBS and whom:
        return _to("Open their file", "people.employee", employee_id=whom.employee_id)
    if cure is Cure.RULES:
        return _to("Open the rules", "payroll.rules")
    if cure is Cure.POOLS:
        return _to("Open the tip pools", "payroll.tip_pools")
    return None


def _number_of(target: Target, employee_id: int) -> Way | None:
    system = SYSTEM.get(target)
    if target is Target.GUSTO_TEMPLATE or system is None:
        return _to("Write down the address", "people.change", employee_id=employee_id)
    return _to(
        "Write it down", "people.act", employee_id=employee_id, name="payroll", system=system.value
    )


def _settings(target: Target, want: Refusal) -> Way | None:
    """Return the way to a file's settings, for what is settled there."""
    if want.field is None:
        return None
    return _to("Open the settings", "payroll.settings", target=target.value)


def _to(verb: str, endpoint: str, **where: Any) -> Way | None:
    return Way(verb, url_for(endpoint, **where)) if may_enter(endpoint) else None
