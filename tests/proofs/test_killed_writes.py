"""F2: killed at any write to the disk, a deed is done or not done, and can be done again.

strace kills the process at its n-th `pwrite64` or `fdatasync`; on SQLite, whose process writes the
file itself. (PostgreSQL's server is killed whole in test_restarts.py.)
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms.base import clock, db
from pms.hotel.close import night_audit
from tests import make
from tests.hotel.close import lived, state
from tests.proofs import deeds
from tests.proofs.conftest import SQLITE
from tests.proofs.test_killed_deeds import commit_now
from tests.sweeping import ALL, Copies, child, was_killed

STRACE = shutil.which("strace")
pytestmark = [SQLITE, pytest.mark.skipif(STRACE is None, reason="strace isn't on this machine.")]


Work = Callable[[Engine], None]
CHECK_IN = deeds.whole(deeds.check_in)


def traced(url: str, work: Work, call: str, nth: int, tmp_path: Path) -> bool:
    """Do a deed that strace kills at its n-th call; false when it got through."""
    ready, go = os.pipe()

    def doomed() -> None:
        os.close(go)
        engine = db.connect(url)
        with engine.connect():
            pass
        os.read(ready, 1)  # strace is there
        work(engine)

    pid = child(doomed)
    os.close(ready)
    log = tmp_path / "strace"
    log.unlink(missing_ok=True)
    tracer = subprocess.Popen(
        [str(STRACE), "-f", "-p", str(pid), "-e", f"trace={call}",
         "-e", f"inject={call}:signal=KILL:when={nth}", "-o", str(log)],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert tracer.stderr is not None
    said = tracer.stderr.readline()
    if "attached" not in said:
        os.write(go, b"x")
        os.close(go)
        was_killed(pid)
        tracer.wait(10)
        tracer.stderr.close()
        pytest.skip(f"strace may not attach here: {said.strip()}")
    os.write(go, b"x")
    os.close(go)
    killed = was_killed(pid)
    tracer.wait(10)
    tracer.stderr.close()
    return killed


@pytest.mark.timeout(900)
@pytest.mark.parametrize("call", ["pwrite64", "fdatasync"])
def test_a_check_in_killed_at_a_write_is_done_or_not(
    copies: tuple[Copies, set[int]], call: str, tmp_path: Path
) -> None:
    made, known = copies
    before = read(made.copy(), known)
    deeds.do(url := made.copy(), CHECK_IN)
    after = read(url, known)
    step = 1 if ALL or call == "fdatasync" else 9
    killed, nth = 0, 1

    while traced(url := made.copy(), CHECK_IN, call, nth, tmp_path):
        killed += 1
        found = read(url, known)
        assert found in (before, after), f"half done when killed at {call} {nth}"
        if found == before:
            deeds.do(url, CHECK_IN)
            assert read(url, known) == after
        deeds.do(url, deeds.everything_holds)
        nth += step

    assert killed > 0


@pytest.mark.timeout(300)
def test_the_sweep_finds_a_deed_that_commits_on_its_way(
    copies: tuple[Copies, set[int]], tmp_path: Path
) -> None:
    """The control: with a commit after each statement, a kill at a write leaves half a deed."""
    made, known = copies
    before, halves, nth = read(made.copy(), known), 0, 8
    deeds.do(url := made.copy(), CHECK_IN)
    after = read(url, known)

    def careless(engine: Engine) -> None:
        event.listen(engine, "before_cursor_execute", commit_now)
        CHECK_IN(engine)

    while not halves and traced(url := made.copy(), careless, "pwrite64", nth, tmp_path):
        halves += read(url, known) not in (before, after)
        nth += 4

    assert halves


@pytest.mark.timeout(900)
@pytest.mark.parametrize("call", ["pwrite64", "fdatasync"])
def test_an_audit_killed_at_a_write_ends_as_if_undisturbed(
    copies: tuple[Copies, set[int]], call: str, tmp_path: Path
) -> None:
    made, known = copies
    deeds.do(url := made.copy(), audit)
    closed = read(url, known)
    step = 1 if ALL else 97 if call == "pwrite64" else 11
    killed, nth = 0, 1

    while traced(url := made.copy(), audit, call, nth, tmp_path):
        killed += 1
        deeds.do(url, audit)
        assert read(url, known) == closed, f"otherwise when killed at {call} {nth}"
        nth += step

    print(f"{killed} points")
    assert killed > 0


def audit(engine: Engine) -> None:
    """Close the first day; where it is closed, finish what was left to do after the roll."""
    with clock.set_to(lived.at(make.DAY)), Session(engine) as session:
        hotel = deeds.the_hotel(session)
        by = make.by(session, hotel)
        with suppress(night_audit.AlreadyClosed):
            night_audit.audit(session, hotel, by=by, rules=lived.RULES, closing=make.DAY)


def read(url: str, known: set[int]) -> dict[str, list[str]]:
    engine = db.connect(url)
    found = state.of(engine, known)
    engine.dispose()
    return found
