"""Several rooms in one booking on a phone: added, chosen, counted over all, and booked at once."""

import html
import re
from datetime import timedelta
from itertools import pairwise
from typing import Any

import icalendar
import pytest
import sqlalchemy as sa

from pms.base.gateway import Mode
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.house.outbox import Letter
from pms.hotel.rooms import inventory, policies, rates
from pms.hotel.rooms.policies import Amount, Asks, By
from pms.hotel.service.checkout import PaymentRequest, Purpose, modes
from pms.hotel.stays import web_bookings
from pms.hotel.stays.guest_links import Door, GuestKnock
from pms.hotel.stays.reservations import Reservation
from pms.hotel.stays.turnaways import Turnaway
from tests import make
from tests.front_office.conftest import House
from tests.guest_side.own_pages.conftest import ARRIVAL, STAY, Phone
from tests.hotel.stays import web
from tests.web.conftest import SQLITE_ONLY
from tests.web.test_query_counts import queries

pytestmark = SQLITE_ONLY
TWO = f"{STAY}&r2-adults=1&r2-ages=4"
BOTH = f"{TWO}&type=DBL&plan=BAR&r2-type=DBL&r2-plan=BAR"
ANA = {"given_name": "Ana", "surname": "Dvořák", "email": "ana@mail.example"}


def fill(hotel: House, *, but: int) -> None:
    """Sell every room of the nights asked for, but so many."""
    hotel.does(
        lambda session, house: [
            make.reservation(session, house, arrival=ARRIVAL, surname="Other")
            for _ in range(4 - but)
        ]
    )


def suite(hotel: House, *, rooms: int = 1) -> None:
    """Give the hotel a type SUI that sleeps five, at 180.00."""

    def more(session: Any, house: Any) -> None:
        kind = make.room_type(session, house, "SUI", sleeps=5, rank=9)
        for no in range(rooms):
            make.room(session, house, f"90{no}", kind=kind)
        inventory.extend(session, house, until=ARRIVAL + timedelta(days=30))
        make.plan(session, house, kind, price="180.00")
        web.open_shop(session, house)

    hotel.does(more)


def chooses(phone: Phone, what: str) -> Any:
    """Follow the link that chooses a type and plan for the room that is open."""
    for link in re.findall(r'<a class="go" href="([^"]*)">(.*?)</a>', phone.page.text):
        if what in link[1]:
            return phone.get(html.unescape(link[0]))
    raise LookupError(what)


def prepays(hotel: House, *, asks: Asks = Asks.DEPOSIT, deposit: Amount | None = None) -> None:
    """Let the plan ask for a deposit, or a card, at booking, in a hotel that practises."""

    def asked(session: Any, house: Any) -> None:
        by = make.by(session, house)
        policy = make.policy(session, house, asks=asks, deposit=deposit or Amount())
        policies.attach(session, rates.by_code(session, house, "BAR"), policy, by=by)  # type: ignore[arg-type]
        modes.set_mode(session, house, Mode.PRACTICE, by=by)

    hotel.does(asked)


def rooms_of(hotel: House) -> list[Any]:
    """Return the rooms that were booked on the web: number, booking, type, heads."""
    wanted = (
        sa.select(
            Reservation.number, Reservation.booking_number, Reservation.adults, Reservation.children
        )
        .where(Reservation.channel == web_bookings.CHANNEL)
        .order_by(Reservation.number)
    )
    found: list[Any] = hotel.does(lambda session, _: session.execute(wanted).all())
    return found


# --- asked for ------------------------------------------------------------------------------------


def test_rooms_are_added_and_taken_away_without_losing_what_was_typed(phone: Phone) -> None:
    phone.get("/h/TEST")
    one = phone.page.text
    two = phone.send(arrival=ARRIVAL, departure=ARRIVAL, adults="3", ages="4, 9", do="add").text
    three = phone.send(**{"r2-adults": "1", "r2-ages": "2", "do": "add"}).text
    left = phone.send(do="remove-1").text

    assert "<fieldset" not in one
    assert two.count("<fieldset") == 2
    assert 'value="4, 9"' in two
    assert 'role="alert"' not in two
    assert [f">Room {no}<" in three for no in (1, 2, 3, 4)] == [True, True, True, False]
    assert left.count("<fieldset") == 2
    assert 'value="4, 9"' not in left
    assert re.search(r'name="ages"[^>]*value="2"', left)
    assert f'value="{ARRIVAL}"' in left


