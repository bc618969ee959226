"""Housekeeping and work orders by machines."""

import pytest
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.hotel.house.tokens import Scope
from pms.hotel.rooms.rooms import Condition
from pms.hotel.service import housekeeping
from tests import make
from tests.api import calling
from tests.api.calling import V1, Machine

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ROOMS = f"{V1}/housekeeping/rooms"


def test_a_telephone_says_that_a_room_is_clean_and_its_task_goes_along(
    machine: Machine, inside: Session, house: Hotel
) -> None:
    with transaction(inside):
        room = make.room(inside, house, "101", condition=Condition.DIRTY)
        maid = make.by(inside, house, Role.HOUSEKEEPER)
        housekeeping.put(inside, room, on=maid, by=maid)

    dirty = machine.get(ROOMS).json["rooms"][0]
    turned = machine.post(
        f"{ROOMS}/101/condition", {"condition": "clean", "version": dirty["version"]}, key="k"
    )
    stale = machine.post(
        f"{ROOMS}/101/condition", {"condition": "dirty", "version": dirty["version"]}
    )

    assert (dirty["wants"], dirty["task"], dirty["attendant"]) == (
        "departure", "to_do", "Housekeeper",
    )  # fmt: skip
    assert (turned.json["condition"], turned.json["task"]) == ("clean", "done")
    assert stale.status_code == 409
    assert machine.post(f"{ROOMS}/999/condition", {"condition": "clean"}).status_code == 404
    assert machine.post(f"{ROOMS}/101/condition", {"condition": "shiny"}).status_code == 422


def test_a_machine_reports_what_is_broken_and_follows_it(machine: Machine) -> None:
    made = machine.post(
        f"{V1}/work-orders", {"words": "Lift stands", "place": "Lift 2", "priority": "urgent"}
    )
    nowhere = machine.post(f"{V1}/work-orders", {"words": "Lamp", "room": "999"})
    acts = f"{made.headers['Location']}/acts"

    assert made.status_code == 201
    assert machine.get(made.headers["Location"]).json == made.json
    assert nowhere.status_code == 422
    assert machine.post(acts, {"act": "start"}).json["state"] == "in_progress"
    assert machine.post(acts, {"act": "hold"}).json["field"] == "words"
    assert machine.post(acts, {"act": "hold", "words": "A part"}).json["state"] == "on_hold"
    done = machine.post(acts, {"act": "finish", "words": "Reset", "labour_minutes": 20})
    assert done.json["state"] == "done"
    assert machine.post(acts, {"act": "finish", "version": 1}).status_code == 409
    assert machine.post(acts, {"act": "reopen", "words": "Again"}).json["state"] == "open"
    listed = machine.get(f"{V1}/work-orders", standing="true", limit="1").json
    assert [each["number"] for each in listed["work_orders"]] == ["10001"]
    assert machine.get(f"{V1}/work-orders/12").status_code == 404


def test_a_token_without_the_scope_keeps_no_house(
    client: object, inside: Session, house: Hotel
) -> None:
    with transaction(inside):
        other = Machine(client, calling.token(inside, house, Scope.ROOMS))

    assert other.get(ROOMS).status_code == 403
    assert other.get(f"{V1}/work-orders").status_code == 403
