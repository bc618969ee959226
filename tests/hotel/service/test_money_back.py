"""Money back: on its way, in cash beside it, sent back by the bank; put aside; whose payouts."""

from dataclasses import replace
from itertools import count

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from pms.base.db import transaction
from pms.base.gateway import GatewayRefused, Mode
from pms.base.refusal import Refusal
from pms.hotel.books import folios, papers, payments
from pms.hotel.books.payments import CreditOnItsWay, CreditReserve, Method, Payment, online
from pms.hotel.books.payments.online import GatewayPayment
from pms.hotel.house import logbook, staff
from pms.hotel.house.hotels import Chain
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.service import checkout
from pms.hotel.service.checkout import (
    IntentState,
    Purpose,
    following,
    intending,
    intents,
    payouts,
    putting_aside,
    refundable,
    settling,
)
from pms.hotel.service.checkout.refusals import AccountInUse, MoreThanLeft
from pms.hotel.stays import reservations, settlements, stays
from tests import make, prepaid
from tests.hotel.books.races import at_once
from tests.hotel.service.paying import Till, euros
from tests.web.conftest import SQLITE_ONLY


@pytest.fixture
def till(session):
    till = Till(session)
    yield till
    till.practice.store.close()


def given_back(till, minor=2_000):
    """A party whose deposit was paid online and given back in part: the party and the intent."""
    booked = till.books()
    paid = till.pays(till.asks(reservation=booked))
    of = till.session.get_one(GatewayPayment, (till.house.id, paid.gateway_payment_id))
    back = till.does(intending.refund, of, amount=euros(minor), reason="Less", reservation=booked)
    return booked, back


def test_a_refund_that_the_bank_sends_back_is_in_the_books_again_once(till):
    booked, back = given_back(till)
    assert (till.held(booked), till.clearing()) == (10_000, 10_000)
    till.stripe.return_refund(back.object_id)

    for event in till.news() * 2:
        till.hears(event)
        till.works()
    till.looks(back)

    assert (till.held(booked), till.clearing()) == (12_000, 12_000)
    [said] = till.traced()
    assert "sent €20.00 back" in said
    assert "Give them back in cash or by transfer" in said
    account = till.session.scalar(sa.select(Payment.account_id).limit(1))
    some = refundable.refundable(till.session, till.house, account_ids=[account])
    assert [left for _, left in some] == [euros(10_000)]
    till.session.rollback()
    till.stripe.pay_out()
    following.fetch_payouts(till.session, till.house, till.gateways)
    assert payouts.unexplained(till.session, till.house) == []
    assert payouts.owed(till.session, till.house).adds_up


def test_of_two_refunds_of_a_payment_the_one_that_came_back_is_booked(till):
    booked, first = given_back(till, 2_000)
    of = till.session.get_one(GatewayPayment, (till.house.id, first.of_id))
    till.does(intending.refund, of, amount=euros(3_000), reason="Sorry", reservation=booked)
    till.stripe.return_refund(first.object_id)

    for event in till.news():
        till.hears(event)
    till.works()

    assert (till.held(booked), till.clearing()) == (9_000, 9_000)
    [said] = till.traced()
    assert "sent €20.00 back" in said


@SQLITE_ONLY
def test_a_deposit_paid_online_is_taxed_and_its_refund_credits_its_own_invoice(session):
    with transaction(session):
        house = prepaid.house(session)
    till = Till(session, house=house)
    booked = till.books()
    paid = till.pays(till.asks(minor=10_400, reservation=booked))
    of = session.get_one(GatewayPayment, (house.id, paid.gateway_payment_id))
    with transaction(session):
        prepaid.deposit(session, booked)
        invoice = prepaid.deposit_invoice(session, of.payment)
    assert (invoice.tax, prepaid.open_tax(session, house)) == (654, 1_308)
    session.rollback()

    back = till.does(
        intending.refund, of, amount=euros(10_400), reason="Ill", reservation=booked
    )  # of the older deposit
    assert prepaid.open_tax(session, house) == 654
    assert [note.tax for note in papers.notes_of(session, invoice)] == [654]
    session.rollback()
    till.stripe.return_refund(back.object_id)
    for event in till.news():
        till.hears(event)
        till.works()

    assert prepaid.open_tax(session, house) == 1_308
    assert prepaid.wrong(session, house) == []
    till.practice.store.close()


