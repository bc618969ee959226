"""Cashier shifts as a till keeps its own."""

from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.books import cashiers
from pms.hotel.guests import companies
from pms.hotel.house.hotels import Hotel
from tests import make
from tests.api.calling import V1, Machine
from tests.api.test_door import problem
from tests.api.test_folios import euros

SHIFTS = f"{V1}/cashier-shifts"


def counted(**pieces: int) -> dict[str, object]:
    """A count of euros: `n50=2` is two fifties."""
    return {
        "counts": [
            {
                "currency": "EUR",
                "pieces": [
                    {"value": name.removeprefix("n"), "pieces": n} for name, n in pieces.items()
                ],
            }
        ]
    }


def test_a_till_opens_its_shift_drops_counts_blind_and_reads_the_report(
    machine: Machine,
) -> None:
    made = machine.post(SHIFTS, {"opening_float": euros("100.00")}, key="open")
    assert made.status_code == 201
    assert made.json["shift"]["over_short"] is None
    shift = made.headers["Location"]
    again = machine.post(SHIFTS, {"opening_float": euros("1.00")})
    problem(again, 409, "shift_open_already")
    version = made.json["shift"]["version"]

    dropped = machine.post(f"{shift}/drops", {"amount": euros("30.00"), "version": version})
    assert dropped.status_code == 200
    stale = machine.post(f"{shift}/drops", {"amount": euros("30.00"), "version": version})
    assert stale.status_code == 409
    assert machine.get(shift).json["drawer"] == []
    odd = machine.post(f"{shift}/count", counted(n3=1))
    assert odd.status_code == 422
    closed = machine.post(f"{shift}/count", counted(n50=1, n10=1)).json

    assert (closed["shift"]["state"], closed["shift"]["over_short"]) == ("closed", euros("-10.00"))
    assert [(each["kind"], each["amount"]) for each in closed["drawer"]] == [
        ("float", euros("100.00")), ("drop", euros("-30.00")), ("over_short", euros("-10.00")),
        ("handed_in", euros("-60.00")),
    ]  # fmt: skip
    assert closed["counts"] == [{"no": 1, "expected": euros("70.00"), "counted": euros("60.00")}]
    assert machine.get(shift).json == closed
    assert machine.post(f"{shift}/count", counted(n50=1)).status_code == 409


def test_shifts_are_listed_by_page_and_anothers_drawer_is_theirs(
    machine: Machine, inside: Session, house: Hotel
) -> None:
    with transaction(inside):
        by = make.by(inside, house)
        nothing = Money.zero("EUR")
        theirs = cashiers.open_shift(inside, house, opening_float=nothing, by=by).id
    machine.post(SHIFTS, {"opening_float": euros("0.00")})

    first = machine.get(SHIFTS, limit=1).json
    rest = machine.get(SHIFTS, cursor=first["next_cursor"], state="open").json

    assert [each["id"] for each in first["shifts"]] == [str(theirs)]
    assert [each["number"] for each in rest["shifts"]] == [first["shifts"][0]["number"] + 1]
    assert machine.get(SHIFTS, state="reviewed").json["shifts"] == []
    drop = {"amount": euros("1.00"), "version": 1}
    problem(machine.post(f"{SHIFTS}/{theirs}/drops", drop), 409, "not_your_shift")
    problem(machine.get(f"{SHIFTS}/77"), 404, "not_here")


def test_foreign_notes_go_through_the_tills_drawer_and_are_counted(
    machine: Machine, inside: Session, house: Hotel
) -> None:
    with transaction(inside):
        by = make.by(inside, house)
        cashiers.set_rate(inside, house, currency="USD", rate=Decimal("1.08"), by=by)
        folio = make.folio(inside, house).id
        companies.enter(inside, house, code="ACME", name="Acme", direct_bill=True, by=by)
    shift = machine.post(SHIFTS, {"opening_float": euros("10.00")}).headers["Location"]
    hundred = {"amount": "100.00", "currency": "USD"}
    cash = {"amount": euros("92.00"), "method": "cash", "tendered": hundred}

    for place in (f"{V1}/folios/{folio}/payments", f"{V1}/accounts/ACME/payments"):
        assert machine.post(place, cash).status_code == 201
    euro: dict[str, Any] = counted(n5=1)
    [euro_count] = euro["counts"]
    dollars = {"currency": "USD", "pieces": [{"value": "100", "pieces": 2}]}
    problem(machine.post(f"{shift}/count", {"counts": [euro_count]}), 422, "nothing_counted")
    closed = machine.post(f"{shift}/count", {"counts": [euro_count, dollars]}).json

    assert [(each["expected"], each["counted"]) for each in closed["counts"]] == [
        (euros("8.82"), euros("5.00")), (
            {"amount": "200.00", "currency": "USD"}, {"amount": "200.00", "currency": "USD"}
        ),
    ]  # fmt: skip
