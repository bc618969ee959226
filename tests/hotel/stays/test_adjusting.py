"""Adjusting the bill of a stay before its nights are charged: within what it is to come to."""

import pytest

from pms.base.money import Money
from pms.hotel.books import folios
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


@ONE_ENGINE
def test_nothing_is_to_come_of_a_folio_that_is_nobodys(session, house, by):
    folio = make.folio(session, house)

    with pytest.raises(folios.MoreThanTheBill):
        adjusting.adjust(session, folio, code=make.charge_code(session, house),
                         amount=euros(-1), reason="x", by=by)  # fmt: skip
