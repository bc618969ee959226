"""Spans: what is read once for some weeks says of each stay what is said of it alone."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import inventory, offers, rates, restrictions, yields
from pms.hotel.rooms.pricing import Party
from pms.hotel.rooms.restrictions import Kind
from pms.hotel.rooms.spans import Span
from tests import make
from tests.asking import asked

DAY = make.DAY
PARTIES = [Party(1), Party(2), Party(1, 1, (4,)), Party(3, 1)]


def day(n: int) -> date:
    return DAY + timedelta(days=n)


@pytest.fixture
def house(session: Session) -> Hotel:
    """A hotel whose prices, rules, restrictions and rooms left differ from night to night.

    Its suite can be sold for some days only, and its nights are open for sixty.
    """
    with transaction(session):
        house = make.furnished(session)
        by, double = make.by(session, house), make.room_type(session, house)
        suite = make.room_type(session, house, "STE", sleeps=4, rank=1)
        make.room(session, house, "301", kind=suite)
        make.plan(session, house, code="FLEX", price="130.00")
        plan = rates.by_code(session, house, "BAR")
        assert plan
        for kind, worth in ((double, 9_999), (suite, 20_000)):
            each = {day(n): Money(worth + 131 * n, "EUR") for n in range(12)}
            rates.set_prices(session, plan, kind, each, by=by)
        yields.add(session, house, make.rule(DAY, last=day(30)), by=by)
        for n, rooms in ((2, 4), (5, 2), (6, 3)):
            for _ in range(rooms):
                make.reservation(session, house, arrival=day(n), nights=1)
        make.reservation(session, house, arrival=day(8), nights=2, kind=suite)
        put: Callable[..., Any] = restrictions.put
        put(session, house, Kind.CLOSED_TO_ARRIVAL, [day(4)], by=by)
        put(session, house, Kind.CLOSED_TO_DEPARTURE, [day(7)], plans=[plan], by=by)
        put(session, house, Kind.MIN_STAY, [day(9), day(10)], value=3, types=[suite], by=by)
        inventory.set_limit(session, house, first=day(11), last=day(11), allowance=-3, by=by)
    return house


def alone(session: Session, house: Hotel, arrival: date, departure: date, party: Party) -> Any:
    try:
        return offers.offered(
            session, house, arrival, departure,
            adults=party.adults, children=party.children, ages=party.ages,
        )  # fmt: skip
    except Refusal as refusal:
        return type(refusal)


def within(span: Span, arrival: date, departure: date) -> Any:
    try:
        return span.offered(arrival, departure, PARTIES)
    except Refusal as refusal:
        return [type(refusal)] * len(PARTIES)


def test_each_stay_of_a_span_is_offered_as_it_is_alone(session: Session, house: Hotel) -> None:
    for first, last, nights in ((0, 16, 1), (1, 16, 3), (55, 66, 2)):
        span = Span(session, house, day(first), day(last))
        for n in range(first, last - nights + 1):
            stay = day(n), day(n + nights)
            singly = [alone(session, house, *stay, party) for party in PARTIES]
            assert within(span, *stay) == singly, stay
            if isinstance(singly[0], offers.Offers):
                left = inventory.house_nights(session, house, day(n), day(n + nights - 1))
                assert span.house_left(*stay) == min(night.left for night in left)


def test_a_span_asks_once_however_many_stays_and_parties(session: Session, house: Hotel) -> None:
    span = Span(session, house, DAY, day(20))

    assert asked(session, lambda: [within(span, day(n), day(n + 2)) for n in range(18)]) == 0
    assert asked(session, lambda: Span(session, house, DAY, day(20))) <= 5
