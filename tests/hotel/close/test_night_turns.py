"""The nights of a full house: charged in turns, each of which looks only at its own parties."""

from collections import Counter

import pytest

from pms.hotel.close import verify
from pms.hotel.close.night_audit import steps
from pms.hotel.stays import night_charges
from tests import moulds
from tests.engines import ONE_ENGINE
from tests.hotel.close import lived
from tests.hotel.close.lived import FIRST, SECOND
from tests.hotel.close.test_night_audit import night_entries


@pytest.fixture
def house(session):
    return moulds.pour(session, lived.busy)


@pytest.mark.parametrize(("parties", "charges"), [(2, 2), (100, 2), (3, 1)])
@ONE_ENGINE
def test_every_night_is_charged_however_few_a_turn_takes(
    session, house, monkeypatch, parties, charges
):
    monkeypatch.setattr(steps, "PARTIES_AT_ONCE", parties)
    monkeypatch.setattr(steps, "NIGHTS_AT_ONCE", charges)

    lived.close(session, house)

    for night in (FIRST, SECOND):
        assert night_entries(session, house, night) == [("recurring:1", 1), ("room", 7)]
    assert not verify.broken(session, house)


@ONE_ENGINE
def test_a_turn_looks_at_none_that_an_earlier_one_charged(session, house, monkeypatch):
    looked_at = Counter()
    due = night_charges.due

    def watched(session, hotel, night, *, reservation_ids=None):
        looked_at.update(reservation_ids or ())  # the roll looks at everybody once more
        return due(session, hotel, night, reservation_ids=reservation_ids)

    monkeypatch.setattr(steps, "PARTIES_AT_ONCE", 2)
    monkeypatch.setattr(steps, "NIGHTS_AT_ONCE", 3)  # one of the two has a cot, too
    monkeypatch.setattr(steps.night_charges, "due", watched)

    lived.close(session, house)

    assert len(looked_at) == 6  # who is in the house once the arrivals are decided
    assert set(looked_at.values()) == {1}
