"""Keys: who has one, what ends it, and what the lock system is told and answers."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pms.base import clock
from pms.gateways.keys import FileDrop
from pms.hotel.house import jobs
from pms.hotel.house.jobs import Job
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.stays import key_orders, keys, stays
from pms.hotel.stays.keys import Key, KeyEnded, KeyState, LockSystem, NotInHouse, TooManyKeys
from pms.hotel.stays.presence import Presence
from tests import make

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def house(session):
    return make.furnished(session)


@pytest.fixture
def by(session, house):
    return make.by(session, house)


@pytest.fixture
def stay(session, house, by):
    booked = make.reservation(session, house)
    return stays.check_in(session, booked, room=make.room(session, house, "201"), by=by)


def states(session, stay):
    return [key.state for key in keys.of_stay(session, stay)]


def test_keys_end_with_the_stay_they_are_for(session, house, stay, by):
    keys.make(session, stay, count=2, by=by)
    assert states(session, stay) == [KeyState.ISSUED, KeyState.ISSUED]

    stays.move(session, stay, room=make.room(session, house, "202"), reason="Noise", by=by)
    assert states(session, stay) == [KeyState.CANCELLED, KeyState.CANCELLED]

    (third,) = keys.make(session, stay, by=by)
    assert (third.no, third.room.number, third.until) == (3, "202", stay.reservation.departure)
    stays.undo_check_in(session, stay, reason="Wrong guest", by=by)
    assert third.state is KeyState.CANCELLED
    with pytest.raises(NotInHouse):
        keys.make(session, stay, by=by)


def test_the_database_itself_opens_a_room_for_nobody_else(session, house, stay, by):
    (key,) = keys.make(session, stay, by=by)
    keys.lose(session, key, by=by)
    elsewhere = make.room(session, house, "202")
    session.flush()

    row = {
        "hotel_id": house.id, "id": 1, "stay_id": stay.id, "room_id": elsewhere.id, "no": 9,
        "state": KeyState.ISSUED, "until": key.until, "staff_id": by.id, "made_at": key.made_at,
    }  # fmt: skip
    for broken in (
        sa.insert(Key).values(**row),  # another room than theirs
        sa.update(Key).values(state=KeyState.ISSUED, ended_at=None),  # lost, and found to open
        sa.update(Key).values(ended_at=None),
        sa.update(Key).values(no=0),
    ):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(broken)


@ONE_ENGINE
def test_a_key_is_lost_or_comes_back_once(session, house, stay, by):
    first, second = keys.make(session, stay, count=2, by=by)
    keys.lose(session, first, by=by)
    keys.cancel(session, second, by=by)

    for key in (first, second):
        with pytest.raises(KeyEnded, match="Make another"):
            keys.lose(session, key, by=by)
    with pytest.raises(TooManyKeys):
        keys.make(session, stay, count=keys.MOST + 1, by=by)
    with pytest.raises(NotAllowed):
        keys.make(session, stay, by=make.by(session, house, Role.HOUSEKEEPER))


@ONE_ENGINE
def test_the_lock_system_takes_orders_and_answers(session, engine, house, stay, by, tmp_path):
    keys.choose_system(session, house, LockSystem.FILE_DROP, by=by)
    first, second = keys.make(session, stay, count=2, by=by)
    session.commit()
    assert states(session, stay) == [KeyState.ORDERED, KeyState.ORDERED]
    drop = FileDrop(tmp_path / house.code)
    handlers = key_orders.handlers(lambda code: FileDrop(tmp_path / code))

    def work():
        jobs.run_due(lambda: Session(engine, expire_on_commit=False), handlers, at_most=20)
        session.rollback()  # what it saw before is old
        session.expire_all()

    work()
    order = json.loads((drop.folder / "orders" / f"make-{first.id}.json").read_text())
    assert (order["room"], order["copy"], order["verb"]) == ("201", 1, "make")
    assert stay.reservation.guest.surname not in json.dumps(order)

    answers = drop.folder / "answers"
    answers.mkdir()
    (answers / f"make-{first.id}.json").write_text('{"made": true, "words": "serial 0042"}')
    (answers / f"make-{second.id}.json").write_text('{"made": false, "words": "encoder jammed"}')
    (answers / "make-12.json").write_text("{half")
    with clock.set_to(clock.now() + timedelta(seconds=3)):
        work()
    assert states(session, stay) == [KeyState.ISSUED, KeyState.REFUSED]
    assert (first.answer, second.answer) == ("serial 0042", "encoder jammed")
    assert [file.name for file in answers.iterdir()] == ["make-12.unread"]

    stays.undo_check_in(session, stay, reason="Wrong guest", by=by)
    session.commit()
    work()
    assert (drop.folder / "orders" / f"cancel-{first.id}.json").exists()
    assert not (drop.folder / "orders" / f"cancel-{second.id}.json").exists()


@ONE_ENGINE
def test_an_answer_that_comes_too_late_opens_nothing(session, house, stay, by):
    keys.choose_system(session, house, LockSystem.FILE_DROP, by=by)
    (key,) = keys.make(session, stay, by=by)
    stays.undo_check_in(session, stay, reason="Wrong guest", by=by)

    key_orders.settle(session, house, key.id, made=True, words="serial 1")
    key_orders.settle(session, house, 17, made=True, words="nobody's")

    assert (key.state, stay.state) == (KeyState.CANCELLED, Presence.UNDONE)
    assert session.scalar(sa.select(sa.func.count()).select_from(Job)) == 2  # made, cancelled


@ONE_ENGINE
def test_a_key_that_was_cancelled_while_the_share_was_away_isnt_made(
    session, engine, house, stay, by, tmp_path
):
    keys.choose_system(session, house, LockSystem.FILE_DROP, by=by)
    (key,) = keys.make(session, stay, by=by)
    keys.cancel(session, key, by=by)
    session.commit()

    handlers = key_orders.handlers(lambda code: FileDrop(tmp_path / code))
    jobs.run_due(lambda: Session(engine, expire_on_commit=False), handlers, at_most=20)

    orders = [file.name for file in (tmp_path / house.code / "orders").iterdir()]
    assert orders == [f"cancel-{key.id}.json"]
