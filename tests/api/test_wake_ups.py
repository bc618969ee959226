"""Wake-ups by machines: ordered for a room, listed, rung, cancelled; never a stranger's."""

import pytest
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.tokens import Scope
from pms.hotel.stays import stays
from tests import make
from tests.api import calling
from tests.api.calling import V1, Machine
from tests.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY


@pytest.fixture
def party(inside: Session, house: Hotel) -> str:
    """A party in 101; the reservation's id."""
    with transaction(inside):
        booked = make.reservation(inside, house)
        by = make.by(inside, house)
        stays.check_in(inside, booked, room=make.room(inside, house, "101"), by=by)
        return str(booked.id)


def test_a_telephone_system_orders_rings_and_cancels(machine: Machine, party: str) -> None:
    with clock.set_to(make.NOON):
        made = machine.post(f"{V1}/wake-ups", {"room": "101", "at": "13:05"}, key="k")
        again = machine.post(f"{V1}/wake-ups", {"room": "101", "at": "13:05"}, key="k")
        assert made.status_code == again.status_code == 201
        assert made.json == again.json == machine.get(made.headers["Location"]).json
        assert (made.json["reservation_id"], made.json["at"]) == (party, "13:05")
        [call] = machine.get(f"{V1}/wake-up-calls").json["calls"]
        assert (call["room"], call["state"]) == ("101", "waiting")

        rung = machine.post(f"{V1}/wake-up-calls/{call['id']}/came", {"came": "answered"})
        assert rung.json["state"] == "answered"
        late = machine.post(f"{V1}/wake-up-calls/{call['id']}/came", {"came": "no_answer"})
        assert late.status_code == 409

        daily = {"reservation_id": party, "at": "07:00", "daily": True}
        other = machine.post(f"{V1}/wake-ups", daily).headers["Location"]
        stale = machine.post(f"{other}/cancel", {"version": 7})
        assert stale.status_code == 409
        assert machine.post(f"{other}/cancel", {}).json["ended_at"] is not None


def test_what_is_no_wake_up_is_refused(
    machine: Machine, party: str, inside: Session, house: Hotel
) -> None:
    nowhere = machine.post(f"{V1}/wake-ups", {"at": "07:00"})
    empty = machine.post(f"{V1}/wake-ups", {"at": "07:00", "room": "102"})
    assert (nowhere.status_code, empty.status_code) == (422, 422)
    assert machine.post(f"{V1}/wake-ups", {"at": "7 am", "room": "101"}).status_code == 422
    assert machine.get(f"{V1}/wake-ups/7").status_code == 404
    with transaction(inside):
        secret = calling.token(inside, house, Scope.ROOMS)
    assert Machine(machine.client, secret).get(f"{V1}/wake-up-calls").status_code == 403
