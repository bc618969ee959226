"""Documents and cards from the desk: lines read, guests written down, a card signed."""

import base64
from collections.abc import Callable

from sqlalchemy.orm import Session

from pms.hotel.guests.identity import IdentityDocument
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.hotel.stays import parties, registration
from pms.hotel.stays.reservations import Reservation
from tests import forms_read
from tests.front_office.conftest import Clerk, House

ANNA = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
# a real picture, of one dark pixel, repeated in a text chunk until it has a signature's size
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg=="
)

AsRole = Callable[[Role], Clerk]


def members(hotel: House, surname: str) -> list[tuple[str, str | None]]:
    party = hotel.party(surname)

    def read(session: Session, _house: Hotel) -> list[tuple[str, str | None]]:
        found = session.get_one(Reservation, (hotel.hotel_id, party.id))
        return [
            (each.guest.name, each.document.number if each.document else None)
            for each in parties.members(session, found)
        ]

    return hotel.does(read)  # type: ignore[no-any-return]


def typed(**other: str) -> dict[str, str]:
    return {
        "do": "keep", "guest": "another", "surname": "Eriksson", "given_name": "Anna Maria",
        "kind": "passport", "number": "L898902C3", "issuing_country": "UTO", "nationality": "UTO",
        "birth_date": "1974-08-12", "sex": "F", "expires_on": "2030-04-15", **other,
    }  # fmt: skip


def test_lines_are_read_and_shown_before_anything_is_kept(clerk: Clerk, hotel: House) -> None:
    address = f"/check-in/{hotel.party('Yamada').id}/guests"

    page = clerk.press(address, do="read", lines=ANNA).text

    assert "Every check digit is right" in page
    for words in ('value="Eriksson"', 'value="Anna Maria"', 'value="L898902C3"', "1974-08-12"):
        assert words in page
    assert "It expired on Sun 15 Apr 2012." in page
    assert "The profile says Ana Yamada." in page
    assert members(hotel, "Yamada") == [("Ana Yamada", None)]


def test_wrong_digits_are_named_on_the_page(clerk: Clerk, hotel: House) -> None:
    address = f"/check-in/{hotel.party('Yamada').id}/guests"

    page = clerk.press(address, do="read", lines=ANNA.replace("C36", "C37")).text
    none = clerk.press(address, do="read", lines="hello").text

    assert "The check digit of the document number is 7, and should be 6." in page
    assert "These are not the lines of a passport" in none


def test_another_guest_joins_the_party_with_a_document(clerk: Clerk, hotel: House) -> None:
    address = f"/check-in/{hotel.party('Yamada').id}/guests"

    page = clerk.press(address, **typed()).text

    assert "The document of Anna Maria Eriksson is written down." in page
    assert members(hotel, "Yamada") == [
        ("Ana Yamada", None),
        ("Anna Maria Eriksson", "L898902C3"),
    ]
    assert "••••••2C3" in page
    assert "L898902C3" not in page
    assert "1 of 2 seen" in clerk.get(f"/check-in/{hotel.party('Yamada').id}").text


