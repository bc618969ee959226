"""Booking on a phone: found, chosen, looked at once more, and booked once."""

import re
from datetime import timedelta
from typing import Any

import icalendar
import sqlalchemy as sa

from pms.base.gateway import Mode
from pms.hotel.house import translations
from pms.hotel.house.outbox import Letter
from pms.hotel.rooms import inventory, policies, rates
from pms.hotel.rooms.policies import Amount, Asks, By
from pms.hotel.service.checkout import PaymentRequest, modes
from pms.hotel.stays.guest_links import Door
from pms.hotel.stays.turnaways import Turnaway
from tests import make
from tests.front_office.conftest import House
from tests.guest_side.own_pages.conftest import ARRIVAL, DETAILS, STAY, Phone
from tests.hotel.stays import web
from tests.web.conftest import SQLITE_ONLY
from tests.web.test_query_counts import queries

pytestmark = SQLITE_ONLY


def fill(hotel: House, *, but: int = 0) -> None:
    """Sell every room of the nights asked for, but so many."""
    hotel.does(
        lambda session, house: [
            make.reservation(session, house, arrival=ARRIVAL, surname="Other")
            for _ in range(4 - but)
        ]
    )


def test_a_guest_books_is_thanked_and_gets_a_letter_and_a_date(app: Any, hotel: House) -> None:
    phone = Phone(app, "de-AT,de;q=0.9")
    found = phone.get("/h/test")
    assert "Herzlich willkommen" in found.text
    phone.send(arrival=ARRIVAL, departure=ARRIVAL + timedelta(days=2))
    assert "200,00" in phone.page.text
    chosen = re.search(r'class="go" href="([^"]*)"', phone.page.text)
    assert chosen
    phone.get(chosen.group(1).replace("&amp;", "&"))
    seen = phone.send(given_name="Ana", surname="Dvořák", email="ana@mail.example", eta="17:30")
    assert "Zahlungspflichtig buchen" in seen.text
    assert phone.send().status_code == 422
    thanked = phone.send(agrees="y")

    made = hotel.party("Dvořák")
    assert str(made.number) in thanked.text
    assert (made.guest.language, made.eta.strftime("%H:%M")) == ("de", "17:30")
    [letter] = hotel.does(
        lambda session, _: session.execute(sa.select(Letter.to, Letter.subject, Letter.text)).all()
    )
    assert letter.to == "ana@mail.example"
    assert "/stay/" in letter.text
    assert "ist bestätigt" in letter.subject
    [stay] = icalendar.Calendar.from_ical(phone.get("/my-stay/stay.ics").data).walk("VEVENT")
    assert stay["DTSTART"].dt.isoformat() == "2026-11-27T16:30:00+00:00"
    for header in ("Cache-Control", "Content-Security-Policy", "Referrer-Policy"):
        assert thanked.headers[header] in {"no-store", "same-origin"} or "unsafe" not in header
    assert "<script" not in thanked.text


def test_a_guest_reads_the_names_of_types_and_plans_in_their_language(
    app: Any, hotel: House
) -> None:
    plain = Phone(app, "es").get(f"/h/test/rooms?{STAY}").text
    names = {"Dbl room": {"es": "Doble"}, "Best available": {"es": "Tarifa del día"}}
    hotel.does(
        lambda session, house: translations.write(session, house, names, by=make.by(session, house))
    )
    phone = Phone(app, "es")
    rooms = phone.get(f"/h/test/rooms?{STAY}").text
    thanked = phone.book().text
    stay = phone.get("/my-stay").text
    letter = hotel.does(lambda session, _: session.scalars(sa.select(Letter.text)).one())

    assert "Dbl room" in plain
    for said in (rooms, thanked, stay, letter):
        assert "Doble" in said
        assert "Dbl room" not in said
    for said in (rooms, stay, letter):
        assert "Tarifa del día" in said


def test_a_cards_number_is_refused_beside_its_field(phone: Phone, hotel: House) -> None:
    who = {"given_name": "Ana", "surname": "Dvořák", "email": "ana@mail.example"}
    card = "4111 1111 1111 1111"
    for field in ("words", "phone", "surname"):
        phone.get(DETAILS)
        asked = phone.send(**{**who, field: card})

        assert asked.status_code == 422
        assert f'id="{field}-wrong">Please don&#39;t write a card&#39;s number here.' in asked.text
        assert "Is everything right?" not in asked.text

    phone.get(DETAILS)
    assert "Is everything right?" in phone.send(**who).text
    past_the_page = phone.send(agrees="y", words=card)
    assert past_the_page.status_code == 422
    assert 'id="words-wrong"' in past_the_page.text
    assert hotel.count("Dvořák") == 0


