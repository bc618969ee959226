"""Salaried overtime: what a week is worth above the salary of who isn't exempt from overtime.

A salary for a fixed workweek pays its hours straight: the regular rate is the salary by those
hours; what is worked beyond them is paid straight too, and overtime by half more (29 CFR 778.113).
One for a fluctuating workweek pays whatever hours the week has: the regular rate is the salary by
all of them, and overtime is half of it more (29 CFR 778.114).
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from pms.base.money import round_half_up
from pms.hotel.people.pay.lines import PREMIUM_OF, Extra, PayKind, PayLine
from pms.hotel.people.pay.overtime import STRAIGHT, Classed
from pms.hotel.people.pay.place import Place
from pms.hotel.people.pay.regular_rate import included
from pms.hotel.people.pay.rules import Tier
from pms.hotel.people.pay.worked import Salary
from pms.hotel.people.rules import in_hours

FIXED, FLUCTUATING = "29 CFR 778.113", "29 CFR 778.114"


def overtime(
    until: date, classed: Sequence[Classed], extras: Sequence[Extra], place: Place
) -> list[PayLine]:
    """Return what a workweek's salaried hours are worth above their salaries, on its last day.

    Nothing for who is exempt, and for a salary of which nobody said what hours it is for.
    """
    of_salary: dict[Salary, list[Classed]] = {}
    for each in classed:
        piece = each.stretch.piece
        if piece.salary is not None and not piece.exempt:
            of_salary.setdefault(piece.salary, []).append(each)
    by_hour = any(each.stretch.piece.rate is not None for each in classed)
    bonus = 0 if by_hour or len(of_salary) > 1 else included(extras)
    lines: list[PayLine] = []
    for salary, worked in of_salary.items():
        lines += _of_salary(until, salary, worked, bonus, place)
    return lines


def _of_salary(
    until: date, salary: Salary, worked: Sequence[Classed], bonus: int, place: Place
) -> list[PayLine]:
    minutes = sum(each.stretch.minutes for each in worked)
    paid_for = salary.week_minutes or minutes
    rate = salary.a_week * 60 / paid_for
    whole = rate + Fraction(bonus * 60, minutes)
    source = FIXED if salary.week_minutes else FLUCTUATING
    position_id = worked[0].stretch.piece.position_id
    says = (
        f"{place.said(salary.a_week)} a week for {in_hours(paid_for)} h is "
        f"{place.said(rate)} an hour"
    )
    lines = []
    if (beyond := minutes - paid_for) > 0:
        lines.append(
            PayLine(
                kind=PayKind.REGULAR,
                day=until,
                position_id=position_id,
                minutes=0,  # the hours themselves have lines of their own
                rate=None,
                amount=round_half_up(rate * beyond / 60),
                because=f"{says}; {in_hours(beyond)} h beyond these, straight",
                source=source,
            )
        )
    if bonus:
        says += f", {place.said(whole)} with bonuses over {in_hours(minutes)} h"
    for tier, over in _beyond(worked).items():
        more = Fraction(tier.percent - 100, 100)
        lines.append(
            PayLine(
                kind=PREMIUM_OF[tier.kind],
                day=until,
                position_id=position_id,
                minutes=0,  # no payroll system knows this rate, so it is told as money
                rate=None,
                amount=round_half_up(whole * more * over / 60),
                because=f"{says}; {tier.percent - 100} % of it for {in_hours(over)} h",
                source="; ".join(filter(None, (tier.source, source))),
            )
        )
    return lines


def _beyond(worked: Sequence[Classed]) -> dict[Tier, int]:
    """Return the minutes of each tier above straight time."""
    found: dict[Tier, int] = {}
    for each in worked:
        if each.tier is not STRAIGHT:
            found[each.tier] = found.get(each.tier, 0) + each.stretch.minutes
    return found
