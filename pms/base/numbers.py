"""Numbers as people type them, and as addresses carry them."""

import re
from fractions import Fraction

LARGEST = 2**63 - 1
_LONGEST = len(str(LARGEST))
_PERCENTAGE = re.compile(r"[+-]?\d{1,6}([.,]\d{1,6})?", re.ASCII)


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