def test_the_profile_is_filled_where_it_was_empty(clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Yamada")

    clerk.press(f"/check-in/{party.id}/guests", **typed(guest=str(party.guest_id)))

    guest = hotel.party("Yamada").guest
    assert (guest.surname, guest.country) == ("Yamada", "UTO")


def test_what_is_missing_stands_beside_its_field(clerk: Clerk, hotel: House) -> None:
    page = clerk.press(f"/check-in/{hotel.party('Yamada').id}/guests", **typed(number=""))

    assert page.status_code == 422
    assert "Write the number of the document." in page.text
    assert members(hotel, "Yamada") == [("Ana Yamada", None)]


def document(hotel: House) -> IdentityDocument:
    """The one document there is, as it stands now."""

    def read(session: Session, _house: Hotel) -> IdentityDocument:
        [found] = session.query(IdentityDocument)
        session.refresh(found)
        session.expunge(found)
        return found

    return hotel.does(read)  # type: ignore[no-any-return]


def test_a_document_typed_anew_writes_nothing_over(clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Yamada")
    page, mine = f"/check-in/{party.id}/guests", typed(guest=str(party.guest_id))
    clerk.press(page, **mine, lives_in="Kyoto")

    same = clerk.press(page, **{**mine, "expires_on": "", "sex": "X"})
    assert "is written down." in same.text
    assert (document(hotel).lives_in, document(hotel).sex) == ("Kyoto", "F")
    assert str(document(hotel).expires_on) == "2030-04-15"

    stale = clerk.press(page, **{**mine, "surname": "Yamato", "birth_date": ""})

    assert stale.status_code == 422
    assert "This document is written down already, and not quite so." in stale.text
    assert "Yours is kept. Written down is “Eriksson”." in stale.text
    assert document(hotel).surname == "Eriksson"
    again = forms_read.on(stale.text, page, page)
    assert (again["surname"], again["birth_date"]) == (["Yamato"], ["1974-08-12"])
    assert again["lives_in"] == ["Kyoto"]
    other = clerk.press(page, **{**mine, "surname": "Yamata"}, knowing=again["knowing"])
    assert "is written down." in other.text
    assert "and not quite so" in clerk.client.post(page, data={**again, "do": "keep"}).text
    assert document(hotel).surname == "Yamata"


def test_one_guest_joins_a_party_once(clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Yamada")
    page = f"/check-in/{party.id}/guests"
    clerk.press(page, **typed(guest=str(party.guest_id)))

    twice = clerk.press(page, **typed())

    assert twice.status_code == 422
    assert "Ana Yamada is in the party already." in twice.text
    assert len(members(hotel, "Yamada")) == 1


def test_a_number_is_shown_once_and_only_to_who_may(
    clerk: Clerk, as_role: AsRole, hotel: House
) -> None:
    party = hotel.party("Yamada")
    clerk.press(f"/check-in/{party.id}/guests", **typed(guest=str(party.guest_id)))
    show = f"/check-in/{party.id}/guests/{party.guest_id}/show"

    assert "L898902C3" in clerk.press(show).text
    assert "L898902C3" not in clerk.get(f"/check-in/{party.id}/guests").text
    assert "Looked up document" in clerk.get(f"/guests/{party.guest_id}").text
    assert as_role(Role.RESERVATIONS).press(show).status_code == 403


def test_a_guest_is_taken_out_and_a_document_forgotten(clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Yamada")
    page = f"/check-in/{party.id}/guests"
    clerk.press(page, **typed())
    clerk.press(page, **typed(guest=str(party.guest_id), number="X1"))
    with_anna = hotel.does(
        lambda session, _house: [
            each.guest.id
            for each in parties.members(
                session, session.get_one(Reservation, (hotel.hotel_id, party.id))
            )
        ]
    )

    clerk.press(f"{page}/{with_anna[1]}/out", do="out")
    clerk.press(f"{page}/{with_anna[0]}/out", do="forget")

    assert members(hotel, "Yamada") == [("Ana Yamada", None)]


def test_a_card_is_printed_with_its_numbers_and_that_is_noted(clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Yamada")

    paper = clerk.press(f"/check-in/{party.id}/card/print")

    assert paper.mimetype == "application/pdf"
    assert paper.data.startswith(b"%PDF")
    assert "Printed registration card" in clerk.get(f"/reservations/{party.id}").text


def test_a_card_is_signed_on_screen_and_kept_to_the_byte(clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Yamada")
    drawn = "data:image/png;base64," + base64.b64encode(PIXEL + b"\0" * 60).decode()

    page = clerk.send(f"/check-in/{party.id}/card", signature=drawn, do="sign")

    assert "The registration card of Ana Yamada is signed." in page.text
    signed = hotel.does(
        lambda session, _house: (
            registration.of(
                session, session.get_one(Reservation, (hotel.hotel_id, party.id))
            ).document_id
        )
    )
    paper = f"/check-in/{party.id}/card/{signed}.pdf"
    assert clerk.get(paper).data == clerk.get(paper).data
    assert clerk.get(paper).data.startswith(b"%PDF")
    other = hotel.party("Åkesson")
    assert clerk.get(f"/check-in/{other.id}/card/{signed}.pdf").status_code == 404


def test_an_empty_field_is_no_signature_but_paper_is(clerk: Clerk, hotel: House) -> None:
    address = f"/check-in/{hotel.party('Yamada').id}/card"

    empty = clerk.send(address, signature="", do="sign")
    broken = clerk.send(address, signature="data:image/png;base64,####", do="sign")
    on_paper = clerk.send(address, do="paper")

    assert empty.status_code == broken.status_code == 422
    assert "Nothing was signed." in empty.text
    assert "is signed." in on_paper.text
