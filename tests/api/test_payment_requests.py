"""Payment requests by machines: asked once per key, read, and refused as at the desk."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import transaction
from pms.base.gateway import Mode
from pms.hotel.house.hotels import Hotel
from pms.hotel.service import checkout
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
