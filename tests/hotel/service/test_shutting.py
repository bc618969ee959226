"""Pages that ask for nothing any more: shut at the gateway by the worker, right after."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pms import worker
from pms.base import clock
from pms.base.db import transaction
from pms.hotel.books import folios, payments
from pms.hotel.books.payments import Method
from pms.hotel.close import verify
from pms.hotel.house import jobs
from pms.hotel.service import checkout
from pms.hotel.service.checkout import (
    IntentState,
    Purpose,
    RequestState,
    asking,
    following,
    intending,
    shutting,
)
from pms.hotel.service.checkout.still_owed import BillChanged
from pms.hotel.stays import reservations
from tests import make
from tests.hotel.service.paying import Till, euros
from tests.web.conftest import SQLITE_ONLY


@pytest.fixture
def till(session):
    till = Till(session)
    yield till
    till.practice.store.close()


def on_the_page(till, minor=12_000):
    """A guest in house who owes so much and stands on the gateway's page; folio and page."""
    booked = till.books()
    till.arrives(booked)
    folio = till.charges(booked, minor)
    return folio, till.opens(till.asks(Purpose.BALANCE, minor, folio=folio))


def pays_cash(till, folio, minor):
    with transaction(till.session):
        payments.pay(till.session, folio, amount=euros(minor), method=Method.CASH, by=till.by)


def status(till, page):
    return till.stripe.find(page.object_id)["status"]


def shuts(till):
    done = shutting.shut(till.session, till.house, till.gateways)
    till.session.expire_all()
    return done


def all_right(till):
    wrong = [check.name for check in verify.checks(till.session, till.house) if not check.ok]
    till.session.rollback()
    return wrong == []


@pytest.mark.parametrize("minor", [12_000, 2_000])
def test_what_the_desk_takes_meanwhile_shuts_the_page(till, minor):
    folio, page = on_the_page(till)
    assert shuts(till) == 0
    assert status(till, page) == "open"

    pays_cash(till, folio, minor)
    assert shuts(till) == 1

    assert status(till, page) == "expired"
    assert (page.state, page.url) == (IntentState.FAILED, None)
    assert till.chooses(page)["status"] == "expired"  # who presses the button pays nothing
    assert (till.owes(folio), till.clearing()) == (12_000 - minor, 0)
    assert shuts(till) == 0
    with pytest.raises(BillChanged), transaction(till.session):
        request = till.session.get_one(checkout.PaymentRequest, (page.hotel_id, page.request_id))
        intending.pay(till.session, request, words="x", consent=None, by=till.by)
    assert all_right(till)


def test_who_was_quicker_has_paid_and_it_is_theirs(till):
    folio, page = on_the_page(till)
    till.chooses(page)
    pays_cash(till, folio, 12_000)

    assert shuts(till) == 1

    assert (page.state, till.owes(folio)) == (IntentState.SETTLED, -12_000)
    assert "More was paid than is owed" in till.traced()[0]
    assert all_right(till)


@SQLITE_ONLY
def test_a_bank_that_still_works_at_it_is_asked_once_and_waited_for(till):
    folio, page = on_the_page(till)
    till.chooses(page, "debit")
    pays_cash(till, folio, 12_000)

    assert [shuts(till), shuts(till)] == [1, 0]
    assert page.state is IntentState.CALLED

    till.stripe.end_delayed(page.object_id, paid=True)
    till.reconciles()
    assert till.owes(folio) == -12_000


@SQLITE_ONLY
def test_pages_of_requests_that_are_over_are_shut_as_well(till):
    booked, other, third = (till.books() for _ in range(3))
    pages = [till.opens(till.asks(reservation=each)) for each in (booked, other)]
    twice = till.asks(reservation=third)
    first, second = till.opens(twice), till.opens(twice)
    till.chooses(first)
    till.looks(first)
    with transaction(till.session):
        reservations.cancel(till.session, booked, reason="Ill", by=till.by)

    assert shuts(till) == 2

    assert [status(till, page) for page in (*pages, second)] == ["expired", "open", "expired"]
    assert twice.state is RequestState.PAID
    assert all_right(till)


def test_who_is_at_the_gateway_as_the_time_runs_out_isnt_disturbed(till):
    booked = till.books()
    asked = till.asks(reservation=booked)
    with clock.set_to(asked.expires_at - timedelta(minutes=2)):
        page = till.opens(asked)

    with clock.set_to(asked.expires_at + timedelta(seconds=20)):
        assert shuts(till) == 0
        with transaction(till.session):
            asking.expire_due(till.session, till.house, by=till.by, limit=10)
        assert asked.state is RequestState.EXPIRED
        assert (shuts(till), status(till, page)) == (0, "open")
        with transaction(till.session):
            reservations.cancel(till.session, booked, reason="Ill", by=till.by)
        assert (shuts(till), status(till, page)) == (1, "expired")


@SQLITE_ONLY
def test_pages_that_are_needed_hide_none_that_arent(till, monkeypatch):
    monkeypatch.setattr(shutting, "AT_ONCE", 2)
    start = till.house.business_date
    booked = [till.books(arrival=start + timedelta(days=7 * week)) for week in range(5)]
    for each in booked[:2]:
        till.opens(till.asks(reservation=each))
    over = booked[2:]
    pages = [till.opens(till.asks(reservation=each)) for each in over]
    with transaction(till.session):
        for each in over:
            reservations.cancel(till.session, each, reason="Ill", by=till.by)

    assert [shuts(till), shuts(till), shuts(till)] == [2, 1, 0]
    assert {status(till, page) for page in pages} == {"expired"}


@SQLITE_ONLY
def test_a_request_is_good_again_when_the_bill_owes_it_again(till):
    folio, page = on_the_page(till)
    pays_cash(till, folio, 12_000)
    shuts(till)
    with transaction(till.session):
        folios.charge(
            till.session, folio, code=make.charge_code(till.session, till.house, "BAR"),
            amount=euros(12_000), by=till.by,
        )  # fmt: skip

    request = till.session.get_one(checkout.PaymentRequest, (page.hotel_id, page.request_id))
    till.pays(request)

    assert (till.owes(folio), request.state) == (0, RequestState.PAID)


@SQLITE_ONLY
def test_a_gateway_that_is_away_is_asked_in_the_next_round(till):
    folio, page = on_the_page(till)
    pays_cash(till, folio, 12_000)
    till.practice.limited = 2  # the expiry, and looking

    assert [shuts(till), shuts(till), shuts(till)].count(1) == 1
    assert status(till, page) == "expired"


@SQLITE_ONLY
def test_the_worker_does_it_within_half_a_minute_of_the_desk(till):
    folio, page = on_the_page(till)
    pays_cash(till, folio, 12_000)

    def sessions():
        return sa.orm.Session(till.session.get_bind(), expire_on_commit=False)

    worker.plan_all(sessions, [each for each in worker.SCHEDULE if each[0] == shutting.JOB])
    with clock.set_to(clock.now() + timedelta(seconds=30)):
        jobs.run_due(sessions, following.handlers(till.gateways))

    assert status(till, page) == "expired"
