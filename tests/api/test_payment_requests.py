"""Payment requests by machines: asked once per key, read, and refused as at the desk."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import transaction
from pms.base.gateway import Mode
from pms.hotel.house.hotels import Hotel
from pms.hotel.service import checkout
from pms.hotel.stays import settlements
from tests import make
from tests.api.calling import V1, Machine

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
REQUESTS = f"{V1}/payment-requests"


def test_a_machine_asks_for_a_deposit_and_reads_where_it_stands(
    machine: Machine, inside: Session, house: Hotel
) -> None:
    with transaction(inside):
        booked = make.reservation(inside, house)
        by = make.by(inside, house)
    body = {
        "purpose": "deposit", "amount": {"amount": "80.00", "currency": "EUR"},
        "reservation_id": str(booked.id), "language": "fr",
        "expires_at": (clock.now() + timedelta(days=2)).isoformat(),
    }  # fmt: skip
    off = machine.post(REQUESTS, body)
    assert (off.status_code, off.json["message_id"]) == (409, "no_gateway")
    with transaction(inside):
        checkout.set_mode(inside, house, Mode.PRACTICE, by=by)

    made = machine.post(REQUESTS, body, key="one")
    again = machine.post(REQUESTS, body, key="one")
    read = machine.get(made.headers["Location"])

    assert (made.status_code, again.json["id"]) == (201, made.json["id"])
    assert read.json == made.json
    assert (read.json["state"], read.json["amount"]["amount"]) == ("asked", "80.00")
    assert '<html lang="fr">' in machine.client.get(read.json["link"]).text
    assert machine.get(made.headers["Location"]).json["state"] == "opened"
    for changed, status in (
        ({"reservation_id": "1"}, 404),
        ({"amount": None}, 422),
        ({"purpose": "gift"}, 422),
        ({"expires_at": "2020-01-01T00:00:00Z"}, 422),
    ):
        assert machine.post(REQUESTS, body | changed).status_code == status
    assert machine.get(f"{REQUESTS}/1").status_code == 404


def test_a_machine_asks_for_one_payment_of_several_rooms(
    machine: Machine, inside: Session, house: Hotel
) -> None:
    with transaction(inside):
        first = make.reservation(inside, house)
        second = make.reservation(inside, house, with_booking=first)
        checkout.set_mode(inside, house, Mode.PRACTICE, by=make.by(inside, house))
    amount = {"amount": "40.00", "currency": "EUR"}
    parts = [{"reservation_id": str(each.id), "amount": amount} for each in (first, second)]
    body = {
        "purpose": "rooms", "reservation_id": str(second.id), "parts": parts,
        "expires_at": (clock.now() + timedelta(days=2)).isoformat(),
    }  # fmt: skip

    made = machine.post(REQUESTS, body)

    assert (made.status_code, made.json["amount"]["amount"]) == (201, "80.00")
    assert made.json["reservation_id"] == str(first.id)
    assert [each["reservation_id"] for each in made.json["parts"]] == [
        str(first.id), str(second.id)
    ]  # fmt: skip
    for changed, status in (
        ({"parts": []}, 422),
        ({"amount": amount}, 422),
        ({"purpose": "deposit", "amount": amount}, 422),
        ({"parts": [parts[0] | {"reservation_id": "1"}]}, 404),
        ({"reservation_id": "1"}, 404),
    ):
        assert machine.post(REQUESTS, body | changed).status_code == status


def test_a_machine_takes_one_payment_for_several_rooms(
    machine: Machine, inside: Session, house: Hotel
) -> None:
    with transaction(inside):
        first = make.reservation(inside, house)
        second = make.reservation(inside, house, with_booking=first)
        stranger = make.reservation(inside, house, arrival=make.DAY + timedelta(days=5))
    where = f"{V1}/reservations/{second.id}/rooms/payments"
    amount = {"amount": "40.00", "currency": "EUR"}
    parts = [{"reservation_id": str(each.id), "amount": amount} for each in (second, first)]
    body = {"method": "transfer", "reference": "Wire 7", "parts": parts}

    paid = machine.post(where, body, key="wire-7")
    again = machine.post(where, body, key="wire-7")

    assert (paid.status_code, paid.json["amount"]["amount"]) == (201, "80.00")
    assert [each["amount"]["amount"] for each in paid.json["payments"]] == ["40.00", "40.00"]
    assert again.json == paid.json
    for room in (first, second):
        assert settlements.deposit_held(inside, room).minor == 40_00
    for changed, status in (
        ({"parts": []}, 422),
        ({"parts": [parts[0], parts[0]]}, 422),
        ({"parts": [parts[0] | {"reservation_id": str(stranger.id)}]}, 409),
        ({"method": "card"}, 422),
    ):
        assert machine.post(where, body | changed).status_code == status
