"""Spelling: a name as it is searched, and the ways in which one name may be written."""

import itertools
import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

MOST_READINGS = 8
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})
_PAIRS = re.compile("(ae|oe|ue|aa)")
# what two letters may stand for: a vowel whose mark is folded away, or a letter of its own
_BARE = {"ae": "a", "oe": "o", "ue": "u", "aa": "a"}
_OTHERWISE = {"ae": "æ", "oe": "ø"}
_MARKED = {"ae": "äÄ\u0308", "oe": "öÖ\u0308", "ue": "üÜ\u0308", "aa": "åÅ\u030a"}


class Reading(NamedTuple):
    """One way to read what was typed.

    Where two letters are read as one with a mark (`ue` as `ü`), the name has to have one of
    `marks`: `mue` means Müller, and not Muñoz.
    """

    text: str
    marks: str = ""


def folded(name: str) -> str:
    """Return a name as it is searched: without accents or case, `Dvořák` as `dvorak`."""
    plain = unicodedata.normalize("NFKD", name)
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(bare.casefold().split())


def spelled_out(name: str) -> str:
    """Return a name as it is searched, its umlauts as two letters: `Müller` as `mueller`."""
    return folded(unicodedata.normalize("NFC", name).casefold().translate(_SPELLED_OUT))


def readings(text: str) -> list[Reading]:
    """Return the ways in which a name may be written in the index, as typed first.

    `Mueller` and `Müller` are each other, `Soerensen` is `Sørensen` too; most names have one way.
    """
    typed = folded(text)
    found = {typed: Reading(typed)}
    parts = _PAIRS.split(spelled_out(text))
    ways = [_ways_of(part) for part in parts]
    for way in itertools.islice(itertools.product(*ways), MOST_READINGS):
        words = "".join(part for part, _ in way)
        found.setdefault(words, Reading(words, "".join(dict.fromkeys("".join(m for _, m in way)))))
    return list(found.values())


def shared_beginning(known: Sequence[Reading]) -> str:
    """Return the letters that all readings begin with."""
    first, last = min(known).text, max(known).text
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return "".join(letter for letter, _ in same)


def _ways_of(part: str) -> list[tuple[str, str]]:
    """Return what a part of a name may be, each with the marks that it takes for granted."""
    if part not in _BARE:
        return [(part, "")]
    as_letter = [(_OTHERWISE[part], "")] if part in _OTHERWISE else []
    return [(part, ""), (_BARE[part], _MARKED[part]), *as_letter]
