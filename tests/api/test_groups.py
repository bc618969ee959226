"""Groups as machines read them, and rooms picked up with a group's code."""

from typing import Any

from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays import groups
from pms.hotel.stays.groups import Status
from tests import make
from tests.api.calling import V1, Machine, day
from tests.api.test_door import problem
from tests.hotel.stays import allotted
from tests.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY


def read(machine: Machine) -> list[dict[str, Any]]:
    """The allotment of the group."""
    return list(machine.get(f"{V1}/groups/WEDDING").json["allotment"])


def test_a_group_is_read_and_its_rooms_are_picked_up(
    machine: Machine, inside: Session, house: Hotel
) -> None:
    with transaction(inside):
        made = allotted.group(inside, house, arrival=make.DAY)
        allotted.allot(inside, house, made, 2)

    [listed] = machine.get(f"{V1}/groups", status="definite", on=day(1)).json["groups"]
    assert (listed["code"], listed["status"], listed["arrival"]) == ("WEDDING", "definite", day(0))
    assert machine.get(f"{V1}/groups", on=day(2)).json["groups"] == []
    assert problem(machine.book(), 409, "sold_out")
    assert machine.book(group="wedding").status_code == 201
    assert read(machine)[0] == {
        "night": day(0), "room_type": "DBL", "agreed": 2, "picked_up": 1, "left": 1,
    }  # fmt: skip
    assert problem(machine.book(group="NOBODY"), 422, "unknown_code")["field"] == "group"
    assert problem(machine.get(f"{V1}/groups/NOBODY"), 404, "not_here")

    with transaction(inside):
        by = make.by(inside, house)
        groups.settle_status(inside, made, Status.LOST, reason="Elsewhere", by=by)
    assert problem(machine.book(group="WEDDING"), 409, "group_lost")["field"] == "group"
    assert machine.book().status_code == 201
