"""Events of one payment in every order, doubled, or never; and what nobody here asked for."""

from datetime import timedelta
from itertools import permutations

import pytest
import sqlalchemy as sa

from pms.base import clock
from pms.base.db import transaction
from pms.base.gateway import GatewayAway
from pms.hotel.books.folios import Folio
from pms.hotel.books.payments.online import GatewayPayment
from pms.hotel.close import verify
from pms.hotel.service.checkout import (
    HoldState,
    IntentState,
    Purpose,
    disputes,
    following,
    holding,
    intending,
    payouts,
    putting_aside,
    standing_cards,
)
from pms.hotel.service.checkout.disputes import DisputeState
from pms.hotel.stays import settlements
from tests import make
from tests.hotel.service.paying import Till, euros
from tests.web.conftest import SQLITE_ONLY

PAID = ("payment_intent.succeeded", "checkout.session.completed")


@pytest.fixture
def till(session):
    till = Till(session, rooms=60)
    yield till
    till.practice.store.close()


def paid_unheard(till, minor=12_000):
    """A guest pays a deposit on the hosted page, and nobody here hears of it; page and payment."""
    booked = till.books()
    intent = till.opens(till.asks(minor=minor, reservation=booked))
    page = till.chooses(intent)
    till.session.rollback()
    return booked, page["payment_intent"]


def heard(till, *events):
    """Each is told, and looked at before the next one comes."""
    for event in events:
        till.hears(event)
        till.works()


def all_right(till):
    till.session.rollback()
    assert [check.name for check in verify.checks(till.session, till.house) if not check.ok] == []
    assert payouts.owed(till.session, till.house).adds_up
    till.session.rollback()


def stands(till, booked, payment):
    """What the books say of a payment by now."""
    rows = till.session.execute(
        sa.select(GatewayPayment.amount)
        .where(sa.or_(
            GatewayPayment.object_id == payment,
            GatewayPayment.gives_back_id.in_(
                sa.select(GatewayPayment.id).where(GatewayPayment.object_id == payment)
            ),
        ))
        .order_by(GatewayPayment.id)
    )  # fmt: skip
    moved = [row.amount for row in rows]
    state = till.session.scalar(
        sa.select(disputes.Dispute.state)
        .join(GatewayPayment, GatewayPayment.id == disputes.Dispute.of_id)
        .where(GatewayPayment.object_id == payment)
    )
    return till.held(booked), moved, state


# --- every order ----------------------------------------------------------------------------------


def is_disputed(stripe, payment):
    stripe.open_dispute(payment)


def is_lost(stripe, payment):
    stripe.close_dispute(stripe.open_dispute(payment)["id"], won=False)


def is_lost_then_won(stripe, payment):
    opened = stripe.open_dispute(payment, 7_000)
    for won in (False, True):
        stripe.close_dispute(opened["id"], won=won)


def is_prevented_by_taking(stripe, payment):
    stripe.prevent_dispute(payment, taken=True)


def is_prevented_by_a_refund(stripe, payment):
    is_given_back_there(stripe, payment)
    stripe.prevent_dispute(payment, taken=False)


def is_given_back_there(stripe, payment):
    """In part, in the gateway's own pages."""
    stripe.refund({"payment_intent": payment, "amount": 5_000})


def is_given_back_then_disputed(stripe, payment):
    is_given_back_there(stripe, payment)
    is_lost(stripe, payment)


OUTCOMES = {
    is_disputed: (12_000, [12_000], DisputeState.OPEN),
    is_lost: (0, [12_000], DisputeState.LOST),
    is_lost_then_won: (12_000, [12_000], DisputeState.WON),
    is_given_back_there: (7_000, [12_000, -5_000], None),
    is_prevented_by_taking: (0, [12_000], DisputeState.LOST),
    is_prevented_by_a_refund: (7_000, [12_000, -5_000], None),
    is_given_back_then_disputed: (0, [12_000, -5_000], DisputeState.LOST),
}


def fresh_news(till, before):
    return [each for each in till.news() if each.event_id not in before]


