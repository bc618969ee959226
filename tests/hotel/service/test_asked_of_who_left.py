"""What was asked for before a stay is asked for no more once its party has left."""

import pytest

from pms.base.db import transaction
from pms.hotel.books import payments
from pms.hotel.books.payments import Method
from pms.hotel.service.checkout import Purpose, RequestState, asking, intending
from pms.hotel.service.checkout.refusals import NotAsked
from pms.hotel.stays import settlements, stays
from tests.hotel.service.paying import Till, euros
from tests.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY


@pytest.fixture
def till(session):
    till = Till(session)
    yield till
    till.practice.store.close()


@pytest.mark.parametrize("purpose", [Purpose.DEPOSIT, Purpose.HOLD, Purpose.CARD])
def test_who_left_is_asked_for_no_deposit_hold_or_card(till, purpose):
    booked = till.books(nights=1)
    request = till.asks(purpose, reservation=booked)
    stay = till.arrives(booked)
    folio = till.charges(booked)
    assert request.is_open  # who is in the house may still pay what was asked for
    owed = till.owes(folio)
    till.session.rollback()
    with transaction(till.session):
        payments.pay(till.session, folio, amount=euros(owed), method=Method.CASH, by=till.by)
        till.house.business_date = booked.departure
        stays.check_out(till.session, stay, by=till.by)
    assert settlements.settled(till.session, booked)
    till.session.rollback()

    assert not request.is_open
    with pytest.raises(NotAsked, match="its booking is over"), transaction(till.session):
        intending.pay(till.session, request, words="x", consent=None, by=till.by)
    with transaction(till.session):
        assert asking.expire_due(till.session, till.house, by=till.by, limit=9) == 1
    assert request.state is RequestState.WITHDRAWN
