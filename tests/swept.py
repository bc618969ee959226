"""One PostgreSQL database for many tests, swept between them: to make a fresh one takes a second.

A test may do what it likes to its database: where it changed more than rows (a trigger put to
sleep, a table dropped), the database goes and the next test gets a new one.
"""

import threading
import uuid
from pathlib import Path

import psycopg

from tests import postgres

# Rows that were deleted stay in a table's file until somebody vacuums: a new one comes first.
_MOST_TESTS = 60

_SHAPE = """
SELECT md5(string_agg(part, ',' ORDER BY part)) FROM (
    SELECT concat_ws(':', 'class', oid, relname, relkind) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT concat_ws(':', 'column', attrelid, attnum, attname, atttypid, attnotnull)
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT concat_ws(':', 'trigger', oid, tgrelid, tgname, tgenabled) FROM pg_trigger
    UNION ALL
    SELECT concat_ws(':', 'constraint', oid, conname, convalidated) FROM pg_constraint
    UNION ALL
    SELECT concat_ws(':', 'function', oid, proname, md5(prosrc)) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT concat_ws(':', 'revision', version_num) FROM alembic_version
) AS parts (part)
"""

# As a replica takes rows: past the triggers and foreign keys that keep them in a living house.
_SWEEP = """
DO $$
DECLARE
    place regclass;
    used boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR place IN
        SELECT oid FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
          AND relname <> 'alembic_version'
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', place) INTO used;
        IF used THEN
            EXECUTE format('DELETE FROM %s', place);
        END IF;
    END LOOP;
END $$
"""

_OTHERS_LEAVE = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Misshapen(Exception):
    """The database isn't what its template is, or has been swept often enough."""


class Swept:
    """A worker's database, a copy of the template for whoever asks next."""

    def __init__(self, server: Path, template: str) -> None:
        self.server, self.template = server, template
        self.name, self.shape, self.tests = "", "", 0
        self._dropping: threading.Thread | None = None
        self._link: psycopg.Connection[tuple[str]] | None = None

    def take(self) -> str:
        """Return the address of a database with the template's tables and no row."""
        if not self.name:
            self.name, self.tests = f"hotel_{uuid.uuid4().hex}", 0
            postgres.create_database(self.server, self.name, template=self.template)
            self._connect()
            self.shape = self._one(_SHAPE)
        self.tests += 1
        return postgres.url(self.server, self.name)

    def give_back(self) -> None:
        """Sweep it for the next test, or let it go when it isn't what it was."""
        try:
            try:
                self._sweep()
            except psycopg.OperationalError:  # somebody copied it, and sent everybody out
                self._connect()
                self._sweep()
        except (psycopg.Error, Misshapen):  # or a test pulled the plug
            self._let_go()

    def close(self) -> None:
        """Hang up; the database goes with the server."""
        if self._dropping:
            self._dropping.join()
        if self._link:
            self._link.close()

    def _sweep(self) -> None:
        assert self._link
        self._link.execute(_OTHERS_LEAVE)
        if self.tests >= _MOST_TESTS or self._one(_SHAPE) != self.shape:
            raise Misshapen
        self._link.execute(_SWEEP)

    def _let_go(self) -> None:
        """Drop it beside the next test: PostgreSQL writes a checkpoint for it, which takes 1 s."""
        self.close()
        gone = (self.server, self.name)
        self._dropping = threading.Thread(target=postgres.drop_database, args=gone, daemon=True)
        self._dropping.start()
        self.name = ""

    def _connect(self) -> None:
        """Stay connected from test to test: who comes anew has every table to look up again."""
        self._link = psycopg.connect(
            host=str(self.server), user=postgres.OWNER, dbname=self.name, autocommit=True
        )

    def _one(self, question: str) -> str:
        assert self._link
        row = self._link.execute(question).fetchone()
        return row[0] if row else ""
