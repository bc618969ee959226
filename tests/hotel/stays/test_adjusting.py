"""Adjusting the bill of a stay before its nights are charged: within what it is to come to."""

import pytest

from pms.base.money import Money
from pms.hotel.books import folios, routing
from pms.hotel.books.routing import Takes
from pms.hotel.stays import adjusting, night_charges, settlements, stays
from tests import make, prepaid
from tests.engines import ONE_ENGINE


def euros(minor):
    return Money(minor, "EUR")


@pytest.fixture
def house(session):
    """Rooms at 100.00 with 7 % inside, city tax on top."""
    return prepaid.house(session)


@pytest.fixture
def by(session, house):
    return make.by(session, house)


def test_goodwill_comes_off_nights_that_are_still_to_come(session, house, by):
    booked = make.reservation(session, house, nights=2)
    stays.check_in(session, booked, room=make.room(session, house), by=by)
    folio = settlements.folio_of(session, booked, by=by)
    room = make.charge_code(session, house)
    off = {"code": room, "reason": "No hot water", "by": by}

    with pytest.raises(folios.MoreThanTheBill, match=r"At most €200\.00 can be taken off"):
        adjusting.adjust(session, folio, amount=euros(-20_001), **off)
    adjusting.adjust(session, folio, amount=euros(-5_000), **off)
    with pytest.raises(folios.MoreThanTheBill, match=r"At most €150\.00"):
        adjusting.adjust(session, folio, amount=euros(-15_001), **off)
    night_charges.charge_nights(session, house, booked, [booked.arrival], by=by)

    assert folios.balance_of(session, folio)[1] == euros(10_000 + 400 - 5_000)
    folios.open_window(session, folio, no=2, by=by)
    with pytest.raises(folios.MoreThanTheBill, match=r"At most €0\.00"):
        adjusting.adjust(session, folio, amount=euros(-1), window=2, **off)


@pytest.fixture
def in_house(session, house, by):
    """A party in house for two nights at 100.00, with its folio of two windows."""
    booked = make.reservation(session, house, nights=2)
    stays.check_in(session, booked, room=make.room(session, house), by=by)
    folio = settlements.folio_of(session, booked, by=by)
    folios.open_window(session, folio, no=2, by=by)
    return booked, folio


def test_what_the_routing_sends_to_a_window_is_to_come_there_and_nowhere_else(
    session, house, by, in_house
):
    _, folio = in_house
    routing.route(session, folio, to_window=2, takes=Takes(percent=10_000), by=by)
    off = {"code": make.charge_code(session, house), "reason": "No hot water", "by": by}

    with pytest.raises(folios.MoreThanTheBill, match=r"At most €0\.00 can be taken off"):
        adjusting.adjust(session, folio, amount=euros(-1), window=1, **off)
    with pytest.raises(folios.MoreThanTheBill, match=r"At most €200\.00"):
        adjusting.adjust(session, folio, amount=euros(-20_001), window=2, **off)
    adjusting.adjust(session, folio, amount=euros(-2_000), window=2, **off)

    assert folios.balance_of(session, folio) == {1: euros(0), 2: euros(-2_000)}


def test_a_night_that_was_charged_early_is_to_come_no_more(session, house, by, in_house):
    booked, folio = in_house
    night_charges.charge_nights(session, house, booked, [booked.arrival], by=by)
    off = {"code": make.charge_code(session, house), "reason": "No hot water", "by": by}

    with pytest.raises(folios.MoreThanTheBill, match=r"At most €200\.00"):
        adjusting.adjust(session, folio, amount=euros(-20_001), **off)
    adjusting.adjust(session, folio, amount=euros(-20_000), **off)


@ONE_ENGINE
def test_nothing_is_to_come_of_a_folio_that_is_nobodys(session, house, by):
    folio = make.folio(session, house)

    with pytest.raises(folios.MoreThanTheBill):
        adjusting.adjust(session, folio, code=make.charge_code(session, house),
                         amount=euros(-1), reason="x", by=by)  # fmt: skip