def test_pressing_twice_books_once(phone: Phone, hotel: House) -> None:
    phone.get(DETAILS)
    review = phone.send(given_name="Ana", surname="Dvořák", email="ana@mail.example")

    first = phone.send(agrees="y")
    phone.page = review
    second = phone.send(agrees="y")
    phone.page = review
    other = phone.send(agrees="y", surname="Novák")

    assert hotel.count("Dvořák") == 1
    assert first.text == second.text
    assert other.status_code == 409
    assert "sent before" in other.text


def test_another_price_and_a_room_that_went_are_said_before_anything_is_booked(
    phone: Phone, hotel: House
) -> None:
    phone.get(DETAILS)
    phone.send(given_name="Ana", surname="Dvořák", email="ana@mail.example")
    hotel.does(lambda session, house: make.plan(session, house, price="120.00"))

    dearer = phone.send(agrees="y")
    assert dearer.status_code == 409
    assert "it is €240.00 now" in dearer.text
    fill(hotel)
    gone = phone.send(agrees="y")
    assert gone.status_code == 409
    assert "Nothing is free on these days" in gone.text
    assert hotel.count("Dvořák") == 0


def test_where_nothing_is_free_other_days_are_offered_and_it_is_noted_once(
    phone: Phone, hotel: House
) -> None:
    fill(hotel)

    for _ in range(2):
        phone.get(f"/h/TEST?{STAY}")
        answer = phone.send()

    assert "Nothing is free" in answer.text
    days = re.findall(r'class="quiet" href="[^"]*arrival=([\d-]+)[^"]*">', answer.text)[:3]
    assert days == ["2026-11-25", "2026-11-29", "2026-11-30"]
    wanted = sa.select(Turnaway.why, Turnaway.arrival, Turnaway.adults)
    noted = hotel.does(lambda session, _: session.execute(wanted).all())
    assert noted == [("sold_out", ARRIVAL, 2)]


def test_what_is_not_public_is_not_there(app: Any, phone: Phone, hotel: House) -> None:
    hotel.does(lambda session, house: make.plan(session, house, code="CORP", price="50.00"))

    assert "€50.00" not in phone.get(f"/h/TEST/rooms?{STAY}").text
    assert phone.get(DETAILS.replace("BAR", "CORP")).status_code == 409
    assert phone.get("/h/NOWHERE").status_code == 404
    hotel.does(lambda session, house: make.furnished(session, "SHUT"))
    shut = phone.get("/h/SHUT")
    assert shut.status_code == 409
    assert "takes no bookings on the web" in shut.text


def test_what_cannot_be_is_said_beside_its_field_in_the_guests_language(
    app: Any, hotel: House
) -> None:
    phone = Phone(app, "fr")
    phone.get("/h/TEST")
    wrong = phone.send(arrival="2026-11-19", departure="never", ages="99")
    assert wrong.status_code == 422
    for said in ("Ce jour est passé", "Ce n&#39;est pas une date", "aucun au-dessus de 17"):
        assert said in wrong.text
    for in_words in ("quatre et neuf", "4, neuf", "2019"):
        wrong = phone.send(arrival="2026-11-25", departure="2026-11-27", ages=in_words)
        assert "Écrivez les âges en chiffres" in wrong.text
    found = phone.send(arrival="2026-11-25", departure="2026-11-27", ages="4 ans et 9 ans")
    assert "Écrivez les âges" not in found.text
    assert phone.get("/h/TEST?arrival=9999-12-31").status_code == 200
    phone.get(DETAILS)
    wrong = phone.send(given_name="", surname="Novák", email="nowhere")
    assert wrong.status_code == 422
    assert "Ce n&#39;est pas une adresse" in wrong.text


def test_a_language_that_was_chosen_is_kept(phone: Phone) -> None:
    assert 'lang="es"' in phone.get("/h/TEST?lang=es").text
    assert "Buscar habitación" in phone.get("/h/TEST").text
    assert 'lang="es"' in phone.get("/h/TEST?lang=xx").text


