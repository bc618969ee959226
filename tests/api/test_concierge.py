"""Activities by machines: looked up, booked while there are places, cancelled by the rule."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.tokens import Scope
from tests import make
from tests.api import calling
from tests.api.calling import V1, Machine
from tests.hotel.service import outing
from tests.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY


@pytest.fixture
def walk(inside: Session) -> Any:
    """A hotel with a walk, on the hotel's first day."""
    with clock.set_to(make.NOON):
        with transaction(inside):
            made = outing.house(inside)
        yield made


@pytest.fixture
def house(walk: outing.House) -> Hotel:
    return walk.hotel


def asked(there: outing.House, **details: Any) -> dict[str, Any]:
    return {"time_id": str(there.time.id), "reservation_id": str(there.here.id), "persons": 2,
            **details}  # fmt: skip


def test_a_machine_finds_books_and_cancels(machine: Machine, walk: outing.House) -> None:
    [offered] = machine.get(f"{V1}/activities").json["activities"]
    times = f"{V1}/activities/{offered['id']}/times"
    [free] = machine.get(times).json["times"]
    made = machine.post(f"{V1}/activity-bookings", asked(walk, charge=True), key="k")
    again = machine.post(f"{V1}/activity-bookings", asked(walk, charge=True), key="k")

    assert (offered["name"], offered["price"]["amount"]) == ("City walk", "20.00")
    assert free["left"] == 4
    assert made.status_code == 201
    assert again.json == made.json
    assert machine.get(made.headers["Location"]).json == made.json
    assert made.json["charged"] is True
    assert made.json["price"] == {"amount": "40.00", "currency": "EUR"}
    assert machine.get(times).json["times"][0]["left"] == 2
    full = machine.post(f"{V1}/activity-bookings", asked(walk, persons=3))
    assert (full.status_code, full.json["message_id"]) == (409, "full")
    cancel = f"{made.headers['Location']}/cancel"
    assert machine.post(cancel, {"reason": "Rain", "version": 99}).status_code == 409
    off = machine.post(cancel, {"reason": "Rain"}).json
    assert (off["state"], off["charged"], off["fee"]["amount"]) == ("cancelled", False, "0.00")
    assert machine.get(times).json["times"][0]["left"] == 4


def test_what_is_wrong_is_said(client: Any, inside: Session, machine: Machine, walk: Any) -> None:
    bookings = f"{V1}/activity-bookings"

    assert machine.post(bookings, asked(walk, time_id="1")).status_code == 404
    assert machine.post(bookings, asked(walk, reservation_id="1")).status_code == 404
    assert machine.post(bookings, asked(walk, persons=0)).status_code == 422
    assert machine.get(f"{bookings}/1").status_code == 404
    times = f"{V1}/activities/{walk.walk.id}/times"
    assert machine.get(f"{V1}/activities/1/times").status_code == 404
    assert machine.get(times, first="9999-12-31").status_code == 422
    assert machine.get(times, first="0001-01-01", last="2026-11-30").status_code == 200
    assert machine.get(times, last="2027-11-30").json["field"] == "last"
    with transaction(inside):
        wrong = Machine(client, calling.token(inside, walk.hotel, Scope.ROOMS, name="Keys"))
        right = Machine(client, calling.token(inside, walk.hotel, Scope.CONCIERGE, name="Page"))
    assert wrong.get(f"{V1}/activities").status_code == 403
    assert right.post(bookings, asked(walk)).status_code == 201
    assert right.post(bookings, asked(walk, charge=True)).status_code == 403  # no bill for that one
