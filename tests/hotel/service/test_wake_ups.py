"""Wake-up calls: on the hotel's clock, with the guest, and somebody goes up when nobody answers."""

import multiprocessing
import threading
import time as time_
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms import worker
from pms.base import clock, dates, db
from pms.base.db import transaction
from pms.base.refusal import Invalid
from pms.hotel.house import jobs, logbook, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.jobs import Claim
from pms.hotel.service import wake_ups
from pms.hotel.service.requests import Request
from pms.hotel.service.wake_ups import CallState, WakeUp, WakeUpCall
from pms.hotel.stays import groups, stays
from tests import make
from tests.asking import asked as questions
from tests.engines import ONE_ENGINE
from tests.hotel.service import asked
from tests.web.conftest import SQLITE_ONLY

CONTEXT = multiprocessing.get_context("fork")
NOON = make.NOON  # 13:00 in Berlin
SEVEN = time(7)
DUE = datetime(2026, 11, 21, 6, tzinfo=UTC)  # 07:00 in Berlin the next morning


@pytest.fixture
def there(session: Session) -> Any:
    with clock.set_to(NOON):
        yield asked.house(session)


def party(session: Session, room: str = "101") -> Any:
    stay = stays.in_room(session, session.query(make.Room).filter_by(number=room).one())
    assert stay is not None
    return stay.reservation


def ask(session: Session, there: asked.House, **details: Any) -> WakeUp:
    """Call 101 at seven."""
    details = {"at": SEVEN, "by": make.by(session, there.hotel), **details}
    [made] = wake_ups.ask(session, there.hotel, [party(session)], **details)
    return made


def calls(session: Session) -> list[WakeUpCall]:
    return list(session.scalars(sa.select(WakeUpCall).order_by(WakeUpCall.due_at, WakeUpCall.id)))


def works(session: Session, there: asked.House, at: datetime) -> int:
    """What the worker does at a moment, one at a time until nothing is left."""
    done = 0
    with clock.set_to(at):
        by = staff.the_house(session, there.hotel)
        while some := wake_ups.look_after(session, there.hotel, by=by, limit=1):
            done += some
    return done


def test_a_call_is_answered_in_the_room_the_guest_moved_to(
    session: Session, there: asked.House
) -> None:
    by = make.by(session, there.hotel)
    made = ask(session, there)
    stay = stays.of(session, party(session))
    stays.move(session, stay, room=make.room(session, there.hotel, "103"), reason="Noise", by=by)
    [call] = calls(session)

    with clock.set_to(DUE - timedelta(minutes=11)), pytest.raises(wake_ups.TooEarly, match="07:00"):
        wake_ups.answered(session, call, by=by)
    with clock.set_to(DUE):
        [seen] = wake_ups.listed(session, there.hotel, waiting=True)
        assert (seen.room, seen.is_due(clock.now())) == ("103", True)
        assert session.scalar(sa.select(wake_ups.due_now(there.hotel))) == 1
        wake_ups.answered(session, call, by=by)
        with pytest.raises(wake_ups.SeenTo, match="answered"):
            wake_ups.no_answer(session, call, by=by)

    assert (call.state, call.tries, call.day) == (CallState.ANSWERED, 1, date(2026, 11, 21))
    assert session.get_one(make.Room, (call.hotel_id, call.room_id)).number == "103"
    assert made.first_on == call.day
    assert [line.verb for line in logbook.history(session, call)] == ["answered"]
    assert works(session, there, DUE + timedelta(days=1)) == 0


@ONE_ENGINE
def test_nobody_answers_twice_and_somebody_is_sent_up(session: Session, there: asked.House) -> None:
    by = make.by(session, there.hotel)
    ask(session, there, again_minutes=7)
    [call] = calls(session)

    with clock.set_to(DUE + timedelta(minutes=1)):
        wake_ups.no_answer(session, call, by=by)
    assert (call.state, call.tries) == (CallState.WAITING, 1)
    assert call.next_at == DUE + timedelta(minutes=8)
    assert works(session, there, DUE + timedelta(minutes=12)) == 0
    with clock.set_to(DUE + timedelta(minutes=8)):
        wake_ups.no_answer(session, call, by=by)

    assert (call.state, call.tries) == (CallState.NO_ANSWER, 2)
    request = session.get_one(Request, (call.hotel_id, call.request_id))
    assert "call of 07:00, twice. Go up and knock" in request.words
    assert (request.where, request.category.code) == ("Room 101", wake_ups.CATEGORY)


def test_what_nobody_made_in_time_is_a_request_without_anyone_looking(
    session: Session, there: asked.House
) -> None:
    ask(session, there)

    assert works(session, there, DUE + timedelta(minutes=4)) == 0
    assert works(session, there, DUE + timedelta(minutes=5)) == 1
    assert works(session, there, DUE + timedelta(minutes=6)) == 0

    [call] = calls(session)
    assert (call.state, call.tries) == (CallState.MISSED, 0)
    assert "was not made" in session.get_one(Request, (call.hotel_id, call.request_id)).words


