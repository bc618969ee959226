"""At once, each a process of its own: a free room taken by three, a tap sent by three phones.

The twin whose taps don't say what they saw shows that the race can be lost.
"""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms.base import clock, db
from pms.base.db import transaction
from pms.base.refusal import Refusal
from pms.hotel.close import verify
from pms.hotel.house import logbook, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.once import Sent
from pms.hotel.house.staff import Staff
from pms.hotel.rooms import rooms
from pms.hotel.rooms.rooms import Room
from pms.hotel.service import housekeeping
from pms.hotel.service.housekeeping import (
    Act,
    Difference,
    Discrepancy,
    Resolution,
    Tap,
    Task,
    TaskState,
)
from tests.hotel.books.races import wait_for_one_who_waits
from tests.hotel.service import kept
from tests.hotel.service.kept import NINE

CONTEXT = multiprocessing.get_context("fork")
NAMES = ("amira", "hoa", "oksana")


def at_once(url: str, run: Callable[[Session, str], Any]) -> list[Any]:
    """Let three people do something at the same moment, and return what each was told."""
    start, answers = CONTEXT.Barrier(len(NAMES)), CONTEXT.Queue()

    def one(name: str) -> None:
        engine = db.connect(url)
        with clock.set_to(NINE), Session(engine) as session:
            start.wait()
            try:
                with transaction(session):
                    made = run(session, name)
                answers.put(("done", made))
            except Refusal as refusal:
                answers.put((refusal.message_id, refusal.sentence))
        engine.dispose()

    people = [CONTEXT.Process(target=one, args=(name,)) for name in NAMES]
    for each in people:
        each.start()
    said = [answers.get(timeout=60) for _ in people]
    for each in people:
        each.join(timeout=30)
    return said


def person(session: Session, name: str) -> staff.Staff:
    """One of the three."""
    found = staff.by_email(session, f"{name}@keeping.example")
    assert found is not None
    return found


def test_one_free_room_goes_to_one_of_three(engine: Engine, database_url: str) -> None:
    with clock.set_to(NINE), Session(engine) as session, transaction(session):
        kept.house(session)
    engine.dispose()

    def take(session: Session, name: str) -> str:
        hotel = session.scalars(sa.select(Hotel)).one()
        room = rooms.by_number(session, hotel, "101")
        by = person(session, name)
        housekeeping.start(session, housekeeping.put(session, room, on=by, by=by), by=by)
        return by.name

    said = at_once(database_url, take)

    [winner] = [name for what, name in said if what == "done"]
    lost = [sentence for what, sentence in said if what == "on_anothers_sheet"]
    assert (
        lost == [f"Room 101 is on {winner}'s sheet. Ask who shares out the rooms to move it."] * 2
    )
    with clock.set_to(NINE), Session(engine) as session:
        assert session.scalars(sa.select(Task)).one().state is TaskState.CLEANING
        hotel = session.scalars(sa.select(Hotel)).one()
        assert [check.name for check in verify.checks(session, hotel) if not check.ok] == []


def test_one_tap_sent_three_times_at_once_is_done_once(engine: Engine, database_url: str) -> None:
    with clock.set_to(NINE), Session(engine) as session, transaction(session):
        kept.task_of(session, kept.house(session), "101")
    engine.dispose()

    def send(session: Session, _name: str) -> int:
        task = session.scalars(sa.select(Task)).one()
        tapped = Tap(Sent("one key", "the same words"), 1)
        return housekeeping.tap(
            session, task, Act.START, tapped=tapped, by=person(session, "amira")
        ).id

    said = at_once(database_url, send)

    assert [what for what, _ in said] == ["done"] * 3
    with Session(engine) as session:
        task = session.scalars(sa.select(Task)).one()
        assert (task.state, task.version) == (TaskState.CLEANING, 2)
        assert [line.verb for line in logbook.history(session, task)].count("began") == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_looks_again_while_another_resolves_waits_for_the_answer(engine: Engine) -> None:
    with clock.set_to(NINE), Session(engine) as session, transaction(session):
        there = kept.house(session)
        housekeeping.look(session, kept.room(session, there, "101"), persons=2, by=there.head)

    def look() -> Difference:
        with clock.set_to(NINE), Session(engine) as session, transaction(session):
            room = session.scalars(sa.select(Room).where(Room.number == "101")).one()
            found = housekeeping.look(session, room, persons=1, by=person(session, "hoa"))
            assert found is not None
            return found.kind

    with ThreadPoolExecutor(1) as other, clock.set_to(NINE), Session(engine) as session:
        with transaction(session):
            found = session.scalars(sa.select(Discrepancy)).one()
            by = session.get_one(Staff, (found.chain_id, found.staff_id))
            housekeeping.resolve(session, found, resolution=Resolution.LOOKED_AGAIN, by=by)
            looked = other.submit(look)
            wait_for_one_who_waits(engine)
        assert looked.result(timeout=30) is Difference.SLEEP
        seen = session.scalars(sa.select(Discrepancy).order_by(Discrepancy.id)).all()
        assert [each.resolution for each in seen] == [Resolution.LOOKED_AGAIN, None]


@pytest.mark.parametrize("says_what_it_saw", [True, False])
def test_of_taps_on_what_all_saw_one_is_kept_and_the_others_are_told(
    engine: Engine, database_url: str, says_what_it_saw: bool
) -> None:
    with clock.set_to(NINE), Session(engine) as session, transaction(session):
        kept.task_of(session, kept.house(session), "101")
    engine.dispose()
    acts = dict(zip(NAMES, (Act.START, Act.NOT_TO_DISTURB, Act.NOT_TO_DISTURB), strict=True))

    def send(session: Session, name: str) -> str:
        task = session.scalars(sa.select(Task)).one()
        tapped = Tap(Sent(name, name), 1 if says_what_it_saw else None)
        amira = person(session, "amira")  # one attendant with three phones, so to say
        return housekeeping.tap(session, task, acts[name], tapped=tapped, by=amira).state.value

    said = at_once(database_url, send)

    if not says_what_it_saw:
        assert [what for what, _ in said] == ["done"] * 3  # each wrote over the one before
        return
    assert sorted(what for what, _ in said) == ["done", "tap_too_late", "tap_too_late"]
    [won] = [state for what, state in said if what == "done"]
    with Session(engine) as session:
        task = session.scalars(sa.select(Task)).one()
        assert (task.state.value, task.version) == (won, 2)
