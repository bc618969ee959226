"""Routing by sets of charge codes, and levies that are paid apart from their charge."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pms.base.refusal import Invalid
from pms.hotel.books import folios, ledger, papers, routing, taking
from pms.hotel.books.papers import issuers
from pms.hotel.books.taking import Takes
from pms.hotel.house import logbook
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.tariff import charge_sets, charges, taxes
from pms.hotel.tariff.charges import Department
from pms.hotel.tariff.taxes import Levies, Rule, TaxKind
from tests import make, papered
from tests.engines import ONE_ENGINE
from tests.hotel.books.bills import clean, euros, stands


@pytest.fixture
def garage(session, house, by):
    return charges.add(
        session, house, code="GARAGE", name="Garage", department=Department.OTHER, price=1_000,
        by=by,
    )  # fmt: skip


# --- sets -----------------------------------------------------------------------------------------


def test_a_rule_takes_a_set_as_it_stands_when_something_is_posted(session, house, by, bar, garage):
    extras = charge_sets.add(session, house, name=" Extras ", codes=[bar], by=by)
    folio = make.folio(session, house, windows=2)
    rule = routing.route(session, folio, to_window=2, takes=Takes(charge_set=extras), by=by)

    folios.charge(session, folio, code=garage, by=by)
    assert stands(session, folio) == {1: 1_000, 2: 0}
    charge_sets.change(session, extras, name="Extras", codes=[bar, garage], by=by)
    folios.charge(session, folio, code=garage, by=by)
    assert stands(session, folio) == {1: 1_000, 2: 1_000}
    folios.refresh_routing(session, folio, by=by)
    assert stands(session, folio) == {1: 0, 2: 2_000}

    charge_sets.retire(session, extras, by=by)
    folios.charge(session, folio, code=bar, by=by)
    assert stands(session, folio) == {1: 0, 2: 2_450}  # who took it takes it on
    with pytest.raises(charge_sets.ChargeSetRetired):
        routing.route(session, folio, to_window=2, takes=Takes(charge_set=extras), by=by)
    with pytest.raises(charge_sets.ChargeSetRetired):
        charge_sets.change(session, extras, name="Extras", codes=[bar], by=by)
    routing.change(session, rule, takes=Takes(charge_set=extras, percent=5_000), by=by)
    assert [line.verb for line in logbook.history(session, extras)] == [
        "retired charge set", "changed charge set", "added charge set",
    ]  # fmt: skip
    assert clean(session, house) == []


@ONE_ENGINE
def test_a_rule_takes_several_codes_of_its_own(session, house, by, bar, garage):
    folio = make.folio(session, house, windows=2)
    rule = routing.route(session, folio, to_window=2, takes=Takes(codes=(bar, garage)), by=by)
    own = rule.charge_set_id

    for code in (bar, garage, make.charge_code(session, house)):
        folios.charge(session, folio, code=code, amount=euros(100), by=by)
    assert stands(session, folio) == {1: 100, 2: 200}
    [takes] = taking.of_rules(session, house, [rule])
    assert (takes.codes, takes.charge_set) == ((bar, garage), None)
    assert charge_sets.named(session, house) == []
    assert logbook.history(session, folio)[3].after["what"] == "BAR, GARAGE"

    routing.change(session, rule, takes=Takes(codes=(garage, bar), percent=5_000), by=by)
    assert rule.charge_set_id == own
    routing.change(session, rule, takes=Takes(codes=(bar,)), by=by)
    assert (rule.charge_set_id, rule.charge_code_id) == (None, bar.id)


@ONE_ENGINE
def test_odd_sets_are_refused(session, house, by, bar):
    extras = charge_sets.add(session, house, name="Extras", codes=[bar], by=by)

    for name, codes, field in (("", [bar], "name"), ("x" * 61, [bar], "name"), ("A", [], "codes")):
        with pytest.raises(Invalid) as refused:
            charge_sets.add(session, house, name=name, codes=codes, by=by)
        assert refused.value.field == field
    with pytest.raises(charge_sets.ChargeSetTaken):
        charge_sets.add(session, house, name="Extras", codes=[bar], by=by)
    with pytest.raises(NotAllowed):
        desk = make.by(session, house, Role.FRONT_DESK)
        charge_sets.add(session, house, name="Other", codes=[bar], by=desk)
    with pytest.raises(Invalid, match="one of the three"):
        takes = Takes(code=bar, charge_set=extras)
        routing.route(
            session, make.folio(session, house, windows=2), to_window=2, takes=takes, by=by
        )


def test_the_database_itself_keeps_sets(session, house, by, bar, garage):
    extras = charge_sets.add(session, house, name="Extras", codes=[bar], by=by)
    folio = make.folio(session, house, windows=2)
    rule = routing.route(session, folio, to_window=2, takes=Takes(codes=(bar, garage)), by=by)
    named = f"WHERE id = {extras.id}"
    own = f"WHERE set_id = {rule.charge_set_id}"
    session.commit()

    for wrong in (
        f"DELETE FROM charge_sets {named}",
        f"UPDATE charge_sets SET name = NULL {named}",
        f"UPDATE charge_sets SET name = '' {named}",
        f"UPDATE charge_sets SET name = 'Mine' WHERE id = {rule.charge_set_id}",
        f"DELETE FROM charge_set_codes {own}",
        f"UPDATE charge_set_codes SET set_id = {extras.id} {own}",
        f"UPDATE routing_rules SET charge_set_id = 1 WHERE id = {rule.id}",
        f"UPDATE routing_rules SET department = 'rooms' WHERE id = {rule.id}",
        f"UPDATE routing_rules SET default_id = 1 WHERE id = {rule.id}",
        f"UPDATE routing_rules SET levies = 'some' WHERE id = {rule.id}",
    ):
        with pytest.raises(IntegrityError):
            session.execute(sa.text(wrong))
        session.rollback()


# --- levies ---------------------------------------------------------------------------------------

VAT = Rule("VAT", TaxKind.PERCENT, 7 * taxes.PERCENT, inclusive=True)
CITY = Rule("CITY", TaxKind.PER_PERSON_NIGHT, 200, inclusive=False, levy=True)
OCCUPANCY = Rule("OCC", TaxKind.PERCENT, 5 * taxes.PERCENT, inclusive=False, levy=True)
ON_CITY = Rule("GST", TaxKind.PERCENT, 10 * taxes.PERCENT, False, on_top_of=("CITY",))


@pytest.mark.parametrize(
    ("rules", "alone"),
    [
        ([VAT], set()),
        ([VAT, CITY], {"CITY"}),
        ([VAT, CITY, OCCUPANCY], {"CITY", "OCC"}),
        ([CITY, ON_CITY], set()),  # VAT is reckoned on it
        ([Rule("IN", TaxKind.PER_NIGHT, 100, inclusive=True, levy=True)], set()),
    ],
)
def test_only_a_levy_on_top_goes_by_itself(rules, alone):
    assert taxes.by_themselves(rules) == alone


def test_parts_with_and_without_levies_come_to_every_sum():
    whole = taxes.split(euros(10_000), [VAT, CITY, OCCUPANCY], persons=2)
    levies = whole.taxes[1].amount + whole.taxes[2].amount
    firm, guest = taxes.apart(whole, [whole.gross - levies, levies], [Levies.LEFT, Levies.ALONG])

    assert (firm.net, firm.taxes[0]) == (whole.net, whole.taxes[0])
    assert [line.amount.minor for line in firm.taxes[1:]] == [0, 0]
    assert (guest.net.minor, guest.taxes[0].amount.minor) == (0, 0)
    assert guest.taxes[1:] == whole.taxes[1:]  # each with its whole base
    assert taxes.together([firm, guest]) == whole


def test_the_company_pays_the_room_and_the_guest_the_city_tax(session, house, by):
    issuers.write(session, house, papered.ISSUER, by=by)
    folio = make.folio(session, house, windows=2)
    lodging = make.taxed_code(session, house)
    takes = Takes(code=lodging, levies=Levies.LEFT)
    rule = routing.route(session, folio, to_window=2, takes=takes, by=by)

    entry = folios.charge(session, folio, code=lodging, amount=euros(10_000), key="d/1", by=by)
    again = folios.charge(session, folio, code=lodging, amount=euros(10_000), key="d/1", by=by)

    assert again == entry
    assert [(line.amount, line.base) for line in ledger.lines_of(session, entry)] == [
        (9_346, None), (-9_346, None), (654, 9_346), (-654, 9_346), (200, 9_346), (-200, 9_346),
    ]  # fmt: skip
    assert stands(session, folio) == {1: 200, 2: 10_000}
    assert routing.sent_in_all(session, folio) == {rule.id: euros(10_000)}
    paper = papers.invoice(session, folio, window=2, to=papered.GUEST, by=by)
    assert (paper.data["totals"]["gross"], paper.data["lines"][0]["levies"]) == (10_000, [])
    guests = papers.invoice(session, folio, window=1, to=papered.GUEST, by=by)
    assert guests.data["taxes"] == [{"rate": None, "name": "City tax", "base": 0, "amount": 200}]
    assert clean(session, house) == []


def test_levies_alone_are_sent_simulated_and_moved_later(session, house, by):
    folio = make.folio(session, house, windows=3)
    lodging = make.taxed_code(session, house)
    folios.charge(session, folio, code=lodging, amount=euros(10_000), window=1, by=by)
    only = Takes(code=lodging, levies=Levies.ONLY, night_limit=euros(150))
    routing.route(session, folio, to_window=3, takes=only, by=by)
    routing.route(session, folio, to_window=2, takes=Takes(code=lodging, percent=5_000), by=by)

    number, _ = folios.refresh_routing(session, folio, by=by)

    assert stands(session, folio) == {1: 4_950, 2: 5_100, 3: 150}
    folios.charge(session, folio, code=lodging, amount=euros(10_000), by=by)
    assert stands(session, folio) == {1: 10_050, 2: 10_200, 3: 150}  # the limit is used up
    assert folios.routing_refresh(session, folio).moves == ()
    assert clean(session, house) == []
    folios.take_back_refresh(session, folio, number, by=by)
    assert stands(session, folio) == {1: 15_300, 2: 5_100, 3: 0}


@ONE_ENGINE
def test_vat_is_never_parted_from_its_charge(session, house, by, bar):
    folio = make.folio(session, house, windows=2)
    takes = Takes(code=bar, levies=Levies.ONLY)

    with pytest.raises(taking.LeviesStay, match="VAT") as refused:
        routing.route(session, folio, to_window=2, takes=takes, by=by)

    assert refused.value.field == "levies"
    make.taxed_code(session, house)
    routing.route(session, folio, to_window=2, takes=Takes(levies=Levies.ONLY), by=by)
    folios.charge(session, folio, code=bar, by=by)
    assert stands(session, folio) == {1: 450, 2: 0}
