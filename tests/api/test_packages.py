"""Packages by API: listed, quoted night by night, and carried by a reservation."""

import pytest
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import packages, rates
from pms.hotel.rooms.packages import Details
from pms.hotel.rooms.packaging import Per
from tests import make
from tests.api.calling import V1, Machine, day

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
STAY = {"arrival": day(0), "departure": day(2), "adults": 2}


@pytest.fixture
def sold(inside: Session, house: Hotel) -> Hotel:
    """BAR with breakfast in its price, and a garage beside it."""
    with transaction(inside):
        by, code = make.by(inside, house), make.charge_code(inside, house, "FOOD")
        half = ((11, Money(600, "EUR")),)
        details = Details("Breakfast", code, Per.PERSON, Money(1_200, "EUR"), children=half)
        breakfast = packages.add(inside, house, code="BRK", details=details, by=by)
        garage = Details("Garage", code, Per.ROOM, Money(900, "EUR"))
        packages.add(inside, house, code="PARK", details=garage, by=by)
        bar = rates.by_code(inside, house, "BAR")
        assert bar
        packages.attach(inside, bar, breakfast, included=True, by=by)
    return house


def test_packages_are_listed_and_quoted(machine: Machine, sold: Hotel) -> None:
    listed = machine.get(f"{V1}/packages").json["packages"]
    quotes = machine.get(f"{V1}/quotes", **STAY).json["quotes"]

    assert [each["package"] for each in listed] == ["BRK", "PARK"]
    assert listed[0]["children"] == [{"age": 11, "price": {"amount": "6.00", "currency": "EUR"}}]
    night = quotes[0]["nights"][0]
    breakfast = {"amount": "24.00", "currency": "EUR"}
    said = {"package": "BRK", "name": "Breakfast", "amount": breakfast, "included": True}
    assert night["packages"] == [said]
    assert night["total"]["amount"] == night["price"]["amount"] == "100.00"


def test_a_reservation_carries_packages_and_gives_them_back(machine: Machine, sold: Hotel) -> None:
    made = machine.book().json
    place = f"{V1}/reservations/{made['id']}/packages"
    more = machine.post(place, {"package": "PARK"})
    unknown = machine.post(place, {"package": "POOL"})
    late = machine.post(place, {"package": "PARK", "first": day(9)})
    gone = machine.post(f"{place}/2/take-off", {})
    nobody = machine.post(f"{place}/7/take-off", {})

    assert [each["package"] for each in made["packages"]] == ["BRK"]
    assert (made["total"]["amount"], more.json["total"]["amount"]) == ("200.00", "218.00")
    assert [each["package"] for each in more.json["packages"]] == ["BRK", "PARK"]
    assert unknown.json["field"] == "package"
    assert late.json["field"] == "first"
    assert gone.json["total"]["amount"] == "200.00"
    assert nobody.status_code == 404
