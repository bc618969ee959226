"""Two at once: the same deed in several threads, each in a transaction of its own."""

import threading
import time

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.base.refusal import Refusal


def at_once(engine, deed, times=2):
    """Run `deed(session)` in as many threads at once, each in its own transaction."""
    barrier = threading.Barrier(times)
    answers = []

    def one():
        with Session(engine, expire_on_commit=False) as session:
            barrier.wait()
            try:
                with transaction(session):
                    answers.append(deed(session))
            except Refusal as refusal:
                answers.append(refusal)

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def wait_for_one_who_waits(engine: Engine) -> None:
    """Until somebody in this database waits for a lock."""
    waits = sa.text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    until = time.monotonic() + 30
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watching:
        while not watching.scalar(waits):
            assert time.monotonic() < until, "nobody waits"
            time.sleep(0.02)
