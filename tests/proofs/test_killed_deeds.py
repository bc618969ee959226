"""F1: a deed killed at any statement is done or not done; done again, it is done."""

from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from pms.base import db
from tests.hotel.close import state
from tests.proofs import deeds
from tests.proofs.conftest import SQLITE
from tests.sweeping import ALL, Copies, killed_at, points, some_of

State = dict[str, list[str]]


def read(url: str, known: set[int]) -> State:
    engine = db.connect(url)
    found = state.of(engine, known)
    engine.dispose()
    return found


# PostgreSQL undoes what a client left behind: three deeds show it as well as all.
ON_POSTGRESQL = list(deeds.VERBS) if ALL else ["check in", "check out", "pay"]


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("database_url", "name"),
    [
        *(("sqlite", name) for name in deeds.VERBS),
        *(("postgresql", name) for name in ON_POSTGRESQL),
    ],
    indirect=["database_url"],
)
def test_a_killed_deed_is_done_or_not_and_can_be_done_again(
    copies: tuple[Copies, set[int]], name: str
) -> None:
    made, known = copies
    work = deeds.whole(deeds.VERBS[name])
    before = read(made.url, known)
    count = points(url := made.copy(), work)
    after = read(url, known)
    assert after != before
    outcomes = set()

    for point in some_of(count, 3):
        url = made.copy()
        assert killed_at(url, work, point)
        found = read(url, known)
        assert found in (before, after), f"half done when killed at {point} of {count}"
        if found == before:
            deeds.do(url, work)
            assert read(url, known) == after
        deeds.do(url, deeds.everything_holds)
        outcomes.add("before" if found == before else "after")

    assert outcomes == {"before", "after"}


@SQLITE
def test_the_sweep_finds_a_deed_that_commits_on_its_way(
    copies: tuple[Copies, set[int]],
) -> None:
    """The control: with a commit after each statement, a kill leaves half a deed."""
    made, known = copies
    work = deeds.whole(deeds.check_in)
    before, halves = read(made.copy(), known), 0
    count = points(url := made.copy(), work)
    after = read(url, known)

    def careless(engine: Engine) -> None:
        event.listen(engine, "before_cursor_execute", commit_now)
        work(engine)

    for point in range(count // 2, count, 7):
        killed_at(url := made.copy(), careless, point)
        halves += read(url, known) not in (before, after)

    assert halves > 0


def commit_now(_connection: Any, cursor: Any, statement: str, *_: Any) -> None:
    if statement.startswith("INSERT INTO entries"):
        return  # its lines stand and wait for it: the database itself refuses that commit
    if statement.startswith(("INSERT", "UPDATE")) and cursor.connection.in_transaction:
        cursor.execute("COMMIT")
        cursor.execute("BEGIN IMMEDIATE")
