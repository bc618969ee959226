"""Turning many rooms at once: as if each had been turned by itself."""

import pytest

from pms.hotel.house import logbook
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.rooms import rooms
from pms.hotel.rooms.rooms import Condition
from tests import make
from tests.engines import ONE_ENGINE


def test_many_rooms_are_turned_and_each_has_its_line(session):
    house = make.furnished(session)
    by = make.by(session, house, Role.HOUSEKEEPING_MANAGER)
    some = rooms.all_rooms(session, house)
    rooms.turn(session, some[0], Condition.DIRTY, by=by)
    rooms.turn(session, some[1], Condition.CLEAN, by=by)

    changed = rooms.turn_all(session, some[:2], Condition.CLEAN, by=by)

    assert changed == [some[0].id]
    session.refresh(some[0])
    assert some[0].condition is Condition.CLEAN
    assert some[0].version == 3
    newest = logbook.history(session, some[0])[0]
    assert (newest.verb, newest.before, newest.after) == (
        "turned",
        {"condition": "dirty"},
        {"condition": "clean"},
    )
    assert rooms.turn_all(session, [], Condition.CLEAN, by=by) == []


@ONE_ENGINE
def test_who_may_not_turn_one_may_not_turn_many(session):
    house = make.furnished(session)

    with pytest.raises(NotAllowed):
        rooms.turn_all(
            session,
            rooms.all_rooms(session, house),
            Condition.DIRTY,
            by=make.by(session, house, Role.RESERVATIONS),
        )
