"""Routing: which charges go where, for which nights, and never into a closed folio."""

from datetime import timedelta

import pytest

from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios, routing
from pms.hotel.house import logbook
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.tariff import charges
from pms.hotel.tariff.charges import Department
from tests import make
from tests.engines import ONE_ENGINE
from tests.hotel.books.days import roll


@pytest.fixture
def house(session):
    return make.hotel(session)


@pytest.fixture
def by(session, house):
    return make.by(session, house)


@pytest.fixture
def bar(session, house, by):
    food = Department.FOOD_AND_BEVERAGE
    return charges.add(session, house, code="BAR", name="Bar", department=food, price=450, by=by)


def stands(session, folio):
    return {no: balance.minor for no, balance in folios.balance_of(session, folio).items()}


def test_the_room_goes_to_the_master_with_its_taxes_and_the_rest_stays(session, house, by, bar):
    folio, master = make.folio(session, house), make.folio(session, house)
    lodging = make.taxed_code(session, house)
    routing.route(session, folio, to_folio=master, to_window=1, code=lodging, by=by)

    folios.charge(session, folio, code=lodging, amount=Money(10000, "EUR"), by=by)
    folios.charge(session, folio, code=bar, by=by)

    assert (stands(session, folio), stands(session, master)) == ({1: 450}, {1: 10200})
    assert logbook.history(session, folio)[1].verb == "routed"
    assert routing.leading_to(session, master) == routing.of(session, folio)


@ONE_ENGINE
def test_the_lowest_priority_that_fits_wins(session, house, by, bar):
    folio = make.folio(session, house, windows=3)
    routing.route(session, folio, to_window=2, by=by)
    food = Department.FOOD_AND_BEVERAGE
    routing.route(session, folio, to_window=3, department=food, priority=1, by=by)

    folios.charge(session, folio, code=bar, by=by)
    folios.charge(
        session, folio, code=make.charge_code(session, house), amount=Money(100, "EUR"), by=by
    )
    folios.charge(session, folio, code=bar, window=1, by=by)

    assert stands(session, folio) == {1: 450, 2: 100, 3: 450}


@ONE_ENGINE
def test_a_rule_holds_for_its_nights(session, house, by, bar):
    folio = make.folio(session, house, windows=2)
    tomorrow = make.DAY + timedelta(days=1)
    routing.route(session, folio, to_window=2, first_night=tomorrow, last_night=tomorrow, by=by)

    for _ in range(3):
        folios.charge(session, folio, code=bar, by=by)
        roll(session, house)

    assert stands(session, folio) == {1: 900, 2: 450}


@ONE_ENGINE
def test_a_charge_stays_at_home_when_the_master_is_closed(session, house, by, bar):
    folio, master = make.folio(session, house), make.folio(session, house)
    routing.route(session, folio, to_folio=master, to_window=1, by=by)
    folios.close(session, master, by=by)

    folios.charge(session, folio, code=bar, by=by)

    assert stands(session, folio) == {1: 450}


@ONE_ENGINE
def test_a_stopped_rule_leads_nowhere(session, house, by, bar):
    folio = make.folio(session, house, windows=2)
    rule = routing.route(session, folio, to_window=2, code=bar, by=by)

    routing.stop(session, rule, by=by)

    folios.charge(session, folio, code=bar, by=by)
    assert stands(session, folio) == {1: 450, 2: 0}
    assert logbook.history(session, folio)[1].verb == "stopped routing"


@ONE_ENGINE
def test_odd_rules_are_refused(session, house, by, bar):
    folio, closed = make.folio(session, house, windows=2), make.folio(session, house)
    folios.close(session, closed, by=by)
    day = make.DAY

    for refusal, details in (
        (routing.RoutesToItself, {"to_window": 1}),
        (folios.NoSuchWindow, {"to_window": 3}),
        (folios.FolioClosed, {"to_window": 1, "to_folio": closed}),
        (Invalid, {"to_window": 2, "code": bar, "department": Department.ROOMS}),
        (Invalid, {"to_window": 2, "first_night": day + timedelta(days=1), "last_night": day}),
    ):
        with pytest.raises(refusal):
            routing.route(session, folio, **details, by=by)
    with pytest.raises(NotAllowed):
        routing.route(session, folio, to_window=2, by=make.by(session, house, Role.RESERVATIONS))
