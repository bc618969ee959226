"""Card numbers: kept out of everything that is written, so that the house never holds one."""

import re
import unicodedata

from pms.base.refusal import Refusal

_RUN = re.compile(r"\d+(?:[ \-.\u00a0\u202f]?\d+)*")
SHORTEST, LONGEST = 13, 19


class LooksLikeACardNumber(Refusal):
    """Someone typed a card's number where words belong."""

    status = 422

    def __init__(self, field: str) -> None:
        super().__init__(
            "That looks like a card number, and the house keeps none. Write the last four digits.",
            field=field,
        )


def refuse(**fields: str | None) -> None:
    """Refuse a text that holds a card number: 13 to 19 digits, spaced or not, that pass Luhn."""
    for field, text in fields.items():
        if text and found_in(text):
            raise LooksLikeACardNumber(field)


def found_in(text: str) -> bool:
    """Tell whether a text holds what may be a card number."""
    if len(text) < SHORTEST:
        return False
    plain = unicodedata.normalize("NFKC", text)
    return any(_any_passes(re.findall(r"\d+", run)) for run in _RUN.findall(plain))


def _any_passes(groups: list[str]) -> bool:
    for start in range(len(groups)):
        digits = ""
        for group in groups[start:]:
            digits += group
            if len(digits) > LONGEST:
                break
            if len(digits) >= SHORTEST and passes_luhn(digits):
                return True
    return False


def passes_luhn(digits: str) -> bool:
    """Tell whether digits end in the check digit that cards carry (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(int(digit) for digit in reversed(digits)):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0 and total > 0