def test_every_morning_until_departure_and_on_when_the_stay_is_extended(
    session: Session, there: asked.House
) -> None:
    """Departure on the 22nd: the 21st and the 22nd; after an extension the 23rd too."""
    by = make.by(session, there.hotel)
    ask(session, there, daily=True)

    for days in (0, 1):
        with clock.set_to(DUE + timedelta(days=days)):
            wake_ups.answered(session, calls(session)[-1], by=by)
    assert len(calls(session)) == 2
    assert works(session, there, DUE + timedelta(days=1, hours=1)) == 0
    with clock.set_to(DUE + timedelta(days=1, hours=1)):
        stay = stays.of(session, party(session))
        stays.extend(session, stay, departure=make.DAY + timedelta(days=3), by=by)
    assert works(session, there, DUE + timedelta(days=1, hours=2)) == 1

    assert [each.due_at for each in calls(session)] == [
        DUE + timedelta(days=days) for days in range(3)
    ]


@ONE_ENGINE
def test_check_out_ends_them_and_undoing_it_brings_them_back(
    session: Session, there: asked.House
) -> None:
    by = make.by(session, there.hotel)
    ask(session, there, daily=True)
    stay = stays.of(session, party(session))

    stays.check_out(session, stay, leave_owing="Tests", by=by)
    assert wake_ups.listed(session, there.hotel) == []
    stays.undo_check_out(session, stay, by=by)
    assert len(wake_ups.listed(session, there.hotel)) == 1
    stays.check_out(session, stay, leave_owing="Tests", by=by)
    assert works(session, there, DUE + timedelta(hours=1)) == 1

    [call] = calls(session)
    assert (call.state, call.request_id) == (CallState.CANCELLED, None)


@SQLITE_ONLY
def test_a_group_is_called_together_and_taken_back_together(
    session: Session, there: asked.House
) -> None:
    by = make.by(session, there.hotel)
    group = groups.open_group(session, there.hotel, code="CHOIR", name="Choir", by=by)
    for surname in ("Alto", "Bass", "Soprano"):
        last = make.reservation(session, there.hotel, surname=surname)
        last.group_id = group.id
    sharer = make.reservation(session, there.hotel, surname="Sharer", shares_with=last)
    sharer.group_id = group.id  # the room they share rings once
    session.flush()
    parties = wake_ups.of_group(session, group, make.DAY + timedelta(days=1))

    made = wake_ups.ask(session, there.hotel, parties, at=SEVEN, by=by)

    assert len({each.batch_id for each in made}) == 1
    assert len(calls(session)) == 3
    with pytest.raises(wake_ups.CalledThen):
        wake_ups.ask(session, there.hotel, parties[:1], at=SEVEN, by=by)
    assert wake_ups.take_back(session, made[0], by=by) == 1
    assert wake_ups.take_back(session, made[1], whole_batch=True, by=by) == 2
    assert {each.state for each in calls(session)} == {CallState.CANCELLED}
    with pytest.raises(Invalid, match="taken back before"):
        wake_ups.take_back(session, made[0], by=by)


@SQLITE_ONLY
def test_the_hotels_clock_decides_also_when_it_changes(
    session: Session, there: asked.House
) -> None:
    """Two mornings of spring: 07:00 stays 07:00; 02:30, which doesn't come, is 03:30."""
    hotel, zone = there.hotel, there.hotel.time_zone
    due = wake_ups.ordering.due_at

    assert due(hotel, date(2027, 3, 27), SEVEN).hour == 6
    assert due(hotel, date(2027, 3, 28), SEVEN).hour == 5
    left_out = due(hotel, date(2027, 3, 28), time(2, 30))
    assert f"{dates.local(left_out, zone):%H:%M}" == "03:30"
    first = due(hotel, date(2026, 10, 25), time(2, 30))
    assert (first.hour, first.minute) == (0, 30)  # comes twice: the first


@SQLITE_ONLY
def test_what_is_refused_and_what_is_skipped(session: Session, there: asked.House) -> None:
    by = make.by(session, there.hotel)

    with pytest.raises(wake_ups.NobodyToCall):
        wake_ups.ask(session, there.hotel, [], at=SEVEN, by=by)
    with pytest.raises(Invalid, match="hour is past"):
        ask(session, there, first_on=make.DAY)
    with pytest.raises(wake_ups.NotHereThen, match="isn't here on Mon 23 Nov"):
        ask(session, there, first_on=make.DAY + timedelta(days=3))
    with pytest.raises(Invalid, match="1 to 60 minutes"):
        ask(session, there, again_minutes=0)
    afternoon = ask(session, there, at=time(17))
    assert afternoon.first_on == make.DAY
    ask(session, there, daily=True)
    wake_ups.skip(session, calls(session)[1], by=by)
    states = [(each.day.day, each.state.value) for each in calls(session)]
    assert states == [(20, "waiting"), (21, "cancelled"), (22, "waiting")]


