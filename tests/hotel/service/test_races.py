"""Two at once, each a process of its own: one request taken by two, one level told by two workers.

The twin without the guards shows that each race can be lost.
"""

import multiprocessing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms import worker
from pms.base import clock, db
from pms.base.db import transaction
from pms.base.refusal import Refusal
from pms.hotel.house import jobs, logbook, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.jobs import Claim
from pms.hotel.service import requests
from pms.hotel.service.requests import Escalation, Request, State
from tests.hotel.service import asked
from tests.hotel.service.asked import NOON, later

CONTEXT = multiprocessing.get_context("fork")
TAKERS = 4


def one_taker(url: str, email: str, start: Any, answers: Any) -> None:
    engine = db.connect(url)
    with clock.set_to(later(1)), Session(engine) as session:
        request = session.scalars(sa.select(Request)).one()
        by = staff.by_email(session, email)
        assert by is not None
        session.rollback()
        start.wait()
        try:
            with transaction(session):
                requests.take(session, request, by=by)
            answers.put(("took", by.name))
        except Refusal as refusal:
            answers.put((refusal.message_id, refusal.sentence))
    engine.dispose()


def test_two_people_take_one_request_and_one_is_told_who_has_it(
    engine: Engine, database_url: str
) -> None:
    with clock.set_to(NOON), Session(engine) as session, transaction(session):
        there = asked.house(session)
        asked.towels(session, there)
        emails = [there.maid.email, there.other.email, there.head.email, there.duty_manager.email]
    engine.dispose()
    start, answers = CONTEXT.Barrier(TAKERS), CONTEXT.Queue()
    takers = [
        CONTEXT.Process(target=one_taker, args=(database_url, email, start, answers))
        for email in emails
    ]

    for taker in takers:
        taker.start()
    said = [answers.get(timeout=60) for _ in takers]
    for taker in takers:
        taker.join(timeout=30)

    won = [name for what, name in said if what == "took"]
    assert len(won) == 1
    lost = [sentence for what, sentence in said if what == "taken_by_another"]
    assert len(lost) == TAKERS - 1
    assert all(sentence.startswith(f"{won[0]} has request 10001 since") for sentence in lost)
    with Session(engine) as session:
        request = session.scalars(sa.select(Request)).one()
        assert (request.state, request.version) == (State.ASSIGNED, 3)
        verbs = [line.verb for line in logbook.history(session, request)]
        assert verbs.count("took") == 1


def one_worker(url: str, start: Any, answers: Any) -> None:
    """Do the job itself, as a worker does who holds a claim: its lease may have run out."""
    engine = db.connect(url)
    do = worker.handlers(Path("unused"), {})["escalate requests"]
    with clock.set_to(later(6)), Session(engine) as session:
        hotel = session.scalars(sa.select(Hotel)).one()
        session.rollback()
        start.wait()
        try:
            do(session, Claim(hotel.id, 1, "escalate requests", {}, 1))
            answers.put("done")
        except Exception as problem:  # noqa: BLE001 - told to the test
            answers.put(repr(problem))
    engine.dispose()


@pytest.mark.timeout(180)
def test_a_level_is_told_once_though_workers_run_the_job_at_once(
    engine: Engine, database_url: str
) -> None:
    with clock.set_to(NOON), Session(engine) as session, transaction(session):
        there = asked.house(session)
        for _ in range(12):
            asked.towels(session, there)
        staff.the_house(session, there.hotel)
    engine.dispose()
    start, answers = CONTEXT.Barrier(3), CONTEXT.Queue()
    workers = [
        CONTEXT.Process(target=one_worker, args=(database_url, start, answers)) for _ in range(3)
    ]

    for each in workers:
        each.start()
    said = [answers.get(timeout=90) for _ in workers]
    for each in workers:
        each.join(timeout=30)

    assert said == ["done"] * 3
    with Session(engine) as session:
        told = session.execute(sa.select(Escalation.request_id, Escalation.level)).all()
        assert len(told) == len(set(told)) == 12
        assert {level for _, level in told} == {2}
        written = session.scalars(
            sa.select(logbook.Line).where(logbook.Line.verb == "escalated")
        ).all()
        assert len(written) == 12


def test_the_job_is_planned_and_runs_without_anyone_looking(
    engine: Engine, session: Session, tmp_path: Path
) -> None:
    with clock.set_to(NOON), transaction(session):
        there = asked.house(session)
        request = asked.towels(session, there)
    worker.plan_all(lambda: Session(engine), worker.SCHEDULE)

    handlers = worker.handlers(tmp_path, {})
    with clock.set_to(clock.now() + timedelta(days=1)):
        jobs.run_due(lambda: Session(engine), handlers, at_most=20)

    session.rollback()
    session.refresh(request)
    assert request.level > 1
    assert set(session.scalars(sa.select(jobs.Job.error))) == {None}
