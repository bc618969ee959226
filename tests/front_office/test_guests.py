"""Guests and companies: their pages, and writing them down anew."""

from typing import Any

import pytest

from pms.hotel.guests import companies, guests
from pms.hotel.guests.guests import Guest
from pms.web.database import db
from tests import make
from tests.front_office.conftest import Clerk, House


def test_a_profile_is_written_anew_and_found_by_its_new_name(clerk: Clerk, hotel: House) -> None:
    guest = hotel.party("Yamada").guest_id

    page = clerk.send(
        f"/guests/{guest}", surname="Tanaka", given_name="Haruka", email="H@x.jp", vip="y"
    )

    assert "Haruka Tanaka is written down anew." in page.text
    assert "Haruka Tanaka" in clerk.get("/book/guests?q=tanaka").text
    assert "changed surname" in page.text  # which lines, not what they said
    with clerk.app.app_context():
        found = db.session().query(Guest).filter_by(id=guest).one()
        assert (found.email, found.vip, found.version) == ("h@x.jp", True, 2)


def test_a_nameless_guest_is_refused_beside_the_field(clerk: Clerk, hotel: House) -> None:
    page = clerk.send(f"/guests/{hotel.party('Yamada').guest_id}", surname="")

    assert "Write the guest" in page.text
    assert 'id="surname-refuses"' in page.text


def test_a_profile_somebody_changed_meanwhile_is_refused(clerk: Clerk, hotel: House) -> None:
    address = f"/guests/{hotel.party('Yamada').guest_id}"
    seen = clerk.hidden(address)
    clerk.send(address, surname="Tanaka")

    page = clerk.send(address, seen, surname="Suzuki")

    assert "Someone changed this guest meanwhile" in page.text
    assert 'value="Suzuki"' in page.text


def test_a_company_is_written_anew(clerk: Clerk, hotel: House) -> None:
    def entered(session: Any, house: Any) -> int:
        by = make.by(session, house)
        return companies.enter(session, house, code="SIE", name="Siemens", by=by).id

    company = hotel.does(entered)

    page = clerk.send(f"/companies/{company}", name="Siemens AG", tax_number="DE1")

    assert "Siemens AG is written down anew." in page.text


@pytest.mark.parametrize(
    "typed", ["Yamada", "Kenji Yamada", "Yamada, Kenji", "yamada kenji", "kenji yam"]
)
def test_a_guest_is_found_surname_first_or_last(clerk: Clerk, hotel: House, typed: str) -> None:
    def rename(session: Any, house: Any) -> None:
        guest = hotel.party("Yamada").guest
        profile, by = guests.Profile(surname="Yamada", given_name="Kenji"), make.by(session, house)
        guests.amend(session, session.merge(guest), profile, hotel=house, by=by)

    hotel.does(rename)

    for page in ("/guests", "/reservations", "/search", "/book/guests"):
        found = clerk.get(f"{page}?q={typed}").text
        assert "Kenji Yamada" in found, page
