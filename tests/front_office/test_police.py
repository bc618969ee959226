"""The police register from the desk: set up, exported, opened."""

from collections.abc import Callable

from pms.hotel.house.staff import Role
from tests.front_office.conftest import Clerk, House

AsRole = Callable[[Role], Clerk]


def show_passport(clerk: Clerk, hotel: House, surname: str) -> None:
    party = hotel.party(surname)
    clerk.press(
        f"/check-in/{party.id}/guests", do="keep", guest=str(party.guest_id), surname=surname,
        kind="passport", number="L898902C3", issuing_country="SWE", nationality="SWE", sex="F",
        birth_date="1974-08-12", lives_in="Lund",
    )  # fmt: skip


def test_a_file_is_exported_and_opened(clerk: Clerk, hotel: House) -> None:
    show_passport(clerk, hotel, "Novák")
    assert "write its code down before" in clerk.get("/police").text
    clerk.press("/police/unit", code="121212121", establishment="00", town="Lisboa")

    page = clerk.press("/police/export").text

    assert "File 1 has 1 guest. Open it, then send it." in page
    assert "Exported" in page
    address = page.split('href="/police/files/')[1].split('"')[0]
    file = clerk.get(f"/police/files/{address}")
    assert file.mimetype == "application/xml"
    assert b"<Apelido>NOVAK</Apelido>" in file.data
    assert clerk.get("/police/files/1.xml").status_code == 404


def test_a_wrong_code_stands_beside_its_field(clerk: Clerk, hotel: House) -> None:
    page = clerk.press("/police/unit", code="12")

    assert page.status_code == 422
    assert "has nine digits." in page.text


def test_who_may_not_see_documents_has_no_register(as_role: AsRole, hotel: House) -> None:
    assert as_role(Role.HOUSEKEEPER).get("/police").status_code == 403
    assert as_role(Role.FRONT_DESK).get("/police/unit").status_code == 403
