"""Deposits that were written down wrongly: voided, and what rested on them follows."""

import pytest
import sqlalchemy as sa

from pms.base.money import Money
from pms.hotel.books import papers, payments
from pms.hotel.books.payments import Method, MoreThanOwed
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.stays import settlements, stays
from pms.hotel.stays.reservations import Guarantee
from pms.hotel.stays.traces import Trace
from tests import make, prepaid
from tests.engines import ONE_ENGINE

STAY, VAT = 20_800, 1_308  # two nights for two at 100.00, of which 7 % are in 200.00


@pytest.fixture
def house(session):
    return prepaid.house(session)


@pytest.fixture
def by(session, house):
    return make.by(session, house)


@pytest.fixture
def booked(session, house):
    return make.reservation(session, house, nights=2)


def voids(session, payment, by):
    return settlements.void_payment(session, payment, reason="Another guest's", by=by)


def test_the_guarantee_follows_a_deposit_that_is_voided(session, house, by, booked):
    first, second = (prepaid.deposit(session, booked, minor) for minor in (10_400, 1_000))
    assert booked.guarantee is Guarantee.DEPOSIT
    promised_at = booked.promised_at

    voids(session, first, by)
    assert booked.guarantee is Guarantee.DEPOSIT  # something is held
    voids(session, second, by)

    assert booked.guarantee is Guarantee.NONE
    assert booked.promised_at > promised_at  # nobody loses the room at that moment
    assert settlements.deposit_held(session, booked).minor == 0
    assert prepaid.open_tax(session, house) == 0
    assert prepaid.wrong(session, house) == []


@ONE_ENGINE
def test_what_wasnt_given_back_after_all_guarantees_again(session, house, by, booked):
    prepaid.deposit(session, booked)
    back = settlements.return_deposit(session, booked, method=Method.CASH, reason="Ill", by=by)
    assert booked.guarantee is Guarantee.NONE

    voids(session, back, by)

    assert booked.guarantee is Guarantee.DEPOSIT
    assert prepaid.open_tax(session, house) == VAT // 2
    assert prepaid.wrong(session, house) == []


def test_what_was_above_the_price_is_the_stays_once_another_deposit_is_voided(
    session, house, by, booked
):
    first, second = (prepaid.deposit(session, booked, minor) for minor in (10_400, 20_000))
    invoice = prepaid.deposit_invoice(session, second)
    assert (invoice.gross, invoice.data["above_price"]) == (10_400, 9_600)

    voids(session, first, by)

    assert prepaid.open_tax(session, house) == prepaid.owed_tax(session, house)
    label = papers.of_payments(session, house, [second.id])[second.id][1]
    more = papers.by_number(session, house, label)
    assert (more.id == invoice.id, more.gross) == (False, 9_600)
    assert invoice.tax + more.tax == prepaid.open_tax(session, house)
    [trace] = session.scalars(sa.select(Trace)).all()
    assert label in trace.words
    assert prepaid.wrong(session, house) == []


@ONE_ENGINE
def test_a_deposit_is_voided_by_who_may_refund_and_while_it_is_held(session, house, by, booked):
    paid = prepaid.deposit(session, booked)
    with pytest.raises(NotAllowed):
        voids(session, paid, make.by(session, house, Role.FRONT_DESK))
    stays.check_in(session, booked, room=make.room(session, house), by=by)

    with pytest.raises(MoreThanOwed):
        voids(session, paid, by)
    folio = settlements.folio_of(session, booked, by=by)
    taken = payments.pay(session, folio, amount=Money(1_000, "EUR"), method=Method.CASH, by=by)
    assert voids(session, taken, by).amount == -1_000  # any other payment as ever
