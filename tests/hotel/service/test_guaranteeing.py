"""What guarantees a party, changed at the desk after it was booked."""

from datetime import timedelta

import pytest

from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.books import folios
from pms.hotel.books.payments import Method
from pms.hotel.books.payments.online import GatewayPayment
from pms.hotel.guests import companies
from pms.hotel.house import logbook
from pms.hotel.rooms import policies, rates
from pms.hotel.rooms.policies import Asks
from pms.hotel.service import guaranteeing, held_deposits
from pms.hotel.service.checkout import cards, intending, standing_cards
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
from tests.hotel.service.paying import Till, euros


@pytest.fixture
def till(session):
    return Till(session)


def say(till, party, given):
    with transaction(till.session):
        return guaranteeing.guarantee(till.session, party, given, by=till.by)


def verbs(till, party):
    return [line.verb for line in logbook.history(till.session, party)]


def asking_for(till, asks, **details):
    """A party booked under terms that ask for a certain guarantee."""
    with transaction(till.session):
        policy = make.policy(till.session, till.house, asks=asks)
        plan = rates.by_code(till.session, till.house, "BAR")
        policies.attach(till.session, plan, policy, by=till.by)
    return till.books(**details)


def test_a_card_that_is_kept_guarantees_until_it_goes(till):
    party = till.books()
    with pytest.raises(NoCardKept, match="Ask for one by link"):
        say(till, party, Guarantee.CARD)

    kept = till.keeps(party)
    assert party.guarantee is Guarantee.CARD
    assert "guaranteed" in verbs(till, party)
    assert not say(till, party, Guarantee.CARD)
    with transaction(till.session):
        cards.end(till.session, kept, reason="Asked to", by=till.by)

    assert party.guarantee is Guarantee.NONE
    assert "lost its guarantee" in verbs(till, party)
    with pytest.raises(NoCardKept):
        say(till, party, Guarantee.CARD)


@ONE_ENGINE
def test_one_of_two_cards_that_goes_leaves_the_guarantee_and_the_desk_may_say_none(till):
    party = till.books()
    first = till.keeps(party)
    till.keeps(party, "mastercard")

    with transaction(till.session):
        cards.end(till.session, first, reason="Asked to", by=till.by)
    assert party.guarantee is Guarantee.CARD
    assert say(till, party, Guarantee.NONE)
    assert party.guarantee is Guarantee.NONE


@ONE_ENGINE
@pytest.mark.parametrize(
    ("asks", "given", "then"),
    [
        (Asks.CARD, Guarantee.CARD, Guarantee.CARD),
        (Asks.ANY, Guarantee.CARD, Guarantee.CARD),
        (Asks.DEPOSIT, Guarantee.DEPOSIT, Guarantee.DEPOSIT),
    ],
)
def test_a_card_changes_no_guarantee_that_is_there(till, asks, given, then):
    party = asking_for(till, asks, guarantee=given)

    till.keeps(party)

    assert party.guarantee is then
    assert "guaranteed" not in verbs(till, party)


@ONE_ENGINE
@pytest.mark.parametrize("asks", [Asks.DEPOSIT, Asks.COMPANY])
def test_a_card_isnt_guarantee_enough_where_the_terms_ask_for_something_else(till, asks):
    party = asking_for(till, asks, guarantee=Guarantee(asks.value))
    with transaction(till.session):
        day = till.house.business_date
        settlements.guarantee(
            till.session, party, Guarantee.NONE, held=Money(0, "EUR"), day=day, by=till.by
        )

    till.keeps(party)

    assert party.guarantee is Guarantee.NONE


@ONE_ENGINE
def test_the_deposit_that_is_held_guarantees_when_the_card_goes(till):
    party = till.books()
    kept = till.keeps(party)
    with transaction(till.session):
        settlements.take_deposit(
            till.session, party, amount=Money(5_000, "EUR"), method=Method.CASH, by=till.by
        )
    assert party.guarantee is Guarantee.CARD

    with transaction(till.session):
        cards.end(till.session, kept, reason="Asked to", by=till.by)

    assert party.guarantee is Guarantee.DEPOSIT


def test_a_card_that_has_run_out_guarantees_no_more_and_the_desk_is_told(till):
    party = till.books()
    kept = till.keeps(party)
    with transaction(till.session):
        kept.expires = f"{make.DAY - timedelta(days=40):%Y-%m}"

    till.reconciles()
    till.reconciles()

    till.session.refresh(party)
    assert party.guarantee is Guarantee.NONE
    assert verbs(till, party).count("lost its guarantee") == 1
    assert till.traced() == [
        f"The card kept for booking {party.number} has run out. Ask for another"
    ]
    with pytest.raises(NoCardKept):
        say(till, party, Guarantee.CARD)


@ONE_ENGINE
def test_a_card_of_who_is_here_changes_nothing(till):
    party = till.books()
    till.arrives(party)

    till.keeps(party)

    assert party.guarantee is Guarantee.NONE


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


# --- a card beside a deposit ----------------------------------------------------------------------


def both(till, minor=10_000):
    """A party whose deposit guarantees it, and for which a card is kept; with the payment."""
    party = till.books()
    with transaction(till.session):
        taken = settlements.take_deposit(
            till.session, party, amount=euros(minor), method=Method.CASH, by=till.by
        )
    till.keeps(party)
    assert party.guarantee is Guarantee.DEPOSIT
    return party, taken


def gives_back(till, party, taken):
    held_deposits.give_back(till.session, party, method=Method.CASH, reason="Ill", by=till.by)


def voids(till, party, taken):
    held_deposits.void(till.session, party, taken, reason="Typed twice", by=till.by)


def puts_on_bill(till, party, taken):
    folio = settlements.folio_of(till.session, party, by=till.by)
    spa = make.charge_code(till.session, till.house, "SPA")
    folios.charge(till.session, folio, code=spa, amount=euros(taken.amount), by=till.by)
    held_deposits.put_on_bill(till.session, party, by=till.by)


@pytest.mark.parametrize("goes", [gives_back, voids, puts_on_bill])
def test_a_card_that_is_kept_guarantees_when_the_deposit_goes(till, goes):
    party, taken = both(till)

    with transaction(till.session):
        goes(till, party, taken)

    assert till.held(party) == 0
    assert party.guarantee is Guarantee.CARD


@ONE_ENGINE
def test_without_a_card_nothing_guarantees_when_the_deposit_goes(till):
    party, taken = both(till)
    [kept] = standing_cards.of(till.session, party)
    with transaction(till.session):
        cards.end(till.session, kept, reason="Asked to", by=till.by)

    with transaction(till.session):
        gives_back(till, party, taken)

    assert party.guarantee is Guarantee.NONE


@pytest.mark.parametrize("is_lost", [False, True])
def test_it_does_when_the_gateway_or_the_bank_gives_the_deposit_back(till, is_lost):
    party = till.books()
    paid = till.pays(till.asks(reservation=party))
    till.keeps(party)
    assert party.guarantee is Guarantee.DEPOSIT

    if is_lost:
        opened = till.stripe.open_dispute(paid.payment)
        till.stripe.close_dispute(opened["id"], won=False)
        for event in till.news():
            till.hears(event)
        till.works()
    else:
        of = till.session.get_one(GatewayPayment, (till.house.id, paid.gateway_payment_id))
        till.does(intending.refund, of, amount=euros(12_000), reason="Ill", reservation=party)

    assert till.held(party) == 0
    assert party.guarantee is Guarantee.CARD