def test_what_no_day_is_goes_back_short(phone: Phone) -> None:
    phone.get("/h/TEST")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', phone.page.text)
    typed = {"arrival": "x" * 9_000, "departure": "y" * 9_000, "do": "add"}
    if token:
        typed["csrf_token"] = token[1]
    back = phone.client.post("/h/TEST/search", data=typed)

    assert back.status_code == 302
    assert len(back.headers["Location"]) < 300
    assert f"arrival={'x' * 40}&" in back.headers["Location"]


def test_enter_looks_for_rooms_rather_than_adding_one(phone: Phone) -> None:
    form = phone.get("/h/TEST").text.partition("<form")[2]
    first = re.search(r"<button[^>]*>", form)

    assert first
    assert "name=" not in first[0]


def test_who_comes_with_more_rooms_is_told_whom_to_write_to(phone: Phone, hotel: House) -> None:
    phone.get("/h/TEST")
    for _ in range(4):
        page = phone.send(do="add").text
    beyond = phone.send(do="add")
    asked = "".join(f"&r{no}-adults=1" for no in range(2, 7))
    refused = phone.get(f"/h/TEST/rooms?{STAY}{asked}")

    assert page.count("<fieldset") == 5
    assert 'value="add"' not in page
    for told in (page, beyond.text):
        assert "For more than 5 rooms please write to us." in told
    assert refused.status_code == 422
    assert "at most 5 rooms at once" in refused.text


def test_what_is_wrong_of_a_further_room_is_said_beside_its_field(phone: Phone) -> None:
    wrong = phone.get(f"/h/TEST/rooms?{STAY}&r2-adults=1&r2-ages=forty")

    assert wrong.status_code == 422
    assert 'href="#r2-ages"' in wrong.text
    assert 'id="r2-ages-wrong">Write the ages in figures' in wrong.text


# --- chosen ---------------------------------------------------------------------------------------


def test_each_room_is_chosen_on_one_page_with_a_running_total(phone: Phone, hotel: House) -> None:
    suite(hotel)
    phone.get(f"/h/TEST/rooms?{TWO}")
    assert "0 of 2 rooms chosen" in phone.page.text
    assert "from €200.00" in phone.page.text
    assert "Continue" not in phone.page.text

    one = chooses(phone, "Sui").text
    assert "1 of 2 rooms chosen" in one
    assert ">€360.00<" in one
    both = chooses(phone, "Dbl").text
    assert "2 of 2 rooms chosen" in both
    assert ">€560.00<" in both
    assert "Cancelling is free" in both
    assert "Continue" in both
    again = re.search(r'href="([^"]*)">Choose another<span class="unseen">, Room 1', both)
    assert again
    changed = phone.get(html.unescape(again[1])).text
    assert "1 of 2 rooms chosen" in changed
    assert ">€200.00<" in changed


def test_a_type_is_offered_no_more_often_than_it_is_free(phone: Phone, hotel: House) -> None:
    suite(hotel)
    fill(hotel, but=1)
    first = phone.get(f"/h/TEST/rooms?{TWO}").text
    second = chooses(phone, "Dbl").text

    assert first.count("The last one") == 2
    offered = second.partition('id="room-2"')[2].partition("</section>")[0]
    assert "Sui" in offered
    assert "Dbl" not in offered


def test_a_room_isnt_offered_what_another_one_needs(phone: Phone, hotel: House) -> None:
    suite(hotel)
    page = phone.get(f"/h/TEST/rooms?{STAY}&r2-adults=3&r2-ages=4,9").text
    offered = page.partition('id="room-1"')[2].partition("</section>")[0]

    assert "Dbl" in offered
    assert "Sui" not in offered
    both = phone.get(f"/h/TEST/rooms?{STAY}&type=SUI&plan=BAR&r2-adults=3&r2-ages=4,9")
    assert both.status_code == 409
    assert "One of these rooms has just gone" in both.text
    assert "0 of 2 rooms chosen" in both.text


def test_where_not_all_find_a_room_other_days_are_offered_and_it_is_noted(
    phone: Phone, hotel: House
) -> None:
    fill(hotel, but=1)
    phone.get(f"/h/TEST?{TWO}")
    none = phone.send()

    assert "There aren&#39;t enough rooms for all" in none.text
    assert "from €400.00" in none.text
    assert "r2-adults=1" in none.text
    wanted = sa.select(Turnaway.why, Turnaway.rooms, Turnaway.adults)
    noted = hotel.does(lambda session, _: session.execute(wanted).all())
    assert noted == [("sold_out", 2, 2)]


