"""Numbers as people type them, and as addresses carry them."""

import re
from fractions import Fraction

LARGEST = 2**63 - 1
_LONGEST = len(str(LARGEST))
_PERCENTAGE = re.compile(r"[+-]?\d{1,6}([.,]\d{1,6})?", re.ASCII)
_COMMA_IS_THE_POINT = re.compile(r"-?(\d+|\d{1,3}(\.\d{3})+),\d{1,2}", re.ASCII)


def whole(text: str | None, *, digits: int = _LONGEST) -> int | None:
    """Return a whole number of at most so many digits; None where it isn't one.

    `str.isdigit` is no such question: it says yes to `²`, which `int` refuses, and to any length.
    """
    if not text or not text.isascii() or not text.isdigit() or len(text) > digits:
        return None
    return number if (number := int(text)) <= LARGEST else None


def percentage(text: str) -> Fraction | None:
    """Return a percentage such as `5`, `-7.5` or `7,5 %`; None where it isn't one.

    No powers of ten and no infinity, which `Decimal` reads: `9e9999999` is work without end.
    """
    plain = text.strip().rstrip("% ").replace("\N{MINUS SIGN}", "-")
    return Fraction(plain.replace(",", ".")) if _PERCENTAGE.fullmatch(plain) else None


def plain_amount(text: str) -> str:
    """Return an amount as it was typed, with a point before its decimals and no thousands parted.

    `1,234.50`, `1.234,50` and `1234,5` are all so much: a comma before one or two last digits is
    the decimal point, any other parts thousands.
    """
    typed = text.strip().replace("\N{MINUS SIGN}", "-")
    if _COMMA_IS_THE_POINT.fullmatch(typed):
        return typed.replace(".", "").replace(",", ".")
    return typed.replace(",", "")
