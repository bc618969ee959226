"""The ground of a bench: what is asked, a database, a served app, and how times are told."""

import http.client
import json
import os
import platform
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms.base import db, migrations
from pms.base.refusal import Refusal

Answer = dict[str, Any]
MILLI = 1_000
THREADS = 8
_SCHEDULED = 2  # CPUCLOCK_SCHED of clock_getcpuclockid(3): to the nanosecond, not to 10 ms


class NotEmpty(Refusal):
    """A bench fills a database of its own."""

    def __init__(self) -> None:
        super().__init__("A bench wants an empty database. Make one, and give its address.")


@dataclass(frozen=True)
class Asked:
    """What a bench is asked: how large, on which database, with which data."""

    size: str = "full"
    data: Path | None = None
    database: str | None = None
    say: Callable[[str], None] = lambda _: None

    def of(self, tiny: Any, short: Any, full: Any) -> Any:
        """Choose by size."""
        return {"tiny": tiny, "short": short, "full": full}[self.size]


def machine() -> Answer:
    """Say what it was run on, and how busy that was."""
    return {
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


@contextmanager
def database(asked: Asked) -> Iterator[Engine]:
    """Open a migrated database: a file that goes afterwards, or the empty one asked for."""
    with tempfile.TemporaryDirectory(prefix="pms-bench-") as folder:
        engine = db.connect(asked.database or f"sqlite:///{folder}/bench.db")
        try:
            if migrations.present(engine) is not None:
                raise NotEmpty
            migrations.upgrade(engine)
            yield engine
        finally:
            engine.dispose()


@contextmanager
def session_of(engine: Engine) -> Iterator[Session]:
    """A session whose objects outlive their transactions."""
    with Session(engine, expire_on_commit=False) as session:
        yield session


def engine_words(engine: Engine) -> str:
    """Name the engine as it is."""
    if engine.dialect.name == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}, WAL, synchronous=FULL"
    with engine.connect() as connection:
        return str(connection.exec_driver_sql("SELECT version()").scalar()).split(" on ")[0]


# --- times -------------------------------------------------------------------------------------


def percentile(times: Sequence[float], share: float) -> float:
    """Return the value that a share of the times (0 to 1) doesn't exceed."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def told(times: Sequence[float]) -> Answer:
    """Tell times, given in seconds, in milliseconds."""
    return {
        "p50_ms": round(percentile(times, 0.5) * MILLI, 3),
        "p95_ms": round(percentile(times, 0.95) * MILLI, 3),
        "p99_ms": round(percentile(times, 0.99) * MILLI, 3),
        "max_ms": round(max(times) * MILLI, 3),
    }


def timed(work: Callable[[int], object], count: int) -> list[float]:
    """Do some work so many times and return how long each took."""
    times = []
    for n in range(count):
        began = time.perf_counter()
        work(n)
        times.append(time.perf_counter() - began)
    return times


def timed_here(work: Callable[[int], object], count: int) -> tuple[list[float], float]:
    """Do some work so many times; return each one's seconds and the processor's, a time, in ms."""
    used = time.process_time()
    times = timed(work, count)
    return times, round((time.process_time() - used) / count * MILLI, 1)


# --- the app, served ---------------------------------------------------------------------------


class Server:
    """The app in a process of its own, as `pms serve` serves it."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self.process, self.port = process, port

    @property
    def cpu_seconds(self) -> float:
        """The processor time it has used: Linux names each process's own clock by its number."""
        return time.clock_gettime(~self.process.pid << 3 | _SCHEDULED)

    @property
    def memory_mb(self) -> float:
        """The memory it holds."""
        found = re.search(r"VmRSS:\s+(\d+) kB", self._proc("status"))
        return round(int(found[1]) / 1024, 1) if found else 0.0

    def _proc(self, name: str) -> str:
        return Path(f"/proc/{self.process.pid}/{name}").read_text(encoding="utf-8")


@contextmanager
def served(engine: Engine) -> Iterator[Server]:
    """Serve the app on the engine's database until the block ends."""
    url = engine.url.render_as_string(hide_password=False)
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "pms.bench.serving", url, str(THREADS)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        yield Server(process, int(line))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        if process.stdout:
            process.stdout.close()


def server_words() -> str:
    """Say how the app was served."""
    return f"waitress {version('waitress')}, 1 process, {THREADS} threads (as pms serve)"


class Caller:
    """One client on one connection that stays open, with its cookies or its token."""

    def __init__(self, server: Server, token: str | None = None) -> None:
        self.link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.headers: dict[str, str] = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, address: str) -> tuple[int, bytes]:
        """Ask."""
        return self._send("GET", address, None, {})

    def post(self, address: str, fields: dict[str, str]) -> tuple[int, bytes]:
        """Send a form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._send("POST", address, urlencode(fields).encode(), kind)

    def send(self, address: str, body: Any) -> tuple[int, bytes]:
        """Send JSON."""
        kind = {"Content-Type": "application/json"}
        return self._send("POST", address, json.dumps(body).encode(), kind)

    def deliver(self, address: str, body: bytes, head: dict[str, str]) -> tuple[int, bytes]:
        """Send bytes as they are."""
        return self._send("POST", address, body, head)

    def _send(
        self, method: str, address: str, body: bytes | None, more: dict[str, str]
    ) -> tuple[int, bytes]:
        self.link.request(method, address, body=body, headers=self.headers | more)
        answer = self.link.getresponse()
        content = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            self.headers["Cookie"] = cookie.split(";")[0]
        return answer.status, content

    def sign_in(self, email: str, password: str) -> None:
        """Sign in through the door."""
        _, page = self.get("/sign-in")
        found = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', page.decode())
        fields = {"email": email, "password": password, "csrf_token": found[1] if found else ""}
        status, _ = self.post("/sign-in", fields)
        if status != http.client.FOUND:
            raise LookupError(f"The sign-in answered {status}.")

    def close(self) -> None:
        """Hang up."""
        self.link.close()
