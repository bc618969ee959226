"""Booking: one page, what it refuses and keeps, and who walks in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from pms.base.money import Money
from pms.hotel.guests import companies
from pms.hotel.house.staff import Role
from pms.hotel.rooms import rates, yields
from pms.hotel.rooms.rooms import Condition
from pms.hotel.stays.reservations import ReservationNight, State
from tests import make
from tests.front_office.conftest import Clerk, House

FIRST = make.DAY + timedelta(days=5)


def stay(hotel: House, price: int = 20_000, **typed: Any) -> dict[str, Any]:
    """What a clerk types for two nights in a double."""

    def offer(session: Any, house: Any) -> str:
        kind, plan = make.room_type(session, house), rates.by_code(session, house, "BAR")
        assert plan
        return f"{kind.id}.{plan.id}.{price}"

    return {
        "do": "book",
        "arrival": FIRST.isoformat(),
        "departure": (FIRST + timedelta(days=2)).isoformat(),
        "rooms": "1",
        "adults": "2",
        "children": "0",
        "offer": hotel.does(offer),
        "guest": "",
        "surname": "Dvořák",
        "given_name": "Ana",
        "guarantee": "card",
        "source": "telephone",
        **typed,
    }


def test_a_stay_is_booked_for_a_new_guest(clerk: Clerk, hotel: House) -> None:
    page = clerk.send("/book", **stay(hotel, notes="late", email="ana@example.com"))

    party = hotel.party("Dvořák")
    assert f"Booked for Ana Dvořák. Number {party.number}." in page.text
    assert (party.arrival, party.source, party.notes) == (FIRST, "telephone", "late")


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_a_page_sent_twice_books_once_and_with_other_words_not_at_all(
    clerk: Clerk, hotel: House
) -> None:
    first = clerk.send("/book", **stay(hotel, key="one page"))
    second = clerk.send("/book", **stay(hotel, key="one page"))

    number = hotel.party("Dvořák").number
    assert f"Number {number}." in first.text
    assert f"Number {number}." in second.text
    assert hotel.count("Dvořák") == 1
    other = clerk.send("/book", **stay(hotel, key="one page", notes="and a cot"))
    assert "This page was sent before with other words" in other.text
    assert hotel.count("Dvořák") == 1
    clerk.send("/book", **stay(hotel, key="another page"))
    assert hotel.count("Dvořák") == 2


def test_a_stay_is_booked_for_a_guest_the_house_knows(clerk: Clerk, hotel: House) -> None:
    known = hotel.party("Yamada").guest_id

    clerk.send("/book", **stay(hotel, guest=known, surname="", given_name=""))

    assert hotel.count("Yamada") == 2


def test_the_page_answers_a_question_without_script(clerk: Clerk, hotel: House) -> None:
    until = FIRST + timedelta(days=2)
    page = clerk.get(f"/book?arrival={FIRST}&departure={until}&adults=2&q=yam").text

    assert "€200.00" in page
    assert "Total for 2 nights" in page
    assert "Ana Yamada" in page


def test_too_small_and_sold_out_say_so(clerk: Clerk, hotel: House) -> None:
    small = clerk.get(f"/book?arrival={FIRST}&adults=4").text
    for _ in range(4):
        hotel.does(
            lambda session, house: make.reservation(session, house, surname="Full", arrival=FIRST)
        )
    full = clerk.get(f"/book?arrival={FIRST}&adults=2").text

    assert "4 in a room, sleeps 3" in small
    assert "Sold out" in full
    assert "Wed 25" in full


def test_the_last_one_just_sold_keeps_all_that_was_typed(
    as_role: Callable[[Role], Clerk], hotel: House
) -> None:
    clerk = as_role(Role.FRONT_DESK)
    typed = stay(hotel, notes="flight NH203")
    seen = clerk.hidden("/book")
    for _ in range(4):
        hotel.does(
            lambda session, house: make.reservation(session, house, surname="Full", arrival=FIRST)
        )

    page = clerk.send("/book", seen, **typed).text

    assert "is sold out on Wed 25 Nov 2026" in page
    assert 'value="Dvořák"' in page
    assert "flight NH203" in page
    assert hotel.count("Dvořák") == 0


def test_a_price_that_changed_meanwhile_is_shown_first(clerk: Clerk, hotel: House) -> None:
    typed = stay(hotel, price=18_000)

    page = clerk.send("/book", **typed).text

    assert "The price is €200.00 now." in page
    assert hotel.count("Dvořák") == 0


def test_nothing_chosen_is_refused(clerk: Clerk, hotel: House) -> None:
    page = clerk.send("/book", **stay(hotel, offer="")).text

    assert "Choose a type and a price first." in page


def test_several_rooms_are_one_booking_or_none(clerk: Clerk, hotel: House) -> None:
    made = clerk.send("/book", **stay(hotel, rooms="3", offer=stay(hotel, 60_000)["offer"]))
    none = clerk.send(
        "/book", **stay(hotel, rooms="2", surname="Greedy", offer=stay(hotel, 40_000)["offer"])
    )

    assert ", 3 rooms." in made.text
    assert hotel.count("Dvořák") == 3
    assert "sold out" in none.text
    assert hotel.count("Greedy") == 0


def test_several_rooms_cost_what_the_page_showed_though_they_fill_the_house(
    clerk: Clerk, hotel: House
) -> None:
    """Of four rooms the second makes half, from which on the house asks for more."""
    hotel.does(
        lambda session, house: yields.add(
            session, house, make.rule(make.DAY), by=make.by(session, house)
        )
    )
    made = clerk.send("/book", **stay(hotel, rooms="3", offer=stay(hotel, 60_000)["offer"]))

    assert ", 3 rooms." in made.text
    prices = sa.select(ReservationNight.price).where(ReservationNight.night >= FIRST)
    assert set(hotel.does(lambda session, _: session.scalars(prices).all())) == {10_000}


def test_over_what_can_be_sold_needs_a_reason(clerk: Clerk, hotel: House) -> None:
    for _ in range(4):
        hotel.does(
            lambda session, house: make.reservation(session, house, surname="Full", arrival=FIRST)
        )

    refused = clerk.send("/book", **stay(hotel))
    done = clerk.send("/book", **stay(hotel, force="the owner's mother"))

    assert "sold out" in refused.text
    assert "Booked for Ana Dvořák" in done.text


def test_a_rate_by_hand_is_for_who_may(
    clerk: Clerk, as_role: Callable[[Role], Clerk], hotel: House
) -> None:
    typed = stay(hotel, rate_amount="80.00", rate_reason="returning group")

    desk = as_role(Role.FRONT_DESK).send("/book", **typed)
    manager = clerk.send("/book", **typed)

    assert "include “set rate”" in desk.text
    assert "Booked for" in manager.text
    assert [night.price for night in hotel.party("Dvořák").nights] == [8_000, 8_000]


def test_a_rate_by_hand_says_why(clerk: Clerk, hotel: House) -> None:
    page = clerk.send("/book", **stay(hotel, rate_amount="80.00", rate_reason=""))

    assert "Say why: a rate set by hand" in page.text


def test_a_company_is_found_by_its_code(clerk: Clerk, hotel: House) -> None:
    hotel.does(
        lambda session, house: companies.enter(
            session, house, code="SIE", name="Siemens", by=make.by(session, house)
        )
    )

    unknown = clerk.send("/book", **stay(hotel, company="nobody"))
    known = clerk.send("/book", **stay(hotel, company="sie"))

    assert "No company has the code nobody." in unknown.text
    assert "Booked for" in known.text
    assert hotel.party("Dvořák").company_id is not None


def test_a_sharer_hangs_on_the_room_of_another(clerk: Clerk, hotel: House) -> None:
    host = hotel.party("Yamada")
    nights: dict[str, Any] = {
        "arrival": host.arrival.isoformat(),
        "departure": host.departure.isoformat(),
        "shares_with": str(host.number),
    }

    page = clerk.send("/book", **stay(hotel, **nights))
    unknown = clerk.send("/book", **stay(hotel, **{**nights, "shares_with": "99"}))

    assert "Booked for" in page.text
    assert hotel.party("Dvořák").shares_with_id == host.id
    assert "There is no booking 99." in unknown.text


def test_guests_are_found_while_one_types(clerk: Clerk, hotel: House) -> None:
    assert "Ana Yamada" in clerk.get("/book/guests?q=yama").text
    assert "Nobody answers" in clerk.get("/book/guests?q=zzz").text


def test_a_party_at_the_desk_is_booked_and_in_with_one_press(clerk: Clerk, hotel: House) -> None:
    page = clerk.send(
        "/walk-in",
        do="take_in",
        surname="Night",
        guest="",
        adults="1",
        children="0",
        departure=(make.DAY + timedelta(days=1)).isoformat(),
        plan=hotel.does(lambda session, house: rates.by_code(session, house, "BAR").id),  # type: ignore[union-attr]
        room=hotel.room("104").id,
    )

    party = hotel.party("Night")
    assert "Night is in room 104." in page.text
    assert party.state is State.IN_HOUSE
    assert party.walk_in


def test_only_ready_rooms_are_offered_to_who_walks_in(clerk: Clerk, hotel: House) -> None:
    hotel.turn("103", Condition.DIRTY)

    page = clerk.get("/walk-in?adults=2").text

    assert "104 for €100.00" in page
    assert "103 for" not in page
    assert "101 for" not in page  # somebody is in it


def test_money_typed_with_its_sign_is_read(clerk: Clerk, hotel: House) -> None:
    clerk.send("/book", **stay(hotel, rate_amount="€ 75.50", rate_reason="agreed"))

    assert hotel.party("Dvořák").nights[0].price == Money.parse("75.50", "EUR").minor
