"""How disputes stand: every word that Stripe has for it, and what the money says."""

import inspect
from dataclasses import replace
from typing import get_args

import pytest
import stripe

from pms.base.db import transaction
from pms.base.gateway import Mode
from pms.hotel.close import verify
from pms.hotel.service.checkout import disputes, following
from pms.hotel.service.checkout.disputes import DisputeState
from tests.hotel.service.paying import Till, euros
from tests.hotel.service.test_disputes_and_cards import paid_out, told
from tests.web.conftest import SQLITE_ONLY


@pytest.fixture
def till(session):
    till = Till(session)
    yield till
    till.practice.store.close()


@SQLITE_ONLY
def test_a_prevented_dispute_is_lost_where_it_took_the_money_and_else_none(till):
    taken, spared = (till.pays(till.asks(reservation=till.books())) for _ in range(2))

    till.stripe.prevent_dispute(taken.payment, taken=True)
    till.stripe.prevent_dispute(spared.payment, taken=False)
    told(till)
    told(till)
    following.fetch_disputes(till.session, till.house, till.gateways)

    [lost] = disputes.listed(till.session, till.house)
    assert (lost.state, lost.of_id) == (DisputeState.LOST, taken.gateway_payment_id)
    assert till.clearing() == 12_000
    said = [words for words in till.traced() if "was prevented" in words]
    [words] = said
    assert words.startswith("A dispute about €120.00 paid online was prevented: no money was taken")
    assert paid_out(till).clearing == euros(0)
    assert [check.name for check in verify.checks(till.session, till.house) if not check.ok] == []


@SQLITE_ONLY
@pytest.mark.parametrize("won", [True, False])
def test_a_dispute_that_may_be_appealed_for_is_open_and_told_once(till, won):
    paid = till.pays(till.asks(reservation=till.books()))
    opened = till.stripe.open_dispute(paid.payment)
    for _ in range(2):
        till.stripe.say_of_dispute(opened["id"], "appeal_needs_response")
        told(till)
    following.fetch_disputes(till.session, till.house, till.gateways)
    till.stripe.say_of_dispute(opened["id"], "appeal_under_review")
    told(till)

    [dispute] = disputes.listed(till.session, till.house)
    assert dispute.state is DisputeState.OPEN
    assert len([words for words in till.traced() if "it may appeal, answer by" in words]) == 1
    till.session.rollback()
    till.stripe.close_dispute(opened["id"], won=won)
    told(till)
    till.session.refresh(dispute)
    assert dispute.state is (DisputeState.WON if won else DisputeState.LOST)
    assert [check.name for check in verify.checks(till.session, till.house) if not check.ok] == []


@SQLITE_ONLY
def test_a_status_that_nobody_knew_goes_by_the_money(till):
    """Stripe's list grew before; the practice gateway says only what is published by now."""
    paid, other = (till.pays(till.asks(reservation=till.books())) for _ in range(2))
    opened = till.stripe.open_dispute(paid.payment)
    asked = till.stripe.open_dispute(other.payment, inquiry=True)
    gateway = till.gateways(till.house.code, Mode.PRACTICE)

    for each in (opened, asked):
        said = replace(gateway.dispute(each["id"]), status="in_the_stars")
        with transaction(till.session):
            disputes.hear(till.session, till.house, said, by=till.by)

    [dispute] = disputes.listed(till.session, till.house)
    assert (dispute.state, dispute.of_id) == (DisputeState.OPEN, paid.gateway_payment_id)
    assert (till.clearing(), till.clearing("clearing/disputed")) == (12_000, 12_000)


def test_every_status_that_the_library_knows_is_meant():
    """A new one of Stripe's is looked at here before it is met."""
    hint = inspect.get_annotations(stripe.Dispute)["status"]
    words = {word for each in get_args(hint) for word in get_args(each)}

    assert words <= {*disputes.ENDS, *disputes.UNDECIDED, *disputes.PREVENTED}
