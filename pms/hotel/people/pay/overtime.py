"""Overtime: which hours of a workweek are straight, and which are paid more, and by what."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pms.hotel.people.pay.lines import PayKind
from pms.hotel.people.pay.rules import PayRules, Tier
from pms.hotel.people.pay.worked import Stretch
from pms.hotel.people.rules import in_hours

STRAIGHT = Tier(0, 100, PayKind.REGULAR, "The position's rate")


@dataclass(frozen=True, slots=True)
class Classed:
    """A stretch that is paid alike, the tier that pays it, and why it is that one."""

    stretch: Stretch
    tier: Tier
    because: str


def classify(week: date, stretches: Sequence[Stretch], rules: PayRules) -> list[Classed]:
    """Return the stretches of a workweek with what pays each, in the order they were worked.

    An hour counts once: what a day pays more is not counted towards the week. What is worked later
    never changes what came before, so a pay period may cut the week. Exempt hours are straight.
    """
    seventh = _is_worked_through(week, stretches)
    of_day: dict[date, int] = {}
    straight = 0
    classed: list[Classed] = []
    for stretch in stretches:
        left = stretch
        while True:
            worked = of_day.get(left.day, 0)
            if left.piece.exempt:
                tier, because, room = STRAIGHT, "exempt from overtime", left.minutes
            else:
                is_seventh = seventh and left.day == week + timedelta(days=6)
                tier, because, room = _tier(rules, worked, straight, is_seventh)
            part = left if left.minutes <= room else replace(left, minutes=room)
            classed.append(Classed(part, tier, because))
            of_day[left.day] = worked + part.minutes
            if tier is STRAIGHT and not left.piece.exempt:
                straight += part.minutes
            if part is left:
                break
            left = replace(
                left,
                starts=left.starts + timedelta(minutes=part.minutes),
                minutes=left.minutes - part.minutes,
            )
    return classed


def _tier(rules: PayRules, of_day: int, straight: int, is_seventh: bool) -> tuple[Tier, str, int]:
    """Return what pays the next minute, why, and for how many minutes it stays so."""
    tiers = rules.seventh_day if is_seventh and rules.seventh_day else rules.daily
    by_day, until = _reached(tiers, of_day)
    if by_day is not None:
        word = (
            "on the seventh day worked of the workweek"
            if tiers is rules.seventh_day
            else "in a day"
        )
        return by_day, f"beyond {in_hours(by_day.after)} h {word}", until
    by_week, until_week = _reached(rules.weekly, straight)
    if by_week is not None:
        because = f"beyond {in_hours(by_week.after)} h in the workweek"
        return by_week, because, min(until, until_week)
    return STRAIGHT, "straight time", min(until, until_week)


_NO_END = 10**9


def _reached(tiers: Sequence[Tier], minutes: int) -> tuple[Tier | None, int]:
    """Return the highest tier reached after some minutes, and how many are left to the next."""
    reached = [tier for tier in tiers if minutes >= tier.after]
    ahead = [tier.after - minutes for tier in tiers if tier.after > minutes]
    return (max(reached, key=lambda each: each.after) if reached else None), min(
        ahead, default=_NO_END
    )


def _is_worked_through(week: date, stretches: Sequence[Stretch]) -> bool:
    worked = {stretch.day for stretch in stretches}
    return all(week + timedelta(days=n) in worked for n in range(7))
