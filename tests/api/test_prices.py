"""Prices by API: quotes explain each night to its source, and say what is agreed with a plan."""

from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.hotel.guests import companies
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import derivations, negotiated, policies, rates, restrictions, supplements
from pms.hotel.rooms.derivations import Difference
from pms.hotel.rooms.pricing import Supplement, Who
from pms.hotel.rooms.restrictions import Kind
from pms.hotel.stays.reservations import State
from pms.web.database import db
from tests import make
from tests.api.calling import V1, Machine, booking, day
from tests.api.test_door import problem

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
STAY = {"arrival": day(1), "departure": day(3), "adults": 2}


@pytest.fixture
def sold(inside: Session, house: Hotel) -> Hotel:
    """A hotel that sells BAR, NRF 10 % below it under a policy, and CORP to one company."""
    with transaction(inside):
        by, bar = make.by(inside, house), rates.by_code(inside, house, "BAR")
        strict, corp = (make.plan(inside, house, code=code) for code in ("NRF", "CORP"))
        assert bar
        derivations.derive(inside, strict, bar, Difference(points=-1_000), by=by)
        supplements.put(inside, bar, [Supplement(Who.CHILD, 12, 1_550)], by=by)
        policies.attach(inside, strict, make.policy(inside, house), by=by)
        ours = companies.enter(inside, house, code="OURS", name="Ours", by=by)
        negotiated.agree(inside, corp, ours, first=make.DAY, by=by)
    return house


def test_a_quote_explains_each_night_and_its_parts_are_the_price(
    machine: Machine, sold: Hotel
) -> None:
    quotes = machine.get(f"{V1}/quotes", **STAY, child_ages="9").json["quotes"]

    strict = next(quote for quote in quotes if quote["rate_plan"] == "NRF")
    [night, _] = strict["nights"]
    assert [
        (part["source"], part["words"], part["amount"]["amount"]) for part in night["parts"]
    ] == [
        ("day", "Price of the day", "100.00"),
        ("derived", "Best available -10 %", "-10.00"),
        ("child", "Child of 9", "15.50"),
    ]
    for quote in quotes:
        for each in quote["nights"]:
            made = sum(Decimal(part["amount"]["amount"]) for part in each["parts"])
            assert made == Decimal(each["price"]["amount"])
    assert strict["total"]["amount"] == "211.00"
    assert strict["policy"]["cancellation_fee"] == {"nights": 1, "percent": None, "amount": None}
    assert strict["policy"]["free_until"] is None
    assert {quote["rate_plan"] for quote in quotes} == {"BAR", "NRF"}


def test_what_is_closed_says_why(machine: Machine, inside: Session, sold: Hotel) -> None:
    with transaction(inside):
        night = [make.DAY + timedelta(days=1)]
        restrictions.put(
            inside, sold, Kind.MIN_STAY, night, value=4,
            plans=[p for p in rates.plans(inside, sold) if p.code == "NRF"],
            by=make.by(inside, sold),
        )  # fmt: skip
    said = machine.get(f"{V1}/quotes", **STAY).json
    many = machine.get(f"{V1}/quotes", **{**STAY, "adults": 5}).json

    assert said["closed"] == [
        {"room_type": "DBL", "rate_plan": "NRF", "why": ["at least 4 nights from Sat 21 Nov"]}
    ]
    assert many["quotes"] == []
    assert [each["why"][0] for each in many["closed"]] == ["sleeps 3", "sleeps 3"]


def test_availability_says_the_same_totals_and_what_is_agreed(
    machine: Machine, sold: Hotel
) -> None:
    left = machine.get(f"{V1}/availability", **STAY, child_ages="9", company="OURS").json

    [kind] = left["room_types"]
    totals = {rate["rate_plan"]: rate["total"]["amount"] for rate in kind["rates"]}
    assert totals == {"BAR": "231.00", "CORP": "200.00", "NRF": "211.00"}
    [policy] = left["policies"]
    assert (policy["rate_plan"], policy["policy"]) == ("NRF", "Strict")
    problem(machine.get(f"{V1}/availability", **STAY, company="NOBODY"), 422, "unknown_code")
    problem(machine.get(f"{V1}/availability", **STAY, child_ages="old"), 422, "wrong_input")


def test_a_machine_books_by_ages_and_company_and_pays_for_giving_up(
    machine: Machine, sold: Hotel
) -> None:
    asked = booking() | {
        "rate_plan": "NRF",
        "guarantee": "card",
        "child_ages": [9],
        "arrival": day(1),
        "departure": day(3),
    }
    made = machine.post(f"{V1}/reservations", asked).json
    assert made["total"]["amount"] == "211.00"
    corporate = asked | {"rate_plan": "CORP", "child_ages": []}
    problem(machine.post(f"{V1}/reservations", corporate), 409, "not_agreed")
    assert machine.post(f"{V1}/reservations", corporate | {"company": "OURS"}).status_code == 201

    gone = machine.post(f"{V1}/reservations/{made['id']}/cancel", {"reason": "ill"}).json

    assert gone["state"] == State.CANCELLED
    folio = machine.get(f"{V1}/folios/{gone['folio_id']}").json
    assert "105.50" in str(folio)


def test_the_sheet_is_kept_so_that_availability_asks_as_few_questions(
    machine: Machine, inside: Session, sold: Hotel
) -> None:
    machine.get(f"{V1}/availability", **STAY)
    with machine.client.application.app_context():
        engine = db.engine
    asked: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *said: asked.append(said[2]))

    machine.get(f"{V1}/availability", **STAY)

    assert len([each for each in asked if each != "BEGIN"]) <= 4
