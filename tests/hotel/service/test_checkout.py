"""Hosted checkout: asked, paid, refunded; answers lost, webhooks doubled, late, or never there."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from pms.base import clock
from pms.base.db import transaction
from pms.base.gateway import GatewayAway, GatewayRefused, Mode, NoGateway
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios, payments
from pms.hotel.books.folios import FolioState
from pms.hotel.books.payments import Method, Payment, online
from pms.hotel.books.payments.online import GatewayPayment, PaidOnline
from pms.hotel.house import logbook
from pms.hotel.house.jobs import Job
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.service import checkout
from pms.hotel.service.checkout import (
    HoldState,
    IntentState,
    Purpose,
    RequestState,
    asking,
    disputes,
    following,
    holding,
    intending,
    intents,
    parts,
    payouts,
    settling,
)
from pms.hotel.service.checkout.disputes import DisputeState
from pms.hotel.service.checkout.refusals import (
    FinerThanCards,
    HoldBusy,
    HoldLapsed,
    HoldOver,
    HoldRenewed,
    ModeInUse,
    MoreThanAgreed,
    MoreThanHeld,
    MoreThanLeft,
    NobodyToAsk,
    NotAsked,
    NothingOwed,
    OtherMode,
)
from pms.hotel.service.checkout.still_owed import BillChanged
from pms.hotel.stays import reservations, stays
from pms.hotel.stays.traces import Trace
from tests import make
from tests.engines import ONE_ENGINE
from tests.hotel.books.races import at_once
from tests.hotel.service.paying import Till, euros
from tests.web.conftest import SQLITE_ONLY


@pytest.fixture
def till(session):
    till = Till(session)
    yield till
    till.practice.store.close()


# --- asked and paid -------------------------------------------------------------------------------


def test_a_deposit_is_asked_for_opened_and_paid(till):
    booked = till.books()
    request = till.asks(reservation=booked)
    with transaction(till.session):
        checkout.note_opened(till.session, request, by=till.by)

    intent = till.pays(request)

    assert (request.state, intent.state) == (RequestState.PAID, IntentState.SETTLED)
    assert till.held(booked) == 12_000
    assert till.clearing() == 12_000
    [payment] = till.session.scalars(sa.select(Payment))
    assert (payment.brand, payment.last_four, payment.terminal) == ("Visa", "4242", None)
    assert till.traced() == []
    verbs = [line.verb for line in logbook.history(till.session, request)]
    assert verbs == ["was paid", "was opened", "asked for payment"]


def test_a_balance_is_paid_from_the_phone_and_given_back_in_part(till):
    booked = till.books()
    till.arrives(booked)
    folio = till.charges(booked)

    intent = till.pays(till.asks(Purpose.BALANCE, folio=folio))

    assert till.owes(folio) == 0
    of = till.session.get_one(GatewayPayment, (till.house.id, intent.gateway_payment_id))
    till.session.rollback()
    with transaction(till.session):
        code = make.charge_code(till.session, till.house, "BAR")
        folios.adjust(till.session, folio, code=code, amount=euros(-5_000), reason="Cold soup",
                      window=1, by=till.by)  # fmt: skip
    back = till.does(intending.refund, of, amount=euros(5_000), reason="Cold soup", folio=folio)
    assert back.state is IntentState.SETTLED
    assert (till.owes(folio), till.clearing()) == (0, 7_000)
    with pytest.raises(payments.MoreThanOwed), transaction(till.session):
        intending.refund(till.session, of, amount=euros(1), reason="Again", folio=folio, by=till.by)


def test_a_bill_that_was_paid_at_the_desk_is_asked_for_by_no_link(till):
    booked = till.books()
    till.arrives(booked)
    folio = till.charges(booked)
    request = till.asks(Purpose.BALANCE, folio=folio)
    owed = till.owes(folio)
    till.session.rollback()
    with transaction(till.session):
        payments.pay(till.session, folio, amount=euros(owed - 100), method=Method.CASH, by=till.by)

    with pytest.raises(BillChanged, match=r"€1\.00 is owed"):
        till.pays(request)

    till.session.rollback()
    with transaction(till.session):
        code = make.charge_code(till.session, till.house, "MINIBAR")
        folios.charge(till.session, folio, code=code, amount=euros(owed), by=till.by)
    assert till.pays(request).state is IntentState.SETTLED


def test_what_came_twice_is_told_of_with_the_bill_and_the_party(till):
    booked = till.books()
    till.arrives(booked)
    folio = till.charges(booked)
    request = till.asks(Purpose.BALANCE, folio=folio)
    intent = till.opens(request)
    owed = till.owes(folio)
    till.session.rollback()
    with transaction(till.session):
        payments.pay(till.session, folio, amount=euros(owed), method=Method.CASH, by=till.by)

    till.chooses(intent)
    till.looks(intent)

    till.session.rollback()
    told = till.session.scalars(sa.select(Trace)).one()
    assert f"on folio {folio.number}, {folio.name}" in told.words
    assert told.reservation_id == booked.id


@ONE_ENGINE
def test_a_declined_card_then_another(till):
    booked = till.books()
    request = till.asks(reservation=booked)
    intent = till.opens(request)

    till.chooses(intent, "declined")
    till.looks(intent)
    assert (request.state, request.refused) == (RequestState.ASKED, "generic decline")
    till.chooses(intent, "mastercard")
    till.looks(intent)

    assert (request.state, request.refused) == (RequestState.PAID, None)
    assert till.held(booked) == 12_000


@SQLITE_ONLY
def test_a_delayed_payment_waits_for_its_bank(till):
    booked = till.books()
    request = till.asks(reservation=booked)
    intent = till.pays(request, "debit")
    assert (intent.state, till.held(booked)) == (IntentState.CALLED, 0)

    till.stripe.end_delayed(intent.object_id, paid=True)
    till.reconciles()

    assert till.held(booked) == 12_000
    [payment] = till.session.scalars(sa.select(Payment))
    assert payment.method is payments.Method.TRANSFER


# --- refusals -------------------------------------------------------------------------------------


@SQLITE_ONLY
def test_what_cannot_be_asked_for_is_refused(till):
    booked, gone = till.books(), till.books(surname="Gone")
    folio = till.charges(booked, 5_000)
    with transaction(till.session):
        reservations.cancel(till.session, gone, reason="Ill", by=till.by)

    for refusal, purpose, minor, whose in (
        (Invalid, Purpose.DEPOSIT, 0, {"reservation": booked}),
        (Invalid, Purpose.DEPOSIT, 100, {}),
        (Invalid, Purpose.BALANCE, 100, {"reservation": booked}),
        (Invalid, Purpose.DEPOSIT, 100, {"reservation": booked, "days": 91}),
        (Invalid, Purpose.DEPOSIT, 100, {"reservation": booked, "language": "xx"}),
        (NobodyToAsk, Purpose.HOLD, 100, {"reservation": gone}),
        (NothingOwed, Purpose.BALANCE, 5_001, {"folio": folio}),
    ):
        with pytest.raises(refusal):
            till.asks(purpose, minor, **whose)
    attendant = make.by(till.session, till.house, Role.RESERVATIONS)
    till.session.commit()
    with pytest.raises(NotAllowed), transaction(till.session):
        checkout.ask(
            till.session, till.house, purpose=Purpose.CARD, reservation=booked,
            expires_at=clock.now() + timedelta(days=1), by=attendant,
        )  # fmt: skip


@SQLITE_ONLY
def test_what_no_card_can_be_charged_is_refused_when_it_is_asked_for(session):
    till = Till(session, currency="KWD")
    booked = till.books()

    def asks(minor):
        with transaction(session):
            return checkout.ask(
                session, till.house, purpose=Purpose.DEPOSIT, amount=Money(minor, "KWD"),
                reservation=booked, expires_at=clock.now() + timedelta(days=1), by=till.by,
            )  # fmt: skip

    with pytest.raises(FinerThanCards, match=r"say KWD\s20\.000 or KWD\s20\.010"):
        asks(20_005)
    assert till.pays(asks(20_010)).state is IntentState.SETTLED
    till.practice.store.close()


@SQLITE_ONLY
def test_modes_are_never_mixed(till):
    booked = till.books()
    request = till.asks(reservation=booked)
    with pytest.raises(ModeInUse, match="requests are open"), transaction(till.session):
        checkout.set_mode(till.session, till.house, Mode.LIVE, by=till.by)

    till.pays(request)
    with transaction(till.session):
        checkout.set_mode(till.session, till.house, Mode.TEST, by=till.by)
    of = till.session.scalars(sa.select(GatewayPayment)).one()
    with pytest.raises(OtherMode, match="practice mode"), transaction(till.session):
        intending.refund(till.session, of, amount=euros(1), reason="x", reservation=booked,
                         by=till.by)  # fmt: skip
    with transaction(till.session):
        checkout.set_mode(till.session, till.house, None, by=till.by)
    with pytest.raises(NoGateway):
        till.asks(reservation=booked)


@SQLITE_ONLY
def test_a_withdrawn_link_pays_nothing_and_its_page_is_shut(till):
    request = till.asks(reservation=till.books())
    intent = till.opens(request)
    with transaction(till.session):
        checkout.withdraw(till.session, request, reason="Wrong amount", by=till.by)

    intents.close_pages(till.session, request, till.gateways)

    assert (request.state, intent.state) == (RequestState.WITHDRAWN, IntentState.FAILED)
    assert till.stripe.find(intent.object_id)["status"] == "expired"
    for verb in (
        lambda: intending.pay(till.session, request, words="x", consent=None, by=till.by),
        lambda: checkout.withdraw(till.session, request, reason="Again", by=till.by),
    ):
        with pytest.raises(NotAsked), transaction(till.session):
            verb()


@SQLITE_ONLY
@pytest.mark.parametrize("ends", ["cancelled", "no-show", "one of two rooms"])
def test_a_booking_that_is_over_asks_for_nothing_any_more(till, ends):
    booked = till.books()
    if ends == "one of two rooms":
        other = till.books(with_booking=booked)
        owes = [parts.RoomOwes(reservation=each, amount=euros(5_000)) for each in (booked, other)]
        with transaction(till.session):
            request = parts.ask(
                till.session, till.house, booked, owes, language="en",
                expires_at=clock.now() + timedelta(days=3), by=till.by,
            )  # fmt: skip
    else:
        request = till.asks(reservation=booked)

    with transaction(till.session):
        if ends == "no-show":
            reservations.no_show(till.session, booked, by=till.by)
        else:
            reservations.cancel(till.session, booked, reason="Ill", by=till.by)

    assert not request.is_open
    with pytest.raises(NotAsked, match="its booking is over"), transaction(till.session):
        intending.pay(till.session, request, words="x", consent=None, by=till.by)
    with transaction(till.session):
        assert asking.expire_due(till.session, till.house, by=till.by, limit=9) == 1
        reservations.reinstate(till.session, booked, by=till.by)
    assert request.state is RequestState.WITHDRAWN


@SQLITE_ONLY
def test_a_link_that_ended_with_its_booking_stays_over_when_that_is_reinstated(till):
    booked = till.books()
    with clock.set_to(clock.now() - timedelta(hours=2)):
        before = till.asks(reservation=booked)
        with transaction(till.session):
            checkout.withdraw(till.session, before, reason="Wrong amount", by=till.by)
    with clock.set_to(clock.now() - timedelta(hours=1)):
        old = till.asks(reservation=booked)
        assert checkout.ended_with(till.session, booked) == []
        till.session.rollback()
    with transaction(till.session):
        reservations.cancel(till.session, booked, reason="Ill", by=till.by)
    assert checkout.ended_with(till.session, booked) == [old]
    till.session.rollback()

    with transaction(till.session):  # within the worker's minute: it withdrew nothing yet
        reservations.reinstate(till.session, booked, by=till.by)

    assert not old.is_open
    with pytest.raises(NotAsked, match="ended with its booking"), transaction(till.session):
        intending.pay(till.session, old, words="x", consent=None, by=till.by)
    fresh = till.asks(reservation=booked)
    with transaction(till.session):
        assert asking.expire_due(till.session, till.house, by=till.by, limit=9) == 1
    assert (old.state, fresh.is_open) == (RequestState.WITHDRAWN, True)
    with transaction(till.session):
        reservations.cancel(till.session, booked, reason="Ill again", by=till.by)
        assert asking.expire_due(till.session, till.house, by=till.by, limit=9) == 1
    assert checkout.ended_with(till.session, booked) == [fresh]  # the worker wrote it down


# --- money that nobody waited for -----------------------------------------------------------------


@ONE_ENGINE
@pytest.mark.parametrize("what", ["cancelled", "withdrawn", "expired", "twice", "closed"])
def test_money_for_what_is_over_stays_the_guests(till, what):
    booked = till.books()
    if what == "closed":
        till.arrives(booked)
        folio = till.charges(booked)
        request = till.asks(Purpose.BALANCE, folio=folio)
    else:
        request = till.asks(reservation=booked)
    intent = till.opens(request)
    if what == "twice":
        till.pays(request)
    with transaction(till.session):
        if what == "cancelled":
            reservations.cancel(till.session, booked, reason="Ill", by=till.by)
        elif what == "withdrawn":
            checkout.withdraw(till.session, request, reason="Wrong", by=till.by)
        elif what == "closed":
            payments.pay(till.session, folio, amount=euros(12_000), method=payments.Method.CASH,
                         by=till.by)  # fmt: skip
            stay = stays.of(till.session, booked)
            stays.check_out(till.session, stay, charge_tonight=False, by=till.by)
    if what == "expired":
        with clock.set_to(clock.now() + timedelta(days=4)), transaction(till.session):
            asking.expire_due(till.session, till.house, by=till.by, limit=9)

    till.chooses(intent)
    till.looks(intent)

    assert intent.state is IntentState.SETTLED
    if what == "closed":
        assert (till.owes(folio), folio.state) == (-12_000, FolioState.OPEN)
    else:
        assert till.held(booked) == (24_000 if what == "twice" else 12_000)
    assert len(till.traced()) == 1
    assert "stand to the guest's credit" in till.traced()[0]


@SQLITE_ONLY
def test_an_answer_that_isnt_what_was_asked_for_is_put_aside(till):
    booked = till.books()
    intent = till.opens(till.asks(reservation=booked))
    till.chooses(intent)
    heard = till.gateways(till.house.code, Mode.PRACTICE).look(intent.object_id)

    for odd in (
        replace(heard, amount=euros(1)),
        replace(heard, amount=replace(heard.amount, currency="USD")),
        replace(heard, live=True),
        replace(heard, ours="1"),
    ):
        with transaction(till.session):
            settling.settle(till.session, intent, odd)
        assert (intent.state, till.held(booked)) == (IntentState.CALLED, 0)
        assert "put aside" in intent.refused

    assert len(till.traced()) == 4
    till.looks(intent)
    assert till.held(booked) == 12_000


# --- answers lost, webhooks, races ----------------------------------------------------------------


def test_webhooks_doubled_in_any_order_and_days_late_book_once(till):
    booked = till.books()
    intent = till.opens(till.asks(reservation=booked))
    till.chooses(intent, "declined")
    till.chooses(intent, "visa")
    told = till.news()

    for event in [*reversed(told), *told]:
        till.hears(event)
    till.works()
    with clock.set_to(clock.now() + timedelta(days=3)):
        for event in told:
            assert till.hears(event) is False
        till.works()

    assert till.held(booked) == 12_000
    assert till.clearing() == 12_000
    assert till.session.scalar(sa.select(sa.func.count()).select_from(GatewayPayment)) == 1


def test_webhook_return_page_and_reconciler_at_once_book_once(till, engine):
    booked = till.books()
    intent = till.opens(till.asks(reservation=booked))
    till.chooses(intent)
    heard = till.gateways(till.house.code, Mode.PRACTICE).look(intent.object_id)
    intent_id = intent.id
    till.session.rollback()

    ended = at_once(
        engine,
        lambda session: (
            settling.settle(
                session, session.get_one(checkout.Intent, (till.house.id, intent_id)), heard
            ).state
        ),
        times=3,
    )

    assert ended == [IntentState.SETTLED] * 3
    assert (till.held(booked), till.clearing()) == (12_000, 12_000)


@pytest.mark.parametrize("dies", ["before the call", "answer lost", "before settling"])
@pytest.mark.parametrize("late", [timedelta(minutes=2), timedelta(days=2)], ids=["soon", "late"])
@SQLITE_ONLY
def test_whatever_dies_between_the_steps_is_ended_by_the_reconciler(till, dies, late):
    booked = till.books()
    till.arrives(booked)
    folio = till.charges(booked)
    card = till.keeps(booked)
    with transaction(till.session):
        intent = intending.charge(till.session, card, amount=euros(12_000), reason="Late bar bill",
                                  by=till.by)  # fmt: skip
    if dies == "answer lost":
        till.practice.lose_replies = 1
        with pytest.raises(GatewayAway):
            intents.carry_out(till.session, intent, till.gateways)
    elif dies == "before settling":
        call = intents._call_of(till.session, till.house, intent, "")
        call(till.gateways(till.house.code, Mode.PRACTICE))
    assert intent.state is IntentState.INTENDED

    till.reconciles(after=late)

    never_left = dies == "before the call" and late > timedelta(days=1)
    assert till.intents()[-1].state is (IntentState.FAILED if never_left else IntentState.SETTLED)
    taken = 0 if never_left else 12_000
    assert (till.owes(folio), till.clearing()) == (12_000 - taken, taken)
    assert len(till.stripe.store.all(till.house.code, "charge")) == (0 if never_left else 1)


@SQLITE_ONLY
def test_a_page_whose_address_got_lost_comes_to_nothing(till):
    request = till.asks(reservation=till.books())
    till.practice.lose_replies = 1
    with pytest.raises(GatewayAway):
        till.opens(request)

    till.reconciles(after=timedelta(hours=2))

    assert [each.state for each in till.intents()] == [IntentState.FAILED]
    assert till.pays(request).state is IntentState.SETTLED
    till.practice.limited = 1
    with pytest.raises(GatewayAway):
        till.opens(till.asks(reservation=till.books(surname="Busy")))


# --- holds ----------------------------------------------------------------------------------------


def test_a_hold_is_taken_in_part_and_goes_on_the_folio(till, engine):
    booked = till.books()
    hold = till.holds(booked)
    assert holding.cover(till.session, booked)[0] == euros(20_000)
    till.arrives(booked)
    folio = till.charges(booked, 7_500)

    till.does(intending.capture, hold, amount=euros(7_500))

    assert (hold.state, hold.captured) == (HoldState.CAPTURED, 7_500)
    assert (till.owes(folio), till.clearing()) == (0, 7_500)
    assert holding.cover(till.session, booked)[0] == euros(0)
    with pytest.raises(HoldOver):
        till.does(intending.release, hold)


@SQLITE_ONLY
def test_a_hold_is_let_go_and_too_much_or_too_late_is_refused(till):
    booked = till.books()
    hold = till.holds(booked)
    with pytest.raises(MoreThanHeld):
        till.does(intending.capture, hold, amount=euros(20_001))
    with transaction(till.session):
        intending.capture(till.session, hold, by=till.by)
    with pytest.raises(HoldBusy):
        till.does(intending.release, hold)
    with transaction(till.session):
        settling.fail(till.session, till.intents()[-1], "undone")

    till.does(intending.release, hold)
    for event in till.news() * 2:
        till.hears(event)
    till.works()

    assert hold.state is HoldState.RELEASED
    assert till.clearing() == 0
    assert {job.error for job in till.session.scalars(sa.select(Job))} == {None}


@SQLITE_ONLY
def test_a_hold_that_turns_out_taken_is_booked_though_it_was_to_be_let_go(till):
    booked = till.books()
    hold = till.holds(booked)
    till.stripe.capture(hold.payment, {"amount_to_capture": 5_000})  # in the gateway's own pages

    till.does(intending.release, hold)

    assert (hold.state, hold.captured) == (HoldState.CAPTURED, 5_000)
    assert till.clearing() == till.held(booked) == 5_000
    assert "had been taken: €50.00 stand to the guest's credit" in till.traced()[0]


@SQLITE_ONLY
def test_what_was_held_anew_is_taken_once(till):
    booked = till.books(nights=20)
    first = till.holds(booked)
    till.does(intending.renew, first)

    with pytest.raises(HoldRenewed):
        till.does(intending.capture, first)
    till.does(intending.capture, holding.of_reservation(till.session, booked)[0])

    assert till.clearing() == 20_000


@ONE_ENGINE
def test_a_hold_past_its_date_covers_nothing(till):
    booked = till.books()
    hold = till.holds(booked)
    late = hold.capture_before + timedelta(hours=2)
    till.session.rollback()

    with clock.set_to(late):
        assert holding.cover(till.session, booked) == (euros(0), None)
        with pytest.raises(HoldLapsed):
            till.does(intending.capture, hold)
        with transaction(till.session):
            assert holding.lapse_due(till.session, till.house, by=till.by, limit=9) == 1

    assert hold.state is HoldState.LAPSED


@pytest.mark.parametrize("card", ["visa", "later"])
@SQLITE_ONLY
def test_a_hold_is_renewed_before_it_dies_or_the_desk_is_told(till, card):
    booked = till.books(nights=20)
    till.pays(till.asks(Purpose.HOLD, 20_000, reservation=booked), card)
    [first] = holding.of_reservation(till.session, booked)
    soon = first.capture_before - timedelta(hours=3)
    till.session.rollback()

    with clock.set_to(soon):
        till.reconciles(after=timedelta(0))
        till.reconciles(after=timedelta(minutes=5))
        amount, until = holding.cover(till.session, booked)

    assert amount == euros(20_000)
    holds = holding.of_reservation(till.session, booked)
    if card == "later":
        assert [hold.id for hold in holds] == [first.id]
        assert "couldn't be renewed" in till.traced()[0]
        return
    assert until > first.capture_before
    assert [hold.state for hold in holds] == [HoldState.HELD, HoldState.RELEASED]


# --- cards kept -----------------------------------------------------------------------------------


@ONE_ENGINE
def test_a_kept_card_pays_what_is_owed_and_no_more(till):
    booked = till.books()
    card = till.keeps(booked)
    with pytest.raises(MoreThanAgreed):
        till.does(intending.charge, card, amount=euros(1), reason="Whim")
    till.arrives(booked)
    folio = till.charges(booked)

    till.does(intending.charge, card, amount=euros(12_000), reason="Late bar bill")

    assert (till.owes(folio), till.clearing()) == (0, 12_000)
    consent = till.session.get_one(checkout.CardConsent, (till.house.id, card.consent_id))
    assert (consent.words, consent.address) == ("I agree.", "203.0.113.7")


@SQLITE_ONLY
def test_two_kept_cards_dont_both_pay_what_is_owed_once(till):
    booked = till.books()
    cards = [till.keeps(booked), till.keeps(booked)]
    till.arrives(booked)
    till.charges(booked)
    with transaction(till.session):  # on its way: the gateway hasn't answered
        intending.charge(
            till.session, cards[0], amount=euros(12_000), reason="Late bar bill", by=till.by
        )

    with pytest.raises(MoreThanAgreed):
        till.does(intending.charge, cards[1], amount=euros(12_000), reason="Late bar bill")


@SQLITE_ONLY
def test_a_card_is_forgotten_a_month_after_the_stay(till):
    booked = till.books(nights=1)
    card = till.keeps(booked)
    with transaction(till.session):
        reservations.cancel(till.session, booked, reason="Ill", by=till.by)
    till.reconciles()
    assert card.ended_at is None

    with transaction(till.session):
        till.house.business_date += timedelta(days=32)
    till.reconciles()

    till.session.refresh(card)
    assert card.ended_at is not None
    assert till.stripe.find(card.method)["customer"] is None


@SQLITE_ONLY
def test_a_kept_card_that_is_declined_is_a_task(till):
    booked = till.books()
    card = till.keeps(booked, "later")
    till.arrives(booked)
    folio = till.charges(booked)

    till.does(intending.charge, card, amount=euros(12_000), reason="No-show")

    assert till.intents()[-1].state is IntentState.FAILED
    assert till.owes(folio) == 12_000
    assert "declined for €120.00" in till.traced()[0]
    desk = make.by(till.session, till.house, Role.FRONT_DESK)
    till.session.commit()
    with pytest.raises(NotAllowed), transaction(till.session):
        intending.charge(till.session, card, amount=euros(1), reason="x", by=desk)


# --- refunds, disputes, payouts -------------------------------------------------------------------


@SQLITE_ONLY
def test_a_deposit_is_given_back_online_and_never_more_than_came(till):
    booked = till.books()
    intent = till.pays(till.asks(reservation=booked))
    of = till.session.get_one(GatewayPayment, (till.house.id, intent.gateway_payment_id))
    with pytest.raises(PaidOnline), transaction(till.session):
        payments.void(till.session, of.payment, reason="Wrong", by=till.by)

    till.does(intending.refund, of, amount=euros(2_000), reason="Discount", reservation=booked)
    with transaction(till.session):
        intending.refund(till.session, of, amount=euros(8_000), reason="x", reservation=booked,
                         by=till.by)  # fmt: skip
    with pytest.raises(MoreThanLeft), transaction(till.session):
        intending.refund(till.session, of, amount=euros(2_001), reason="x", reservation=booked,
                         by=till.by)  # fmt: skip

    assert (till.held(booked), till.clearing()) == (10_000, 10_000)
    till.reconciles()
    assert (till.held(booked), till.clearing()) == (2_000, 2_000)
    with pytest.raises(GatewayRefused):
        till.gateways(till.house.code, Mode.PRACTICE).refund(
            of.object_id, euros(9_000), ours="x", key="other"
        )


@pytest.mark.parametrize("won", [True, False], ids=["won", "lost"])
def test_a_dispute_moves_the_books_and_tells_the_desk(till, won):
    intent = till.pays(till.asks(reservation=till.books()))
    opened = till.stripe.open_dispute(intent.payment)
    for event in till.news():
        till.hears(event)
    till.works()
    assert (till.clearing(), till.clearing("clearing/disputed")) == (0, 12_000)

    till.stripe.close_dispute(opened["id"], won=won)
    for event in till.news() * 2:
        till.hears(event)
    till.works()

    [dispute] = disputes.listed(till.session, till.house)
    assert dispute.state is (DisputeState.WON if won else DisputeState.LOST)
    assert till.clearing() == (12_000 if won else 0)
    assert till.clearing("clearing/disputed") == 0
    assert len(till.traced()) == 2


def test_payouts_explain_the_clearing_account_and_show_what_they_cant(till):
    intent = till.pays(till.asks(reservation=till.books()))
    till.stripe.pay_out()
    gateway = till.gateways(till.house.code, Mode.PRACTICE)
    page = till.stripe.open_session({"mode": "payment", "line_items": [
        {"quantity": 1, "price_data": {"currency": "eur", "unit_amount": 900}}]}, "")  # fmt: skip
    till.stripe.choose(page["id"], "visa")
    till.stripe.pay_out()

    assert following.fetch_payouts(till.session, till.house, till.gateways) == 2
    assert following.fetch_payouts(till.session, till.house, till.gateways) == 0

    stands = payouts.owed(till.session, till.house)
    [odd] = payouts.unexplained(till.session, till.house)
    assert (stands.clearing, stands.not_paid_out) == (euros(-900), euros(0))
    assert (odd.gross, stands.unexplained) == (900, euros(900))
    assert till.clearing("clearing/stripe-fees") == (180 + 25) + (13 + 25)
    assert len(gateway.payouts()) == 2
    assert intent.state is IntentState.SETTLED


# --- round the Python -----------------------------------------------------------------------------


def test_the_database_itself_books_one_object_once_and_gives_no_more_back(till):
    intent = till.pays(till.asks(reservation=till.books()))
    row = till.session.get_one(GatewayPayment, (till.house.id, intent.gateway_payment_id))
    values = {
        "hotel_id": row.hotel_id, "id": 1, "payment_id": row.payment_id, "mode": row.mode,
        "object_id": row.object_id, "amount": 1, "gives_back_id": None,
    }  # fmt: skip
    hold = till.holds(till.books(surname="Held"))
    spoiled = (
        sa.insert(GatewayPayment).values(**values),
        sa.insert(GatewayPayment).values(
            **values | {"amount": -12_001, "gives_back_id": row.id, "object_id": "re_1"}
        ),
        sa.update(GatewayPayment).values(amount=1),
        sa.update(checkout.Intent).where(checkout.Intent.id == intent.id).values(amount=1),
        sa.update(checkout.Intent)
        .where(checkout.Intent.id == intent.id)
        .values(state=IntentState.FAILED),
        sa.update(checkout.CardHold).values(amount=hold.amount + 1),
        sa.update(checkout.CardHold).values(captured=hold.amount + 1),
        sa.update(checkout.PaymentRequest).values(amount=-1),
        sa.delete(checkout.CardConsent),
    )

    for statement in spoiled:
        till.session.rollback()
        with pytest.raises(sa.exc.IntegrityError):
            till.session.execute(statement)
    till.session.rollback()
    assert online.left(till.session, row) == 12_000
