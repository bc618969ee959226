"""Folios, guests and rooms as machines use them."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.hotel.books import folios
from pms.hotel.house.hotels import Hotel
from pms.hotel.tariff import charge_sets
from tests import make
from tests.api.calling import V1, Machine, day
from tests.api.test_door import problem

SLIP = {
    "brand": "Visa",
    "last_four": "1111",
    "authorisation": "A1B2",
    "terminal": "T1",
    "batch": "7",
}


@pytest.fixture
def folio(machine: Machine, inside: Session, house: Hotel) -> str:
    """The address of an open folio, in a hotel that sells minibar and taxed lodging."""
    with transaction(inside):
        make.charge_code(inside, house, "MINIBAR")
        make.taxed_code(inside, house)
        return f"{V1}/folios/{make.folio(inside, house).id}"


def euros(amount: str) -> dict[str, str]:
    """So many euros."""
    return {"amount": amount, "currency": "EUR"}


def test_a_charge_and_its_taxes_stand_on_the_folio(machine: Machine, folio: str) -> None:
    charged = machine.post(
        f"{folio}/charges", {"charge_code": "LODGING", "amount": euros("100.00")}
    )

    assert charged.status_code == 201, charged.data
    assert charged.json["folio"]["balance"] == euros("102.00")
    assert machine.get(folio).json == charged.json["folio"]
    [entry] = machine.get(f"{folio}/entries").json["entries"]
    assert entry["entry_id"] == charged.json["entry_id"]
    assert entry["amount"] == euros("102.00")
    assert entry["reversed"] is False

    nights = machine.post(
        f"{folio}/charges",
        {"charge_code": "LODGING", "amount": euros("100.00"), "quantity": 2, "persons": 3},
    )
    assert nights.json["folio"]["balance"] == euros("314.00")


def test_a_payment_settles_and_is_taken_once_with_its_key(machine: Machine, folio: str) -> None:
    machine.post(
        f"{folio}/charges", {"charge_code": "MINIBAR", "amount": euros("4.50"), "quantity": 2}
    )
    card = {"amount": euros("9.00"), "method": "card", "card": SLIP}

    first = machine.post(f"{folio}/payments", card, key="slip-1")
    again = machine.post(f"{folio}/payments", card, key="slip-1")

    assert first.status_code == 201, first.data
    assert first.data == again.data
    assert machine.get(folio).json["balance"] == euros("0.00")
    entries = machine.get(f"{folio}/entries", limit=1).json
    rest = machine.get(f"{folio}/entries", cursor=entries["next_cursor"]).json
    assert [entries["entries"][0]["kind"], rest["entries"][0]["kind"]] == ["charge", "payment"]
    assert rest["next_cursor"] is None


def test_what_a_till_gets_wrong_names_its_field(machine: Machine, folio: str) -> None:
    def charge(**details: Any) -> Any:
        return machine.post(f"{folio}/charges", {"charge_code": "MINIBAR", **details})

    def pay(**details: Any) -> Any:
        return machine.post(
            f"{folio}/payments", {"amount": euros("1.00"), "method": "cash", **details}
        )

    cases = [
        (charge(charge_code="NOPE", amount=euros("1")), "unknown_code", "charge_code"),
        (charge(), "no_price_for_code", "amount"),
        (charge(amount=euros("0")), "nothing_charged", "amount"),
        (charge(amount=euros("-1")), "wrong_input", "amount.amount"),
        (charge(amount=euros("1e400")), "wrong_input", "amount.amount"),
        (charge(amount={"amount": "1", "currency": "USD"}), "invalid", "amount"),
        (charge(amount=euros("9999999999999999")), "not_money", "amount"),
        (charge(amount=euros("9999999999999"), quantity=9999), "too_much", "amount"),
        (charge(amount=euros("1"), window=9), "wrong_input", "window"),
        (charge(amount=euros("1"), window=3), "no_such_window", "window"),
        (pay(window=2), "no_such_window", "window"),
        (pay(amount=euros("0.00")), "amount_not_positive", "amount"),
        (pay(method="card"), "card_slip_needed", "card"),
        (pay(method="gold"), "wrong_input", "method"),
        (pay(card=SLIP | {"last_four": "11111"}), "wrong_input", "card.last_four"),
        (pay(reference="4111 1111 1111 1111"), "looks_like_a_card_number", "reference"),
    ]
    for answer, message_id, field in cases:
        assert problem(answer, 422, message_id)["field"] == field
    assert machine.get(folio).json["balance"] == euros("0.00")


def test_a_closed_folio_is_left_as_it_is(
    machine: Machine, folio: str, inside: Session, house: Hotel
) -> None:
    with transaction(inside):
        found = inside.get_one(folios.Folio, (house.id, int(folio.rpartition("/")[2])))
        folios.close(inside, found, by=make.by(inside, house))

    refused = machine.post(f"{folio}/charges", {"charge_code": "MINIBAR", "amount": euros("1.00")})

    problem(refused, 409, "folio_closed")
    assert [row["state"] for row in machine.get(f"{V1}/folios").json["folios"]] == ["closed"]
    assert machine.get(f"{V1}/folios", state="open").json["folios"] == []


def test_a_reservation_has_one_folio(machine: Machine) -> None:
    made = machine.book().json
    assert made["folio_id"] is None

    opened = machine.post(f"{V1}/reservations/{made['id']}/folio", {})
    again = machine.post(f"{V1}/reservations/{made['id']}/folio", {})

    assert opened.status_code == again.status_code == 200
    assert opened.json == again.json
    assert machine.get(f"{V1}/reservations/{made['id']}").json["folio_id"] == opened.json["id"]


def test_guests_are_found_by_name_and_address(machine: Machine) -> None:
    machine.book()
    other = {"given_name": "Li", "surname": "Wei", "email": "Li@Example.com"}
    machine.book(arrival=day(3), departure=day(4), guest=other)

    everyone = machine.get(f"{V1}/guests").json["guests"]
    [wei] = machine.get(f"{V1}/guests", email="li@example.com").json["guests"]

    assert [guest["surname"] for guest in everyone] == ["Dvořák", "Wei"]
    assert machine.get(f"{V1}/guests", name="dvorak").json["guests"] == everyone[:1]
    assert machine.get(f"{V1}/guests/{wei['id']}").json == wei
    assert machine.get(f"{V1}/guests", name="100%").json["guests"] == []
    first = machine.get(f"{V1}/guests", limit=1).json
    rest = machine.get(f"{V1}/guests", cursor=first["next_cursor"]).json
    assert first["guests"] + rest["guests"] == everyone


def test_rooms_say_how_they_are(machine: Machine) -> None:
    listed = machine.get(f"{V1}/rooms").json["rooms"]

    assert [room["number"] for room in listed] == ["101", "102"]
    assert machine.get(f"{V1}/rooms/101").json == listed[0]
    assert listed[0]["condition"] == "inspected"
    assert machine.get(f"{V1}/rooms", condition="dirty").json["rooms"] == []
    problem(machine.get(f"{V1}/rooms/999"), 404, "not_here")
    first = machine.get(f"{V1}/rooms", limit=1).json
    rest = machine.get(f"{V1}/rooms", cursor=first["next_cursor"]).json
    assert first["rooms"] + rest["rooms"] == listed


def test_who_will_pay_what_is_read_and_nothing_is_posted(
    machine: Machine, inside: Session, house: Hotel, folio: str
) -> None:
    with transaction(inside):
        booked = make.reservation(inside, house, nights=2)
    own = machine.post(f"{V1}/reservations/{booked.id}/folio", {}).json["id"]

    said = machine.get(f"{V1}/folios/{own}/who-pays").json

    assert [(each["window"], each["amount"]) for each in said["shares"]] == [
        (1, euros("100.00"))
    ] * 2
    assert machine.get(f"{V1}/folios/{own}").json["balance"] == euros("0.00")
    assert machine.get(f"{folio}/who-pays").json == {"shares": [], "nights_left_out": 0}


def test_routing_rules_are_tried_added_listed_and_ended(
    machine: Machine, inside: Session, house: Hotel
) -> None:
    with transaction(inside):
        booked = make.reservation(inside, house, nights=2)
        firm = make.folio(inside, house).id
    own = machine.post(f"{V1}/reservations/{booked.id}/folio", {}).json["id"]
    rules = f"{V1}/folios/{own}/routing-rules"
    asked = {
        "to_folio": str(firm), "to_window": 1, "department": "rooms", "percent": 6_000,
        "night_limit": euros("50.00"), "weekdays": ["mon", "tue", "wed", "thu", "fri", "sat"],
    }  # fmt: skip

    tried = machine.post(f"{rules}/try", asked)
    none = machine.get(rules).json
    added = machine.post(rules, asked)

    assert tried.status_code == 200, tried.data
    assert {share["amount"]["amount"] for share in tried.json["shares"]} == {"50.00"}
    assert none == {"rules": []}
    assert added.status_code == 201, added.data
    [rule] = added.json["rules"]
    assert {name: rule[name] for name in asked} == asked
    assert (rule["place"], rule["sent"]) == (1, euros("0.00"))
    assert machine.get(rules).json == added.json
    problem(machine.post(rules, asked | {"to_folio": "1"}), 404, "not_here")
    problem(machine.post(rules, asked | {"charge_code": "NOPE"}), 422, "unknown_code")
    odd = asked | {"first_night": day(3), "last_night": day(1)}
    assert problem(machine.post(f"{rules}/try", odd), 422, "invalid")["field"] == "last_night"
    other = f"{V1}/folios/{firm}/routing-rules/{rule['id']}/end"
    problem(machine.post(other, {}), 404, "not_here")
    assert machine.post(f"{rules}/{rule['id']}/end", {}).json == {"rules": []}
    problem(machine.post(f"{rules}/{rule['id']}/end", {}), 409, "rule_ended")


def test_rules_are_applied_to_what_is_posted_as_it_was_looked_at(
    machine: Machine, inside: Session, house: Hotel, folio: str
) -> None:
    with transaction(inside):
        firm = make.folio(inside, house).id
    charge = {"charge_code": "LODGING", "amount": euros("100.00")}
    machine.post(f"{folio}/charges", charge)
    posted = f"{folio}/routing-rules/posted"
    nothing = machine.get(posted).json
    rule = {"to_folio": str(firm), "to_window": 1, "percent": 5_000}
    machine.post(f"{folio}/routing-rules", rule)

    plan = machine.get(posted).json
    stale = machine.post(posted, {"digest": nothing["digest"]})
    applied = machine.post(posted, {"digest": plan["digest"]}, key="apply")

    assert nothing["moves"] == []
    [move] = plan["moves"]
    assert (move["to_folio"], move["to_window"], move["amount"]) == (str(firm), 1, euros("51.00"))
    problem(stale, 409, "posted_meanwhile")
    assert applied.json == {
        "refresh_id": applied.json["refresh_id"], "moves": [move], "more": False
    }  # fmt: skip
    assert machine.post(posted, {"digest": plan["digest"]}, key="apply").json == applied.json
    assert machine.get(folio).json["balance"] == euros("51.00")
    problem(machine.post(posted, {"digest": plan["digest"]}), 409, "nothing_to_move")
    take = f"{posted}/{applied.json['refresh_id']}/take-back"
    assert machine.post(take, {}).json == {"moves": 1}
    assert machine.get(folio).json["balance"] == euros("102.00")
    problem(machine.post(take, {}), 409, "nothing_to_take_back")
    problem(machine.post(f"{posted}/x/take-back", {}), 404, "not_here")


def test_rules_take_sets_several_codes_and_no_levies(
    machine: Machine, inside: Session, house: Hotel
) -> None:
    with transaction(inside):
        by = make.by(inside, house)
        codes = [make.taxed_code(inside, house), make.charge_code(inside, house, "SPA")]
        charge_sets.add(inside, house, name="Extras", codes=codes, by=by)
        folio = make.folio(inside, house, windows=2).id
    rules = f"{V1}/folios/{folio}/routing-rules"
    both = ["LODGING", "SPA"]

    listed = machine.get(f"{V1}/charge-sets").json
    assert listed == {"charge_sets": [{"name": "Extras", "charge_codes": both}]}
    machine.post(rules, {"to_window": 2, "charge_set": "Extras", "levies": "left"})
    added = machine.post(rules, {"to_window": 2, "charge_codes": both})

    said = [(r["charge_set"], r["charge_codes"], r["levies"]) for r in added.json["rules"]]
    assert said == [("Extras", [], "left"), (None, both, "along")]
    nope = {"to_window": 2, "charge_set": "Nope"}
    assert problem(machine.post(rules, nope), 422, "unknown_code")["field"] == "charge_set"
    spa = {"to_window": 2, "charge_code": "SPA", "levies": "only"}
    assert problem(machine.post(rules, spa), 422, "levies_stay")["field"] == "levies"