@SQLITE_ONLY
def test_what_came_back_isnt_given_back_through_the_gateway_again(till):
    booked, back = given_back(till, 12_000)
    till.stripe.return_refund(back.object_id)
    till.stripe.pay_out()
    following.fetch_payouts(till.session, till.house, till.gateways)  # its event never came
    came = online.booked(till.session, till.house, f"{back.object_id}{online.RETURNED}")
    till.session.rollback()

    with pytest.raises(MoreThanLeft), transaction(till.session):
        intending.refund(till.session, came, amount=euros(1), reason="x", reservation=booked,
                         by=till.by)  # fmt: skip
    with transaction(till.session):
        settlements.return_deposit(till.session, booked, method=Method.CASH, reason="Ill",
                                   by=till.by)  # fmt: skip
    assert till.held(booked) == 0


def going_back(till, minor=12_000):
    """A party whose deposit is on its way back online: the party, the payment, the intent."""
    booked = till.books()
    paid = till.pays(till.asks(reservation=booked))
    of = till.session.get_one(GatewayPayment, (till.house.id, paid.gateway_payment_id))
    with transaction(till.session):
        going = intending.refund(
            till.session, of, amount=euros(minor), reason="Ill", reservation=booked, by=till.by
        )
    return booked, of, going


def in_cash(till, booked, minor=12_000):
    with transaction(till.session):
        return settlements.return_deposit(
            till.session, booked, amount=euros(minor), method=Method.CASH, reason="Ill", by=till.by
        )


@SQLITE_ONLY
def test_credit_on_its_way_back_isnt_given_back_in_cash(till):
    booked, _of, going = going_back(till, 9_000)

    with pytest.raises(CreditOnItsWay, match=r"of €90.00 .* at most €30.00 .* end it under"):
        in_cash(till, booked, 3_001)
    in_cash(till, booked, 1_000)
    till.arrives(booked)
    folio = settlements.folio_of(till.session, booked, by=till.by)
    with pytest.raises(CreditOnItsWay, match=r"at most €20\.00"), transaction(till.session):
        payments.refund(till.session, folio, amount=euros(11_000), method=Method.CASH,
                        reason="Ill", by=till.by)  # fmt: skip

    intents.carry_out(till.session, going, till.gateways)
    assert till.owes(folio) == -2_000
    assert till.session.scalar(sa.select(sa.func.count()).select_from(CreditReserve)) == 0


@SQLITE_ONLY
def test_credit_on_its_way_back_is_neither_moved_nor_paid_out_elsewhere(till):
    booked, _of, going = going_back(till, 9_000)
    till.arrives(booked)
    with transaction(till.session):
        folio = settlements.folio_of(till.session, booked, by=till.by)
        folios.open_window(till.session, folio, no=2, by=till.by)
        code = make.charge_code(till.session, till.house, "BAR")
        beer = folios.charge(till.session, folio, code=code, amount=euros(3_001), window=2,
                             by=till.by)  # fmt: skip
    here = {"by": till.by}
    there = {"to_folio": folio, **here}

    for deed in (
        lambda: folios.transfer_balance(till.session, folio, to_window=2, **there),
        lambda: folios.transfer_balance(
            till.session, folio, to_window=2, amount=euros(-3_001), **there
        ),
        lambda: folios.transfer_balance(till.session, folio, window=2, **there),
        lambda: folios.transfer(till.session, beer, **there),
        lambda: payments.pay_out(till.session, folio, amount=euros(3_001), words="Taxi", **here),
    ):
        with pytest.raises(CreditOnItsWay, match=r"at most €30\.00"), transaction(till.session):
            deed()
    with transaction(till.session):
        folios.split(till.session, beer, amount=euros(1_000), **there)
        folios.transfer_balance(till.session, folio, to_window=2, amount=euros(-1_000), **there)
        payments.pay_out(till.session, folio, amount=euros(1_000), words="Taxi", **here)

    intents.carry_out(till.session, going, till.gateways)
    assert [each.minor for each in folios.balance_of(till.session, folio).values()] == [0, 1_001]


def undo_arrival(till, stay):
    with transaction(till.session):
        stays.undo_check_in(till.session, stay, reason="Wrong party", by=till.by)


