"""What pay is made of: lines of hours and amounts, and what is paid beside hours."""

import enum
from dataclasses import dataclass
from datetime import date
from fractions import Fraction


class PayKind(enum.StrEnum):
    """What a line of pay is for; overtime hours are paid once straight, their premium apart."""

    REGULAR = "regular"
    OVERTIME = "overtime"
    DOUBLE_TIME = "double_time"
    OVERTIME_PREMIUM = "overtime_premium"
    DOUBLE_TIME_PREMIUM = "double_time_premium"
    NIGHT = "night"
    SUNDAY = "sunday"
    HOLIDAY = "holiday"
    VACATION = "vacation"
    SICK = "sick"
    HOLIDAY_PAY = "holiday_pay"
    PARENTAL = "parental"
    MAKE_UP = "make_up"
    BONUS = "bonus"
    SERVICE_CHARGE = "service_charge"
    TIPS = "tips"
    CASH_TIPS = "cash_tips"

    @property
    def words(self) -> str:
        """The kind in words."""
        return _WORDS.get(self, self.value.replace("_", " ").capitalize())


_WORDS = {
    PayKind.NIGHT: "Night premium",
    PayKind.SUNDAY: "Sunday premium",
    PayKind.HOLIDAY: "Holiday premium",
    PayKind.HOLIDAY_PAY: "Holiday, not worked",
    PayKind.PARENTAL: "Parental leave",
    PayKind.MAKE_UP: "Minimum wage make-up",
    PayKind.CASH_TIPS: "Tips taken in cash",
    PayKind.TIPS: "Tips from the pool",
}
HOURS = frozenset({PayKind.REGULAR, PayKind.OVERTIME, PayKind.DOUBLE_TIME})
PREMIUM_OF = {
    PayKind.OVERTIME: PayKind.OVERTIME_PREMIUM,
    PayKind.DOUBLE_TIME: PayKind.DOUBLE_TIME_PREMIUM,
}
ABSENT = frozenset({PayKind.VACATION, PayKind.SICK, PayKind.HOLIDAY_PAY, PayKind.PARENTAL})
# Tips taken in cash are theirs already: told to payroll, not paid by it.
PAID = frozenset(PayKind) - {PayKind.CASH_TIPS}


class ExtraKind(enum.StrEnum):
    """What somebody gets beside their hours, by what it does to the regular rate.

    An earned bonus is pay for all hours of its week; a flat one is a fixed sum for something done,
    which California divides by straight hours; a discretionary one is a gift and stays outside (29
    CFR 778.211). A service charge is wages; tips never are.
    """

    EARNED_BONUS = "earned_bonus"
    FLAT_BONUS = "flat_bonus"
    DISCRETIONARY_BONUS = "discretionary_bonus"
    SERVICE_CHARGE = "service_charge"
    TIPS = "tips"
    CASH_TIPS = "cash_tips"

    @property
    def words(self) -> str:
        """The kind in words."""
        return self.value.replace("_", " ").capitalize()

    @property
    def pays(self) -> PayKind:
        """The kind of line it becomes."""
        return PayKind.BONUS if self in BONUSES else PayKind(self.value)


BONUSES = (ExtraKind.EARNED_BONUS, ExtraKind.FLAT_BONUS, ExtraKind.DISCRETIONARY_BONUS)
TIPPED = frozenset({ExtraKind.TIPS, ExtraKind.CASH_TIPS})


@dataclass(frozen=True, slots=True)
class Extra:
    """An amount in minor units beside hours, of a day, and in words what it is for."""

    day: date
    kind: ExtraKind
    amount: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class PayLine:
    """One line of pay: minutes and minor units of a day, why, and by which law or rule.

    `minutes` counts hours worked only on lines of HOURS; on premiums it is what they are paid for.
    `rate` is minor units an hour where one rate was paid.
    """

    kind: PayKind
    day: date
    position_id: int | None
    minutes: int
    rate: int | None
    amount: int
    because: str
    source: str


def hours(minutes: int | Fraction) -> str:
    """Return minutes, or exact parts of them, as decimal hours with two places, half up: 37.99."""
    sign, size = ("-", -minutes) if minutes < 0 else ("", minutes)
    whole, rest = divmod(hundredths(size), 100)
    return f"{sign}{whole}.{rest:02}"


def hundredths(minutes: int | Fraction) -> int:
    """Return minutes, not below zero, as hundredths of an hour, half up."""
    return int((minutes * 100 + 30) // 60)
