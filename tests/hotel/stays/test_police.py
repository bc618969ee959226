"""The police register: who is due, exported once, corrected since; and the layout of the file."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pms.base.refusal import Invalid
from pms.hotel.guests import identity
from pms.hotel.house import logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.stays import parties, police, siba, stays
from pms.hotel.stays.police import Stand, Unit
from pms.hotel.stays.reservations import Reservation
from tests import make
from tests.asking import asked
from tests.engines import ONE_ENGINE
from tests.hotel.guests.test_identity import ANA

SAMPLE = Path(__file__).parents[2] / "data" / "siba_sample.xml"
UNIT = Unit(
    code="121212121", short_name="teste", street="Rua da Alegria, 172", town="Portalegre",
    postcode="1000", zone="234", phone="214017744", contact="Nuno teste",
    email="teste.teste@example.com",
)  # fmt: skip


def arrived(session: Session, **other: object) -> tuple[Hotel, Reservation]:
    """A hotel with one party in house, whose first guest has shown a passport."""
    house = make.furnished(session)
    by, party = make.by(session, house), make.reservation(session, house)
    party.guest.country = "SWE"
    seen = replace(ANA, lives_in="Göteborg", **other)
    identity.keep(session, party.guest, seen, hotel=house, by=by)
    stays.check_in(session, party, room=make.room(session, house), by=by)
    return house, party


def stands(session: Session, house: Hotel) -> list[Stand]:
    return [each.stand for each in police.register(session, house)]


def test_a_guest_is_due_then_exported_then_corrected(session: Session) -> None:
    house, party = arrived(session)
    by = make.by(session, house)
    police.set_up(session, house, UNIT, by=by)

    assert stands(session, house) == [Stand.DUE]
    first = police.export(session, house, by=by)
    assert stands(session, house) == [Stand.EXPORTED]
    with pytest.raises(police.NothingDue):
        police.export(session, house, by=by)
    corrected = replace(ANA, lives_in="Malmö")
    identity.keep(session, party.guest, corrected, hotel=house, by=by)
    assert stands(session, house) == [Stand.CORRECTED]
    second = police.export(session, house, by=by)

    assert stands(session, house) == [Stand.EXPORTED]
    assert (first.number, second.number, second.guests) == (1, 2, 1)
    assert b"GOTEBORG" in police.content_of(session, first)
    assert b"MALMO" in police.content_of(session, second)
    assert logbook.history(session, second)[0].verb == "exported police file"


@ONE_ENGINE
def test_what_is_missing_is_named_and_not_exported(session: Session) -> None:
    house, party = arrived(session, birth_date=None)
    by = make.by(session, house)
    police.set_up(session, house, UNIT, by=by)
    parties.add(session, party, make.guest(session, house, "Wife"), by=by)

    entries = police.register(session, house)

    assert [each.missing for each in entries] == [("date of birth",), ("document",)]
    assert {each.stand for each in entries} == {Stand.INCOMPLETE}
    with pytest.raises(police.NothingDue):
        police.export(session, house, by=by)


@ONE_ENGINE
def test_nationals_and_who_has_not_come_are_left_out(session: Session) -> None:
    house, _ = arrived(session, nationality="PRT")
    make.reservation(session, house, surname="Later")

    assert police.register(session, house) == []


@ONE_ENGINE
def test_without_the_authoritys_code_nothing_is_exported(session: Session) -> None:
    house, _ = arrived(session)
    by = make.by(session, house)

    with pytest.raises(police.NotSetUp, match="Write down how it does"):
        police.export(session, house, by=by)
    with pytest.raises(Invalid, match="nine digits"):
        police.set_up(session, house, replace(UNIT, code="12"), by=by)
    with pytest.raises(NotAllowed):
        police.export(session, house, by=make.by(session, house, Role.RESERVATIONS))


@ONE_ENGINE
def test_the_register_asks_no_more_for_more_guests(session: Session) -> None:
    house, party = arrived(session)
    by = make.by(session, house)

    few = asked(session, lambda: police.register(session, house))
    parties.add(session, party, make.guest(session, house, "Wife"), by=by)
    for number in ("102", "103"):
        each = make.reservation(session, house, surname=f"In {number}")
        stays.check_in(session, each, room=make.room(session, house, number), by=by)
    session.expunge_all()
    house = session.get_one(Hotel, house.id)

    assert asked(session, lambda: police.register(session, house)) <= few


def test_a_file_is_the_published_one_to_the_element() -> None:
    told = siba.Bulletin(
        surname="Eriksson", given_name="Anna Maria", nationality="SWE", born=date(1980, 5, 17),
        number="L898902C3", issuer="SWE", document="P", arrived=date(2026, 9, 15),
        leaves=date(2026, 9, 18), country="SWE", lives_in="Stockholm",
    )  # fmt: skip
    unit = siba.Unit(name="Hotel teste", **vars(UNIT))

    made = siba.file_of(unit, [told], number=7, made_at=datetime(2026, 9, 16, 10, 20, 30))  # noqa: DTZ001

    lines = SAMPLE.read_text().splitlines()
    wanted = [
        # the place of birth may be left out, and the hotel has no fax
        line.replace("<Fax>214017766</Fax>", "<Fax />").strip()
        for line in lines[1:]
        if "Local_Nascimento" not in line
    ]
    assert [line.strip() for line in made.decode().splitlines()[1:]] == wanted


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("Dvořák", "DVORAK"), ("Østergård", "OESTERGARD"), ("Groß", "GROSS"), ("Łukasz", "LUKASZ"),
        ("O'Neill-Smith", "O'NEILL-SMITH"), ("王", ""), ("A" * 50, "A" * 40),
    ],
)  # fmt: skip
def test_names_are_spelled_as_the_authority_reads_them(name: str, spelled: str) -> None:
    assert siba.spelled(name) == spelled


@pytest.mark.parametrize(
    "broken",
    ["UPDATE police_files SET number = 9", "DELETE FROM police_reports"],
)
def test_the_database_itself_keeps_what_was_reported(session: Session, broken: str) -> None:
    house, _ = arrived(session)
    by = make.by(session, house)
    police.set_up(session, house, UNIT, by=by)
    police.export(session, house, by=by)

    with pytest.raises(IntegrityError, match="written in ink"):
        session.execute(sa.text(broken))
