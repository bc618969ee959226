"""The regular rate: what an hour of a workweek came to, all pay for work included.

29 CFR 778.109: all remuneration for employment divided by all hours worked; several rates weigh by
their hours (778.115); bonuses that were promised belong in it (778.208 to 778.211), and so does a
service charge, which is wages (531.55); tips don't (531.60), and a premium of half or more for a
Sunday or a holiday doesn't (778.203).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from pms.hotel.people.pay.lines import Extra, ExtraKind
from pms.hotel.people.pay.overtime import STRAIGHT, Classed
from pms.hotel.people.pay.rules import PayRules, Premium, PremiumOn, RateRounding

_SPECIAL_DAY = 50  # percent from which a special day's premium is no part of the rate
_IN_THE_RATE = (ExtraKind.EARNED_BONUS, ExtraKind.SERVICE_CHARGE)


@dataclass(frozen=True, slots=True)
class RegularRate:
    """The exact rate in minor units an hour, and what it is made of (minor units and minutes).

    `flat` is what an hour of flat bonus comes to where it is divided by straight hours; it is paid
    whole for each hour of overtime, beside the premium.
    """

    rate: Fraction
    straight: Fraction
    extras: int
    premiums: Fraction
    minutes: int
    flat: Fraction


def regular_rate(
    classed: Sequence[Classed], extras: Sequence[Extra], rules: PayRules
) -> RegularRate:
    """Return the regular rate of one workweek; hours that a salary pays are left out.

    No hour counts below the minimum wage (29 CFR 778.5), of which a tip credit is a part (531.60).
    Rounded as the rules name it, else exact.
    """
    paid = [each for each in classed if each.stretch.piece.rate is not None]
    minutes = sum(each.stretch.minutes for each in paid)
    straight_minutes = sum(each.stretch.minutes for each in paid if each.tier is STRAIGHT)
    straight = Fraction(sum(_straight(each, rules) for each in paid), 60)
    premiums = Fraction(sum(_premiums(each) for each in paid), 6000)
    flat_bonus = sum(each.amount for each in extras if each.kind is ExtraKind.FLAT_BONUS)
    apart = rules.flat_by_straight and straight_minutes > 0
    counted = included(extras) - (flat_bonus if apart else 0)
    rate = (straight + premiums + counted) * 60 / minutes if minutes else Fraction(0)
    return RegularRate(
        rate=_rounded(rate, rules),
        straight=straight,
        extras=counted,
        premiums=premiums,
        minutes=minutes,
        flat=Fraction(flat_bonus * 60, straight_minutes) if apart else Fraction(0),
    )


def included(extras: Sequence[Extra]) -> int:
    """Return what of the extras is part of a regular rate, in minor units."""
    counted = (*_IN_THE_RATE, ExtraKind.FLAT_BONUS)
    return sum(each.amount for each in extras if each.kind in counted)


def counts(premium: Premium) -> bool:
    """Tell whether a premium is part of the regular rate."""
    return premium.on is PremiumOn.NIGHT or premium.percent < _SPECIAL_DAY


def _straight(each: Classed, rules: PayRules) -> int:
    """Return pay in minor units by minutes: sixty times what it comes to."""
    return max(each.stretch.piece.rate or 0, rules.minimum_wage) * each.stretch.minutes


def _premiums(each: Classed) -> int:
    """Return premiums in hundredths of minor units by minutes."""
    percent = sum(premium.percent for premium in each.stretch.premiums if counts(premium))
    return (each.stretch.piece.rate or 0) * each.stretch.minutes * percent


def _rounded(rate: Fraction, rules: PayRules) -> Fraction:
    # Python's round() takes halves of a Fraction to the even one.
    return Fraction(round(rate)) if rules.rounding is RateRounding.CENT_HALF_EVEN else rate