@SQLITE_ONLY
def test_more_calls_ask_no_more_questions(session: Session, there: asked.House) -> None:
    ask(session, there)
    few = questions(session, lambda: wake_ups.listed(session, there.hotel))
    for hour in range(8, 12):
        ask(session, there, at=time(hour))
    session.expunge_all()

    assert questions(session, lambda: wake_ups.listed(session, there.hotel)) <= few == 1


# --- the worker -----------------------------------------------------------------------------------


def one_worker(url: str, start: Any, answers: Any) -> None:
    """Do the job itself, as a worker whose lease ran out may beside another."""
    engine = db.connect(url)
    do = worker.handlers(Path("unused"), {})["wake-up calls"]
    with clock.set_to(DUE + timedelta(minutes=6)), Session(engine) as session:
        hotel = session.scalars(sa.select(Hotel)).one()
        session.rollback()
        start.wait()
        try:
            do(session, Claim(hotel.id, 1, "wake-up calls", {}, 1))
            answers.put("done")
        except Exception as problem:  # noqa: BLE001 - told to the test
            answers.put(repr(problem))
    engine.dispose()


def waits_for_a_lock(engine: Engine) -> None:
    """Wait until somebody waits for a row that another has."""
    waiting = sa.text("SELECT COUNT(*) FROM pg_locks WHERE NOT granted")
    until = time_.monotonic() + 20
    with engine.connect() as connection:
        while not connection.scalar(waiting) and time_.monotonic() < until:
            time_.sleep(0.05)


@pytest.mark.timeout(180)
def test_one_is_sent_up_once_though_workers_run_the_job_at_once(
    engine: Engine, database_url: str
) -> None:
    with clock.set_to(NOON), Session(engine) as session, transaction(session):
        there = asked.house(session)
        for hour in (5, 6, 7):
            ask(session, there, at=time(hour), daily=True)
        staff.the_house(session, there.hotel)
    engine.dispose()
    start, answers = CONTEXT.Barrier(2), CONTEXT.Queue()
    workers = [
        CONTEXT.Process(target=one_worker, args=(database_url, start, answers)) for _ in range(2)
    ]

    for each in workers:
        each.start()
    said = [answers.get(timeout=90) for _ in workers]
    for each in workers:
        each.join(timeout=30)

    assert said == ["done"] * 2
    with Session(engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Request)) == 3
        states = [each.state for each in calls(session)]
        assert states.count(CallState.MISSED) == states.count(CallState.WAITING) == 3


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_is_taken_back_while_somebody_notes_an_answer_is_ended_with_its_next_morning(
    engine: Engine,
) -> None:
    with clock.set_to(NOON), Session(engine) as session, transaction(session):
        there = asked.house(session)
        ask(session, there, daily=True)
    said: list[Any] = []

    def take_back() -> None:
        with clock.set_to(DUE), Session(engine) as session, transaction(session):
            found = session.scalars(sa.select(WakeUp)).one()
            by = make.by(session, session.get_one(Hotel, found.hotel_id))
            said.append(wake_ups.take_back(session, found, by=by))

    other = threading.Thread(target=take_back)
    with clock.set_to(DUE):
        with Session(engine) as session, transaction(session):
            [call] = calls(session)
            by = make.by(session, session.get_one(Hotel, call.hotel_id))
            session.scalars(sa.select(WakeUpCall).with_for_update()).all()
            other.start()
            waits_for_a_lock(engine)
            wake_ups.answered(session, call, by=by)
        other.join(timeout=30)

    assert said == [1]
    with Session(engine) as session:
        states = [each.state for each in calls(session)]
        assert states == [CallState.ANSWERED, CallState.CANCELLED]


def test_the_job_is_planned_and_runs_without_anyone_looking(
    engine: Engine, session: Session, tmp_path: Path
) -> None:
    with clock.set_to(NOON), transaction(session):
        there = asked.house(session)
        ask(session, there)
    worker.plan_all(lambda: Session(engine), worker.SCHEDULE)

    with clock.set_to(clock.now() + timedelta(days=1)):
        jobs.run_due(lambda: Session(engine), worker.handlers(tmp_path, {}), at_most=20)

    session.rollback()
    session.expire_all()
    assert [each.state for each in calls(session)] == [CallState.MISSED]
    assert set(session.scalars(sa.select(jobs.Job.error))) == {None}
