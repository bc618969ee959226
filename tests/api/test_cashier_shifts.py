"""Cashier shifts as a till keeps its own."""

from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.books import cashiers
from pms.hotel.guests import companies
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.tokens import Scope
from tests import make
from tests.api import calling
from tests.api.calling import V1, Machine
from tests.api.test_door import problem
from tests.api.test_folios import euros

SHIFTS = f"{V1}/cashier-shifts"


@pytest.fixture(autouse=True)
def _filled_safe(inside: Session, house: Hotel) -> None:
    """What floats are taken out of."""
    with transaction(inside):
        make.filled_safe(inside, house)


def counted(**pieces: int) -> dict[str, Any]:
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
    [euro_count] = counted(n5=1)["counts"]
    dollars = {"currency": "USD", "pieces": [{"value": "100", "pieces": 2}]}
    problem(machine.post(f"{shift}/count", {"counts": [euro_count]}), 422, "nothing_counted")
    closed = machine.post(f"{shift}/count", {"counts": [euro_count, dollars]}).json

    assert [(each["expected"], each["counted"]) for each in closed["counts"]] == [
        (euros("8.82"), euros("5.00")), (
            {"amount": "200.00", "currency": "USD"}, {"amount": "200.00", "currency": "USD"}
        ),
    ]  # fmt: skip


# --- what a keeper of the cash does ---------------------------------------------------------------


@pytest.fixture
def keeper(client: FlaskClient, inside: Session, house: Hotel) -> Machine:
    """A machine that keeps the cash."""
    with transaction(inside):
        return Machine(client, calling.token(inside, house, Scope.CASH_KEEPING, name="Keeper"))


def test_a_drop_is_taken_back_by_its_till_or_by_who_keeps_the_cash(
    machine: Machine, keeper: Machine, inside: Session, house: Hotel
) -> None:
    with transaction(inside):
        by = make.by(inside, house)
        theirs = cashiers.open_shift(inside, house, opening_float=Money(5_000, "EUR"), by=by)
        cashiers.drop(inside, theirs, amount=Money(2_000, "EUR"), by=by)
    made = machine.post(SHIFTS, {"opening_float": euros("100.00")})
    own, other = made.headers["Location"], f"{SHIFTS}/{theirs.id}"
    asked = {"amount": euros("30.00"), "version": made.json["shift"]["version"]}
    machine.post(f"{own}/drops", asked)
    [drop] = machine.get(f"{own}/drops").json["drops"]
    take, why = f"{own}/drops/{drop['id']}/take-back", {"reason": "Typed twice"}

    back = machine.post(take, why, key="back")
    again = machine.post(take, why, key="back")

    assert (back.status_code, again.json) == (200, back.json)
    assert machine.get(f"{own}/drops").json["drops"] == [drop | {"taken_back": True}]
    problem(machine.post(take, why), 409, "drop_taken_back")
    problem(machine.get(f"{other}/drops"), 409, "not_your_shift")
    [their_drop] = keeper.get(f"{other}/drops").json["drops"]
    take = f"{other}/drops/{their_drop['id']}/take-back"
    problem(machine.post(take, why), 409, "not_your_shift")
    problem(machine.post(f"{own}/drops/{their_drop['id']}/take-back", why), 404, "not_here")
    assert keeper.post(take, why).status_code == 200


def test_a_shift_is_reviewed_by_somebody_else_who_may(machine: Machine, keeper: Machine) -> None:
    made = machine.post(SHIFTS, {"opening_float": euros("60.00")})
    shift = made.headers["Location"]
    seen = {"version": machine.post(f"{shift}/count", counted(n50=1)).json["shift"]["version"]}
    assert machine.post(f"{shift}/accept", seen).status_code == 403
    problem(keeper.post(f"{shift}/accept", seen), 422, "invalid")  # short, and no word why
    problem(keeper.post(f"{shift}/accept", {"version": 1, "reason": "x"}), 409, "stale")

    recounted = keeper.post(f"{shift}/recount", counted(n50=1, n10=1) | seen | {"reason": "Sure"})
    seen = {"version": recounted.json["shift"]["version"]}

    assert recounted.json["shift"]["over_short"] == euros("0.00")
    assert [each["no"] for each in recounted.json["counts"]] == [1, 2]
    problem(keeper.post(f"{shift}/accept", seen), 409, "counted_by_you")


def test_own_and_foreign_money_goes_to_the_bank(
    machine: Machine, keeper: Machine, inside: Session, house: Hotel
) -> None:
    with transaction(inside):
        by = make.by(inside, house)
        cashiers.set_rate(inside, house, currency="USD", rate=Decimal("1.08"), by=by)
        folio = make.folio(inside, house).id
    shift = machine.post(SHIFTS, {"opening_float": euros("10.00")}).headers["Location"]
    hundred = {"amount": "100.00", "currency": "USD"}
    cash = {"amount": euros("92.00"), "method": "cash", "tendered": hundred}
    machine.post(f"{V1}/folios/{folio}/payments", cash)
    dollars = {"currency": "USD", "pieces": [{"value": "100", "pieces": 1}]}
    machine.post(f"{shift}/count", {"counts": [*counted(n5=1)["counts"], dollars]})
    bankings, asked = f"{V1}/safe/bankings", {"notes": hundred, "rate": "1.1", "reference": "B 17"}
    asked["fee"] = euros("2.50")
    assert machine.get(f"{V1}/safe").status_code == 403
    problem(keeper.post(bankings, asked | {"rate": "0"}), 422, "invalid")
    problem(keeper.post(bankings, asked | {"fee": euros("90.92")}), 422, "invalid")

    banked = keeper.post(bankings, asked, key="bank")

    assert banked.status_code == 201, banked.json
    assert keeper.post(bankings, asked, key="bank").json == banked.json
    assert (banked.json["credited"], banked.json["fee"]) == (euros("90.91"), euros("2.50"))
    problem(keeper.post(bankings, asked), 409, "not_there")
    undone = keeper.post(f"{bankings}/{banked.json['id']}/undo", {"reason": "Wrong bag"}).json
    assert undone == banked.json | {"undone": True}
    assert keeper.get(bankings).json["bankings"] == [undone]
    safe = keeper.get(f"{V1}/safe").json
    assert safe["foreign_notes"] == [{"notes": hundred, "booked": undone["booked"]}]
    own = {"way": "fetch", "amount": euros("50.00"), "reference": "B 18"}
    after = keeper.post(f"{V1}/safe/moves", own).json["safe"]["cash"]
    assert Decimal(after["amount"]) - Decimal(safe["cash"]["amount"]) == 50
    too_much = {"way": "collect", "amount": euros("999.00")}
    problem(keeper.post(f"{V1}/safe/moves", too_much), 409, "not_there")
