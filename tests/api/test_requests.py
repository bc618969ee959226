"""Requests by machines: asked for, listed, acted on; never a stranger's."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.tokens import Scope
from pms.hotel.service.requests import categories
from pms.hotel.stays import stays
from tests import make
from tests.api import calling
from tests.api.calling import V1, Machine


@pytest.fixture
def party(inside: Session, house: Hotel) -> str:
    """A party in 101, and categories to ask for; the reservation's id."""
    with transaction(inside):
        by = make.by(inside, house)
        categories.furnish(inside, house, by=by)
        booked = make.reservation(inside, house)
        stays.check_in(inside, booked, room=make.room(inside, house, "101"), by=by)
        return str(booked.id)


def towels(**details: Any) -> dict[str, Any]:
    """A body that asks for towels."""
    return {"category": "TOWELS", "words": "Two towels", **details}


def test_a_guest_asks_and_sees_what_becomes_of_it(machine: Machine, party: str) -> None:
    offered = machine.get(f"{V1}/requests/categories").json["categories"]
    made = machine.post(f"{V1}/requests", towels(reservation_id=party), key="k")
    again = machine.post(f"{V1}/requests", towels(reservation_id=party), key="k")

    assert {"code": "TOWELS", "due_minutes": 20}.items() <= next(
        each for each in offered if each["code"] == "TOWELS"
    ).items()
    assert made.status_code == again.status_code == 201
    assert made.json["id"] == again.json["id"]
    assert made.json["room"] == "101"
    assert (made.json["state"], made.json["source"]) == ("new", "guest")
    assert machine.get(made.headers["Location"]).json == made.json

    acts = f"{made.headers['Location']}/acts"
    assert machine.post(acts, {"act": "take"}).json["state"] == "assigned"
    assert machine.post(acts, {"act": "hold"}).json["field"] == "words"
    assert machine.post(acts, {"act": "hold", "words": "In the bath"}).json["state"] == "on_hold"
    assert machine.post(acts, {"act": "finish"}).status_code == 409
    machine.post(acts, {"act": "resume"})
    assert machine.post(acts, {"act": "note", "words": "Thick ones"}).status_code == 200
    done = machine.post(acts, {"act": "finish", "words": "On the bed"}).json
    assert done["done_at"] is not None
    assert machine.post(acts, {"act": "close", "version": 1}).status_code == 409
    assert machine.post(acts, {"act": "close"}).json["state"] == "closed"


def test_lists_are_paged_and_filtered(machine: Machine, party: str) -> None:
    for n in range(3):
        machine.post(f"{V1}/requests", towels(room="101", words=f"No. {n}"))
    machine.post(f"{V1}/requests", towels(category="INFO", place="Lobby"))

    first = machine.get(f"{V1}/requests", limit=2).json
    rest = machine.get(f"{V1}/requests", limit=2, cursor=first["next_cursor"]).json

    assert [each["words"] for each in first["requests"]] == ["No. 0", "No. 1"]
    assert [each["words"] for each in rest["requests"]] == ["No. 2", "Two towels"]
    assert len(machine.get(f"{V1}/requests", room="101").json["requests"]) == 3
    assert len(machine.get(f"{V1}/requests", reservation_id=party).json["requests"]) == 3
    assert len(machine.get(f"{V1}/requests", department="front_office").json["requests"]) == 1
    assert machine.get(f"{V1}/requests", open="false").json["requests"] == []


def test_what_is_wrong_is_said(machine: Machine, party: str) -> None:
    def says(**details: Any) -> tuple[int, str]:
        answer = machine.post(f"{V1}/requests", towels(**details))
        return answer.status_code, answer.json["field"]

    assert says(category="ELEPHANT", room="101")[1] == "category"
    assert says(room="999")[1] == "room"
    assert says() == (422, "place")
    assert machine.post(f"{V1}/requests", towels(reservation_id="1")).status_code == 404
    assert machine.get(f"{V1}/requests/1").status_code == 404
    assert machine.post(f"{V1}/requests/1/acts", {"act": "take"}).status_code == 404


def test_the_scope_opens_and_no_other(
    client: Any, inside: Session, house: Hotel, party: str
) -> None:
    with transaction(inside):
        wrong = Machine(client, calling.token(inside, house, Scope.ROOMS, name="Keys"))
        right = Machine(client, calling.token(inside, house, Scope.REQUESTS, name="Guest page"))

    assert wrong.get(f"{V1}/requests").status_code == 403
    assert right.post(f"{V1}/requests", towels(room="101")).status_code == 201
