"""The lines of passports, cards and visas, against published specimens and by property."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pms.hotel.guests import identity
from pms.hotel.guests.identity import lines

TODAY = date(2026, 11, 20)
CASES = json.loads((Path(__file__).parents[2] / "data" / "mrz_cases.json").read_text())
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_every_published_case_is_read(case: dict[str, Any]) -> None:
    found = identity.read("\n".join(case["lines"]), today=TODAY)

    digits = {name: right for name, right in case["checks"].items() if isinstance(right, bool)}
    assert found.format == case["format"]
    assert found.valid is case["valid"]
    assert {name: found.checks[name] for name in digits} == digits
    said = {
        "surname": found.surname, "given": found.given, "nationality": found.nationality,
        "birth": str(found.birth), "sex": found.sex, "expiry": str(found.expiry),
        "number": found.number, "optional": found.optional,
    }  # fmt: skip
    assert {name: said[name] for name in case["fields"]} == case["fields"]


def test_a_wrong_digit_is_named_with_what_it_should_be() -> None:
    found = identity.read(TD3.replace("L898902C36", "L898902C37"), today=TODAY)

    assert found.faults == (
        "The check digit of the document number is 7, and should be 6.",
        "The check digit of the whole is 0, and should be 7.",
    )


def test_a_line_too_short_is_named() -> None:
    found = identity.read(TD3.replace("<\nL", "\nL"), today=TODAY)

    assert found.faults == ("Line 1 has 43 characters instead of 44.",)


@pytest.mark.parametrize(
    "text",
    [
        TD3.lower(),
        TD3.replace("\n", "\r\n") + "\r\n",
        TD3.replace("\n", ""),
        TD3.replace("<<", "«"),
        "  " + TD3.replace("UTO", "UTO "),
    ],
    ids=["small", "scanner", "in one", "as seen by a camera", "with spaces"],
)
def test_lines_are_read_however_they_were_typed(text: str) -> None:
    assert identity.read(text, today=TODAY) == identity.read(TD3, today=TODAY)


@pytest.mark.parametrize("text", ["", "hello", TD3[:44], TD3 + "\n" + TD3, "<\n<\n<"])
def test_what_are_no_lines_is_refused_with_the_way_out(text: str) -> None:
    with pytest.raises(identity.NoLines, match="Scan them again, or fill the fields in"):
        identity.read(text, today=TODAY)


def test_a_number_longer_than_its_field_goes_on_in_the_next() -> None:
    check = lines.digit("5921234567893")
    line = f"I<BEL592123456<{'7893' + check:<<15}"
    second = "8502282F2801233BEL<<<<<<<<<<<"
    over = line[5:30] + second[0:7] + second[8:15] + second[18:29]
    text = f"{line}\n{second}{lines.digit(over)}\nPEETERS<<AN<<<<<<<<<<<<<<<<<<<"

    found = identity.read(text, today=TODAY)

    assert found.number == "5921234567893"
    assert found.checks["number"]


def test_centuries_birth_is_past_and_expiry_is_near() -> None:
    born = identity.read(TD3.replace("7408122", "2611202"), today=TODAY).birth
    later = identity.read(TD3.replace("7408122", "2611212"), today=TODAY).birth
    expired = identity.read(TD3.replace("1204159", "9904159"), today=TODAY).expiry

    assert born == TODAY
    assert later == date(1926, 11, 21)
    assert expired == date(1999, 4, 15)


def test_germany_is_said_in_three_letters_and_an_unknown_birthday_is_none() -> None:
    text = TD3.replace("P<UTO", "P<D<<").replace("UTO7408122", "D<<7400002")

    found = identity.read(text, today=TODAY)

    assert (found.issuer, found.nationality, found.birth) == ("DEU", "DEU", None)


LETTERS = "<0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@given(st.lists(st.text(LETTERS, min_size=44, max_size=44), min_size=2, max_size=2))
def test_any_two_lines_are_read_without_breaking(text: list[str]) -> None:
    found = identity.read("\n".join(text), today=TODAY)

    assert found.valid == (not found.faults)
    assert "<" not in found.number + found.surname + found.given


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        identity.read(text, today=TODAY)
    except identity.NoLines:
        return


@given(st.text(LETTERS, min_size=1, max_size=20), st.data())
def test_one_wrong_character_is_found_by_its_digit(field: str, data: st.DataObject) -> None:
    """A digit for another digit always shows: 7, 3 and 1 have no factor in common with 10."""
    places = [place for place, each in enumerate(field) if each.isdigit()]
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from([each for each in "0123456789" if each != field[place]]))

    assert lines.digit(field[:place] + other + field[place + 1 :]) != lines.digit(field)
