"""What guarantees a party, changed at the desk after it was booked."""

from datetime import timedelta

import pytest

from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.books.payments import Method
from pms.hotel.guests import companies
from pms.hotel.house import logbook
from pms.hotel.rooms import policies, rates
from pms.hotel.rooms.policies import Asks
from pms.hotel.service import guaranteeing
from pms.hotel.service.checkout import cards
from pms.hotel.service.guaranteeing import (
    DepositHeld,
    NoCardKept,
    NoCompanyToPay,
    NoDepositHeld,
)
from pms.hotel.stays import settlements, stays
from pms.hotel.stays.booked_for import book_for
from pms.hotel.stays.reservations import Guarantee, WrongState
from pms.hotel.stays.reservations.refusals import GuaranteeNeeded
from tests import make
from tests.engines import ONE_ENGINE
from tests.hotel.service.paying import Till


@pytest.fixture
def till(session):
    return Till(session)


def say(till, party, given):
    with transaction(till.session):
        return guaranteeing.guarantee(till.session, party, given, by=till.by)


def test_a_card_guarantees_once_it_is_kept_and_nothing_where_that_is_said(till):
    party = till.books()
    with pytest.raises(NoCardKept, match="Ask for one by link"):
        say(till, party, Guarantee.CARD)
    kept = till.keeps(party)

    assert say(till, party, Guarantee.CARD)
    assert not say(till, party, Guarantee.CARD)
    assert party.guarantee is Guarantee.CARD
    assert "guaranteed" in [line.verb for line in logbook.history(till.session, party)]
    assert say(till, party, Guarantee.NONE)
    with transaction(till.session):
        cards.end(till.session, kept, reason="Asked to", by=till.by)
    with pytest.raises(NoCardKept):
        say(till, party, Guarantee.CARD)


@ONE_ENGINE
def test_a_hotel_that_keeps_no_cards_online_is_believed(session):
    with transaction(session):
        house = make.furnished(session)
        party, by = make.reservation(session, house), make.by(session, house)
        assert guaranteeing.guarantee(session, party, Guarantee.CARD, by=by)


@ONE_ENGINE
def test_a_deposit_guarantees_while_it_is_held(till):
    party = till.books()
    with pytest.raises(NoDepositHeld):
        say(till, party, Guarantee.DEPOSIT)
    with transaction(till.session):
        settlements.take_deposit(
            till.session, party, amount=Money(5_000, "EUR"), method=Method.CASH, by=till.by
        )

    with pytest.raises(DepositHeld, match=r"€50\.00 is held"):
        say(till, party, Guarantee.NONE)
    assert party.guarantee is Guarantee.DEPOSIT


@ONE_ENGINE
def test_a_company_guarantees_what_is_booked_for_it(till):
    party = till.books()
    with pytest.raises(NoCompanyToPay):
        say(till, party, Guarantee.COMPANY)
    with transaction(till.session):
        firm = companies.enter(till.session, till.house, code="ACME", name="Acme", by=till.by)
        book_for(till.session, party, firm, by=till.by)

    assert say(till, party, Guarantee.COMPANY)


@ONE_ENGINE
def test_less_than_the_terms_ask_for_is_refused_and_so_is_who_is_here(till):
    with transaction(till.session):
        policy = make.policy(till.session, till.house, asks=Asks.CARD)
        plan = rates.by_code(till.session, till.house, "BAR")
        policies.attach(till.session, plan, policy, by=till.by)
    later = make.DAY + timedelta(days=3)
    party = till.books(guarantee=Guarantee.CARD, arrival=later)
    with pytest.raises(GuaranteeNeeded, match="card as guarantee"):
        say(till, party, Guarantee.NONE)

    here = till.books()
    till.arrives(here)
    with pytest.raises(WrongState):
        say(till, here, Guarantee.CARD)
    assert stays.of(till.session, here)