def test_who_books_too_often_waits(phone: Phone, hotel: House) -> None:
    phone.get(DETAILS)
    phone.send(given_name="Ana", surname="Dvořák", email="ana@mail.example")
    review = phone.page

    for _ in range(Door.BOOKING.most):
        assert phone.send().status_code == 422
        phone.page = review
    late = phone.send(agrees="y")

    assert late.status_code == 429
    assert int(late.headers["Retry-After"]) == 900
    assert hotel.count("Dvořák") == 0


def test_a_prepaid_plan_leads_to_its_payment(phone: Phone, hotel: House) -> None:
    def prepay(session: Any, house: Any) -> None:
        by, whole = make.by(session, house), Amount(By.PERCENT, 10_000)
        policy = make.policy(session, house, asks=Asks.CARD, deposit=whole)
        policies.attach(session, rates.by_code(session, house, "BAR"), policy, by=by)  # type: ignore[arg-type]

    hotel.does(prepay)
    assert "Nothing is free" in phone.get(f"/h/TEST/rooms?{STAY}").text
    hotel.does(
        lambda session, house: modes.set_mode(
            session, house, Mode.PRACTICE, by=make.by(session, house)
        )
    )
    paying = phone.book()

    assert paying.request.path.startswith("/pay/")
    assert "Pay €200.00" in paying.text
    wanted = sa.select(PaymentRequest.purpose, PaymentRequest.reservation_id)
    asked = hotel.does(lambda session, _: session.execute(wanted).all())
    assert asked == [("deposit", hotel.party("Dvořák").id)]
    assert "Pay the deposit of €200.00" in phone.get("/my-stay").text


def test_nobody_is_told_that_nothing_is_paid_who_pays_a_deposit_at_once(
    phone: Phone, hotel: House
) -> None:
    def deposit(session: Any, house: Any) -> None:
        by, part = make.by(session, house), Amount(By.PERCENT, 3_000)
        policy = make.policy(session, house, asks=Asks.NONE, deposit=part)
        policies.attach(session, rates.by_code(session, house, "BAR"), policy, by=by)  # type: ignore[arg-type]

    def review() -> str:
        phone.get(DETAILS)
        seen = phone.send(given_name="Ana", surname="Dvořák", email="ana@mail.example")
        return str(seen.text)

    hotel.does(deposit)
    at_the_desk = review()
    hotel.does(
        lambda session, house: modes.set_mode(
            session, house, Mode.PRACTICE, by=make.by(session, house)
        )
    )
    online = review()

    assert "Nothing is paid now." in at_the_desk
    assert "As a deposit we ask for 30 % of the stay" in online
    assert "Nothing is paid now." not in online


def test_questions_do_not_grow_with_the_house(app: Any, phone: Phone, hotel: House) -> None:
    address = f"/h/TEST/rooms?{STAY}"
    few = queries(app, phone.client, address)
    fill(hotel, but=1)
    hotel.does(lambda session, house: [make.room(session, house, f"2{n:02}") for n in range(9)])

    assert queries(app, phone.client, address) == few
    assert few <= 15
    page = phone.get(address)
    with app.test_client().get("/static/css/guest.css") as sheet:
        assert len(page.data) + len(sheet.data) < 60_000


def test_what_is_agreed_stands_once_for_each_plan_and_wishes_are_seen_again(
    phone: Phone, hotel: House
) -> None:
    def more(session: Any, house: Any) -> None:
        for code in ("STE", "FAM"):
            kind = make.room_type(session, house, code)
            make.room(session, house, f"9{code}", kind=kind)
            make.plan(session, house, kind)
        inventory.extend(session, house, until=ARRIVAL + timedelta(days=30))
        web.open_shop(session, house)

    hotel.does(more)
    page = phone.get(f"/h/TEST/rooms?{STAY}").text
    phone.book(words="A cot, please")

    assert page.count("Cancelling is free of charge") == 1
    assert page.count('href="#plan-BAR"') == 3
    assert page.count('id="plan-BAR"') == 1
    assert "A cot, please" in phone.get("/my-stay").text
    assert "A cot, please" in phone.get("/my-stay/arrival").text
