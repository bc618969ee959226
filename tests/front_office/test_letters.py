"""Letters from the desk: at booking, changed, cancelled, printed and resent."""

import re
from datetime import timedelta

from sqlalchemy.orm import Session

from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.hotel.stays import correspondence
from pms.hotel.stays.correspondence import Tells, Written
from pms.hotel.stays.reservations import Reservation
from tests import make
from tests.front_office.conftest import Clerk, House


def written(hotel: House, surname: str) -> list[Written]:
    party = hotel.party(surname)

    def read(session: Session, _house: Hotel) -> list[Written]:
        found = correspondence.of(session, session.get_one(Reservation, (hotel.hotel_id, party.id)))
        session.expunge_all()
        return found

    return hotel.does(read)  # type: ignore[no-any-return]


def give_address(hotel: House, surname: str, email: str = "ana@mail.example") -> None:
    party = hotel.party(surname)

    def give(session, _house):  # type: ignore[no-untyped-def]
        session.get(type(party), (party.hotel_id, party.id)).guest.email = email

    hotel.does(give)


def book(clerk: Clerk, **typed: str) -> str:
    arrival = make.DAY + timedelta(days=2)
    stay = f"arrival={arrival}&departure={arrival + timedelta(days=1)}"
    page = clerk.get(f"/book?{stay}").text
    offer = re.search(r'name="offer"[^>]*value="([^"]+)"', page)
    assert offer
    data = {
        "arrival": str(arrival), "departure": str(arrival + timedelta(days=1)), "adults": "2",
        "rooms": "1", "children": "0", "offer": offer.group(1), "surname": "Leto",
        "guarantee": "card", "source": "direct", "do": "book", **typed,
    }  # fmt: skip
    text: str = clerk.send("/book", **data).text
    return text


def test_booking_mails_a_confirmation_where_it_is_ticked(clerk: Clerk, hotel: House) -> None:
    page = book(clerk, email="leto@mail.example", confirm="y")

    [letter] = written(hotel, "Leto")
    assert "The confirmation goes to leto@mail.example." in page
    assert letter.letter.tells is Tells.CONFIRMATION
    assert letter.to == "leto@mail.example"


def test_booking_without_the_tick_mails_nothing(clerk: Clerk, hotel: House) -> None:
    book(clerk, email="leto@mail.example")

    assert written(hotel, "Leto") == []
    assert "checked" in re.search(r'<input[^>]*name="confirm"[^>]*>', clerk.get("/book").text)[0]  # type: ignore[index]


def test_a_tick_without_an_address_books_and_says_so(clerk: Clerk, hotel: House) -> None:
    page = book(clerk, confirm="y")

    assert "No confirmation: there is no address." in page
    assert hotel.count("Leto") == 1


def test_a_letter_is_sent_from_its_page_and_shown_on_the_booking(
    clerk: Clerk, hotel: House
) -> None:
    party = hotel.party("Yamada")
    address = f"/reservations/{party.id}/letters"

    page = clerk.send(
        address, tells="confirmation", language="fr", to="ana@mail.example", after="0", do="send"
    ).text

    assert "The confirmation goes to ana@mail.example." in page
    assert "Queued" in clerk.get(f"/reservations/{party.id}").text
    [letter] = written(hotel, "Yamada")
    assert letter.subject is not None
    assert letter.subject.startswith("Votre réservation")


def test_no_address_stands_beside_its_field(clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Yamada")
    address = f"/reservations/{party.id}/letters"

    page = clerk.send(address, tells="confirmation", language="en", to="", after="0", do="send")

    assert page.status_code == 422
    assert "Write one in, or print the letter." in page.text
    assert written(hotel, "Yamada") == []


def test_the_second_press_of_the_same_page_is_refused(clerk: Clerk, hotel: House) -> None:
    address = f"/reservations/{hotel.party('Yamada').id}/letters"
    typed = {"tells": "confirmation", "language": "en", "to": "a@mail.example", "do": "send"}
    clerk.send(address, after="0", **typed)

    page = clerk.send(address, after="0", **typed)

    assert "A letter was written meanwhile." in page.text
    assert len(written(hotel, "Yamada")) == 1


def test_a_letter_is_printed_as_pdf_and_resent_only_by_mail(clerk: Clerk, hotel: House) -> None:
    address = f"/reservations/{hotel.party('Yamada').id}/letters"

    paper = clerk.send(address, tells="confirmation", language="de", to="", after="0", do="print")
    clerk.send(
        address, tells="confirmation", language="de", to="a@mail.example", after="1", do="send"
    )
    mailed = written(hotel, "Yamada")[0].letter
    again = clerk.press(f"{address}/{mailed.id}/resend", after="2")

    assert paper.mimetype == "application/pdf"
    assert paper.data.startswith(b"%PDF")
    assert "The letter goes out once more." in again.text
    assert clerk.get(f"{address}/{mailed.id}.pdf").data.startswith(b"%PDF")
    assert len(written(hotel, "Yamada")) == 3


def test_another_bookings_letter_is_not_found(clerk: Clerk, hotel: House) -> None:
    mine = hotel.party("Yamada")
    address = f"/reservations/{mine.id}/letters"
    clerk.send(address, tells="confirmation", language="en", to="a@b.example", after="0", do="send")
    letter = written(hotel, "Yamada")[0].letter
    other = hotel.party("Åkesson")

    assert clerk.get(f"/reservations/{other.id}/letters/{letter.id}.pdf").status_code == 404


def test_a_change_and_a_cancellation_are_mailed_where_ticked(clerk: Clerk, hotel: House) -> None:
    give_address(hotel, "Yamada")
    party = hotel.party("Yamada")
    change = f"/reservations/{party.id}/change"

    clerk.send(
        change,
        arrival=str(party.arrival), departure=str(party.departure), adults="1", children="0",
        room_type=str(party.type_id), rate_plan=str(party.plan_id), do="amend", write="y",
    )  # fmt: skip
    clerk.send(f"/reservations/{party.id}/cancel", reason="ill", write="y")

    told = [each.letter.tells for each in written(hotel, "Yamada")]
    assert told == [Tells.CANCELLATION, Tells.CHANGE]

    back = clerk.press(f"/reservations/{party.id}/take-back")  # who was told so is told otherwise
    assert "The confirmation is mailed again." in back.text
    assert written(hotel, "Yamada")[0].letter.tells is Tells.CONFIRMATION


def test_the_letterhead_is_written_by_a_manager(clerk: Clerk, as_role, hotel: House) -> None:  # type: ignore[no-untyped-def]
    head = {"address": "Allee 1\r\nBerlin", "phone": "030", "email": "a@b.example"}
    hours = {"language": "de", "arrive_from": "14:00", "leave_until": "12:00", "rules": "Quiet."}

    page = clerk.press("/letterhead", **head, **hours)

    assert "The letterhead is written." in page.text
    assert "Allee 1\nBerlin" in page.text
    assert as_role(Role.FRONT_DESK).get("/letterhead").status_code == 403
    reads = clerk.get(f"/reservations/{hotel.party('Yamada').id}/letters").text
    assert "ab 14:00" in reads
