"""Guests and companies: their pages, and writing them down anew."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from pms.hotel.guests import companies, guests
from pms.hotel.guests.guests import Guest
from pms.hotel.house.staff import Role
from pms.hotel.stays import parties
from pms.web.database import db
from tests import make
from tests.front_office.conftest import VALUE, Clerk, House

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


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


def test_a_card_number_is_refused_beside_its_field(clerk: Clerk, hotel: House) -> None:
    address = f"/guests/{hotel.party('Yamada').guest_id}"

    for field in ("surname", "given_name", "native_name", "phone", "notes"):
        typed = {"surname": "Tanaka", field: "4242 4242 4242 4242"}
        assert f'id="{field}-refuses"' in clerk.send(address, **typed).text

    assert "Yamada" in clerk.get("/book/guests?q=yamada").text
    assert "Nobody answers" in clerk.get("/book/guests?q=4242+4242+4242+4242").text


def test_a_profile_somebody_changed_meanwhile_is_refused(clerk: Clerk, hotel: House) -> None:
    address = f"/guests/{hotel.party('Yamada').guest_id}"
    seen = clerk.hidden(address)
    clerk.send(address, surname="Tanaka")

    page = clerk.send(address, seen, surname="Suzuki")

    assert "Someone changed this guest meanwhile" in page.text
    assert 'value="Suzuki"' in page.text
    assert "Yours is kept. Meanwhile: “Tanaka”" in page.text


def test_a_stale_profile_keeps_what_a_colleague_wrote(clerk: Clerk, hotel: House) -> None:
    guest = hotel.party("Yamada").guest_id
    address = f"/guests/{guest}"
    asis = {"surname": "Yamada", "given_name": hotel.party("Yamada").guest.given_name}
    older = clerk.hidden(address)
    clerk.send(address, **asis, email="h@x.jp", phone="", vip="y", notes="")

    page = clerk.send(address, older, **asis, email="", phone="+81 3", notes="")

    assert 'value="h@x.jp"' in page.text
    assert page.text.count("Changed meanwhile; this is the new value.") >= 2
    assert 'value="+81 3"' in page.text
    assert re.search(r'id="vip-refuses"', page.text)
    carried = {
        name: unescape(VALUE.search(found).group(1))  # type: ignore[union-attr]
        for name in ("csrf_token", "version", "opened")
        for found in re.findall(f'<input[^>]*name="{name}"[^>]*>', page.text)[-1:]
    }
    kept = {"email": "h@x.jp", "phone": "+81 3", "vip": "y", "notes": ""}
    assert "is written down anew" in clerk.send(address, carried, **asis, **kept).text


def test_a_company_is_written_anew(clerk: Clerk, hotel: House) -> None:
    def entered(session: Any, house: Any) -> int:
        by = make.by(session, house)
        return companies.enter(session, house, code="SIE", name="Siemens", by=by).id

    company = hotel.does(entered)

    page = clerk.send(f"/companies/{company}", name="Siemens AG", tax_number="DE1", language="de")

    assert "Siemens AG is written down anew." in page.text
    refused = clerk.send(f"/companies/{company}", name="Siemens AG", address="4111 1111 1111 1111")
    assert "looks like a card number" in refused.text


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


@ONE_ENGINE
def test_who_has_no_such_name_is_sought_by_mail_and_in_their_own_script(
    clerk: Clerk, hotel: House
) -> None:
    def rename(session: Any, house: Any) -> None:
        guest = session.merge(hotel.party("Yamada").guest)
        mail, native = "kenji@okada.example", "山田 健司"
        profile = guests.Profile("Yamada", "Kenji", native_name=native, email=mail)
        guests.amend(session, guest, profile, hotel=house, by=make.by(session, house))
        guests.amend(
            session,
            make.guest(session, house, surname="Kenjiro"),
            guests.Profile("Kenjiro", "Aoi"),
            hotel=house,
            by=make.by(session, house),
        )

    hotel.does(rename)

    assert "Kenji Yamada" in clerk.get("/guests?q=kenji@").text
    assert "Kenji Yamada" in clerk.get("/guests?q=山田").text
    by_name = clerk.get("/guests?q=kenji").text
    assert "Aoi Kenjiro" in by_name
    assert "Kenji Yamada" not in by_name
    assert "/guests?q=kenji&amp;by=mail" in by_name  # one link away
    assert "Kenji Yamada" in clerk.get("/guests?q=kenji&by=mail").text


def _booked_again(session: Any, house: Any) -> int:
    return make.reservation(session, house, surname="Yamada").guest_id


@ONE_ENGINE
def test_two_profiles_are_compared_made_one_and_parted(clerk: Clerk, hotel: House) -> None:
    kept = hotel.party("Yamada").guest_id
    other = hotel.does(_booked_again)

    page = clerk.get(f"/guests/{kept}").text
    assert "Perhaps the same person" in page
    assert "The same name" in page
    side = clerk.get(f"/guests/{kept}/merge/{other}").text
    assert "The other way round" in side

    page = clerk.press(f"/guests/{kept}/merge/{other}", page=f"/guests/{kept}").text
    assert "are one profile now" in page
    assert page.count("Open <kbd") == 2  # both stays
    assert clerk.get(f"/guests/{other}").location == f"/guests/{kept}"

    part = re.search(rf"/guests/{kept}/merges/\d+/part", page)
    assert part
    page = clerk.press(part.group(), page=f"/guests/{kept}").text
    assert "has a profile of their own again" in page


@ONE_ENGINE
def test_two_of_one_party_arent_merged_and_it_says_so(clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Yamada")

    def companion(session: Any, house: Any) -> int:
        by, other = make.by(session, house), make.guest(session, house, "Yamada")
        parties.add(session, session.merge(party), other, by=by)
        return other.id

    other = hotel.does(companion)
    page = clerk.press(f"/guests/{party.guest_id}/merge/{other}").text

    assert "these are two people" in page


@ONE_ENGINE
def test_the_pager_of_a_refused_form_leads_to_the_page_that_is_read(
    clerk: Clerk, hotel: House
) -> None:
    def came_often(session: Any, house: Any) -> tuple[int, int]:
        by, guest = make.by(session, house), make.guest(session, house, "Yamada")
        firm = companies.enter(session, house, code="ACME", name="Acme", by=by)
        for n in range(21):
            on = house.business_date + timedelta(days=30 + n)
            make.reservation(session, house, guest=guest, company=firm, arrival=on, nights=1)
        return guest.id, firm.id

    guest, firm = hotel.does(came_often)
    for page, address in (
        (f"/guests/{guest}", f"/guests/{guest}/unwanted"),
        (f"/companies/{firm}", f"/companies/{firm}/agreements"),
    ):
        refused = clerk.press(address, page=page)
        further = unescape(re.findall(r'rel="next" href="([^"]*)"', refused.text)[0])
        assert further == f"{page}?page=2"
        assert "21 to 21" in clerk.get(further).text


@ONE_ENGINE
def test_an_unwanted_guest_is_marked_with_a_reason(
    clerk: Clerk, hotel: House, as_role: Callable[[Role], Clerk]
) -> None:
    guest = hotel.party("Yamada").guest_id
    address = f"/guests/{guest}/unwanted"

    assert "Say why" in clerk.press(address, page=f"/guests/{guest}").text
    page = clerk.press(address, page=f"/guests/{guest}", reason="Smoked in bed").text
    assert "isn&#39;t wanted here: Smoked in bed." in page or "isn't wanted here: Smoked" in page

    desk = as_role(Role.FRONT_DESK)
    assert "A manager can take the booking" in desk.get(f"/guests/{guest}").text
    assert desk.press(f"/guests/{guest}/wanted").status_code == 403
    assert "is welcome again" in clerk.press(f"/guests/{guest}/wanted").text