@SQLITE_ONLY
def test_a_check_in_is_undone_with_the_deposits_refund_on_its_way(till):
    booked, _of, going = going_back(till, 9_000)
    stay = till.arrives(booked)

    undo_arrival(till, stay)
    with pytest.raises(CreditOnItsWay, match=r"at most €30\.00"):
        in_cash(till, booked, 3_001)
    intents.carry_out(till.session, going, till.gateways)

    assert till.held(booked) == 3_000


@SQLITE_ONLY
def test_a_check_in_isnt_undone_while_the_folio_gives_the_deposit_back(till):
    """Its refund is booked on the folio: with the deposit gone from there, the folio would owe."""
    booked = till.books()
    paid = till.pays(till.asks(reservation=booked))
    stay = till.arrives(booked)
    of = till.session.get_one(GatewayPayment, (till.house.id, paid.gateway_payment_id))
    with transaction(till.session):
        folio = settlements.folio_of(till.session, booked, by=till.by)
        going = intending.refund(
            till.session, of, amount=euros(5_000), reason="Less", folio=folio, by=till.by
        )

    with pytest.raises(CreditOnItsWay, match=r"of €50\.00 .* at most €70\.00"):
        undo_arrival(till, stay)
    with transaction(till.session):  # other credit that covers it may stay behind
        payments.pay(till.session, folio, amount=euros(5_000), method=Method.CASH, by=till.by)
    undo_arrival(till, stay)
    assert (till.held(booked), till.owes(folio)) == (12_000, -5_000)
    intents.carry_out(till.session, going, till.gateways)

    assert (till.held(booked), till.owes(folio)) == (12_000, 0)


@SQLITE_ONLY
def test_a_fee_takes_of_a_deposit_what_isnt_on_its_way_back(till):
    booked, _of, going = going_back(till, 9_000)
    with transaction(till.session):
        code = make.charge_code(till.session, till.house, "FEE")
        reservations.cancel(till.session, booked, reason="Ill", by=till.by)
        settlements.keep_deposit(till.session, booked, fee=euros(5_000), code=code, by=till.by)

    intents.carry_out(till.session, going, till.gateways)

    assert till.held(booked) == 0
    assert settlements.open_balances(till.session, booked) == {1: euros(2_000)}


@SQLITE_ONLY
def test_a_refund_that_comes_to_nothing_keeps_no_credit_back(till):
    booked, of, going = going_back(till)
    till.stripe.open_dispute(of.object_id)

    with pytest.raises(GatewayRefused):
        intents.carry_out(till.session, going, till.gateways)

    assert in_cash(till, booked).amount == -12_000


def test_cash_and_an_online_refund_at_once_give_the_credit_back_once(till, engine):
    booked = till.books()
    paid = till.pays(till.asks(reservation=booked))
    of_id = (till.house.id, paid.gateway_payment_id)
    till.session.rollback()
    turns = count()

    def give_back(session):
        there = till.another(session)
        party = session.get_one(type(booked), (booked.hotel_id, booked.id))
        if next(turns) == 0:
            return intending.refund(
                session, session.get_one(GatewayPayment, of_id), amount=euros(12_000),
                reason="Ill", reservation=party, by=there.by,
            )  # fmt: skip
        return settlements.return_deposit(
            session, party, amount=euros(12_000), method=Method.CASH, reason="Ill", by=there.by
        )

    answers = at_once(engine, give_back)

    assert len([each for each in answers if isinstance(each, Refusal)]) == 1, answers
    till.reconciles()
    assert till.held(booked) == 0


def test_the_database_itself_keeps_reserved_credit(till):
    booked, of, _going = going_back(till)
    session = till.session
    account_id = of.payment.account_id
    day = till.house.business_date
    with pytest.raises(DBAPIError, match="on its way back online"), transaction(session):
        payments.give_back(
            session, till.house, booked, account_id=account_id, amount=euros(1),
            method=Method.CASH, card=None, reason="Round the check", day=day, by=till.by,
        )  # fmt: skip


