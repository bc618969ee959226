"""Countries: by two letters or three as they were typed, their English name and their languages."""

from babel import Locale
from babel.core import get_global
from babel.languages import get_official_languages

# What CLDR keeps two letters for that no invoice can be sent to: unions, tests, and parts of
# countries that ISO 3166 knows by their country alone (IC is ES).
_NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"} | {
    "AC", "CP", "CQ", "DG", "EA", "IC", "TA",
}  # fmt: skip


def two_letters(code: str | None) -> str | None:
    """Return a country's two letters: `KOR` and `kr` are `KR`; None for what is no country."""
    typed = (code or "").strip().upper()
    known = get_global("territory_aliases").get(typed) or [typed]
    return known[0] if len(known) == 1 and len(known[0]) == 2 and known[0].isalpha() else None


def is_country(code: str | None) -> bool:
    """Tell whether two letters are a country's, not a region's or a test's such as `ZZ`."""
    return (code or "") in Locale("en").territories and code not in _NO_COUNTRIES


def name(code: str | None) -> str:
    """Return a country by its English name, `South Korea`; what isn't known, as it was typed."""
    found = two_letters(code)
    return str(Locale("en").territories.get(found or "", code or ""))


def languages(code: str | None) -> tuple[str, ...]:
    """Return what is spoken in a country, the most spoken first: `de`, `fr`, `it` in `CH`."""
    found = two_letters(code)
    return tuple(get_official_languages(found, de_facto=True)) if found else ()
