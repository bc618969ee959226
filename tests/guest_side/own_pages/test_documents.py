"""A guest's document on their own pages: what the desk has seen, they don't rewrite."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from pms.hotel.guests import identity
from pms.hotel.guests.guests import Guest
from pms.hotel.guests.identity import IdentityDocument, IdentityKind, Seen
from pms.hotel.house import staff
from pms.hotel.house.hotels import Chain, Hotel
from pms.hotel.stays.reservations import Reservation
from tests import make
from tests.front_office.conftest import House
from tests.guest_side.own_pages.conftest import ARRIVAL, Phone
from tests.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY
SEEN = Seen(IdentityKind.PASSPORT, "C01X", "FRA", "FRA", "Roy", "Ines", date(1980, 5, 1))
TYPED = {"kind": "passport", "number": "C01X", "issuing_country": "FRA", "nationality": "FRA",
         "surname": "Roy", "given_name": "Ines", "birth_date": "1980-05-01"}  # fmt: skip
REWRITTEN = {**TYPED, "given_name": "Eve", "birth_date": "1999-09-09"}


@pytest.fixture
def party(hotel: House) -> Reservation:
    """One who comes in a week."""
    hotel.does(
        lambda session, house: make.reservation(session, house, surname="Roy", arrival=ARRIVAL)
    )
    return hotel.party("Roy")


@pytest.fixture
def inside(phone: Phone, party: Reservation, link: Callable[..., str]) -> Phone:
    """The phone of the guest who opened their stay."""
    phone.get(link("Roy"))
    assert phone.send(booking=party.number, who="roy").request.path == "/my-stay"
    return phone


def sends(phone: Phone, party: Reservation, **typed: Any) -> Any:
    """Write down a document on My stay."""
    phone.get("/my-stay/guests")
    return phone.send(guest=party.guest_id, do="keep", **typed)


def stands(hotel: House) -> list[Any]:
    """Return what is written of documents."""
    wanted = sa.select(IdentityDocument.given_name, IdentityDocument.birth_date)
    return hotel.does(lambda session, _: session.execute(wanted).all())  # type: ignore[no-any-return]


def test_what_the_desk_saw_isnt_rewritten_in_two_presses(
    inside: Phone, hotel: House, party: Reservation
) -> None:
    def scan(session: Any, house: Hotel) -> None:
        guest = session.get_one(Guest, (house.chain_id, party.guest_id))
        identity.keep(session, guest, SEEN, hotel=house, by=make.by(session, house))

    hotel.does(scan)
    first = sends(inside, party, **TYPED)
    second = sends(inside, party, **REWRITTEN)

    assert first.status_code == 200
    assert second.status_code == 422
    assert stands(hotel) == [("Ines", date(1980, 5, 1))]


def test_what_a_guest_wrote_in_a_sister_house_they_correct_here(
    inside: Phone, hotel: House, party: Reservation
) -> None:
    def written_there(session: Any, house: Hotel) -> None:
        sister = make.hotel(session, "SISTER", chain=session.get_one(Chain, house.chain_id))
        guest = session.get_one(Guest, (house.chain_id, party.guest_id))
        wrong = replace(SEEN, given_name="Inse")
        identity.keep(session, guest, wrong, hotel=sister, by=staff.a_guest(session, sister))

    hotel.does(written_there)
    corrected = sends(inside, party, **TYPED)

    assert corrected.status_code == 200
    assert stands(hotel) == [("Ines", date(1980, 5, 1))]
