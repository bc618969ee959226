"""Upgrades: offered with their price, sold or given in one deed, and taken back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.house.logbook import Line
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.rooms import inventory, rates
from pms.hotel.stays import promised, stays, upgrades
from pms.hotel.stays.reservations import ReasonNeeded
from pms.hotel.tariff import charges, taxes, versions
from tests import make

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def with_suites(session, rooms=1):
    """A hotel with rooms at 100 and suites at 180; an upgrade from one to the other is 80."""
    house = make.furnished(session)
    suite = make.room_type(session, house, "SUI", rank=5)
    for n in range(rooms):
        make.room(session, house, str(901 + n), kind=suite)
    make.plan(session, house, suite, price="180.00")
    return house, suite


def left(session, house, kind):
    day = make.DAY
    free = inventory.availability(session, house, day, day + timedelta(days=2))
    return next(each.rooms for each in free if each.type_id == kind.id)


def nights(session, party):
    session.expire(party, ["nights"])
    return [(night.price, night.room.number if night.room else None) for night in party.nights]


def test_an_upgrade_is_sold_at_its_price_with_its_room_and_taken_back_whole(session):
    house, suite = with_suites(session)
    by = make.by(session, house)
    party = make.reservation(session, house)
    stays.assign(session, party, room=make.room(session, house, "103"), by=by)

    [offer] = upgrades.offers(session, party)
    assert (offer.room_type.id, offer.left) == (suite.id, 1)
    assert (offer.a_night, offer.total) == (Money(8_000, "EUR"), Money(16_000, "EUR"))
    with pytest.raises(upgrades.UpgradeChanged):
        upgrades.take(session, party, suite, expected=Money(1, "EUR"), by=by)
    sold = upgrades.take(session, party, suite, expected=offer.total, by=by)

    assert (party.type_id, left(session, house, suite)) == (suite.id, 0)
    assert nights(session, party) == [(18_000, "901")] * 2
    assert upgrades.offers(session, party) == []
    with pytest.raises(DBAPIError), session.begin_nested():  # for nothing, and nobody says why
        session.execute(sa.text("UPDATE upgrades SET amount = 0"))

    upgrades.take_back(session, sold, reason="Too high up", by=by)

    assert (party.type_id != suite.id, left(session, house, suite)) == (True, 1)
    assert nights(session, party) == [(10_000, "103")] * 2
    with pytest.raises(upgrades.NotTheLast):
        upgrades.take_back(session, sold, reason="Again", by=by)
    verbs = set(session.scalars(sa.select(Line.verb)))
    assert {"upgraded", "took back upgrade"} <= verbs


@SQLITE
def test_an_upgrade_is_given_by_who_may_and_keeps_what_was_booked(session):
    house, suite = with_suites(session)
    by, clerk = make.by(session, house), make.by(session, house, Role.FRONT_DESK)
    party = make.reservation(session, house)

    with pytest.raises(NotAllowed):
        upgrades.give(session, party, suite, reason="Honeymoon", by=clerk)
    with pytest.raises(ReasonNeeded):
        upgrades.give(session, party, suite, reason="", by=by)
    given = upgrades.give(session, party, suite, reason="Honeymoon", by=by)

    assert nights(session, party) == [(10_000, "901")] * 2
    assert (party.type_id == suite.id, given.amount, given.free_why) == (False, 0, "Honeymoon")
    upgrades.take_back(session, given, reason="They part", by=by)
    assert nights(session, party) == [(10_000, None)] * 2


@SQLITE
def test_the_houses_own_price_goes_first_and_what_isnt_free_isnt_offered(session):
    house, suite = with_suites(session)
    by, plain = make.by(session, house), make.room_type(session, house)
    party = make.reservation(session, house)
    with pytest.raises(Invalid, match="isn't better"):
        upgrades.set_price(session, suite, plain, amount=Money(1_000, "EUR"), by=by)
    upgrades.set_price(session, plain, suite, amount=Money(3_000, "EUR"), by=by)
    assert upgrades.offers(session, party)[0].total == Money(6_000, "EUR")
    upgrades.set_price(session, plain, suite, amount=None, by=by)
    assert upgrades.set_prices(session, house) == {}

    make.reservation(session, house, kind=suite, arrival=make.DAY + timedelta(days=1))

    assert upgrades.offers(session, party) == []
    with pytest.raises(upgrades.NoUpgrade):
        upgrades.take(session, party, suite, by=by)


@SQLITE
def test_what_is_offered_is_what_the_stay_costs_more_with_its_taxes(session):
    house, suite = with_suites(session)
    by = make.by(session, house)
    resort = taxes.add(
        session, house, code="RESORT", name="Resort tax", kind=taxes.TaxKind.PERCENT,
        rate=10 * taxes.PERCENT, inclusive=False, limits=taxes.Limits(most_nights=1), by=by,
    )  # fmt: skip
    lodging = taxes.add_class(session, house, code="ROOMS", name="Rooms", taxes=[resort], by=by)
    plan = rates.by_code(session, house, "BAR")
    code = session.get_one(charges.ChargeCode, (house.id, plan.charge_code_id))
    code.tax_class_id = lodging.id
    versions.renew(session, house.id)
    party = make.reservation(session, house)
    [before] = promised.promised(session, house, [party])

    [offer] = upgrades.offers(session, party)
    upgrades.take(session, party, suite, expected=offer.total, by=by)

    [after] = promised.promised(session, house, [party])
    assert offer.total == after.total - before.total == Money(16_000 + 800, "EUR")
