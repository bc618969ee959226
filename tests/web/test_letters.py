"""The letters in four languages: every word there, days and money as each language writes them."""

import string
from typing import Any

import pytest
from sqlalchemy.orm import Session

from pms.hotel.house import letterheads
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.letterheads import LANGUAGES, Head
from pms.hotel.stays import reservations
from pms.hotel.stays.correspondence import Tells
from pms.hotel.stays.reservations import Guarantee
from pms.web import letters
from pms.web.letters.words import WORDS
from tests import make


def places(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_language_has_every_word_with_the_same_places() -> None:
    assert set(WORDS) == set(LANGUAGES)
    for key, words in WORDS["en"].items():
        for language in LANGUAGES:
            assert WORDS[language][key].strip()
            assert places(WORDS[language][key]) == places(words), (language, key)


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", ["is confirmed", "Friday, 20 November 2026", "€200.00", "from 15:00"]),
        ("de", ["ist bestätigt", "Freitag, 20. November 2026", "200,00\xa0€", "ab 15:00"]),
        ("fr", ["est confirmée", "vendredi 20 novembre 2026", "200,00\xa0€", "à partir de 15:00"]),
        ("es", ["está confirmada", "viernes, 20 de noviembre de 2026", "200,00\xa0€", "15:00"]),
    ],
)
def test_a_confirmation_speaks_the_guests_language(
    session: Session, language: str, says: list[str]
) -> None:
    house = make.furnished(session)
    reservation = make.reservation(session, house, guarantee=Guarantee.CARD)
    reservation.guest.language = f"{language}-XX"

    paper = letters.written(session, house, reservation, tells=Tells.CONFIRMATION)

    for words in says:
        assert words in paper.subject + paper.text, paper.text
        assert words in paper.html
    assert paper.language == language
    assert f'lang="{language}"' in paper.html


def test_a_cancellation_says_its_number_and_no_price(session: Session) -> None:
    house = make.furnished(session)
    reservation = make.reservation(session, house)
    by = make.by(session, house)
    letterheads.write(session, house, Head(address="Allee 1", phone="030 1", language="de"), by=by)
    number = reservations.cancel(session, reservation, reason="ill", by=by)

    paper = letters.written(session, house, reservation, tells=Tells.CANCELLATION)

    assert f"Stornonummer lautet {number}" in paper.text
    assert "€" not in paper.text
    assert "Allee 1" in paper.html


def test_a_guests_name_is_no_markup(session: Session) -> None:
    house = make.furnished(session)
    reservation = make.reservation(session, house, surname="<b>Bold</b>")

    paper = letters.written(session, house, reservation, tells=Tells.CONFIRMATION)

    assert "<b>Bold" not in paper.html
    assert "&lt;b&gt;Bold" in paper.html


def test_the_number_of_questions_does_not_grow_with_the_nights(session: Session) -> None:
    from tests.asking import asked

    house: Hotel = make.furnished(session)
    short = make.reservation(session, house, nights=1)
    long = make.reservation(session, house, nights=30, surname="Long")

    def write(which: Any) -> int:
        session.flush()
        session.expire_all()
        return asked(session, lambda: letters.written(session, house, which, tells=Tells.CHANGE))

    assert write(short) == write(long)
