"""Payments: taken, given back, voided, tied out; what the slip says, and never a card number."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pms.base import card_numbers
from pms.base.db import new_id
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios, ledger, payments
from pms.hotel.books.folios import Folio
from pms.hotel.books.payments import Method, Payment, PaymentKind, TerminalBatch
from pms.hotel.house import logbook
from pms.hotel.house.staff import NotAllowed, Role, Staff
from tests import make
from tests.engines import ONE_ENGINE
from tests.hotel.books.days import roll
from tests.hotel.books.races import at_once


def euros(minor):
    return Money(minor, "EUR")


@pytest.fixture
def house(session):
    return make.hotel(session)


@pytest.fixture
def by(session, house):
    return make.by(session, house)


@pytest.fixture
def folio(session, house):
    return make.folio(session, house, windows=2)


def balance(session, folio, window=1):
    return folios.balance_of(session, folio)[window].minor


def test_money_of_each_kind_has_its_account(session, house, by, folio):
    payments.pay(session, folio, amount=euros(100), method=Method.CASH, by=by)
    payments.pay(session, folio, amount=euros(20), method=Method.CARD, card=make.slip(), by=by)
    payments.pay(
        session, folio, window=2, amount=euros(3), method=Method.TRANSFER, reference="T-1", by=by
    )

    assert (balance(session, folio), balance(session, folio, 2)) == (-120, -3)
    assert ledger.open_balances(session, house, ledger.Ledger.CASH) == {"cash": 100}
    assert ledger.open_balances(session, house, ledger.Ledger.CLEARING) == {
        "clearing/card/visa": 20,
        "clearing/transfer": 3,
    }
    assert [line.verb for line in logbook.history(session, folio)][:3] == ["paid"] * 3


@ONE_ENGINE
def test_a_card_payment_keeps_its_slip(session, by, folio):
    payment = payments.pay(
        session, folio, amount=euros(20), method=Method.CARD, card=make.slip(), by=by
    )

    assert (payment.brand, payment.last_four, payment.authorisation) == ("Visa", "1111", "A1B2")
    assert (payment.terminal, payment.batch, payment.staff_id) == ("T1", "7", by.id)


def test_what_is_given_back_or_taken_off_with_a_key_is_so_once(session, house, by, folio):
    bar = make.charge_code(session, house, "BAR")
    charge = folios.charge(session, folio, code=bar, amount=euros(20), by=by)
    folios.set_limits(session, house, {Role.MANAGER: euros(20)}, by=by)
    off = {
        "code": bar, "amount": euros(-20), "reason": "Cold", "concerns": charge, "key": "desk/7",
        "by": by,
    }  # fmt: skip
    back = {
        "amount": euros(20), "method": Method.CASH, "reason": "Sorry", "key": "desk/8", "by": by,
    }  # fmt: skip

    payments.pay(session, folio, amount=euros(20), method=Method.CASH, by=by)
    adjusted, given = folios.adjust(session, folio, **off), payments.refund(session, folio, **back)

    assert folios.adjust(session, folio, **off) is adjusted
    assert payments.refund(session, folio, **back) is given
    assert balance(session, folio) == 0
    with pytest.raises(ledger.KeyUsedForOther), session.begin_nested():
        payments.refund(session, folio, **back | {"amount": euros(10)})


def test_a_payment_with_a_key_is_made_once(session, by, folio):
    details = {"amount": euros(20), "method": Method.CASH, "key": "desk/9", "by": by}

    first = payments.pay(session, folio, **details)
    again = payments.pay(session, folio, **details)

    assert first is again
    assert balance(session, folio) == -20
    with pytest.raises(ledger.KeyUsedForOther):
        payments.pay(session, folio, **{**details, "amount": euros(21)})


@ONE_ENGINE
def test_odd_payments_are_refused(session, house, by, folio):
    card = make.slip()
    for refusal, words, details in (
        (payments.AmountNotPositive, "above zero", {"amount": euros(0)}),
        (payments.AmountNotPositive, "above zero", {"amount": euros(-1)}),
        (Invalid, "counts in EUR", {"amount": Money(1, "USD")}),
        (payments.CardSlipNeeded, "Copy the terminal's slip", {"method": Method.CARD}),
        (payments.CardSlipNeeded, "Only a card payment", {"card": card}),
        (Invalid, "last four", {"method": Method.CARD, "card": replace(card, last_four="12")}),
        (
            payments.CardSlipNeeded,
            "Copy",
            {"method": Method.CARD, "card": replace(card, terminal=" ")},
        ),
        (
            Invalid,
            "at most 24",
            {"method": Method.CARD, "card": replace(card, batch="9" * 25)},
        ),
        (
            card_numbers.LooksLikeACardNumber,
            "keeps none",
            {"method": Method.CARD, "card": replace(card, authorisation="4111111111111111")},
        ),
        (card_numbers.LooksLikeACardNumber, "keeps none", {"reference": "4111 1111 1111 1111"}),
        (folios.NoSuchWindow, "no window 5", {"window": 5}),
    ):
        asked = {"amount": euros(1), "method": Method.CASH, **details}
        with pytest.raises(refusal, match=words):
            payments.pay(session, folio, **asked, by=by)
    with pytest.raises(NotAllowed):
        payments.pay(
            session,
            folio,
            amount=euros(1),
            method=Method.CASH,
            by=make.by(session, house, Role.HOUSEKEEPER),
        )
    assert balance(session, folio) == 0


@ONE_ENGINE
def test_at_most_what_is_in_credit_is_refunded(session, house, by, folio):
    payments.pay(session, folio, amount=euros(100), method=Method.CASH, by=by)

    with pytest.raises(payments.MoreThanOwed, match=r"At most €1.00"):
        payments.refund(
            session, folio, amount=euros(101), method=Method.CASH, reason="change", by=by
        )
    refund = payments.refund(
        session, folio, amount=euros(100), method=Method.CASH, reason="overpaid", by=by
    )

    assert (balance(session, folio), refund.amount, refund.kind) == (0, -100, PaymentKind.REFUND)
    assert logbook.history(session, folio)[0].verb == "refunded"
    for role, reason, refusal in (
        (Role.FRONT_DESK, "x", NotAllowed),
        (Role.MANAGER, "", Invalid),
    ):
        with pytest.raises(refusal):
            payments.refund(
                session,
                folio,
                amount=euros(1),
                method=Method.CASH,
                reason=reason,
                by=make.by(session, house, role),
            )


def test_a_wrong_slip_is_voided_on_its_day_once(session, house, by, folio):
    payment = payments.pay(
        session, folio, amount=euros(100), method=Method.CARD, card=make.slip(), by=by
    )

    voided = payments.void(session, payment, reason="wrong amount", by=by)

    assert balance(session, folio) == 0
    assert (voided.amount, voided.terminal, voided.kind) == (-100, "T1", PaymentKind.VOID)
    for again in (payment, voided):
        with pytest.raises(payments.VoidedAlready):
            payments.void(session, again, reason="again", by=by)
    assert logbook.history(session, payment)[0].why == "wrong amount"
    old = payments.pay(session, folio, amount=euros(1), method=Method.CASH, by=by)
    roll(session, house)
    with pytest.raises(Invalid, match="Refund it instead"):
        payments.void(session, old, reason="late", by=by)


@ONE_ENGINE
def test_a_moved_payment_is_not_voided_where_it_was(session, house, by, folio):
    payment = payments.pay(session, folio, amount=euros(100), method=Method.CASH, by=by)
    entry = session.get_one(ledger.Entry, (house.id, payment.entry_id))
    folios.transfer(session, entry, to_folio=folio, to_window=2, by=by)

    with pytest.raises(folios.MovedOn):
        payments.void(session, payment, reason="x", by=by)

    assert (balance(session, folio), balance(session, folio, 2)) == (0, -100)


def test_one_credit_refunded_at_once_is_given_back_once(engine, session, house, by, folio):
    payments.pay(session, folio, amount=euros(100), method=Method.CASH, by=by)
    session.commit()

    def deed(other):
        return payments.refund(
            other,
            other.get_one(Folio, (house.id, folio.id)),
            amount=euros(100),
            method=Method.CASH,
            reason="overpaid",
            by=other.get_one(Staff, (by.chain_id, by.id)),
        )

    answers = at_once(engine, deed, times=3)

    assert sorted(type(each).__name__ for each in answers) == [
        "MoreThanOwed",
        "MoreThanOwed",
        "Payment",
    ]
    assert balance(session, folio) == 0


@pytest.mark.parametrize("deed", ["UPDATE payments SET amount = amount", "DELETE FROM payments"])
def test_the_database_itself_refuses_to_change_a_payment(session, by, folio, deed):
    payments.pay(session, folio, amount=euros(1), method=Method.CASH, by=by)

    with pytest.raises(IntegrityError, match="written in ink"):
        session.execute(sa.text(deed))


def test_the_database_itself_refuses_a_second_void(session, by, folio):
    payment = payments.pay(session, folio, amount=euros(1), method=Method.CASH, by=by)
    payments.void(session, payment, reason="x", by=by)
    other = payments.pay(session, folio, amount=euros(1), method=Method.CASH, by=by)
    twin = {column.name: getattr(payment, column.name) for column in Payment.__table__.columns} | {
        "id": new_id(),
        "voids_id": payment.id,
        "kind": "void",
        "entry_id": other.entry_id,
    }

    with pytest.raises(IntegrityError, match="voids_id"):
        session.execute(sa.insert(Payment.__table__), [twin])


def test_a_terminals_batch_is_tied_out_once_and_the_difference_shown(session, house, by, folio):
    for amount, batch in ((100, "7"), (50, "7"), (20, "8")):
        payments.pay(
            session,
            folio,
            amount=euros(amount),
            method=Method.CARD,
            card=make.slip(batch=batch),
            by=by,
        )

    tied = payments.tie_out(session, house, terminal="T1", batch="7", counted=euros(149), by=by)
    stray = payments.tie_out(session, house, terminal="T2", batch="1", counted=euros(5), by=by)

    assert (tied.recorded, tied.difference, stray.difference) == (150, -1, 5)
    assert payments.batches(session, house, make.DAY) == [
        payments.Batch(make.DAY, "T1", "7", 2, 150, (tied,)),
        payments.Batch(make.DAY, "T1", "8", 1, 20),
        payments.Batch(make.DAY, "T2", "1", 0, 0, (stray,)),
    ]
    assert logbook.history(session, tied)[0].verb == "tied out"
    tomorrow = make.DAY + timedelta(days=1)
    never = payments.uncounted(session, house, tomorrow)
    assert never == [payments.Batch(make.DAY, "T1", "8", 1, 20)]
    with pytest.raises(payments.BatchTiedOut, match="Batch 7 of terminal T1"):
        payments.tie_out(session, house, terminal="T1", batch="7", counted=euros(150), by=by)
    with pytest.raises(NotAllowed):
        payments.tie_out(
            session,
            house,
            terminal="T1",
            batch="8",
            counted=euros(20),
            by=make.by(session, house, Role.RESERVATIONS),
        )


def test_a_batch_is_counted_again_for_a_reason_and_stands_open_when_money_moved(
    session, house, by, folio
):
    def paid(amount):
        payments.pay(
            session, folio, amount=euros(amount), method=Method.CARD, card=make.slip(batch="7"),
            by=by,
        )  # fmt: skip

    batch = {"terminal": "T1", "batch": "7"}
    boss, clerk = make.by(session, house, Role.MANAGER), make.by(session, house, Role.FRONT_DESK)
    again = {**batch, "counted": euros(100), "reason": "Misread", "by": boss}
    paid(100)
    with pytest.raises(payments.NeverCounted, match="Batch 7 of terminal T1 wasn't counted"):
        payments.recount(session, house, **again)
    payments.tie_out(session, house, **batch, counted=euros(1), by=clerk)
    with pytest.raises(Invalid, match="Say why"):
        payments.recount(session, house, **again | {"reason": " "})
    with pytest.raises(NotAllowed):
        payments.recount(session, house, **again | {"by": clerk})

    right = payments.recount(session, house, **again)

    [now] = payments.batches(session, house, make.DAY)
    assert [each.counted for each in now.counts] == [1, 100]
    assert (now.counted, now.difference, now.is_open) == (100, 0, False)
    line = logbook.history(session, right)[0]
    assert (line.verb, line.why, line.before) == (
        "counted again",
        "Misread",
        {"counted": "0.01 EUR"},
    )
    paid(50)
    [moved] = payments.batches(session, house, make.DAY)
    assert moved.is_open
    assert payments.uncounted(session, house, make.DAY + timedelta(days=1)) == [moved]
    last = payments.tie_out(session, house, **batch, counted=euros(150), by=clerk)
    assert (last.no, last.recorded, last.reason) == (3, 150, "The books moved after the count")


@pytest.mark.parametrize(
    ("changed", "says"),
    [({"no": 3}, "numbered in turn"), ({"reason": None}, "counted_again_for_a_reason")],
)
def test_the_database_numbers_counts_and_wants_a_reason(session, house, by, changed, says):
    first = payments.tie_out(session, house, terminal="T1", batch="7", counted=euros(5), by=by)
    row = {column.name: getattr(first, column.name) for column in TerminalBatch.__table__.columns}
    row |= {"id": new_id(), "no": 2, "reason": "Misread"} | changed

    with pytest.raises(IntegrityError, match=says):
        session.execute(sa.insert(TerminalBatch.__table__), [row])
