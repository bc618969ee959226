"""F2: killed at any write to the disk, a deed is done or not done, and can be done again.

strace kills the process at its n-th `pwrite64` or `fdatasync`; on SQLite, whose process writes the
file itself. (PostgreSQL's server is killed whole in test_restarts.py.)
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from pms.base import db
from tests.hotel.close import state
from tests.proofs import deeds
from tests.proofs.conftest import SQLITE
from tests.sweeping import ALL, Copies, child, was_killed

STRACE = shutil.which("strace")
pytestmark = [SQLITE, pytest.mark.skipif(STRACE is None, reason="strace isn't on this machine.")]


def traced(url: str, call: str, nth: int, tmp_path: Path) -> bool:
    """Do a check-in that strace kills at its n-th call; false when it got through."""
    ready, go = os.pipe()

    def doomed() -> None:
        os.close(go)
        engine = db.connect(url)
        with engine.connect():
            pass
        os.read(ready, 1)  # strace is there
        deeds.whole(deeds.check_in)(engine)

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
    work = deeds.whole(deeds.check_in)
    before = read(made.copy(), known)
    deeds.do(url := made.copy(), work)
    after = read(url, known)
    step = 1 if ALL or call == "fdatasync" else 9
    killed, nth = 0, 1

    while traced(url := made.copy(), call, nth, tmp_path):
        killed += 1
        found = read(url, known)
        assert found in (before, after), f"half done when killed at {call} {nth}"
        if found == before:
            deeds.do(url, work)
            assert read(url, known) == after
        deeds.do(url, deeds.everything_holds)
        nth += step

    assert killed > 0


def read(url: str, known: set[int]) -> dict[str, list[str]]:
    engine = db.connect(url)
    found = state.of(engine, known)
    engine.dispose()
    return found
