"""Settlements: deposits before arrival, folios on first need, and what blocks a check-out."""

from decimal import Decimal

import pytest

from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import cashiers, folios, ledger, payments
from pms.hotel.books.folios import FolioState
from pms.hotel.books.ledger import Ledger
from pms.hotel.books.payments import Method, Payment
from pms.hotel.house import logbook
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.stays import reservations, settlements, stays
from tests import make
from tests.engines import ONE_ENGINE


def euros(minor):
    return Money(minor, "EUR")


@pytest.fixture
def house(session):
    return make.furnished(session)


@pytest.fixture
def by(session, house):
    return make.by(session, house)


@pytest.fixture
def booked(session, house):
    return make.reservation(session, house, nights=2)


def deposit(session, booked, by, amount=5000, **details):
    return settlements.take_deposit(
        session, booked, amount=euros(amount), method=Method.CASH, by=by, **details
    )


def liabilities(session, house):
    return ledger.open_balances(session, house, Ledger.DEPOSIT)


def test_a_folio_is_opened_on_first_need(session, booked, by):
    assert settlements.settled(session, booked)

    folio = settlements.folio_of(session, booked, by=by)

    assert settlements.folio_of(session, booked, by=by) is folio
    assert (folio.name, folio.windows[0].payee_guest_id) == (booked.guest.name, booked.guest_id)


@ONE_ENGINE
def test_a_deposit_in_foreign_notes_keeps_its_rate_and_is_returned_in_ours(
    session, house, booked, by
):
    cashiers.set_rate(session, house, currency="USD", rate=Decimal("1.08"), by=by)
    make.filled_safe(session, house)
    shift = cashiers.open_shift(session, house, opening_float=euros(20_000), by=by)

    paid = deposit(session, booked, by, 9_200, tendered=Money(10_000, "USD"))

    entry = session.get_one(ledger.Entry, (house.id, paid.entry_id))
    assert (entry.text, entry.kind) == ("USD 100.00 at 1.08", ledger.Kind.DEPOSIT)
    assert settlements.deposit_held(session, booked) == euros(9_200)
    assert cashiers.expected(session, house, shift) == {"EUR": 19_941, "USD": 10_000}
    settlements.return_deposit(session, booked, method=Method.CASH, reason="Ill", by=by)
    assert cashiers.expected(session, house, shift) == {"EUR": 10_741, "USD": 10_000}


def test_a_deposit_is_a_liability_until_the_party_comes(session, house, booked, by):
    deposit(session, booked, by)
    assert liabilities(session, house) == {f"deposit/{booked.number}": -5000}
    assert settlements.deposit_held(session, booked) == euros(5000)

    stays.check_in(session, booked, room=make.room(session, house), by=by)

    assert liabilities(session, house) == {}
    assert settlements.open_balances(session, booked) == {1: euros(-5000)}
    assert settlements.check_out_blockers(session, booked) == ["Window 1 is owed €50.00."]
    verbs = [line.verb for line in logbook.history(session, booked)]
    assert verbs[:2] == ["checked in", "applied deposit"]


@ONE_ENGINE
def test_a_deposit_that_matured_is_no_longer_voided(session, house, booked, by):
    paid = deposit(session, booked, by)
    stays.check_in(session, booked, room=make.room(session, house), by=by)

    with pytest.raises(payments.MoreThanOwed):
        payments.void(session, paid, reason="Typed twice", by=by)


@ONE_ENGINE
def test_an_undone_check_in_puts_the_deposit_back(session, house, booked, by):
    deposit(session, booked, by)
    stay = stays.check_in(session, booked, room=make.room(session, house), by=by)

    stays.undo_check_in(session, stay, reason="wrong party", by=by)
    assert settlements.deposit_held(session, booked) == euros(5000)
    assert settlements.settled(session, booked)
    assert settlements.unapply_deposit(
        session, booked, since=stay.id, reason="again", by=by
    ) == euros(0)

    stays.check_in(session, booked, room=make.room(session, house), by=by)
    assert settlements.open_balances(session, booked) == {1: euros(-5000)}


