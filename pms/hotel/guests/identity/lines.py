"""Lines: the machine-readable zone of passports, cards and visas (ICAO Doc 9303), read and checked.

Three lines of 30 (TD1), two of 36 (TD2, MRV-B) or two of 44 (TD3, MRV-A). A check digit is the
sum of the characters' values (0-9, A-Z as 10-35, `<` as 0) times 7, 3, 1, 7, 3, 1 …, modulo 10.
"""

import re
from dataclasses import dataclass
from datetime import date

from pms.base.refusal import Invalid

FILLER = "<"
_VALUES = {FILLER: 0} | {c: n for n, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_WEIGHTS = (7, 3, 1)
_ALIKE = str.maketrans({"«": "<<", "‹": "<", "＜": "<", "〈": "<", "《": "<<"})
_WHOLE = {90: 30, 88: 44, 72: 36}  # all lines in one: so many characters, so many a line
_SIZES = {"TD1": (3, 30), "TD2": (2, 36), "TD3": (2, 44), "MRV-A": (2, 44), "MRV-B": (2, 36)}
_COUNTRIES = {"D": "DEU"}  # Germany writes itself with one letter
LONGEST = 400


class NoLines(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "These are not the lines of a passport, a card or a visa: two lines of 44 or 36 "
            "characters, or three of 30. Scan them again, or fill the fields in by hand.",
            field="lines",
        )


@dataclass(frozen=True)
class Reading:
    """What the lines say; `checks` tells each check digit, `faults` says what is wrong and how."""

    format: str
    document: str
    issuer: str
    number: str
    surname: str
    given: str
    nationality: str
    birth: date | None
    sex: str
    expiry: date | None
    optional: str
    checks: dict[str, bool]
    faults: tuple[str, ...]

    @property
    def valid(self) -> bool:
        """Whether every line is whole and every check digit right."""
        return not self.faults


@dataclass(frozen=True)
class _Zone:
    """The fields of two or three lines, as they stand, before they are understood."""

    head: str
    names: str
    number: str
    number_digit: str
    nationality: str
    birth: str
    sex: str
    expiry: str
    optional: str
    optional_digit: str | None
    composite: tuple[str, str] | None


def read(text: str, *, today: date) -> Reading:
    """Read lines typed, pasted or scanned, in one piece or several; refuses what can't be lines.

    Lines too short or long, strange characters and wrong check digits are faults of the reading,
    each with its name. `today` decides the century: nobody is born after it, and a document
    expires in the year nearest to it.
    """
    lines = _lines(text)
    format_ = _format(lines)
    count, width = _SIZES[format_]
    faults = [
        f"Line {no} has {len(line)} characters instead of {width}."
        for no, line in enumerate(lines, start=1)
        if len(line) != width
    ]
    faults += [
        f"Line {no} has a character that no document has: {wrong[0]}"
        for no, line in enumerate(lines, start=1)
        if (wrong := [each for each in line if each not in _VALUES])
    ]
    whole = [line[:width].ljust(width, FILLER) for line in lines[:count]]
    zone = _three(whole) if format_ == "TD1" else _two(whole, format_)
    checks, wrong_digits = _checked(zone)
    surname, _, given = zone.names.partition("<<")
    return Reading(
        format=format_,
        document=zone.head[:2].rstrip(FILLER),
        issuer=_country(zone.head[2:5]),
        number=zone.number.replace(FILLER, ""),
        surname=_spaced(surname),
        given=_spaced(given),
        nationality=_country(zone.nationality),
        birth=_born(zone.birth, today),
        sex=zone.sex if zone.sex in "MF" else "X",
        expiry=_expires(zone.expiry, today),
        optional=_spaced(zone.optional),
        checks=checks,
        faults=(*faults, *wrong_digits, *_undated(zone, today)),
    )


def digit(field: str) -> str:
    """Return the check digit of a field; what isn't a character of the zone counts nothing."""
    sum_ = sum(_VALUES.get(each, 0) * _WEIGHTS[place % 3] for place, each in enumerate(field))
    return str(sum_ % 10)


def _lines(text: str) -> list[str]:
    cleaned = text[:LONGEST].upper().translate(_ALIKE)
    lines = [re.sub(r"\s", "", line) for line in re.split(r"[\r\n]+", cleaned)]
    lines = [line for line in lines if line]
    if len(lines) == 1 and (width := _WHOLE.get(len(lines[0]))):
        lines = re.findall(f".{{{width}}}", lines[0])
    return lines


def _format(lines: list[str]) -> str:
    """Tell which document it is by how many lines there are, how long, and the first letter."""
    longest = max((len(line) for line in lines), default=0)
    if len(lines) == 3 and 26 <= longest <= 34:
        return "TD1"
    if len(lines) != 2 or not 33 <= longest <= 47:
        raise NoLines
    long = longest > 40
    if lines[0].startswith("V"):
        return "MRV-A" if long else "MRV-B"
    return "TD3" if long else "TD2"


def _three(lines: list[str]) -> _Zone:
    first, second, names = lines
    number, number_digit, optional = _long_number(first[5:14], first[14], first[15:30])
    return _Zone(
        head=first[:5],
        names=names,
        number=number,
        number_digit=number_digit,
        birth=second[0:7],
        sex=second[7],
        expiry=second[8:15],
        nationality=second[15:18],
        optional=optional + second[18:29],
        optional_digit=None,
        composite=(first[5:30] + second[0:7] + second[8:15] + second[18:29], second[29]),
    )


def _two(lines: list[str], format_: str) -> _Zone:
    first, second = lines
    passport, visa = format_ == "TD3", format_.startswith("MRV")
    rest = second[28:] if visa else second[28:42] if passport else second[28:35]
    number, number_digit, optional = second[0:9], second[9], rest
    if format_ == "TD2":
        number, number_digit, optional = _long_number(number, number_digit, rest)
    end = len(second) - 1
    over = second[0:10] + second[13:20] + second[21:end]
    return _Zone(
        head=first[:5],
        names=first[5:],
        number=number,
        number_digit=number_digit,
        nationality=second[10:13],
        birth=second[13:20],
        sex=second[20],
        expiry=second[21:28],
        optional=optional,
        optional_digit=second[42] if passport else None,
        composite=None if visa else (over, second[end]),
    )


def _long_number(number: str, check: str, optional: str) -> tuple[str, str, str]:
    """Return a number longer than 9 characters: it goes on in the optional field, digit last."""
    if check != FILLER:
        return number, check, optional
    rest, _, after = optional.partition(FILLER)
    if len(rest) < 2:
        return number, check, optional
    return number + rest[:-1], rest[-1], after


def _checked(zone: _Zone) -> tuple[dict[str, bool], list[str]]:
    fields = [
        ("number", zone.number, zone.number_digit),
        ("birth", zone.birth[:6], zone.birth[6]),
        ("expiry", zone.expiry[:6], zone.expiry[6]),
    ]
    if zone.optional_digit is not None:
        empty = zone.optional_digit == FILLER and not zone.optional.strip(FILLER)
        fields.append(("optional", zone.optional, "0" if empty else zone.optional_digit))
    if zone.composite is not None:
        fields.append(("composite", *zone.composite))
    words = {
        "number": "the document number",
        "birth": "the date of birth",
        "expiry": "the date of expiry",
        "optional": "the optional field",
        "composite": "the whole",
    }
    checks = {name: digit(field) == found for name, field, found in fields}
    faults = [
        f"The check digit of {words[name]} is {found}, and should be {digit(field)}."
        for name, field, found in fields
        if not checks[name]
    ]
    return checks, faults


def _undated(zone: _Zone, today: date) -> list[str]:
    faults = []
    is_whole = zone.birth[:6].isdigit() and "00" not in {zone.birth[2:4], zone.birth[4:6]}
    if is_whole and _born(zone.birth, today) is None:
        faults.append("The date of birth is no day.")
    if zone.expiry[:6].isdigit() and _expires(zone.expiry, today) is None:
        faults.append("The date of expiry is no day.")
    return faults


def _spaced(field: str) -> str:
    return " ".join(field.replace(FILLER, " ").split())


def _country(code: str) -> str:
    plain = code.rstrip(FILLER)
    return _COUNTRIES.get(plain, plain)


def _born(field: str, today: date) -> date | None:
    """Return a date of birth in the last hundred years; unknown parts make it unknown."""
    for century in (today.year // 100 * 100, today.year // 100 * 100 - 100):
        born = _date(field, century)
        if born is not None and born <= today:
            return born
    return None


def _expires(field: str, today: date) -> date | None:
    """Return a date of expiry in the year nearest to today."""
    century = today.year // 100 * 100
    found = [_date(field, each) for each in (century - 100, century, century + 100)]
    days = [each for each in found if each is not None]
    return min(days, key=lambda each: abs(each.year - today.year), default=None)


def _date(field: str, century: int) -> date | None:
    if not field[:6].isdecimal():
        return None
    try:
        return date(century + int(field[:2]), int(field[2:4]), int(field[4:6]))
    except ValueError:
        return None
