"""Companies' accounts as an accounting system reads and pays them."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.books import receivables
from pms.hotel.guests import companies
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.tokens import Scope
from tests import make
from tests.api import calling
from tests.api.calling import V1, Machine
from tests.api.test_door import problem
from tests.api.test_folios import euros

ACCOUNT = f"{V1}/accounts/ACME"


@pytest.fixture
def owed(machine: Machine, inside: Session, house: Hotel) -> list[str]:
    """The ids of three bills of 100.00, the oldest first."""
    with transaction(inside):
        by = make.by(inside, house)
        firm = companies.enter(inside, house, code="ACME", name="Acme", direct_bill=True, by=by)
        return [
            str(
                receivables.bring_forward(
                    inside, house, firm, amount=Money(10_000, "EUR"), reference=f"R{month}",
                    dated=make.DAY.replace(month=month), by=by,
                ).id
            )
            for month in (7, 9, 10)
        ]  # fmt: skip


def test_an_account_is_read_and_paid_oldest_first_or_by_item(
    machine: Machine, owed: list[str]
) -> None:
    paid = {"amount": euros("150.00"), "reference": "T1", "oldest_first": True}

    first = machine.post(f"{ACCOUNT}/payments", paid, key="t1")
    again = machine.post(f"{ACCOUNT}/payments", paid, key="t1")
    parts: list[Any] = [{"item_id": owed[2], "amount": euros("25.00")}]
    by_item = machine.post(f"{ACCOUNT}/payments", {"amount": euros("40.00"), "items": parts})

    assert (first.status_code, again.json) == (201, first.json)
    assert by_item.json["item"]["open"] == euros("-15.00")
    read = machine.get(ACCOUNT).json
    assert read == by_item.json["account"]
    assert read["balance"] == euros("110.00")
    assert read["ageing"]["days_60"] == euros("50.00")
    assert read["unallocated"] == euros("15.00")
    page = machine.get(f"{ACCOUNT}/items", limit=1).json
    assert [each["id"] for each in page["items"]] == [owed[1]]
    rest = machine.get(f"{ACCOUNT}/items", cursor=page["next_cursor"]).json["items"]
    assert [each["kind"] for each in rest] == ["opening", "payment"]
    assert len(machine.get(f"{ACCOUNT}/items", show="all").json["items"]) == 5


def test_what_cannot_be_is_refused_and_takes_nothing(machine: Machine, owed: list[str]) -> None:
    def pays(**more: Any) -> Any:
        return machine.post(f"{ACCOUNT}/payments", {"amount": euros("10.00"), **more})

    too_much = [{"item_id": owed[0], "amount": euros("10.01")}]
    problem(pays(items=too_much), 409, "more_than_open")
    problem(pays(items=too_much, oldest_first=True), 422, "invalid")
    twice = [{"item_id": owed[0], "amount": euros("1.00")}] * 2
    problem(pays(items=twice), 422, "invalid")
    problem(pays(items=[{"item_id": "x", "amount": euros("1.00")}]), 422, "unknown_code")
    problem(pays(amount={"amount": "1.00", "currency": "USD"}), 422, "invalid")
    assert machine.get(f"{V1}/accounts/NOBODY").status_code == 404
    assert machine.get(ACCOUNT).json["balance"] == euros("300.00")


def test_an_item_moves_to_another_companys_account(
    client: FlaskClient, machine: Machine, inside: Session, house: Hotel, owed: list[str]
) -> None:
    with transaction(inside):
        keeper = Machine(client, calling.token(inside, house, Scope.ACCOUNT_KEEPING))
        by = make.by(inside, house)
        companies.enter(inside, house, code="BOLT", name="Bolt", direct_bill=True, by=by)
    asked = {"to": "BOLT", "reason": "Bolt's guest"}

    moved = keeper.post(f"{ACCOUNT}/items/{owed[0]}/move", asked)

    assert moved.status_code == 200, moved.json
    assert moved.json["account"]["account"] == "BOLT"
    assert (moved.json["item"]["kind"], moved.json["item"]["open"]) == ("moved_in", euros("100.00"))
    assert machine.get(ACCOUNT).json["balance"] == euros("200.00")
    back, why = f"items/{moved.json['item']['id']}/move-back", {"reason": "Acme's after all"}
    assert machine.post(f"{V1}/accounts/BOLT/{back}", why).status_code == 403
    returned = keeper.post(f"{V1}/accounts/BOLT/{back}", why).json
    assert (returned["item"]["id"], returned["item"]["open"]) == (owed[0], euros("100.00"))
    assert returned["account"]["balance"] == euros("300.00")
    problem(keeper.post(f"{V1}/accounts/BOLT/{back}", why), 409, "not_a_move")
    problem(keeper.post(f"{ACCOUNT}/{back}", why), 404, "not_here")
    assert machine.post(f"{ACCOUNT}/items/{owed[1]}/move", asked).status_code == 403
    assert keeper.post(f"{ACCOUNT}/items/1/move", asked).status_code == 404
    assert keeper.post(f"{ACCOUNT}/items/{owed[1]}/move", asked | {"to": "X"}).status_code == 422
