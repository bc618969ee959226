"""Offers: the totals that machines are told are the totals of the quotes, tax changes and all."""

from datetime import timedelta
from itertools import product

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import offers, prices, quotes, rates
from pms.hotel.rooms.offers import Offer, Priced
from pms.hotel.rooms.pricing import Party
from pms.hotel.tariff import taxes
from pms.hotel.tariff.taxes import Tax, TaxKind
from tests import make
from tests.engines import ONE_ENGINE


@pytest.fixture
def house(session: Session) -> Hotel:
    """A hotel with two types, a plain plan and a taxed one whose taxes change on the third day."""
    with transaction(session):
        house = make.furnished(session)
        by = make.by(session, house)
        suite = make.room_type(session, house, "STE", sleeps=2, rank=1)
        make.room(session, house, "301", kind=suite)
        code = make.taxed_code(session, house)
        changes = make.DAY + timedelta(days=2)
        for tax in session.scalars(sa.select(Tax)).all():
            rate = 9 * taxes.PERCENT if tax.kind is TaxKind.PERCENT else 350
            taxes.set_rate(session, tax, rate=rate, from_day=changes, by=by)
        plan = rates.add_plan(
            session, house, code="TAXED", name="T", market="m", charge_code=code, by=by
        )
        for kind in (make.room_type(session, house), suite):
            prices = {make.DAY + timedelta(days=n): Money(9_999 + 131 * n, "EUR") for n in range(6)}
            rates.set_prices(session, plan, kind, prices, by=by)
    return house


def test_totals_are_those_of_the_quotes(session: Session, house: Hotel) -> None:
    for adults, nights in product((1, 2), ((0, 1), (0, 6), (1, 4), (3, 6))):
        stay = [make.DAY + timedelta(days=each) for each in nights]

        offered = offers.offers(session, house, *stay, adults=adults)

        quoted = quotes.quote(session, house, *stay, adults=adults)
        assert {
            (offer.room_type, plan): minor for offer in offered for plan, minor in offer.totals
        } == {
            (each.room_type.code, each.plan.code): each.total.minor
            for each in quoted
            if each.can_be_sold
        }, (adults, nights)


@ONE_ENGINE
def test_a_party_is_offered_what_sleeps_it(session: Session, house: Hotel) -> None:
    stay = (make.DAY, make.DAY + timedelta(days=1))

    double, suite = offers.offers(session, house, *stay, adults=2, children=1)

    assert double.rooms == 4
    assert suite == Offer("STE", 0, [])


@ONE_ENGINE
def test_a_plan_without_a_price_for_each_night_is_not_offered(
    session: Session, house: Hotel
) -> None:
    stay = (make.DAY + timedelta(days=4), make.DAY + timedelta(days=8))

    double, suite = offers.offers(session, house, *stay, adults=1)

    assert [plan for plan, _ in double.totals] == ["BAR"]
    assert suite.rooms == 0


def test_priced_nights_come_to_what_was_offered(session: Session, house: Hotel) -> None:
    stay = (make.DAY, make.DAY + timedelta(days=5))
    plan = rates.by_code(session, house, "TAXED")
    assert plan is not None
    double = make.room_type(session, house)
    party = Party(2)
    found = prices.of_stay(session, plan, double, *stay, party).minor

    taxed = make.taxed_code(session, house).tax_class_id
    nights = [Priced(night, price, taxed, 2) for night, price in found.items()]

    offered = dict(offers.offers(session, house, *stay, adults=2)[0].totals)
    assert offers.total(session, house, nights).minor == offered["TAXED"]
    assert offers.total(session, house, []) == Money(0, "EUR")
