"""Packages at the desks: set up, given to a plan, sold, added to a stay, and cooked for."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.hotel.rooms import packages, rates
from pms.hotel.rooms.packages import Details, Package
from pms.hotel.rooms.packaging import Per
from pms.hotel.stays import settlements
from pms.hotel.stays.correspondence import Tells
from pms.hotel.stays.reservations import Reservation
from pms.hotel.stays.reservations import packages as of_reservation
from pms.web import letters
from pms.web.database import db
from tests import make
from tests.back_office.conftest import Send, queries, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAY = make.DAY


@pytest.fixture
def ids(app: Flask, house: int) -> dict[str, int]:
    """The ids of a plan, a charge code and the party in house."""
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        bar = rates.by_code(session, hotel, "BAR")
        assert bar
        code = make.charge_code(session, hotel, "FOOD")
        here = session.scalars(sa.select(Reservation).order_by(Reservation.number)).first()
        assert here
        return {"hotel": house, "plan": bar.id, "code": code.id, "party": here.id}


def breakfast(ids: dict[str, int], **other: Any) -> dict[str, Any]:
    said = {
        "code": "brk", "name": "Breakfast", "charge": ids["code"], "per": "person",
        "price": "12.00", "child_age_1": "11", "child_1": "6.00", "rhythm": "every_night",
        "meals": "0",
    }  # fmt: skip
    return said | other


def test_a_package_is_set_up_given_to_a_plan_quoted_and_taken_out_again(
    desk: Any, send: Send, ids: dict[str, int]
) -> None:
    assert "There is no package yet" in desk.get("/packages").text
    wrong = send("/packages/new", **breakfast(ids, child_1="", price="-1"))
    done = send("/packages/new", **breakfast(ids))
    again = send("/packages/new", **breakfast(ids))
    listed = desk.get("/packages").text
    package = re.findall(r"/packages/(\d+)/sell", listed)[0]

    assert (wrong.status_code, done.status_code, again.status_code) == (422, 302, 422)
    assert "There is a package BRK already" in again.text
    assert "to 11 years €6.00" in listed
    assert "no plan" in listed
    plan = f"/rates/plans/{ids['plan']}"
    send(f"{plan}/packages", package=package, way="included")
    assert "Breakfast" in desk.get(plan).text
    stay = {"arrival": DAY.isoformat(), "departure": (DAY + timedelta(days=2)).isoformat()}
    asked = desk.get("/book", query_string=stay | {"adults": 2, "rooms": 1}).text
    offer = asked.split('name="offer"')[1].split('value="')[1].split('"')[0]
    shown = desk.get("/book", query_string=stay | {"adults": 2, "rooms": 1, "offer": offer}).text
    assert "of it Breakfast" in shown
    assert "48.00" in shown
    send(f"{plan}/packages/{package}/remove")
    assert "no plan" in desk.get("/packages").text
    changed = send(f"/packages/{package}", **breakfast(ids, name="Full breakfast", code=""))
    send(f"/packages/{package}/sell")
    assert changed.status_code == 302
    page = desk.get("/packages").text
    assert "Full breakfast" in page
    assert "not sold" in page


def bought(app: Flask, ids: dict[str, int], **details: Any) -> None:
    """Let the party in house have breakfast, in a package of its own."""
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, ids["hotel"])
        by = make.by(session, hotel)
        said = Details(
            "Breakfast", make.charge_code(session, hotel, "FOOD"), Per.PERSON,
            Money(1_200, "EUR"), meals=1,
        )  # fmt: skip
        made = packages.add(session, hotel, code="BRK", details=said, by=by)
        party = session.get_one(Reservation, (ids["hotel"], ids["party"]))
        if details.get("has", True):
            of_reservation.add(session, party, made, by=by)


def test_a_party_gets_a_package_and_gives_it_back(
    app: Flask, desk: Any, send: Send, ids: dict[str, int]
) -> None:
    bought(app, ids, has=False)
    place = f"/reservations/{ids['party']}"
    with app.app_context():
        package = db.session().scalars(sa.select(Package)).one().id

    send(f"{place}/packages", package=package, quantity="2")
    page = desk.get(place).text
    assert "Breakfast × 2" in page
    assert "on top" in page
    assert "96.00" in page
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, ids["hotel"])
        party = session.get_one(Reservation, (ids["hotel"], ids["party"]))
        paper = letters.written(session, hotel, party, tells=Tells.CONFIRMATION, language="de")
        assert "Frühstück, in den Nächten oben" in paper.text
        assert "296,00" in paper.text
    late = send(f"{place}/packages", package=package, first="2027-01-01")
    assert late.status_code == 302
    assert "a night of the stay that is to come" in desk.get(place).text
    send(f"{place}/packages/1/take-off")
    assert "Breakfast ×" not in desk.get(place).text
    send(f"{place}/packages/1/take-off")
    assert "taken off already" in desk.get(place).text


def test_what_a_package_allows_is_set_consumed_and_told(
    app: Flask, desk: Any, send: Send, ids: dict[str, int]
) -> None:
    with app.app_context(), transaction(db.session()) as session:
        bar = make.charge_code(session, session.get_one(Hotel, ids["hotel"]), "BAR").id
    allows = {"allowance": "15.00", "allowance_span": "day", "allowance_codes": bar}
    nothing = send("/packages/new", **breakfast(ids, allowance="15.00"))
    assert nothing.status_code == 422
    assert "Say what is consumed against it." in nothing.text
    assert send("/packages/new", **breakfast(ids, **allows)).status_code == 302
    listed = desk.get("/packages").text
    assert "€15.00 a day of Bar" in listed
    package = re.findall(r"/packages/(\d+)/sell", listed)[0]
    place = f"/reservations/{ids['party']}"
    send(f"{place}/packages", package=package)
    assert "€30.00 of €30.00 left today" in desk.get(place).text

    with app.app_context(), transaction(db.session()) as session:
        party = session.get_one(Reservation, (ids["hotel"], ids["party"]))
        by = make.by(session, session.get_one(Hotel, ids["hotel"]))
        folio = settlements.folio_of(session, party, by=by).id
    send(f"/folios/{folio}/post", code=bar, amount="40.00", quantity="1")
    bill = desk.get(f"/folios/{folio}").text
    assert "€30.00 of it is in a package." in bill
    assert "Breakfast: Bar" in bill
    assert "€0.00 of €30.00 left today" in desk.get(place).text
    page = desk.get("/packages").text
    assert "Profit or loss" in page
    assert "−€30.00" in page or "-30.00" in page
    filled = desk.get(f"/packages/{package}").text
    assert 'value="15.00"' in filled
    send(f"/packages/{package}", **breakfast(ids, code=""))
    assert "a day of Bar" not in desk.get("/packages").text


def test_the_kitchen_knows_who_eats_tomorrow(app: Flask, desk: Any, ids: dict[str, int]) -> None:
    assert "Nobody who sleeps here" in desk.get("/meals").text
    bought(app, ids)

    page = desk.get("/meals").text
    file = desk.get("/meals.csv")

    assert "Breakfast" in page
    assert "2 adults, 1 party" in page
    assert "101" in page
    assert file.mimetype == "text/csv"
    assert "breakfast,101,Ana Novák" in file.text
    assert ",2,0,,in house" in file.text
    assert "Nobody who sleeps here" in desk.get(f"/meals?day={DAY.isoformat()}").text


def test_the_meals_ask_no_more_for_more_parties(app: Flask, desk: Any, ids: dict[str, int]) -> None:
    bought(app, ids)
    before = queries(app, desk, "/meals")
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, ids["hotel"])
        made = session.scalars(sa.select(Package)).one()
        for party in session.scalars(sa.select(Reservation).where(Reservation.id != ids["party"])):
            of_reservation.add(session, party, made, by=make.by(session, hotel))

    assert desk.get("/meals").text.count("expected") == 2
    assert queries(app, desk, "/meals") == before


def test_who_may_not_set_up_reads_the_catalogue(app: Flask, ids: dict[str, int]) -> None:
    agent = sign_in(app.test_client(), Role.FRONT_DESK)

    assert agent.get("/packages").status_code == 200
    assert agent.get("/packages/new").status_code == 403
    assert agent.get("/packages/999").status_code == 403
