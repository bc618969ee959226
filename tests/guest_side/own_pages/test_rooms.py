"""Rooms: who booked several has one link to them all; nobody else's is among them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from pms.base import clock
from pms.base.gateway import Mode
from pms.base.money import Money
from pms.hotel.books import folios
from pms.hotel.books.payments import Method
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.house.outbox import Letter
from pms.hotel.service import checkout
from pms.hotel.service.checkout import PaymentRequest, Purpose, modes
from pms.hotel.stays import guest_links, reservations, settlements
from pms.hotel.stays.guest_links import Opens
from pms.hotel.stays.reservations import Reservation, State
from pms.web.database import db
from tests import make
from tests.front_office.conftest import Clerk, House
from tests.guest_side.own_pages.conftest import ARRIVAL, Phone
from tests.web.conftest import SQLITE_ONLY, hire, sign_in

pytestmark = SQLITE_ONLY


@pytest.fixture
def numbers(hotel: House) -> list[int]:
    """Three rooms of one booking, the last for Novák; and beside it a stranger's."""

    def book(session: Any, house: Hotel) -> list[int]:
        first = make.reservation(session, house, arrival=ARRIVAL)
        first.guest.email = "ana@mail.example"
        own = make.reservation(
            session, house, arrival=ARRIVAL, guest=first.guest, with_booking=first
        )
        novaks = make.reservation(
            session, house, arrival=ARRIVAL, surname="Novák", with_booking=first
        )
        novaks.guest.email = "milan@mail.example"
        strangers = make.reservation(session, house, arrival=ARRIVAL, surname="Stranger")
        return [each.number for each in (first, own, novaks, strangers)]

    made: list[int] = hotel.does(book)
    return made


@pytest.fixture
def booker(phone: Phone, numbers: list[int], link: Callable[..., str]) -> Phone:
    """The phone of who booked, and opened the booking."""
    phone.get(link("Dvořák", Opens.BOOKING))
    assert phone.send(booking=numbers[0], who="dvorak").request.path == "/my-stay/rooms"
    return phone


def found(session: Any, house: Hotel, number: int) -> Reservation:
    """Return a reservation by its number."""
    return session.scalars(
        sa.select(Reservation).where(Reservation.hotel_id == house.id, Reservation.number == number)
    ).one()


def test_one_link_shows_every_room_and_what_is_still_to_do_and_leads_in_and_back(
    booker: Phone, numbers: list[int]
) -> None:
    own = numbers[1]
    page = booker.page.text
    assert [str(number) in page for number in numbers] == [True, True, True, False]
    assert "3 rooms" in page
    assert "Stranger" not in page
    assert page.count("Say when you come") == 3
    assert page.count("Documents: 0 of 2") == 3
    assert "€600.00" in page

    booker.get(f"/my-stay/room/{own}/arrival")
    told = booker.send(eta="21:15")
    assert told.request.path == f"/my-stay/room/{own}"
    assert 'href="/my-stay/rooms"' in told.text
    assert f'href="/my-stay/room/{own}/guests"' in told.text
    assert booker.get("/my-stay").text.count("Say when you come") == 2
    assert booker.get("/my-stay/bill").request.path == "/my-stay/rooms"
    for language in LANGUAGES:
        assert f'<html lang="{language}">' in booker.get(f"/my-stay/rooms?lang={language}").text


def test_no_strangers_room_opens_nor_one_that_left_the_booking_and_a_cancelled_one_stays(
    booker: Phone, hotel: House, numbers: list[int]
) -> None:
    first, own, novaks, stranger = numbers

    def abroad(session: Any, _house: Hotel) -> int:
        other = make.furnished(session, "OTHER")
        made = make.reservation(session, other, surname="Elsewhere")
        made.number, made.booking_number = 987_654, first
        return made.number

    foreign = hotel.does(abroad)
    for number in (stranger, foreign, 1, 10**30):
        for page in ("", "/bill", "/guests", "/cancel", "/stay.ics"):
            assert booker.get(f"/my-stay/room/{number}{page}").status_code == 404, (number, page)
    assert "Elsewhere" not in booker.get("/my-stay/rooms").text

    def change(session: Any, house: Hotel) -> None:
        by = make.by(session, house)
        reservations.separate(session, found(session, house, own), by=by)
        reservations.cancel(session, found(session, house, novaks), reason="Ill", by=by)

    hotel.does(change)
    page = booker.get("/my-stay/rooms").text
    assert [str(number) in page for number in numbers] == [True, False, True, False]
    assert "Cancelled" in page
    assert booker.get(f"/my-stay/room/{own}").status_code == 404
    assert booker.get(f"/my-stay/room/{novaks}").status_code == 200


def test_the_guest_of_one_room_sees_that_room_only(
    phone: Phone, hotel: House, numbers: list[int], link: Callable[..., str]
) -> None:
    first, _, novaks, _ = numbers
    hotel.does(
        lambda session, house: make.reservation(
            session, house, surname="Sharer", arrival=ARRIVAL, adults=1,
            with_booking=found(session, house, first), shares_with=found(session, house, first),
        )
    )  # fmt: skip
    phone.get(link("Novák"))
    assert phone.send(booking=novaks, who="novak").request.path == "/my-stay"
    assert "All rooms" not in phone.page.text
    assert phone.get("/my-stay/rooms").request.path == "/my-stay"
    for number in numbers:
        assert phone.get(f"/my-stay/room/{number}").status_code == 404

    phone.client.delete_cookie("stay")
    phone.get(link("Dvořák", Opens.BOOKING))
    assert phone.send(booking=novaks, who="novak").status_code == 422
    assert "Sharer" not in phone.send(booking=first, who="dvorak").text