@pytest.mark.parametrize("then", OUTCOMES, ids=lambda deed: deed.__name__)
def test_whatever_comes_first_the_books_say_the_same(till, then):
    _, payment = paid_unheard(till)
    then(till.stripe, payment)
    orders = list(permutations(range(len(till.news()))))
    for order in orders[:: 1 + 10 * (len(orders) // 100)]:  # all of up to four events, else some
        before = {each.event_id for each in till.news()}
        booked, payment = paid_unheard(till)
        then(till.stripe, payment)
        told = fresh_news(till, before)

        ordered = [told[place] for place in order]
        heard(till, *ordered, *ordered)

        assert stands(till, booked, payment) == OUTCOMES[then], [each.kind for each in ordered]
    heard(till, *till.news())
    all_right(till)


@SQLITE_ONLY
@pytest.mark.parametrize("then", OUTCOMES, ids=lambda deed: deed.__name__)
def test_each_event_alone_is_enough(till, then):
    before = {each.event_id for each in till.news()}
    _, payment = paid_unheard(till)
    then(till.stripe, payment)
    kinds = [each.kind for each in fresh_news(till, before) if each.kind not in PAID]
    for place, kind in enumerate(kinds):
        before = {each.event_id for each in till.news()}
        booked, payment = paid_unheard(till)
        then(till.stripe, payment)
        told = [each for each in fresh_news(till, before) if each.kind not in PAID]

        heard(till, told[place])

        amount, moved, state = stands(till, booked, payment)
        assert moved[0] == 12_000, kind
        if kind.startswith("charge.dispute."):
            assert state is OUTCOMES[then][2]
        else:
            assert (amount <= 7_000, moved[1:]) == (True, [-5_000])
        all_right(till)


@pytest.mark.parametrize("then", OUTCOMES, ids=lambda deed: deed.__name__)
def test_what_no_event_ever_told_is_asked_for(till, then):
    booked, payment = paid_unheard(till)
    then(till.stripe, payment)

    till.stripe.pay_out()
    for _ in range(2):
        following.fetch_statements(till.session, till.house, till.gateways)
        till.reconciles()

    assert stands(till, booked, payment) == OUTCOMES[then]
    assert payouts.unexplained(till.session, till.house) == []
    all_right(till)


@SQLITE_ONLY
@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_a_payout_heard_of_before_its_payments_explains_them(till, order):
    booked, payment = paid_unheard(till)
    is_given_back_then_disputed(till.stripe, payment)
    till.stripe.pay_out()
    told = {each.kind: each for each in till.news()}
    kinds = ("payout.paid", "charge.dispute.closed", "checkout.session.completed")

    heard(till, *[told[kinds[place]] for place in order])

    assert payouts.unexplained(till.session, till.house) == []
    assert payouts.owed(till.session, till.house).not_paid_out == euros(0)
    assert stands(till, booked, payment) == OUTCOMES[is_given_back_then_disputed]
    all_right(till)


@SQLITE_ONLY
def test_a_dispute_of_a_payment_that_isnt_ours_is_left_alone(till):
    _, payment = paid_unheard(till)
    till.stripe.put(till.stripe.find(payment) | {"metadata": {"intent": "elsewhere"}})
    intent = till.intents()[-1]
    with transaction(till.session):
        intent.object_id, intent.state, intent.ended_at = None, IntentState.FAILED, clock.now()

    till.stripe.open_dispute(payment)
    heard(till, *[each for each in till.news() if each.kind == "charge.dispute.created"])

    assert disputes.listed(till.session, till.house) == []
    all_right(till)


@SQLITE_ONLY
def test_a_bank_that_only_asks_is_told_of_once(till):
    _, payment = paid_unheard(till)
    asked = till.stripe.open_dispute(payment, inquiry=True)
    for _ in range(2):
        following.fetch_disputes(till.session, till.house, till.gateways)
    heard(till, *till.news())

    assert [words.partition(" online")[0] for words in till.traced()] == [
        "The bank asks about €120.00 paid"
    ]
    till.stripe.dispute_after_inquiry(asked["id"])
    following.fetch_disputes(till.session, till.house, till.gateways)
    assert [each.state for each in disputes.listed(till.session, till.house)] == [DisputeState.OPEN]


# --- refunds --------------------------------------------------------------------------------------


@SQLITE_ONLY
def test_of_two_refunds_the_older_one_that_comes_back_is_booked(till):
    booked = till.books()
    paid = till.pays(till.asks(reservation=booked))
    of = till.session.get_one(GatewayPayment, (till.house.id, paid.gateway_payment_id))
    older, _ = (
        till.does(intending.refund, of, amount=euros(minor), reason="Ill", reservation=booked)
        for minor in (2_000, 3_000)
    )
    till.stripe.return_refund(older.object_id)

    heard(till, *[each for each in till.news() if each.kind == "refund.failed"])

    assert till.held(booked) == 12_000 - 3_000
    all_right(till)


@SQLITE_ONLY
def test_a_refund_from_the_gateways_own_pages_is_told_and_its_return_booked(till):
    booked, payment = paid_unheard(till)
    made = till.stripe.refund({"payment_intent": payment, "amount": 5_000})
    heard(till, *till.news())
    assert till.traced()[0] == (
        "€50.00 of what was paid online were given back in the gateway's own pages"
    )

    till.stripe.return_refund(made["id"])
    heard(till, *till.news())

    assert till.held(booked) == 12_000
    assert till.clearing() == 12_000
    all_right(till)


@SQLITE_ONLY
def test_a_refund_made_there_while_one_of_ours_waits_is_booked_once_ours_came_to_nothing(till):
    booked, payment = paid_unheard(till)
    heard(till, *till.news())
    [paid] = till.session.scalars(sa.select(GatewayPayment))
    with transaction(till.session):  # and whoever intended it dies before the call
        ours = intending.refund(
            till.session, paid, amount=euros(5_000), reservation=booked, reason="Ill", by=till.by
        )
    till.stripe.refund({"payment_intent": payment})

    heard(till, *till.news())

    till.session.refresh(ours)
    assert ours.state is IntentState.FAILED
    assert (till.held(booked), till.clearing()) == (0, 0)
    all_right(till)


@SQLITE_ONLY
def test_what_is_given_back_there_of_a_deposit_that_is_used_up_is_owed_on_the_bill(till):
    booked, payment = paid_unheard(till)
    heard(till, *till.news())
    with transaction(till.session):
        bar = make.charge_code(till.session, till.house, "BAR")
        settlements.keep_deposit(till.session, booked, fee=euros(10_000), code=bar, by=till.by)
    made = till.stripe.refund({"payment_intent": payment})

    heard(till, *till.news())

    folio = till.session.get_one(Folio, (till.house.id, booked.folio_id))
    assert (till.held(booked), till.owes(folio), till.clearing()) == (2_000, 12_000, 0)
    assert till.traced()[-1] == (
        "€120.00 were given back online, the credit was gone: €120.00 are owed now"
    )
    all_right(till)

    till.stripe.return_refund(made["id"])
    heard(till, *till.news())

    assert (till.held(booked), till.owes(folio), till.clearing()) == (2_000, 0, 12_000)
    all_right(till)


@SQLITE_ONLY
def test_a_refund_of_rooms_paid_together_goes_off_the_room_that_has_it(till):
    lead = till.books(surname="Lead")
    rooms = [lead, till.books(surname="Beside", with_booking=lead)]
    intent = till.pays_rooms(rooms)
    for minor in (5_000, 3_000):
        till.stripe.refund({"payment_intent": intent.payment, "amount": minor})
    heard(till, *till.news())

    assert [till.held(room) for room in rooms] == [0, 2_000]
    all_right(till)


# --- holds ----------------------------------------------------------------------------------------


@SQLITE_ONLY
@pytest.mark.parametrize("tells", ["event", "nobody"])
def test_a_hold_that_was_let_go_over_there_covers_nothing(till, tells):
    booked = till.books(nights=20)
    hold = till.holds(booked)
    till.session.rollback()
    if tells == "event":
        till.stripe.cancel(hold.payment)
        heard(till, *till.news())
    else:
        till.reconciles(after=timedelta(days=8))

    till.session.refresh(hold)
    assert hold.state is HoldState.LAPSED
    assert holding.cover(till.session, booked)[0] == euros(0)
    said = ["The hold of €200.00 on Visa 4242 was let go, and not by the house"]
    told = [words.partition(":")[0] for words in till.traced()]
    assert told == (said if tells == "event" else [])
    all_right(till)


@SQLITE_ONLY
@pytest.mark.parametrize("taken", [4_000, 20_000])
@pytest.mark.parametrize("knows", ["the hold", "only its page", "that it lapsed"])
def test_a_hold_that_was_taken_over_there_is_booked(till, knows, taken):
    booked = till.books()
    if knows != "only its page":
        payment = till.holds(booked).payment
    else:
        intent = till.opens(till.asks(Purpose.HOLD, 20_000, reservation=booked))
        payment = till.chooses(intent)["payment_intent"]
    till.session.rollback()
    till.stripe.capture(payment, {"amount_to_capture": taken})
    if knows == "that it lapsed":  # the worker was away for days, and nothing was told
        with transaction(till.session), clock.set_to(clock.now() + timedelta(days=9)):
            assert holding.lapse_due(till.session, till.house, by=till.by, limit=9) == 1

    told = till.news()
    heard(till, *reversed(told), *told)

    assert (till.held(booked), till.clearing()) == (taken, taken)
    [hold] = holding.of_reservation(till.session, booked)
    assert (hold.state, hold.captured, hold.amount) == (HoldState.CAPTURED, taken, 20_000)
    assert len(standing_cards.of(till.session, booked)) == 1  # its guest agreed to that
    assert putting_aside.standing(till.session, till.house) == []
    said = [words for words in till.traced() if "of the hold on" in words]
    assert [words.partition(" of the")[0] for words in said] == [euros(taken).said]
    all_right(till)


@SQLITE_ONLY
def test_a_renewal_that_was_taken_over_there_before_its_answer_came_is_booked(till):
    booked = till.books(nights=20)
    hold = till.holds(booked)
    till.practice.lose_replies = 1
    with pytest.raises(GatewayAway):
        till.does(intending.renew, hold)
    [renewal] = [
        each
        for each in till.practice.store.all(till.house.code, "payment_intent")
        if each["id"] != hold.payment
    ]
    till.stripe.capture(renewal["id"], {"amount_to_capture": 4_000})

    heard(till, *till.news())
    till.reconciles()

    assert (till.held(booked), till.clearing()) == (4_000, 4_000)
    till.session.rollback()
    states = {each.state for each in holding.of_reservation(till.session, booked)}
    assert HoldState.CAPTURED in states
    all_right(till)
