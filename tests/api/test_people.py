"""Machines and people: a wall clock's punches, the published roster, and nobody else's."""

import pytest
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import transaction
from pms.hotel.house.hotels import Hotel
from pms.hotel.people import roster
from pms.hotel.people.duty import Department
from tests import make
from tests.api.calling import V1, Machine
from tests.hotel.people import make_people

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_wall_clock_tells_punches_and_reads_the_roster(
    machine: Machine, inside: Session, house: Hotel
) -> None:
    with transaction(inside):
        by = make.by(inside, house)
        who = make_people.employed(inside, house).employee
        make_people.shift(inside, house, make.DAY, who=who)
        draft = make_people.shift(inside, house, make.DAY, (15, 23))
        other = make.hotel(inside, "OTHER")
        make_people.employed(inside, other, "Olga Other", hired_on=make_people.HIRED)
    days = {"first": make.DAY.isoformat(), "last": make.DAY.isoformat()}
    unseen = machine.get(f"{V1}/roster", **days).json["shifts"]
    with transaction(inside):
        roster.take_off(inside, draft, by=by)
        roster.publish(inside, house, Department.FRONT_OFFICE, make.DAY, by=by)
    [shift] = machine.get(f"{V1}/roster", **days).json["shifts"]
    wide = machine.get(f"{V1}/roster", first="2026-01-01", last="2026-12-31")

    assert unseen == []
    assert (shift["employee"], shift["position"], shift["break_minutes"]) == ("1001", "AGENT", 30)
    assert "rate" not in shift
    assert (wide.status_code, wide.json["field"]) == (422, "last")

    with clock.set_to(make_people.instant(house, "2026-11-20 07:30")):
        body = {"employee": "1001", "kind": "in", "key": "1", "at": "2026-11-20T06:00:30Z"}
        first, again = (machine.post(f"{V1}/punches", body) for _ in range(2))
        twice = machine.post(f"{V1}/punches", {**body, "key": "2"})
        nobody = machine.post(f"{V1}/punches", {**body, "employee": "77", "key": "3"})
        unheld = machine.post(f"{V1}/punches", {**body, "position": "COOK", "key": "4"})
    assert (first.status_code, first.json["at"]) == (201, "2026-11-20T06:00:00+00:00")
    assert again.json["id"] == first.json["id"]
    assert (twice.status_code, nobody.status_code, unheld.status_code) == (409, 422, 422)