def test_the_house_as_a_whole_takes_no_more_than_it_takes(phone: Phone, hotel: House) -> None:
    suite(hotel)
    asked = f"/h/TEST/rooms?{STAY}&r2-adults=1&r3-adults=1"
    assert "0 of 3 rooms chosen" in phone.get(asked).text

    hotel.does(
        lambda session, house: inventory.set_limit(
            session, house, first=ARRIVAL, last=ARRIVAL, allowance=-3, by=make.by(session, house)
        )
    )
    assert "enough rooms for all" in phone.get(asked).text
    assert "0 of 2 rooms chosen" in phone.get(f"/h/TEST/rooms?{STAY}&r2-adults=1").text


def test_other_days_are_looked_for_in_as_many_questions_whatever_the_parties(
    app: Any, phone: Phone, hotel: House
) -> None:
    def asked(*adults: int) -> int:
        rooms = "".join(f"&r{no}-adults={n}&r{no}-ages={no}" for no, n in enumerate(adults, 2))
        return queries(app, phone.client, f"/h/TEST/rooms?{STAY}{rooms}")

    hotel.does(
        lambda session, house: inventory.set_limit(
            session, house, first=make.DAY, last=make.DAY + timedelta(days=40), allowance=-4,
            by=make.by(session, house),
        )
    )  # fmt: skip
    assert "enough rooms for all" in phone.get(f"/h/TEST/rooms?{STAY}&r2-adults=1").text
    two, five = asked(1), asked(1, 2, 1, 2)
    assert five - two <= 3 * 8  # what is free on the days asked for, for each kind of party
    assert five <= 60


# --- booked ---------------------------------------------------------------------------------------


def book(phone: Phone, **typed: Any) -> Any:
    """Book two rooms, up to what comes after."""
    phone.get(f"/h/TEST/details?{BOTH}")
    phone.send(**ANA, **typed)
    return phone.send(agrees="y")


def test_two_rooms_are_one_booking_one_letter_one_date_and_one_link(app: Any, hotel: House) -> None:
    phone = Phone(app, "de")
    phone.get(f"/h/test/details?{BOTH}")
    review = phone.send(**ANA, words="Ein Babybett", eta="17:30").text
    thanked = phone.send(agrees="y")

    assert review.count("200,00") >= 2
    assert "400,00" in review
    assert review.count("Die Stornierung ist kostenfrei.") == 1
    first, second = rooms_of(hotel)
    assert second.booking_number == first.booking_number == first.number
    assert [(each.adults, each.children) for each in (first, second)] == [(2, 0), (1, 1)]
    assert thanked.request.path == "/my-stay/rooms/booked"
    for said in (str(first.number), str(second.number), "400,00", "/stay/"):
        assert said in thanked.text
    kept = hotel.does(
        lambda session, _: session.execute(
            sa.select(web_bookings.WebBooking.total, web_bookings.WebBooking.language)
        ).all()
    )
    assert kept == [(20_000, "de"), (20_000, "de")]
    [letter] = hotel.does(lambda session, _: session.scalars(sa.select(Letter.text)).all())
    assert f"({first.number})" in letter
    assert f"({second.number})" in letter
    assert "400,00" in letter
    [stay] = icalendar.Calendar.from_ical(phone.get("/my-stay/rooms/stay.ics").data).walk("VEVENT")
    assert stay["DTSTART"].dt.isoformat() == "2026-11-27T16:30:00+00:00"
    mine = phone.get("/my-stay").text
    assert "2 Zimmer" in mine
    assert "/my-stay/rooms/stay.ics" in mine
    assert "Ein Babybett" in phone.get(f"/my-stay/room/{second.number}").text


def test_pressing_twice_books_both_rooms_once(phone: Phone, hotel: House) -> None:
    phone.get(f"/h/TEST/details?{BOTH}")
    review = phone.send(**ANA)

    phone.send(agrees="y")
    phone.page = review
    again = phone.send(agrees="y")
    phone.page = review
    other = phone.send(agrees="y", **{"r2-adults": "2"})

    assert len(rooms_of(hotel)) == 2
    assert again.request.path == "/my-stay/rooms/booked"
    assert other.status_code == 409
    assert "sent before" in other.text


def test_one_room_that_went_or_costs_more_leaves_both_unbooked(phone: Phone, hotel: House) -> None:
    phone.get(f"/h/TEST/details?{BOTH}")
    phone.send(**ANA)
    hotel.does(lambda session, house: make.plan(session, house, price="120.00"))

    dearer = phone.send(agrees="y")
    assert dearer.status_code == 409
    assert "it is €480.00 now" in dearer.text
    fill(hotel, but=1)
    gone = phone.send(agrees="y")
    assert gone.status_code == 409
    assert "enough rooms for all" in gone.text
    assert rooms_of(hotel) == []


