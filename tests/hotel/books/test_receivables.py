"""Receivables: billed to a company that may, paid later, written off with a reason."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios, ledger, payments, receivables
from pms.hotel.books.papers import issuers
from pms.hotel.books.payments import Method
from pms.hotel.guests import agreements, companies, credit_limits
from pms.hotel.guests.credit_limits import CompanyCredit
from pms.hotel.house import logbook
from pms.hotel.house.hotels import Chain
from pms.hotel.house.staff import NotAllowed, Role
from tests import make, papered
from tests.engines import ONE_ENGINE


def euros(minor):
    return Money(minor, "EUR")


@pytest.fixture
def house(session):
    return make.hotel(session)


@pytest.fixture
def by(session, house):
    return make.by(session, house)


@pytest.fixture
def firm(session, house, by):
    return companies.enter(
        session, house, code="ACME", name="Acme", direct_bill=True, credit_limit=15000, by=by
    )


@pytest.fixture
def folio(session, house, by):
    """A folio that owes 100.00."""
    made = make.folio(session, house)
    room = make.charge_code(session, house)
    folios.charge(session, made, code=room, amount=euros(10000), by=by)
    return made


def test_what_a_window_owes_goes_to_the_company(session, house, by, firm, folio):
    bill = receivables.direct_bill(session, folio, company=firm, reference="PO 12", by=by)

    assert folios.settled(session, folio)
    assert receivables.balance_of(session, house, firm) == euros(10000)
    assert (bill.amount, bill.window_no, bill.billed_on) == (10000, 1, make.DAY)
    assert receivables.of_entry(session, house, bill.entry_id).open == 10000
    assert logbook.history(session, folio)[0].verb == "billed to company"
    folios.close(session, folio, by=by)


def test_a_company_pays_what_it_owes(session, house, by, firm, folio):
    receivables.direct_bill(session, folio, company=firm, by=by)

    receivables.pay_city(
        session, house, firm, amount=euros(4000), method=Method.TRANSFER, reference="T1", by=by
    )

    assert receivables.balance_of(session, house, firm) == euros(6000)
    assert ledger.open_balances(session, house, ledger.Ledger.CLEARING) == {
        "clearing/transfer": 4000
    }
    with pytest.raises(NotAllowed):
        receivables.pay_city(
            session,
            house,
            firm,
            amount=euros(1),
            method=Method.CASH,
            by=make.by(session, house, Role.RESERVATIONS),
        )


def test_what_is_open_of_invoices_today_follows_guest_and_company(session, house, by, firm):
    issuers.write(session, house, papered.ISSUER, by=by)
    bill = papered.charged(session, house, 10_000)
    first = papered.invoice(session, bill)
    code = make.charge_code(session, house, "BAR")
    folios.charge(session, bill, code=code, amount=euros(5_000), window=1, by=by)
    second = papered.invoice(session, bill)

    def stands():
        open_ = receivables.open_today(session, house, [first, second])
        return [open_[paper.id].minor for paper in (first, second)]

    assert stands() == [10_200, 5_000]
    payments.pay(session, bill, amount=euros(4_000), method=Method.CASH, by=by)
    assert stands() == [6_200, 5_000]
    receivables.direct_bill(session, bill, company=firm, by=by)
    assert stands() == [6_200, 5_000]  # the company owes it now
    receivables.pay_city(
        session, house, firm, amount=euros(8_000), method=Method.CASH, oldest_first=True, by=by
    )
    assert stands() == [0, 3_200]


@ONE_ENGINE
def test_a_limit_holds_for_the_hotel_that_granted_it_in_its_money(session, house, by, firm):
    chain = session.get_one(Chain, house.chain_id)
    tokyo = make.hotel(session, "TOKYO", currency="JPY", chain=chain)
    manager = make.by(session, tokyo)
    folio, room = make.folio(session, tokyo), make.charge_code(session, tokyo)
    folios.charge(session, folio, code=room, amount=Money(20_000, "JPY"), by=manager)
    grants = {"direct_bill": True, "hotel": tokyo, "by": manager}

    def bill():
        with session.begin_nested():
            receivables.direct_bill(session, folio, company=firm, by=manager)

    with pytest.raises(receivables.NoCreditHere, match=r"Acme has credit at .* none at Hotel Tok"):
        bill()
    with pytest.raises(Invalid, match="amount in JPY"):
        agreements.grant_credit(session, firm, credit_limit=euros(50_000), **grants)
    agreements.grant_credit(session, firm, credit_limit=Money(19_999, "JPY"), **grants)
    with pytest.raises(receivables.OverCreditLimit, match=r"may owe JP¥19,999 at most"):
        bill()
    agreements.grant_credit(session, firm, credit_limit=None, **grants)
    bill()

    assert credit_limits.limit_of(session, tokyo, firm.id) is None
    assert credit_limits.limit_of(session, house, firm.id) == euros(15_000)
    with pytest.raises(IntegrityError):
        session.execute(sa.update(CompanyCredit).values(most=-1))


@ONE_ENGINE
def test_odd_bills_are_refused(session, house, by, firm, folio):
    stranger = companies.enter(session, house, code="NEW", name="Newcomer", by=by)

    with pytest.raises(receivables.NoDirectBill, match="Newcomer has no direct billing"):
        receivables.direct_bill(session, folio, company=stranger, by=by)
    with pytest.raises(receivables.NothingToBill):
        receivables.direct_bill(session, make.folio(session, house), company=firm, by=by)
    with pytest.raises(NotAllowed):
        receivables.direct_bill(
            session, folio, company=firm, by=make.by(session, house, Role.RESERVATIONS)
        )
    room = make.charge_code(session, house)
    folios.charge(session, folio, code=room, amount=euros(5001), by=by)
    with pytest.raises(receivables.OverCreditLimit, match=r"Acme may owe €150.00 at most"):
        receivables.direct_bill(session, folio, company=firm, by=by)
    assert receivables.balance_of(session, house, firm) == euros(0)


def test_what_nobody_will_pay_is_written_off(session, house, by, folio):
    entry = receivables.write_off(session, folio, reason="skipped", by=by)

    assert folios.settled(session, folio)
    assert ledger.open_balances(session, house, ledger.Ledger.REVENUE) == {
        "revenue/miscellaneous/write-off": 10000,
        "revenue/rooms/ROOM": -10000,
    }
    assert logbook.history(session, folio)[0].why == "skipped"
    for role, reason, refusal in (
        (Role.NIGHT_AUDITOR, "x", NotAllowed),
        (Role.MANAGER, " ", Invalid),
        (Role.MANAGER, "x", receivables.NothingToBill),
    ):
        with pytest.raises(refusal):
            receivables.write_off(session, folio, reason=reason, by=make.by(session, house, role))
    receivables.owe_again(session, entry, reason="came back", by=by)
    assert folios.balance_of(session, folio)[1] == euros(10_000)
    with pytest.raises(receivables.AboveTheLimit):
        keeper = make.by(session, house, Role.ACCOUNTANT)
        receivables.write_off(session, folio, reason="x", by=keeper)
    with pytest.raises(ledger.ReversedAlready):
        receivables.owe_again(session, entry, reason="twice", by=by)


@ONE_ENGINE
def test_a_skipper_stays_open_and_can_still_be_charged(session, house, by, folio):
    room = make.charge_code(session, house)

    folios.charge(session, folio, code=room, amount=euros(50), by=by)
    payments.pay(session, folio, amount=euros(10050), method=Method.CASH, by=by)

    assert folios.settled(session, folio)


def test_the_database_itself_keeps_bills_in_ink(session, by, firm, folio):
    receivables.direct_bill(session, folio, company=firm, by=by)

    with pytest.raises(IntegrityError, match="written in ink"):
        session.execute(sa.text("UPDATE direct_bills SET amount = 1"))