def test_a_deposit_is_given_back_and_no_more(session, house, booked, by):
    deposit(session, booked, by)

    with pytest.raises(payments.MoreThanOwed):
        settlements.return_deposit(
            session, booked, amount=euros(5001), method=Method.CASH, reason="x", by=by
        )
    returned = settlements.return_deposit(
        session, booked, method=Method.CASH, reason="changed plans", by=by
    )

    assert returned.amount == -5000
    assert liabilities(session, house) == {}
    with pytest.raises(settlements.NoDeposit):
        settlements.return_deposit(session, booked, method=Method.CASH, reason="x", by=by)


def test_a_kept_deposit_is_fee_and_refund_together(session, house, booked, by):
    deposit(session, booked, by)
    reservations.cancel(session, booked, reason="changed plans", by=by)

    fee = make.taxed_code(session, house, "FEE")
    left = settlements.keep_deposit(session, booked, fee=euros(3000), code=fee, by=by)
    settlements.return_deposit(session, booked, method=Method.CASH, reason="rest", by=by)

    assert left == euros(2000)  # a fee bears no 2.00 a head: nobody slept here
    assert liabilities(session, house) == {}
    folio = settlements.folio_of(session, booked, by=by)
    assert folio.state is FolioState.CLOSED
    assert ledger.open_balances(session, house, Ledger.CASH) == {"cash": 3000}


@ONE_ENGINE
def test_a_fee_the_deposit_does_not_cover_stays_owed(session, house, booked, by):
    deposit(session, booked, by)
    reservations.cancel(session, booked, reason="changed plans", by=by)
    code = make.charge_code(session, house, "CXL")

    left = settlements.keep_deposit(session, booked, fee=euros(8000), code=code, by=by)

    assert left == euros(0)
    assert settlements.open_balances(session, booked) == {1: euros(3000)}
    with pytest.raises(settlements.NoDeposit):
        settlements.keep_deposit(session, booked, fee=euros(1), code=code, by=by)


def test_a_deposit_with_a_key_is_taken_once(session, booked, by):
    first = deposit(session, booked, by, key="web/1")

    assert deposit(session, booked, by, key="web/1") is first
    assert settlements.deposit_held(session, booked) == euros(5000)
    assert session.query(Payment).count() == 1


@ONE_ENGINE
def test_odd_deposits_are_refused(session, house, booked, by):
    with pytest.raises(settlements.NoDeposit, match="No deposit is held"):
        settlements.return_deposit(session, booked, method=Method.CASH, reason="x", by=by)
    with pytest.raises(NotAllowed):
        deposit(session, booked, make.by(session, house, Role.HOUSEKEEPER))
    deposit(session, booked, by)
    for role, reason, refusal in (
        (Role.FRONT_DESK, "x", NotAllowed),
        (Role.MANAGER, "", Invalid),
    ):
        with pytest.raises(refusal):
            settlements.return_deposit(
                session,
                booked,
                method=Method.CASH,
                reason=reason,
                by=make.by(session, house, role),
            )
    stays.check_in(session, booked, room=make.room(session, house), by=by)
    with pytest.raises(settlements.DepositAfterArrival, match="Take payment on the folio"):
        deposit(session, booked, by)


def test_leaving_closes_the_folio_and_coming_back_opens_it(session, house, booked, by):
    stay = stays.check_in(session, booked, room=make.room(session, house), by=by)
    folio = settlements.folio_of(session, booked, by=by)
    folios.charge(session, folio, code=make.charge_code(session, house), amount=euros(100), by=by)
    with pytest.raises(stays.BalanceOpen):
        stays.check_out(session, stay, charge_tonight=False, by=by)
    payments.pay(session, folio, amount=euros(100), method=Method.CASH, by=by)

    stays.check_out(session, stay, charge_tonight=False, by=by)
    assert folio.state is FolioState.CLOSED

    stays.undo_check_out(session, stay, by=by)
    assert folio.state is FolioState.OPEN