def test_each_room_booked_counts_as_a_knock(phone: Phone, hotel: House) -> None:
    book(phone)

    count = sa.select(sa.func.count()).where(GuestKnock.door == Door.BOOKING)
    assert hotel.does(lambda session, _: session.scalar(count)) == 2


def test_terms_that_differ_are_said_of_each_room(phone: Phone, hotel: House) -> None:
    def flexible(session: Any, house: Any) -> None:
        by = make.by(session, house)
        strict = make.policy(session, house, asks=Asks.NONE, deposit=Amount(By.NIGHTS, 1))
        flex = make.plan(session, house, code="FLEX", price="130.00")
        policies.attach(session, rates.by_code(session, house, "BAR"), strict, by=by)  # type: ignore[arg-type]
        public = {each.id: "" for each in rates.plans(session, house)}
        assert flex.id in public
        web.open_shop(session, house, plans=public)

    hotel.does(flexible)
    phone.get(f"/h/TEST/details?{BOTH.replace('r2-plan=BAR', 'r2-plan=FLEX')}")
    review = phone.send(**ANA).text
    thanked = phone.send(agrees="y").text
    [letter] = hotel.does(lambda session, _: session.scalars(sa.select(Letter.text)).all())

    assert "Room 1, " in review
    assert "Room 2, " in review
    for page in (review, thanked):
        levels = [int(each) for each in re.findall(r"<h([1-6])\b", page)]
        assert levels[0] == 1
        assert all(below - above <= 1 for above, below in pairwise(levels)), levels
    first, second = (each.number for each in rooms_of(hotel))
    for told in (thanked, letter):
        assert told.count("As a deposit we ask for the first night") == 1
        assert told.count(f"({first})") >= 1
        assert told.count(f"({second})") >= 1


# --- paid -----------------------------------------------------------------------------------------


def test_all_deposits_are_asked_for_in_one_payment(phone: Phone, hotel: House) -> None:
    prepays(hotel, deposit=Amount(By.PERCENT, 5_000))
    paying = book(phone)

    assert paying.request.path.startswith("/pay/")
    assert "Pay €200.00" in paying.text
    wanted = sa.select(PaymentRequest.purpose, PaymentRequest.amount, PaymentRequest.expires_at)
    asked = hotel.does(lambda session, _: session.execute(wanted).all())
    assert sorted((each.purpose, each.amount) for each in asked) == [
        (Purpose.DEPOSIT, 10_000), (Purpose.DEPOSIT, 10_000), (Purpose.ROOMS, 20_000)
    ]  # fmt: skip
    assert len({each.expires_at for each in asked}) == 1
    assert "Pay all rooms: €200.00" in phone.get("/my-stay").text


def test_a_card_is_asked_for_once_and_stands_for_all_rooms(phone: Phone, hotel: House) -> None:
    prepays(hotel, asks=Asks.CARD)
    paying = book(phone)

    assert paying.request.path.startswith("/pay/")
    assert "Give a card" in paying.text
    first, _ = rooms_of(hotel)
    wanted = sa.select(PaymentRequest.purpose, Reservation.number).join(
        Reservation, Reservation.id == PaymentRequest.reservation_id
    )
    asked = hotel.does(lambda session, _: session.execute(wanted).all())
    assert asked == [(Purpose.CARD, first.number)]


# --- and the pages themselves ---------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_speaks_the_guests_language_and_is_light(
    app: Any, hotel: House, language: str
) -> None:
    phone = Phone(app, language)
    addresses = (f"?{TWO}", f"/rooms?{TWO}", f"/rooms?{BOTH}", f"/details?{BOTH}")
    for address in addresses:
        page = phone.get(f"/h/TEST{address}")
        assert page.status_code == 200, address
        assert f'<html lang="{language}">' in page.text
        assert "<script" not in page.text
        assert len(page.data) < 15_000, address
    assert len(phone.send(**ANA).data) < 15_000


def test_questions_grow_with_the_kinds_of_parties_only(
    app: Any, phone: Phone, hotel: House
) -> None:
    def asked(rooms: int) -> str:
        return f"/h/TEST/rooms?{STAY}" + "".join(f"&r{no}-adults=2" for no in range(2, rooms + 1))

    assert queries(app, phone.client, asked(4)) == queries(app, phone.client, asked(2))
