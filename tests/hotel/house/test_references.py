"""References: what the house writes beside a line is said in the language of the paper."""

import re
from pathlib import Path

import pytest

from pms.hotel.house import references
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.house.translations import Names

HOTEL = Path(references.__file__).parents[1]


@pytest.mark.parametrize(
    ("said", "german"),
    [
        (references.GOODWILL.format(number=10002), "Kulanz, Anliegen 10002"),
        (references.REQUEST.format(number=7), "Anliegen 7"),
        (references.MINIBAR.format(room="204", name="Breakfast"), "Zimmer 204: Frühstück"),
        (references.OUTING.format(name="Harbour tour", number=9), "Hafenfahrt, Buchung 9"),
        (
            references.LATE_OUTING.format(name="Harbour tour", number=9),
            "Hafenfahrt, Buchung 9, zu spät storniert",
        ),
        (references.ALLOWANCE.format(name="Dinner"), "Guthaben aus Abendessen"),
        (references.BEFORE.format(hour="10:00"), "Vor 10:00"),
        (references.AFTER.format(hour="14:30"), "Nach 14:30"),
        (references.LONG_STAY.format(number=60), "Bleibt 60 Nächte oder länger"),
        (references.EXEMPT.format(name="Dinner", code="CITY"), "Abendessen: CITY befreit"),
        (references.DUE_AGAIN.format(name="Dinner"), "Abendessen: Steuer wieder fällig"),
    ],
)
def test_what_the_house_writes_beside_a_line_is_said_in_german(said, german):
    names = Names("de", {"Harbour tour": "Hafenfahrt"})

    assert references.into(said, names) == german


def test_every_reference_is_said_in_every_language_with_all_it_names():
    told = {"number": "12", "room": "Villa 3", "name": "Walk", "hour": "09:00", "code": "CITY"}
    every = [
        value for key, value in vars(references).items() if key.isupper() and key[0] != "_"
        and isinstance(value, str)
    ]  # fmt: skip

    for each in every:
        needed = re.findall(r"\{(\w+)\}", each)
        said = each.format(**told)
        in_languages = {code: references.into(said, Names(code)) for code in LANGUAGES}
        assert in_languages["en"] == said
        assert len(set(in_languages.values())) == len(LANGUAGES), in_languages
        for words in in_languages.values():
            assert all(told[part] in words for part in needed), words


@pytest.mark.parametrize("typed", ["Table 4", "Request denied", "Before lunch", "Wine, cold", ""])
def test_what_somebody_typed_stays_as_it_was_typed(typed):
    assert references.into(typed, Names("fr")) == typed


def test_a_lines_words_are_the_houses_or_a_name():
    names = Names("fr", {"Double": "Chambre double"})

    said = [references.text(each, names) for each in ("Dinner: CITY exempt", "Double", "Odd")]

    assert said == ["Dîner : exonéré de CITY", "Chambre double", "Odd"]


def test_no_verb_writes_a_reference_that_only_english_knows():
    written = [
        f"{file.relative_to(HOTEL)}: {line.strip()}"
        for file in sorted(HOTEL.rglob("*.py"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if re.search(r"\breference=f\"", line)
    ]

    assert written == []
