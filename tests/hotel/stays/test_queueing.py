"""The queue: who waits for a room, since when, and what housekeeping sees of it."""

from datetime import time, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from pms.base import clock
from pms.base.refusal import Invalid
from pms.hotel.house.logbook import Line
from pms.hotel.rooms.rooms import Condition
from pms.hotel.service import housekeeping
from pms.hotel.stays import queueing, stays
from pms.hotel.stays.queueing import QueuedParty
from pms.hotel.stays.reservations import WrongState
from tests import make

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_party_waits_until_its_room_is_ready_and_again_when_its_check_in_is_undone(session):
    house = make.furnished(session)
    by, room = make.by(session, house), make.room(session, house, condition=Condition.DIRTY)
    party = make.reservation(session, house)
    stays.assign(session, party, room=room, by=by)
    with clock.set_to(make.NOON):
        queued = queueing.put(
            session, party, waits_at="Bar", phone="+49 1", promised_by=time(14, 30), by=by
        )
    with clock.set_to(make.NOON + timedelta(minutes=100)):
        [waits] = queueing.waiting(session, house, make.DAY)
        assert (waits.queued.minutes, waits.queued.is_late, waits.holds) == (100, True, "dirty")
        with pytest.raises(queueing.QueuedAlready):
            queueing.put(session, party, by=by)
        room.condition = Condition.CLEAN
        session.flush()
        assert queueing.waiting(session, house, make.DAY)[0].is_ready
        stay = stays.check_in(session, party, room=room, by=by)
        assert queueing.waiting(session, house, make.DAY) == []
        with pytest.raises(WrongState):
            queueing.put(session, party, by=by)
        stays.undo_check_in(session, stay, reason="Wrong room", by=by)

        assert queueing.waiting(session, house, make.DAY)[0].holds == "pickup"
        queueing.take_off(session, queued, by=by)
        assert queueing.of(session, party) is None
        with pytest.raises(queueing.NotQueued):
            queueing.take_off(session, queued, by=by)
        queueing.put_back(session, queued, by=by)
    with pytest.raises(DBAPIError), session.begin_nested():  # twice, past the verbs
        columns = {c.key: getattr(queued, c.key) for c in sa.inspect(QueuedParty).column_attrs}
        session.execute(sa.insert(QueuedParty).values({**columns, "id": queued.id + 1}))
    verbs = set(session.scalars(sa.select(Line.verb)))
    assert {"queued", "took off queue", "put back in queue"} <= verbs


@SQLITE
def test_who_isnt_expected_today_waits_for_nothing_and_hours_are_the_hotels(session):
    house = make.furnished(session)
    by = make.by(session, house)
    later = make.reservation(session, house, arrival=make.DAY + timedelta(days=1))
    today = make.reservation(session, house, surname="Now")

    with pytest.raises(queueing.NotHereToday):
        queueing.put(session, later, by=by)
    with pytest.raises(Invalid, match="At most 80"):
        queueing.put(session, today, waits_at="x" * 81, by=by)
    with clock.set_to(make.NOON + timedelta(hours=10)):  # 23:00 in Berlin
        queued = queueing.put(session, today, promised_by=time(0, 30), by=by)
    assert queued.promised_by == make.NOON + timedelta(hours=11, minutes=30)


@SQLITE
def test_housekeeping_does_the_room_of_who_waits_before_all_others(session):
    house = make.furnished(session)
    by = make.by(session, house)
    parties = [make.reservation(session, house, surname=name) for name in ("Early", "Late")]
    parties[0].eta, parties[1].eta = time(11), time(20)
    for number, party in zip(("101", "102"), parties, strict=True):
        room = make.room(session, house, number, condition=Condition.DIRTY)
        stays.assign(session, party, room=room, by=by)
    queueing.put(session, parties[1], by=by)

    rooms = sorted(housekeeping.today(session, house), key=lambda each: each.place)

    assert [each.number for each in rooms[:2]] == ["102", "101"]
    assert rooms[0].coming.queued_at is not None
