"""Translations: a name by its words, in each language, or as every house or this one says it."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pms.hotel.house import logbook, translations
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.house.translations import LONGEST, Names, TooLong, Translation
from pms.hotel.house.usual_names import USUAL
from tests import make

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_name_is_said_as_translated_then_as_usual_then_as_the_house_says_it():
    names = Names("fr", {"Double": "Chambre double", "Tip": "Service"})

    said = [names.of(name) for name in ("Double", "Tip", "City tax", "Lake view")]

    assert said == ["Chambre double", "Service", "Taxe de séjour", "Lake view"]


def test_what_was_posted_under_two_names_is_said_part_by_part():
    names = Names("de", {"Bar credit": "Bar-Guthaben", "House: rules": "Hausordnung"})

    said = [names.of(name) for name in ("Bar credit: Minibar", "House: rules", "Room 12: late")]

    assert said == ["Bar-Guthaben: Minibar", "Hausordnung", "Room 12: late"]


def test_usual_names_are_there_in_every_language():
    assert list(USUAL) == list(LANGUAGES)
    assert all(USUAL[code].keys() == USUAL["en"].keys() for code in LANGUAGES)
    assert all(name == words for name, words in USUAL["en"].items())


def test_names_are_written_changed_and_taken_back_each_in_the_logbook(session):
    house = make.hotel(session)
    by = make.by(session, house)
    translations.write(
        session, house, {"Double": {"fr": " Chambre  double ", "es": "Doble"}}, by=by
    )

    changed = translations.write(
        session, house, {"Double": {"fr": "", "es": "Doble"}, "Suite": {"de": "Suite"}}, by=by
    )

    assert changed == 2
    assert translations.of(session, house, ["Double", "Suite", "Twin"]) == {
        "Double": {"es": "Doble"}, "Suite": {"de": "Suite"}, "Twin": {},
    }  # fmt: skip
    assert translations.into(session, house, "es").of("Double") == "Doble"
    last = session.scalars(sa.select(logbook.Line).order_by(logbook.Line.id.desc())).first()
    assert last.verb == "translated names"
    assert last.before == {"Double (fr)": "Chambre double", "Suite (de)": ""}
    assert last.after == {"Double (fr)": "", "Suite (de)": "Suite"}


@ON_SQLITE
def test_who_may_not_set_up_and_words_too_long_are_refused(session):
    house = make.hotel(session)

    with pytest.raises(NotAllowed):
        translations.write(
            session, house, {"Double": {"fr": "x"}}, by=make.by(session, house, Role.FRONT_DESK)
        )
    with pytest.raises(TooLong, match="Double in Français"):
        translations.write(
            session, house, {"Double": {"fr": "x" * (LONGEST + 1)}}, by=make.by(session, house)
        )


@pytest.mark.parametrize(
    "wrong", [{"language": "it"}, {"name": "  "}, {"words": ""}, {"words": "x" * (LONGEST + 1)}]
)
def test_the_database_itself_refuses_other_languages_and_empty_words(session, wrong):
    house = make.hotel(session)
    row = {"hotel_id": house.id, "name": "Double", "language": "fr", "words": "Double", **wrong}

    with pytest.raises((IntegrityError, sa.exc.DataError)):
        session.execute(sa.insert(Translation), [row])
