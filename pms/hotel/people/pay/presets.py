"""Presets: the rules of some jurisdictions as they are written, to begin with.

Minimum wages change by the year and the town, so they are given, not known here.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import time

from pms.hotel.people.pay.lines import PayKind
from pms.hotel.people.pay.rules import OvertimeBase, PayRules, Premium, PremiumOn, Tier

HOUR = 60
_FORTY = 40 * HOUR
_FLSA = "29 USC 207(a)(1), 29 CFR 778.110"
_DAILY = "Cal. Labor Code 510(a)"
_SEVENTH = "Cal. Labor Code 510(a), seventh day of the workweek"


def us_federal(*, minimum_wage: int = 725, tip_credit: int = 512) -> PayRules:
    """Return the Fair Labor Standards Act: one and a half times the regular rate beyond 40 hours.

    Weeks stand alone (29 CFR 778.104). The tip credit is at most 5.12 of 7.25 (29 USC 203(m)).
    """
    return PayRules(
        name="United States, federal",
        weekly=(Tier(_FORTY, 150, PayKind.OVERTIME, _FLSA),),
        week_starts=6,
        minimum_wage=minimum_wage,
        tip_credit=tip_credit,
        minimum_source="29 USC 206(a) and 203(m), 29 CFR 531.59",
        rate_source="29 CFR 778.109 and 778.115",
        calendar="US",
    )


def california(*, minimum_wage: int = 1690, tip_credit: int = 0) -> PayRules:
    """Return California: the day beyond 8 and 12 hours, the seventh day, the week beyond 40.

    An hour counts once (Monzon v. Schaefer, 224 Cal.App.3d 16); tips stand for no wage (Labor Code
    351); a flat bonus is divided by straight hours (Alvarado v. Dart Container, 4 Cal.5th 542).
    """
    return PayRules(
        name="California",
        weekly=(Tier(_FORTY, 150, PayKind.OVERTIME, _DAILY),),
        daily=(
            Tier(8 * HOUR, 150, PayKind.OVERTIME, _DAILY),
            Tier(12 * HOUR, 200, PayKind.DOUBLE_TIME, _DAILY),
        ),
        seventh_day=(
            Tier(0, 150, PayKind.OVERTIME, _SEVENTH),
            Tier(8 * HOUR, 200, PayKind.DOUBLE_TIME, _SEVENTH),
        ),
        week_starts=6,
        flat_by_straight=True,
        minimum_wage=minimum_wage,
        tip_credit=tip_credit,
        minimum_source="Cal. Labor Code 1182.12 and 351",
        rate_source="Cal. Labor Code 510, DLSE Manual 49.2.5",
        calendar="US-CA",
    )


def generic_weekly(*, minimum_wage: int = 0, tip_credit: int = 0) -> PayRules:
    """Return a plain rule: a quarter more on the hour's own rate beyond 40 hours of a week."""
    return PayRules(
        name="Weekly hours",
        weekly=(Tier(_FORTY, 125, PayKind.OVERTIME, "House rule: beyond 40 hours of a week"),),
        base=OvertimeBase.OWN_RATE,
        minimum_wage=minimum_wage,
        tip_credit=tip_credit,
        minimum_source="House rule: minimum wage",
    )


def germany(*, minimum_wage: int = 1390, tip_credit: int = 0) -> PayRules:
    """Return the premiums that German payrolls know: night 25, Sunday 50, holiday 125 percent.

    A holiday on a Sunday is paid as the holiday; the night is paid beside either. What is owed is
    the contract's; the percentages are what EStG 3b leaves free of tax.
    """
    return replace(
        generic_weekly(minimum_wage=minimum_wage, tip_credit=tip_credit),
        name="Germany",
        minimum_source="MiLoG 1",
        premiums=(
            Premium(PremiumOn.NIGHT, 25, "EStG 3b (1) no. 1", time(20), time(6)),
            Premium(PremiumOn.SUNDAY, 50, "EStG 3b (1) no. 2"),
            Premium(PremiumOn.HOLIDAY, 125, "EStG 3b (1) no. 3"),
        ),
        calendar="DE",
    )


PRESETS: dict[str, Callable[..., PayRules]] = {
    "us_federal": us_federal,
    "california": california,
    "germany": germany,
    "generic_weekly": generic_weekly,
}
