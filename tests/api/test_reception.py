"""Messages, calls and visitors by machines: taken, passed on, seen out; never a stranger's."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.tokens import Scope
from pms.hotel.service import reception
from pms.hotel.service.requests import categories
from pms.hotel.stays import stays
from pms.hotel.stays.reservations import Reservation
from tests import make
from tests.api import calling
from tests.api.calling import V1, Machine
from tests.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY
CALL = {
    "direction": "incoming", "with_whom": "Abel", "matter": "Dinner at eight",
    "outcome": "not_reached", "room": "101",
}  # fmt: skip


@pytest.fixture
def party(inside: Session, house: Hotel) -> Reservation:
    """A party in 101."""
    with transaction(inside):
        by = make.by(inside, house)
        categories.furnish(inside, house, by=by)
        booked = make.reservation(inside, house)
        stays.check_in(inside, booked, room=make.room(inside, house, "101"), by=by)
        return booked


def test_a_switchboard_takes_messages_and_passes_calls_on(
    machine: Machine, party: Reservation
) -> None:
    asked = {"room": "101", "sender": "Abel", "words": "Dinner at eight"}
    made = machine.post(f"{V1}/messages", asked, key="k")
    assert made.status_code == 201
    assert machine.post(f"{V1}/messages", asked, key="k").json == made.json
    assert machine.get(made.headers["Location"]).json == made.json
    assert made.json["reservation_id"] == str(party.id)

    with clock.set_to(make.NOON):
        soon = (make.NOON + timedelta(hours=1)).isoformat()
        call = machine.post(f"{V1}/phone-calls", {**CALL, "phone": "1", "back_by": soon})
    where = call.headers["Location"]
    assert (call.json["room"], call.json["reservation_id"]) == ("101", str(party.id))
    assert len(machine.get(f"{V1}/phone-calls", to_call_back="true").json["phone_calls"]) == 1
    assert machine.post(f"{where}/call-back", {}).json["called_back_at"] is not None
    assert machine.get(f"{V1}/phone-calls", to_call_back="true").json["phone_calls"] == []
    passed = machine.post(f"{where}/message", {"urgent": True}).json
    assert machine.get(where).json["message_id"] == passed["id"]
    assert machine.post(f"{where}/request", {"category": "TOWELS"}).status_code == 409
    other = machine.post(f"{V1}/phone-calls", CALL).headers["Location"]
    assert machine.post(f"{other}/request", {"category": "ELEPHANT"}).json["field"] == "category"
    assert machine.post(f"{other}/request", {"category": "TOWELS"}).json["request_id"]

    waiting = machine.get(f"{V1}/messages", state="waiting", limit=1).json
    rest = machine.get(f"{V1}/messages", limit=1, cursor=waiting["next_cursor"]).json
    assert [waiting["messages"][0]["id"], rest["messages"][0]["id"]] == [
        made.json["id"], passed["id"]
    ]  # fmt: skip
    first = made.headers["Location"]
    assert machine.post(f"{first}/deliver", {"how": "in_person", "version": 7}).status_code == 409
    assert machine.post(f"{first}/deliver", {"how": "in_person"}).json["state"] == "delivered"
    assert machine.post(f"{first}/withdraw", {"reason": "Wrong room"}).status_code == 409


def test_visitors_come_with_a_badge_and_are_seen_out(machine: Machine, party: Reservation) -> None:
    made = machine.post(f"{V1}/visitors", {"name": "Roy", "room": "101", "badge": "7"})
    assert (made.status_code, made.json["reservation_id"]) == (201, str(party.id))
    assert machine.post(f"{V1}/visitors", {"name": "Eve", "host": "Chef", "badge": "7"}).json[
        "field"
    ] == "badge"  # fmt: skip
    assert machine.post(f"{V1}/visitors", {"name": "Eve"}).status_code == 422
    assert len(machine.get(f"{V1}/visitors", still_in="true").json["visitors"]) == 1

    left = machine.post(f"{made.headers['Location']}/leave", {})

    assert left.json["left_at"] is not None
    assert machine.get(f"{V1}/visitors", still_in="true").json["visitors"] == []
    assert machine.post(f"{made.headers['Location']}/leave", {}).status_code == 409


def test_who_wants_no_calls_has_none_and_a_stranger_reads_nothing(
    machine: Machine, party: Reservation, inside: Session, house: Hotel
) -> None:
    with transaction(inside):
        reception.wish(inside, party, no_calls=True, by=make.by(inside, house))
        secret = calling.token(inside, house, Scope.REQUESTS)

    through = machine.post(f"{V1}/phone-calls", {**CALL, "outcome": "put_through"})
    assert through.status_code == 409
    assert machine.post(f"{V1}/messages", {"sender": "A", "words": "B"}).status_code == 422
    assert machine.post(f"{V1}/messages", {**CALL}).status_code == 422
    for address in ("messages/7", "phone-calls/7", "visitors/7"):
        assert machine.get(f"{V1}/{address}").status_code == 404
    assert Machine(machine.client, secret).get(f"{V1}/messages").status_code == 403