def test_what_is_done_to_a_room_is_done_to_no_other_and_ends_with_the_link(
    booker: Phone, hotel: House, numbers: list[int]
) -> None:
    first, own, novaks, _ = numbers
    booker.get(f"/my-stay/room/{own}/cancel")
    elsewhere = booker.page
    booker.get(f"/my-stay/room/{first}")
    booker.page = elsewhere
    assert "is cancelled" in booker.send().text

    def states(session: Any, house: Hotel) -> list[State]:
        return [found(session, house, number).state for number in numbers]

    booked = State.BOOKED
    assert hotel.does(states) == [booked, State.CANCELLED, booked, booked]
    hotel.does(
        lambda session, house: guest_links.withdraw(
            session,
            found(session, house, novaks),
            opens=Opens.BOOKING,
            by=make.by(session, house),
        )
    )
    for page in ("/my-stay/rooms", f"/my-stay/room/{first}"):
        assert booker.get(page).request.path == "/my-stay/ended"


def test_what_is_owed_is_paid_in_one_payment_or_room_by_room(
    booker: Phone, hotel: House, numbers: list[int]
) -> None:
    first, own, novaks, _ = numbers

    def charge(session: Any, house: Hotel) -> None:
        by = make.by(session, house)
        for number, minor in ((first, 1_250), (own, 3_300)):
            folio = settlements.folio_of(session, found(session, house, number), by=by)
            code = make.charge_code(session, house)
            folios.charge(session, folio, code=code, amount=Money(minor, "EUR"), window=1, by=by)
        settlements.take_deposit(
            session, found(session, house, novaks), amount=Money(7_700, "EUR"), method=Method.CASH,
            by=by,
        )  # fmt: skip
        modes.set_mode(session, house, Mode.PRACTICE, by=by)
        checkout.ask(
            session, house, purpose=Purpose.DEPOSIT, amount=Money(5_000, "EUR"),
            reservation=found(session, house, novaks), expires_at=clock.now() + timedelta(days=1),
            by=by,
        )  # fmt: skip

    hotel.does(charge)
    page = booker.get("/my-stay/rooms").text
    assert "Pay all rooms: €95.50" in page
    assert "€77.00" in page
    paying = booker.send("/my-stay/rooms/pay")
    assert "Pay €95.50" in paying.text
    assert [f"{number}</span><span>€" in paying.text for number in (first, own, novaks)] == [
        True
    ] * 3
    booker.get("/my-stay/rooms")
    assert booker.send("/my-stay/rooms/pay").request.path == paying.request.path
    booker.get("/my-stay/rooms")
    assert "Pay €33.00" in booker.send(f"/my-stay/room/{own}/pay").text

    wanted = sa.select(PaymentRequest.purpose, PaymentRequest.amount).order_by(PaymentRequest.id)
    asked = hotel.does(lambda session, _: session.execute(wanted).all())
    assert asked == [(Purpose.DEPOSIT, 5_000), (Purpose.ROOMS, 9_550), (Purpose.BALANCE, 3_300)]
    assert "95.50" not in booker.get(f"/my-stay/room/{own}").text


def test_the_page_asks_as_much_of_the_database_for_four_rooms_as_for_two(
    app: Any, booker: Phone, hotel: House, numbers: list[int]
) -> None:
    said: list[str] = []

    def note(_link: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    def questions() -> int:
        booker.get("/my-stay/rooms")
        said.clear()
        booker.get("/my-stay/rooms")
        return len(said)

    with app.app_context():
        engine = db.session().get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        of_three = questions()
        hotel.does(
            lambda session, house: make.reservation(
                session, house, arrival=ARRIVAL, nights=1, surname="Fourth",
                with_booking=found(session, house, numbers[0]), force="All rooms are theirs",
            )
        )  # fmt: skip
        of_four = questions()
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert "Fourth" in booker.page.text
    assert of_four == of_three


def test_letters_carry_one_link_for_who_booked_and_the_desk_makes_either(
    app: Any, hotel: House, numbers: list[int]
) -> None:
    hotel.does(hire)
    client = app.test_client()
    sign_in(client)
    clerk = Clerk(client, app)
    hotel.does(
        lambda session, house: modes.set_mode(
            session, house, Mode.PRACTICE, by=make.by(session, house)
        )
    )
    _, own, novaks, _ = (
        hotel.does(lambda session, house, n=number: found(session, house, n).id)
        for number in numbers
    )

    def mailed() -> str:
        newest = sa.select(Letter.text).order_by(Letter.id.desc()).limit(1)
        return str(hotel.does(lambda session, _: session.scalar(newest)))

    page = clerk.press(f"/reservations/{own}/link?booking=1", f"/reservations/{own}").text
    [address] = [word for word in page.split('"') if "/stay/" in word]
    assert "Make a link to this room" in page
    for told in (own, novaks):
        clerk.send(
            f"/reservations/{told}/letters", tells="confirmation", language="en",
            to="ana@mail.example", after="0", do="send",
        )  # fmt: skip
        assert (address in mailed()) == (told == own)
        assert "/stay/" in mailed()
    asked = f"/payment-requests/new?reservation={own}"
    clerk.send(
        asked, purpose="deposit", amount="50.00", language="en", to="ana@mail.example", mail="y",
        until=str(ARRIVAL),
    )  # fmt: skip
    assert address in mailed()
    assert "All rooms of your booking" in mailed()
    assert clerk.press(f"/reservations/{novaks}/link?booking=1", "/").status_code == 404
