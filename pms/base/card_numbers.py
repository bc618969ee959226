"""Card numbers: kept out of everything that is written, so that the house never holds one."""

import re
import unicodedata

from sqlalchemy.exc import DontWrapMixin

from pms.base.refusal import Refusal

_RUN = re.compile(r"\d+(?:[ \-.]?\d+)*")  # spaces that don't break are plain by then (NFKC)
# How every card's number begins, spaced or not: most texts aren't looked at any closer.
_BEGINNING = re.compile(r"\d{4}[ \-.]?\d{4,6}[ \-.]?\d{4}")
SHORTEST, LONGEST = 13, 19
_IN_THREE = {(4, 6, 5), (4, 6, 4)}  # American Express, Diners
# Who issues numbers of which length, so that two telephones in a row aren't taken for one; what
# begins with 4915 to 4917 and has 13 digits is a German mobile written without its plus.
_ISSUED = re.compile(
    r"4(?!91[567])\d{12}|4\d{15}|4\d{18}|5\d{15,18}|6\d{15,18}|2[2-7]\d{14}|35\d{14}|3[47]\d{13}"
    r"|3[0689]\d{12}|5[0678]\d{10,13}|6\d{12,14}"
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_TELEPHONE = re.compile(r"\+\d{7,15}(?![ \-.]?\d)")  # ITU-T E.164
_DIGEST = re.compile(r"\b(?=\d*[a-f])[0-9a-f]{32,}\b")


class LooksLikeACardNumber(Refusal, DontWrapMixin):
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
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if not _BEGINNING.search(plain):
        return False
    plain = _IBAN.sub(_unless_account, _DIGEST.sub(" ", _TELEPHONE.sub(" ", plain)))
    return any(_any_passes(re.findall(r"\d+", run)) for run in _RUN.findall(plain))


def _any_passes(groups: list[str]) -> bool:
    """Look at each group by itself, and at those in a row that are spaced as on a card."""
    for start in range(len(groups)):
        for end in range(start + 1, len(groups) + 1):
            digits = "".join(groups[start:end])
            if len(digits) > LONGEST:
                break
            is_one = _is_spaced_as_on_a_card(groups[start:end]) and _ISSUED.fullmatch(digits)
            if is_one and passes_luhn(digits):
                return True
    return False


def _is_spaced_as_on_a_card(groups: list[str]) -> bool:
    lengths = tuple(map(len, groups))
    if len(lengths) == 1 or lengths in _IN_THREE:
        return True
    return len(lengths) > 3 and set(lengths[:-1]) == {4} and lengths[-1] <= 4


def _unless_account(found: "re.Match[str]") -> str:
    """Leave out a bank account's number: its own check digits say what it is (ISO 13616)."""
    plain = "".join(found[0].split())
    number = "".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])
    return " " if int(number) % 97 == 1 else found[0]


def passes_luhn(digits: str) -> bool:
    """Tell whether digits end in the check digit that cards carry (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(int(digit) for digit in reversed(digits)):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0 and total > 0
