"""The app as a server of several processes runs it: `python -m tests.api.served`.

With PMS_UNGUARDED the counters are written without being weighed, so that a test of the guard
can be seen to fail.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pms.app import create_app

ROOT = Path(__file__).parents[2]
_READY_SECONDS = 60
# Gunicorn, whose processes find imported what each of them would take seconds to import.
_IMPORTED_ONCE = "import tests.api.served; from gunicorn.app.wsgiapp import run; run()"


def app() -> Any:
    """The app that gunicorn runs; unguarded where the environment says so."""
    if os.environ.get("PMS_UNGUARDED"):
        _take_the_guard_away()
    return create_app({"SECRET_KEY": "tests only, never secret"})


def _take_the_guard_away() -> None:
    from pms.hotel.rooms.inventory import selling

    def unweighed(counts: Any, deltas: Any, *_: Any) -> dict[Any, tuple[int, int, int]]:
        return {
            key: (delta, held, counts[key].forced + max(0, delta))
            for key, (delta, held) in deltas.items()
        }

    selling._weigh = unweighed


@contextmanager
def serving(
    database_url: str, *, workers: int = 2, threads: int = 8, unguarded: bool = False
) -> Iterator[tuple[str, int]]:
    """Serve a database with real processes and real threads; the host and port."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as door:
        host, port = door.getsockname()
        environment = {**os.environ, "DATABASE_URL": database_url, "PYTHONPATH": str(ROOT)}
        if unguarded:
            environment["PMS_UNGUARDED"] = "1"
        command = [
            *(sys.executable, "-c", _IMPORTED_ONCE, "tests.api.served:app()"),
            *("--workers", str(workers), "--worker-class", "gthread", "--threads", str(threads)),
            *("--bind", f"fd://{door.fileno()}", "--log-level", "warning"),
        ]
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, pass_fds=[door.fileno()], start_new_session=True
        )
        try:
            _wait_until_it_answers(f"http://{host}:{port}/openapi.json", server)
            yield host, port
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait_until_it_answers(url: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=_READY_SECONDS):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("The server doesn't answer.")
