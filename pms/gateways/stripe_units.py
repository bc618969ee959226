"""Units: amounts as Stripe counts them, which isn't always as ISO 4217 does.

Stripe keeps two decimals for ISK and UGX, which have none (5 kr are 500), has none for MGA, and
takes dinars of three decimals by tens only.
"""

from fractions import Fraction

from pms.base.gateway import GatewayRefused, card_step
from pms.base.money import Money, digits_of, round_half_up

_DIGITS = {"ISK": 2, "UGX": 2, "MGA": 0}


def counted(money: Money) -> int:
    """Return an amount as Stripe counts it; refuses one that it can't take to the unit."""
    exact = Fraction(money.minor) / Fraction(10) ** _shift(money.currency)
    too_fine = money.minor % card_step(money.currency)
    if exact.denominator != 1 or too_fine:
        raise GatewayRefused(f"{money.said} is finer than cards are charged. Round it.")
    return int(exact)


def heard(count: int, currency: str) -> Money:
    """Return what Stripe says as money of ours; `currency` in letters of any size."""
    code = currency.upper()
    return Money(round_half_up(Fraction(count) * Fraction(10) ** _shift(code)), code)


def _shift(currency: str) -> int:
    digits = digits_of(currency)
    return digits - _DIGITS.get(currency, digits)
