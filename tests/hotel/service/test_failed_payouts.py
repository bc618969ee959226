"""A payout that the hotel's bank sends back isn't money at the bank: it is the gateway's to pay."""

import pytest

from pms.hotel.close.verify import checkout as rules
from pms.hotel.service.checkout import following, payouts
from tests.hotel.service.paying import Till, euros


@pytest.fixture
def till(session):
    till = Till(session)
    yield till
    till.practice.store.close()


def fetched(till):
    """Ask for payouts twice, as the worker does again and again."""
    for _ in range(2):
        following.fetch_payouts(till.session, till.house, till.gateways)
    till.session.rollback()
    stands = payouts.owed(till.session, till.house)
    assert stands.adds_up
    assert [r.name for r in rules.RULES if not r.check(till.session, till.house).ok] == []
    return stands


@pytest.mark.parametrize("known", [True, False])
def test_what_a_bank_sends_back_stands_at_the_gateway_until_it_is_paid_out_again(till, known):
    till.pays(till.asks(reservation=till.books()))  # 120.00, less a fee of 2.05
    sent = till.stripe.pay_out()
    if known:
        assert fetched(till).clearing == euros(0)
        assert till.clearing("clearing/transfer") == 11_795
    till.stripe.fail_payout(sent["id"])

    stands = fetched(till)

    assert (stands.clearing, stands.not_paid_out) == (euros(11_795), euros(0))
    assert till.clearing("clearing/transfer") == 0
    [waits] = payouts.unexplained(till.session, till.house)
    assert (waits.kind, waits.gross) == ("sent back", -11_795)
    told = [words for words in till.traced() if "sent a payout of €117.95 back" in words]
    assert len(told) == 1

    till.stripe.pay_out()
    assert fetched(till).clearing == euros(0)
    assert till.clearing("clearing/transfer") == 11_795
    assert payouts.unexplained(till.session, till.house) == []


def test_its_event_is_enough(till):
    till.pays(till.asks(reservation=till.books()))
    sent = till.stripe.pay_out()
    fetched(till)
    till.stripe.fail_payout(sent["id"])

    till.hears(till.news()[-1])
    till.works()

    assert till.clearing("clearing/stripe") == 11_795
