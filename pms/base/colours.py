"""Colours: a hotel's own, and what can be read on it and beside it by day and by night.

Luminance and contrast as WCAG 2.2 defines them; 4.5 is enough for any text.
"""

import re
from dataclasses import dataclass

from pms.base.refusal import Invalid

READABLE = 4.5
PAPER, NIGHT = "#ffffff", "#191a20"
_HEX = re.compile(r"#[0-9a-f]{6}")
_STEPS = 40


@dataclass(frozen=True, slots=True)
class Shades:
    """A colour as it is filled (white stands on it), and as it is written by day and by night."""

    filled: str
    pressed: str
    by_day: str
    by_night: str


def read(text: str, *, field: str = "colour") -> str:
    """Return a colour as `#rrggbb`; refuses what is none."""
    plain = text.strip().lower()
    if not _HEX.fullmatch(plain):
        raise Invalid("Write a colour like #4350c8.", field=field)
    return plain


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def shades(colour: str) -> Shades:
    """Return the shades of a colour that can be read: too light a one is darkened until it can."""
    filled = _until_readable(colour, "#000000", on=PAPER)
    return Shades(
        filled=filled,
        pressed=_mixed(filled, "#000000", 0.2),
        by_day=filled,
        by_night=_until_readable(colour, "#ffffff", on=NIGHT),
    )


def _until_readable(colour: str, towards: str, *, on: str) -> str:
    mixed = (_mixed(colour, towards, step / _STEPS) for step in range(_STEPS + 1))
    return next(each for each in mixed if contrast(each, on) >= READABLE)


def _parts(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def _luminance(colour: str) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (each / 255 for each in _parts(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
