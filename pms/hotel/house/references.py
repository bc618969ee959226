"""References: what the house itself writes on a line of a bill, or beside it, in each language.

A line keeps it in the house's English, in ink; a paper freezes it in its own language. What
somebody typed stays as it was typed.
"""

import re

from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.house.translations import Names

GOODWILL = "Goodwill, request {number}"
REQUEST = "Request {number}"
MINIBAR = "Room {room}: {name}"
OUTING = "{name}, booking {number}"
LATE_OUTING = "{name}, booking {number}, cancelled late"
ALLOWANCE = "Allowance of {name}"
BEFORE = "Before {hour}"
AFTER = "After {hour}"
LONG_STAY = "Stays {number} nights or longer"
EXEMPT = "{name}: {code} exempt"
DUE_AGAIN = "{name}: tax due again"

# A column for each language; a fuller reference stands before the one it begins with.
_SAID = (
    (GOODWILL, "Kulanz, Anliegen {number}", "Geste commercial, demande {number}",
     "Cortesía, petición {number}"),
    (REQUEST, "Anliegen {number}", "Demande {number}", "Petición {number}"),
    (MINIBAR, "Zimmer {room}: {name}", "Chambre {room} : {name}", "Habitación {room}: {name}"),
    (LATE_OUTING, "{name}, Buchung {number}, zu spät storniert",
     "{name}, réservation {number}, annulée trop tard",
     "{name}, reserva {number}, cancelada demasiado tarde"),
    (OUTING, "{name}, Buchung {number}", "{name}, réservation {number}",
     "{name}, reserva {number}"),
    (ALLOWANCE, "Guthaben aus {name}", "Avoir de {name}", "Crédito de {name}"),
    (BEFORE, "Vor {hour}", "Avant {hour}", "Antes de las {hour}"),
    (AFTER, "Nach {hour}", "Après {hour}", "Después de las {hour}"),
    (LONG_STAY, "Bleibt {number} Nächte oder länger", "Reste {number} nuits ou plus",
     "Se queda {number} noches o más"),
    (EXEMPT, "{name}: {code} befreit", "{name} : exonéré de {code}", "{name}: exento de {code}"),
    (DUE_AGAIN, "{name}: Steuer wieder fällig", "{name} : taxe de nouveau due",
     "{name}: impuesto debido de nuevo"),
)  # fmt: skip
_PARTS = {
    r"\{number\}": r"(?P<number>\d+)",
    r"\{room\}": r"(?P<room>[^:]+)",
    r"\{code\}": r"(?P<code>\S+)",
    r"\{hour\}": r"(?P<hour>\d\d:\d\d)",
    r"\{name\}": r"(?P<name>.+)",
}


def _pattern(words: str) -> re.Pattern[str]:
    found = re.escape(words)
    for part, shape in _PARTS.items():
        found = found.replace(part, shape)
    return re.compile(found)


_PATTERNS = [(_pattern(row[0]), dict(zip(LANGUAGES, row, strict=True))) for row in _SAID]


def into(said: str, names: Names) -> str:
    """Return a reference in the language of the names, with the house's names in it translated."""
    for pattern, by_language in _PATTERNS:
        if found := pattern.fullmatch(said):
            parts = {
                part: names.of(word) if part == "name" else word
                for part, word in found.groupdict().items()
            }
            return by_language[names.language].format(**parts)
    return said


def text(said: str, names: Names) -> str:
    """Return a line's own words in the language of the names: the house's, or a name's."""
    written = into(said, names)
    return written if written != said else names.of(said)
