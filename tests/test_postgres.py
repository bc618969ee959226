"""The tests' own PostgreSQL: one for a run, copies in a moment, and nothing left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from tests import postgres

LONG_RUN = """
import os, sys, time
from tests import postgres
with postgres.home_of_a_run() as home:
    postgres.server_of_a_run(home, os.getpid())
    print(home, flush=True)
    time.sleep(60)
"""


def test_a_database_is_a_copy_of_its_template(postgres_server):
    template = postgres.create_database(postgres_server, "a_template")
    with _link(template) as link:
        link.execute("CREATE TABLE rooms AS SELECT '204' AS number")

    copy = postgres.create_database(postgres_server, "a_copy", template="a_template")

    with _link(copy) as link:
        assert link.execute("SELECT number FROM rooms").fetchone() == ("204",)
    postgres.drop_database(postgres_server, "a_copy")
    postgres.drop_database(postgres_server, "a_template")


def test_the_workers_of_a_run_share_one_server(postgres_server):
    again = postgres.server_of_a_run(postgres_server.parent, os.getpid())

    assert again == postgres_server


def test_a_run_that_is_killed_leaves_nothing_behind():
    run = subprocess.Popen(
        [sys.executable, "-c", LONG_RUN],
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        text=True,
    )
    with run:
        home = Path(run.stdout.readline().strip())
        server = int((home / "server" / "data" / "postmaster.pid").read_text().split()[0])
        run.send_signal(signal.SIGKILL)

    deadline = time.monotonic() + 20
    while home.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not home.exists()
    assert not postgres._is_running(server)


def _link(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""))
