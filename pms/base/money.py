"""Money: whole minor units with a currency, one rounding rule, one splitting rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import floor
from unicodedata import category

from babel.numbers import get_currency_symbol, list_currencies

from pms.base.refusal import Invalid

# ISO 4217; CLDR (Babel) shows cash habits instead: no para for Serbia, no fils for Iraq.
_DIGITS = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    "CLF": 4,
    "UYW": 4,
}
MINUS = "\N{MINUS SIGN}"
_CASH_STEPS = {"CHF": 5, "SEK": 100, "NZD": 10, "CAD": 5, "AUD": 5, "DKK": 50, "NOK": 100}
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
# As people type them: a comma or a point before the decimals, thousands parted by the other, by a
# blank (whatever its width) or an apostrophe. Three digits after one point alone are asked about.
_BLANKS = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"
_TYPED = re.compile(
    r"-?(\d*[.,]?\d+|\d+[.,]"
    r"|\d{1,3}(,\d{3})+(\.\d*)?|\d{1,3}(\.\d{3})+(,\d*)?"
    r"|\d{1,3}( \d{3})+([.,]\d*)?|\d{1,3}('\d{3})+([.,]\d*)?)",
    re.ASCII,
)
_A_THOUSAND = re.compile(r"-?[1-9]\d{0,2}([.,])\d{3}", re.ASCII)
_THOUSANDS = 3
_SAME = {ord(MINUS): "-", ord("\N{RIGHT SINGLE QUOTATION MARK}"): "'"} | dict.fromkeys(
    map(ord, _BLANKS), " "
)
_LONGEST = 40
LARGEST_MINOR = 10**15  # ten trillion euros: beyond it someone leant on the keyboard


class NotAnAmount(Invalid):
    """The text is no amount of that currency."""

    def __init__(self, text: str, currency: str) -> None:
        digits = digits_of(currency)
        example = "12" if digits == 0 else "12." + "3456"[:digits]
        super().__init__(
            f"“{text[:40]}” is not an amount in {currency}. Write it like {example}.",
            field="amount",
        )


class IsItAThousand(Invalid):
    """A German's thousand is an Englishman's one; money is not taken on a guess."""

    def __init__(self, text: str, currency: str) -> None:
        whole, part = re.split("[.,]", text)
        digits = digits_of(currency)
        small = f" or {whole}.{part[:digits]}" if digits else ""
        super().__init__(
            f"“{text[:40]}” can be read in two ways. Write {whole}{part}{small}.", field="amount"
        )


@lru_cache
def _symbol(currency: str) -> str:
    symbol: str = get_currency_symbol(currency, locale="en_IE")
    return f"{symbol}\N{NO-BREAK SPACE}" if symbol.isalpha() else symbol


@lru_cache
def digits_of(currency: str) -> int:
    """Return how many decimals the currency has: 0 (JPY), 2 (EUR), 3 (KWD) or 4 (CLF)."""
    if currency not in list_currencies():
        raise Invalid(f"{currency[:8]} is not a currency code of ISO 4217.", field="currency")
    return _DIGITS.get(currency, 2)


def round_half_up(value: Fraction | Decimal | int) -> int:
    """Round to a whole number, halves away from zero: the one rounding rule (EC 1103/97)."""
    exact = Fraction(value)
    whole, rest = divmod(abs(exact.numerator), exact.denominator)
    if 2 * rest >= exact.denominator:
        whole += 1
    return whole if exact >= 0 else -whole


@dataclass(frozen=True, order=False, slots=True)
class Money:
    """An amount: `minor` whole minor units (cents, yen, fils) of `currency`."""

    minor: int
    currency: str

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Return nothing, in a currency."""
        return cls(0, currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> Money:
        """Read a plain decimal such as `1234.50`; refuses more decimals than the currency has."""
        plain = text.strip().replace(MINUS, "-")
        if len(plain) > _LONGEST or not _PLAIN.fullmatch(plain):
            raise NotAnAmount(text, currency)
        minor = Fraction(Decimal(plain)) * 10 ** digits_of(currency)
        if minor.denominator != 1 or abs(minor) > LARGEST_MINOR:
            raise NotAnAmount(text, currency)
        return cls(int(minor), currency)

    @classmethod
    def typed(cls, text: str, currency: str) -> Money:
        """Read an amount as people type it, with the currency's own sign or code or without.

        `1234.5`, `1,234.50`, `1.234,50`, `1 234,50`, `1'234.50` and `€1,234.50` are the same.
        Refuses what isn't plainly an amount of this currency (another's sign, any other letter or
        sign), more decimals than it has, and `1.000`, which is one to some and a thousand to
        others; `1,000` is a thousand, but of a currency with three decimals.
        """
        plain = _without_sign(text, currency)
        if len(plain) > _LONGEST or not _TYPED.fullmatch(plain):
            raise NotAnAmount(text, currency)
        lone = _A_THOUSAND.fullmatch(plain)
        if lone and (lone[1] == ".") is (digits_of(currency) != _THOUSANDS):
            raise IsItAThousand(plain, currency)
        return cls.parse(_with_point(plain, thousand=lone is not None and lone[1] == ","), currency)

    @classmethod
    def rounded(cls, value: Decimal | Fraction, currency: str) -> Money:
        """Round an exact amount in major units to whole minor units, half up."""
        return cls(round_half_up(Fraction(value) * 10 ** digits_of(currency)), currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exactly."""
        return Decimal(self.minor).scaleb(-digits_of(self.currency))

    def __str__(self) -> str:
        return f"{self.decimal:.{digits_of(self.currency)}f}"

    @property
    def said(self) -> str:
        """The amount as the house writes it in a sentence: `€1,096.00`, `−€0.01`.

        Machines read `str()`, the plain decimal.
        """
        return self.rounded_off(digits_of(self.currency))

    def rounded_off(self, places: int) -> str:
        """Return the amount as it is said, with so many decimals of the major unit."""
        sign = MINUS if self.minor < 0 else ""
        return f"{sign}{_symbol(self.currency)}{abs(self.decimal):,.{places}f}"

    def __bool__(self) -> bool:
        return self.minor != 0

    def _same(self, other: Money) -> int:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up.")
        return other.minor

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.minor * times, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def percent(self, percent: Decimal) -> Money:
        """Return a percentage of the amount, rounded half up."""
        return Money(round_half_up(Fraction(self.minor) * Fraction(percent) / 100), self.currency)

    def split(self, weights: Sequence[int]) -> list[Money]:
        """Share the amount out by weights without losing a unit: the one splitting rule.

        Each share is rounded towards zero; the units left over go one each to the largest
        remainders, the earlier share first. Refuses no weights, negative ones and all zeros.
        """
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError("Weights are not negative and not all zero.")
        sign = -1 if self.minor < 0 else 1
        exact = [abs(self.minor) * weight for weight in weights]
        shares = [part // total for part in exact]
        left = abs(self.minor) - sum(shares)
        by_remainder = sorted(range(len(weights)), key=lambda i: (-(exact[i] % total), i))
        for index in by_remainder[:left]:
            shares[index] += 1
        return [Money(sign * share, self.currency) for share in shares]

    def in_cash(self) -> Money:
        """Round to the smallest coin of the currency (CHF 0.05, SEK 1), half up."""
        step = _CASH_STEPS.get(self.currency, 1)
        return Money(round_half_up(Fraction(self.minor, step)) * step, self.currency)

    def convert(self, currency: str, *, rate: Decimal) -> Money:
        """Convert by a kept rate of `rate` units of this currency for one of the other.

        Divides by the full rate and never multiplies by a rounded inverse (EC 1103/97).
        """
        if rate <= 0:
            raise Invalid("An exchange rate is above zero.", field="rate")
        return Money.rounded(Fraction(self.decimal) / Fraction(rate), currency)


def _without_sign(text: str, currency: str) -> str:
    """Return what was typed without the currency's own sign or code, its minus in front."""
    plain = text.translate(_SAME).strip()
    sign, plain = ("-", plain[1:].strip()) if plain.startswith("-") else ("", plain)
    symbol = _symbol(currency).strip()  # of a dollar the last sign is enough
    for own in (currency, symbol, symbol[-1] if category(symbol[-1]) == "Sc" else symbol):
        if plain.upper().startswith(own):
            plain = plain[len(own) :].strip()
            break
        if plain.upper().endswith(own):
            plain = plain[: -len(own)].strip()
            break
    return sign + plain


def _with_point(plain: str, *, thousand: bool) -> str:
    """Return a typed amount with nothing between its digits but a point before the decimals."""
    plain = plain.replace(" ", "").replace("'", "")
    last = max(plain.rfind("."), plain.rfind(","))
    if last < 0:
        return plain
    sign = plain[last]
    if plain.count(sign) > 1 or thousand:  # it parts thousands
        return plain.replace(sign, "")
    return plain[:last].replace(",", "").replace(".", "") + "." + plain[last + 1 :]


def apportion(amount: int, parts: Sequence[int]) -> list[int]:
    """Share minor units out in proportion to parts of any sign, by largest remainder.

    The whole, the sum of the parts, gives each part back as it is. Refuses parts that come to zero.
    """
    whole = sum(parts)
    if whole == 0:
        raise ValueError("Nothing is shared out over parts that come to zero.")
    exact = [Fraction(amount * part, whole) for part in parts]
    shares = [floor(each) for each in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (shares[i] - exact[i], i))
    for index in by_remainder[: amount - sum(shares)]:
        shares[index] += 1
    return shares


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Add amounts up, nothing included."""
    return Money(sum(amount.minor for amount in amounts), currency)