@SQLITE_ONLY
def test_credit_that_was_used_while_it_went_back_is_told(till):
    booked = till.books()
    till.arrives(booked)
    folio = till.charges(booked)
    paid = till.pays(till.asks(Purpose.BALANCE, folio=folio))
    of = till.session.get_one(GatewayPayment, (till.house.id, paid.gateway_payment_id))
    with transaction(till.session):
        code = make.charge_code(till.session, till.house, "BAR")
        less = folios.adjust(till.session, folio, code=code, amount=euros(-12_000), reason="Cold",
                             window=1, by=till.by)  # fmt: skip
        going = intending.refund(
            till.session, of, amount=euros(12_000), reason="Cold", folio=folio, by=till.by
        )
        folios.void(till.session, less, reason="Was warm", by=till.by)

    intents.carry_out(till.session, going, till.gateways)

    assert "the credit was gone: €120.00 are owed now" in till.traced()[0]


# --- put aside, and accounts ----------------------------------------------------------------------


@SQLITE_ONLY
def test_what_is_put_aside_is_ended_by_who_may_and_frees_what_it_kept(till):
    booked, of, going = going_back(till)
    heard = till.gateways(till.house.code, Mode.PRACTICE).refund(
        of.object_id, euros(12_000), ours=settling.ours(going), key="else"
    )
    with transaction(till.session):
        settling.settle(till.session, going, replace(heard, amount=euros(11_999)))
    assert putting_aside.standing(till.session, till.house) == [going]
    with transaction(till.session):
        desk = make.by(till.session, till.house, Role.FRONT_DESK)
    with pytest.raises(NotAllowed), transaction(till.session):
        putting_aside.end(till.session, going, reason="Looked", by=desk)

    with transaction(till.session):
        putting_aside.end(till.session, going, reason="Never sent", by=till.by)

    assert (going.state, putting_aside.standing(till.session, till.house)) == (
        IntentState.FAILED, []
    )  # fmt: skip
    with pytest.raises(putting_aside.NotPutAside), transaction(till.session):
        putting_aside.end(till.session, going, reason="Again", by=till.by)
    [line, *_] = logbook.history(till.session, going)
    assert (line.verb, line.why) == ("ended what was put aside", "Never sent")
    till.session.rollback()
    with transaction(till.session):  # the right answer came after all
        settling.settle(till.session, going, heard)
    assert (going.state, till.held(booked)) == (IntentState.SETTLED, 0)


@SQLITE_ONLY
def test_a_page_that_was_ended_stays_so_while_it_is_open(till):
    intent = till.opens(till.asks(reservation=till.books()))
    heard = till.gateways(till.house.code, Mode.PRACTICE).look(intent.object_id)
    with transaction(till.session):
        settling.settle(till.session, intent, replace(heard, live=True))
        putting_aside.end(till.session, intent, reason="Not ours", by=till.by)

    till.looks(intent)

    assert intent.state is IntentState.FAILED


@SQLITE_ONLY
def test_two_hotels_on_one_account_dont_both_book_its_payouts(till):
    till.pays(till.asks(reservation=till.books()))
    till.stripe.pay_out()
    mine = till.gateways(till.house.code, Mode.PRACTICE)
    with transaction(till.session):
        other = make.hotel(till.session, code="TWIN", chain=till.session.get_one(
            Chain, till.house.chain_id))  # fmt: skip
        by = make.by(till.session, other)
        staff.the_house(till.session, other)
        checkout.set_mode(till.session, other, Mode.PRACTICE, by=by)
    assert following.fetch_payouts(till.session, till.house, till.gateways) == 1

    with pytest.raises(AccountInUse, match=f"{till.house.code} takes its money through that same"):
        following.fetch_payouts(till.session, other, lambda code, mode: mine)
    with transaction(till.session):
        checkout.set_mode(till.session, other, None, by=by)
    with pytest.raises(AccountInUse), transaction(till.session):
        checkout.set_mode(till.session, other, Mode.PRACTICE, account=mine.account(), by=by)

    assert payouts.listed(till.session, other) == []


def test_the_database_itself_gives_an_account_to_one_hotel(till):
    with transaction(till.session):
        other = make.hotel(till.session, code="TWIN")
        by = make.by(till.session, other)
        checkout.set_mode(till.session, other, Mode.PRACTICE, by=by)
    with pytest.raises(IntegrityError), transaction(till.session):
        till.session.execute(sa.text("UPDATE checkout_settings SET account = 'acct_1'"))
