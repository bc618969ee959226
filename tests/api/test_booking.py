"""Availability, quotes and reservations as machines ask for them."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.guests.guests import Guest
from pms.hotel.house import outbox
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import rates
from pms.hotel.rooms.inventory import TypeNight
from pms.hotel.stays.reservations import Reservation
from tests import make
from tests.api.calling import V1, Machine, booking, day
from tests.api.test_door import problem

TWO_NIGHTS = {"arrival": day(0), "departure": day(2), "adults": 2}


def left(machine: Machine, **asked: Any) -> dict[str, int]:
    """How many of each type can be sold."""
    answer = machine.get(f"{V1}/availability", **{**TWO_NIGHTS, **asked})
    assert answer.status_code == 200, answer.data
    return {kind["room_type"]: kind["available"] for kind in answer.json["room_types"]}


def test_availability_says_what_is_left_and_each_total(machine: Machine) -> None:
    answer = machine.get(f"{V1}/availability", **TWO_NIGHTS)

    total = {"amount": "200.00", "currency": "EUR"}
    assert answer.json == {
        "room_types": [
            {
                "room_type": "DBL",
                "available": 2,
                "rates": [{"rate_plan": "BAR", "total": total}],
            }
        ]
    }


def test_what_is_said_to_be_left_is_what_can_be_booked(machine: Machine) -> None:
    for expected in (2, 1):
        assert left(machine) == {"DBL": expected}
        assert machine.book().status_code == 201
    assert left(machine) == {"DBL": 0}

    told = problem(machine.book(), 409, "sold_out")

    assert told["field"] == "room_type"
    assert told["parameters"] == {"night": day(0)}


def test_a_card_number_for_a_name_is_refused(machine: Machine) -> None:
    answer = machine.book(guest={"surname": "4242424242424242"})

    assert problem(answer, 422, "looks_like_a_card_number")["field"] == "surname"
    assert left(machine) == {"DBL": 2}


def test_a_type_that_does_not_sleep_the_party_or_has_no_price_sells_none(
    machine: Machine, inside: Session, house: Hotel
) -> None:
    with transaction(inside):
        suite = make.room_type(inside, house, "STE", sleeps=4, rank=2)
        make.room(inside, house, "301", kind=suite)

    assert left(machine, adults=4) == {"DBL": 0, "STE": 0}
    assert left(machine) == {"DBL": 2, "STE": 0}
    assert problem(machine.book(adults=4), 422, "too_many_for_the_room")["field"] == "adults"
    assert problem(machine.book(room_type="STE"), 422, "no_price")["field"] == "rate_plan"


def test_the_total_is_the_quotes_total_with_taxes_on_top(
    machine: Machine, inside: Session, house: Hotel
) -> None:
    with transaction(inside):
        plan = rates.add_plan(
            inside,
            house,
            code="TAXED",
            name="Taxed",
            market="transient",
            charge_code=make.taxed_code(inside, house),
            by=make.by(inside, house),
        )
        prices = {make.DAY + timedelta(days=n): Money(9_999 + 7 * n, "EUR") for n in range(5)}
        double = make.room_type(inside, house)
        rates.set_prices(inside, plan, double, prices, by=make.by(inside, house))
    stay = {"arrival": day(0), "departure": day(5), "adults": 3}

    [kind] = machine.get(f"{V1}/availability", **stay).json["room_types"]
    quoted = machine.get(f"{V1}/quotes", **stay, rate_plan="TAXED").json["quotes"]
    booked = machine.book(**stay, rate_plan="TAXED")

    totals = {rate["rate_plan"]: rate["total"] for rate in kind["rates"]}
    assert totals["TAXED"] == quoted[0]["total"] == booked.json["total"]
    assert len(quoted[0]["nights"]) == 5


def test_dates_that_are_no_stay_name_their_field(machine: Machine) -> None:
    cases = {
        (day(2), day(2)): ("no_night", "departure"),
        (day(2), day(1)): ("no_night", "departure"),
        (day(-1), day(1)): ("in_the_past", "arrival"),
        (day(0), day(401)): ("bad_dates", "departure"),
        (day(59), day(70)): ("beyond_horizon", "departure"),
        ("9999-12-30", "9999-12-31"): ("beyond_horizon", "departure"),
        ("20261120", day(1)): ("wrong_input", "arrival"),
        ("1700000000", day(1)): ("wrong_input", "arrival"),
        ("2026-02-30", day(1)): ("wrong_input", "arrival"),
    }
    for (arrival, departure), (message_id, field) in cases.items():
        answer = machine.get(f"{V1}/availability", arrival=arrival, departure=departure)
        assert problem(answer, 422, message_id)["field"] == field


def test_a_booking_is_read_back_as_it_was_made(machine: Machine) -> None:
    answer = machine.book(notes="late", channel="agency", channel_ref="A-1")

    made = answer.json
    assert answer.headers["Location"] == f"{V1}/reservations/{made['id']}"
    assert machine.get(answer.headers["Location"]).json == made
    assert made["state"] == "booked"
    assert made["guest"]["surname"] == "Dvořák"
    assert made["total"] == {"amount": "200.00", "currency": "EUR"}
    assert [night["night"] for night in made["nights"]] == [day(0), day(1)]
    assert isinstance(made["id"], str)
    assert isinstance(made["number"], str)


def test_another_price_than_was_expected_is_refused_and_nothing_is_kept(
    machine: Machine, inside: Session
) -> None:
    euros = {"currency": "EUR"}
    changed = machine.book(expected_total={"amount": "199.99", **euros})

    told = problem(changed, 409, "price_changed")
    assert told["parameters"]["total"] == {"amount": "200.00", "currency": "EUR"}
    assert left(machine) == {"DBL": 2}
    assert inside.scalar(sa.select(sa.func.count()).select_from(Guest)) == 0
    assert machine.book(expected_total={"amount": "200.0", **euros}).status_code == 201


def test_inputs_at_fault_are_named(machine: Machine) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"room_type": "NOPE"}, "room_type"),
        ({"rate_plan": "NOPE"}, "rate_plan"),
        ({"adults": 0}, "adults"),
        ({"adults": "2"}, "adults"),
        ({"guest": {"given_name": "Ana"}}, "guest.surname"),
        ({"guest": {"surname": "Reis", "email": "nobody"}}, "guest.email"),
        ({"guest": {"surname": " "}}, "guest.surname"),
        ({"colour": "blue"}, "colour"),
        ({"expected_total": {"amount": "1", "currency": "XXZ"}}, "expected_total"),
        ({"expected_total": {"amount": "1.001", "currency": "EUR"}}, "expected_total"),
        ({"expected_total": {"amount": "200.00", "currency": "USD"}}, "expected_total"),
        ({"expected_total": {"amount": 200, "currency": "EUR"}}, "expected_total.amount"),
    ]
    for wrong, field in cases:
        answer = machine.book(**wrong)
        assert answer.status_code == 422, (wrong, answer.data)
        assert answer.json["field"] == field


def test_a_guest_known_by_name_and_address_is_not_written_twice(
    machine: Machine, inside: Session
) -> None:
    first = machine.book().json["guest"]["id"]
    again = machine.book(arrival=day(3), departure=day(4)).json["guest"]["id"]
    sister = {"given_name": "Eva", "surname": "Dvořák", "email": "ana@example.com"}
    other = machine.book(arrival=day(5), departure=day(6), guest=sister).json["guest"]["id"]

    assert first == again != other


def test_amending_moves_nights_and_keeps_prices_unless_told(machine: Machine) -> None:
    made = machine.book().json
    where = f"{V1}/reservations/{made['id']}"

    longer = machine.patch(where, {"departure": day(4), "version": made["version"]})

    assert longer.status_code == 200
    assert longer.json["total"]["amount"] == "400.00"
    assert left(machine, arrival=day(3), departure=day(4)) == {"DBL": 1}
    problem(machine.patch(where, {"adults": 1, "version": made["version"]}), 409, "stale")
    problem(machine.patch(where, {}), 422, "nothing_asked")
    now = machine.get(where).json
    same = {"departure": day(4), "adults": now["adults"], "room_type": "DBL"}
    assert machine.patch(where, same).json == now  # the same version too: nothing was written
    problem(machine.patch(where, {"departure": day(0)}), 422, "no_night")
    refused = machine.patch(
        where, {"departure": day(5), "expected_total": {"amount": "1", "currency": "EUR"}}
    )
    problem(refused, 409, "price_changed")
    assert machine.get(where).json["departure"] == day(4)


def test_cancelling_gives_the_nights_back_once(machine: Machine, inside: Session) -> None:
    made = machine.book().json
    where = f"{V1}/reservations/{made['id']}/cancel"

    gone = machine.post(where, {"reason": "plans changed"})

    assert gone.json["state"] == "cancelled"
    assert gone.json["cancel_number"]
    assert gone.json["nights"] == []
    assert left(machine) == {"DBL": 2}
    problem(machine.post(where, {"reason": "again"}), 409, "wrong_state")
    assert inside.scalars(sa.select(TypeNight.sold).where(TypeNight.sold > 0)).all() == []


def test_a_channels_reference_is_entered_once(machine: Machine) -> None:
    details = {"channel": "agency", "channel_ref": "A-1"}
    assert machine.book(**details).status_code == 201

    told = problem(machine.book(**details), 409, "channel_ref_taken")

    assert told["field"] == "channel_ref"


def test_lists_end_and_go_on(machine: Machine, inside: Session, house: Hotel) -> None:
    with transaction(inside):
        for n in range(7):
            make.reservation(
                inside, house, nights=1, arrival=make.DAY + timedelta(days=n // 2), adults=1
            )

    seen: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(10):
        page = machine.get(f"{V1}/reservations", limit=3, **cursor).json
        assert len(page["reservations"]) <= 3
        seen += [each["id"] for each in page["reservations"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}

    everything = inside.scalars(
        sa.select(Reservation.id).order_by(Reservation.arrival, Reservation.id)
    )
    assert seen == [str(each) for each in everything]


def test_lists_are_asked_for_what_is_wanted(machine: Machine) -> None:
    made = machine.book(channel="agency", channel_ref="A-1").json
    machine.book(arrival=day(5), departure=day(6))

    def numbers(**asked: str) -> list[str]:
        rows = machine.get(f"{V1}/reservations", **asked).json["reservations"]
        return [row["number"] for row in rows]

    assert numbers(number=made["number"]) == [made["number"]]
    assert numbers(channel="agency", channel_ref="A-1") == [made["number"]]
    assert numbers(arrival_until=day(4)) == [made["number"]]
    assert len(numbers(state="booked")) == 2
    assert numbers(state="cancelled") == []
    for wrong in ({"limit": "0"}, {"limit": "101"}, {"cursor": "x"}, {"cursor": "WzFd"}):
        assert machine.get(f"{V1}/reservations", **wrong).status_code == 422


def test_a_reading_opens_no_write_turn_and_asks_four_questions(
    machine: Machine, inside: Session, house: Hotel
) -> None:
    from pms.web.database import db

    with transaction(inside):
        for n in range(8):
            kind = make.room_type(inside, house, f"T{n}")
            make.room(inside, house, f"5{n}", kind=kind)
            make.plan(inside, house, kind, f"P{n}")
    machine.get("/api/v1/hotels").close()  # notes its use
    left(machine)  # the tariff's sheet is read once after each change
    asked: list[str] = []
    with machine.client.application.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *said: asked.append(said[2]))

    assert len(left(machine)) == 9

    questions = [statement for statement in asked if statement != "BEGIN"]
    assert len(questions) <= 4
    assert all(statement.startswith("SELECT") for statement in questions)


def test_the_body_of_a_booking_is_json_and_a_map(machine: Machine) -> None:
    for data in (b"", b"{", b"[]", b"null", b'"x"', b"\xff"):
        answer = machine.client.post(
            f"{V1}/reservations",
            data=data,
            content_type="application/json",
            headers=machine.headers,
        )
        problem(answer, 422, "wrong_input")
    assert booking()["adults"] == 2


def letters_of(inside: Session) -> list[str]:
    """The addresses that letters go to."""
    return list(inside.scalars(sa.select(outbox.Letter.to)))


def test_a_booking_is_confirmed_by_mail_only_where_it_is_asked(
    machine: Machine, inside: Session
) -> None:
    guest = {"surname": "Leto", "email": "leto@mail.example"}

    assert machine.book(guest=guest).status_code == 201
    assert letters_of(inside) == []
    inside.rollback()
    assert machine.book(guest=guest, send_confirmation=True).status_code == 201

    assert letters_of(inside) == ["leto@mail.example"]


def test_a_confirmation_without_an_address_is_refused_and_nothing_is_booked(
    machine: Machine, inside: Session
) -> None:
    told = problem(machine.book(guest={"surname": "Leto"}, send_confirmation=True), 422, "no_email")

    assert told["field"] == "guest"
    assert left(machine) == {"DBL": 2}
