"""Rooms kept: money held before arrival guarantees the stay, by whichever way it came and went."""

from datetime import UTC, datetime

import pytest

from pms.base import clock
from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.books.payments import Method
from pms.hotel.house import logbook
from pms.hotel.rooms import policies, rates
from pms.hotel.rooms.policies import Amount, By
from pms.hotel.service.checkout import intending
from pms.hotel.stays import fees, releasing, settlements, traces
from pms.hotel.stays.reservations import Guarantee, State
from tests import make
from tests.engines import ONE_ENGINE
from tests.hotel.service.paying import Till, euros

SIX = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)  # 18:00 in Berlin


@pytest.fixture
def till(session):
    with clock.set_to(make.NOON):
        till = Till(session)
        yield till
    till.practice.store.close()


def release(till):
    """Strike the release hour; returns how many were looked at."""
    with clock.set_to(SIX), transaction(till.session):
        return releasing.release_due(till.session, till.house, by=till.by)


def gives_back(till, party, amount=None):
    with transaction(till.session):
        return settlements.return_deposit(
            till.session, party, amount=amount, method=Method.CASH, reason="Asked for it",
            by=till.by,
        )  # fmt: skip


def takes(till, party, minor):
    with transaction(till.session):
        settlements.take_deposit(
            till.session, party, amount=euros(minor), method=Method.CASH, by=till.by
        )


def test_a_deposit_paid_by_link_or_at_the_desk_keeps_the_room(till):
    by_link, at_desk, unsure = till.books(), till.books(), till.books()
    till.pays(till.asks(reservation=by_link))
    takes(till, at_desk, 5000)

    assert release(till) == 1
    assert release(till) == 0

    assert unsure.state is State.CANCELLED
    for party in (by_link, at_desk):
        assert (party.state, party.guarantee) == (State.BOOKED, Guarantee.DEPOSIT)
        assert "guaranteed" in [line.verb for line in logbook.history(till.session, party)]


@ONE_ENGINE
def test_a_deposit_that_was_all_given_back_guarantees_nothing(till):
    party, online = till.books(), till.books()
    takes(till, party, 5000)
    of = till.pays(till.asks(reservation=online))

    gives_back(till, party, Money(2000, "EUR"))
    assert party.guarantee is Guarantee.DEPOSIT
    gives_back(till, party)
    payment = till.session.get_one(intending.GatewayPayment, (till.house.id, of.gateway_payment_id))
    till.does(intending.refund, payment, amount=euros(12_000), reason="ill", reservation=online)

    assert party.guarantee is online.guarantee is Guarantee.NONE
    assert not fees.of_no_show(till.session, party)
    assert release(till) == 1


@ONE_ENGINE
def test_less_than_the_deposit_asked_for_keeps_the_room_and_the_desk_is_told(till):
    with transaction(till.session):
        policy = make.policy(till.session, till.house, deposit=Amount(By.PERCENT, 10_000))
        bar = rates.by_code(till.session, till.house, "BAR")
        policies.attach(till.session, bar, policy, by=till.by)
    party = till.books()
    takes(till, party, 500)
    assert party.guarantee is Guarantee.NONE

    assert (release(till), release(till)) == (1, 0)

    assert (party.state, party.guarantee) == (State.BOOKED, Guarantee.DEPOSIT)
    [told] = traces.of(till.session, party)
    assert "is kept after 18:00: €5.00 is held" in told.words
