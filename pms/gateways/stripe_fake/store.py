"""What the practice gateway remembers: objects, answers by key, and events that are still to go."""

import json
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from pms.base import clock

Thing = dict[str, Any]
KEPT = timedelta(hours=24)  # as long as Stripe keeps an idempotency key at least

_SHAPE = (
    (
        "CREATE TABLE IF NOT EXISTS things (account TEXT, id TEXT, kind TEXT, body TEXT,"
        " PRIMARY KEY (account, id))"
    ),
    (
        "CREATE TABLE IF NOT EXISTS answers (account TEXT, key TEXT, asked TEXT, status INTEGER,"
        " body TEXT, at REAL, PRIMARY KEY (account, key))"
    ),
    (
        "CREATE TABLE IF NOT EXISTS events (no INTEGER PRIMARY KEY, account TEXT, body TEXT,"
        " told INTEGER DEFAULT 0)"
    ),
    "CREATE TABLE IF NOT EXISTS hooks (account TEXT PRIMARY KEY, secret TEXT)",
)


@dataclass(frozen=True, slots=True)
class Account:
    """A hotel's account at the practice gateway."""

    code: str
    webhook_secret: str = field(repr=False)

    @property
    def secret_key(self) -> str:
        """The key the library sends; it opens the practice gateway and nothing else."""
        return f"sk_test_practice_{self.code}"


class Store:
    """Objects in a small SQLite file of their own, or in memory; one request at a time."""

    def __init__(self, file: Path | None) -> None:
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._depth = 0
        self._db = sqlite3.connect(
            file or ":memory:", isolation_level=None, check_same_thread=False, timeout=10
        )
        with self.turn():
            for table in _SHAPE:
                self._db.execute(table)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Do several things at once, or none of them; turns may stand in turns."""
        with self._lock:
            self._depth += 1
            try:
                if self._depth == 1:
                    self._db.execute("BEGIN IMMEDIATE")
                yield
            except BaseException:
                if self._depth == 1:
                    self._db.execute("ROLLBACK")
                raise
            else:
                if self._depth == 1:
                    self._db.execute("COMMIT")
            finally:
                self._depth -= 1

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __del__(self) -> None:
        """Leave no file open behind."""
        self._db.close()

    # --- objects ------------------------------------------------------------------------------

    def get(self, account: str, thing_id: str) -> Thing | None:
        """Return an object by its id."""
        with self._lock:
            row = self._db.execute(
                "SELECT body FROM things WHERE account = ? AND id = ?", (account, thing_id)
            ).fetchone()
        return None if row is None else json.loads(row[0])

    def put(self, account: str, thing: Thing) -> Thing:
        """Keep an object as it is now."""
        with self._lock:
            self._db.execute(
                "INSERT INTO things VALUES (?, ?, ?, ?)"
                " ON CONFLICT (account, id) DO UPDATE SET body = excluded.body",
                (account, thing["id"], thing["object"], json.dumps(thing)),
            )
        return thing

    def all(self, account: str, kind: str) -> list[Thing]:
        """Return the objects of a kind, the newest first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT body FROM things WHERE account = ? AND kind = ? ORDER BY rowid DESC",
                (account, kind),
            ).fetchall()
        return [json.loads(row[0]) for row in rows]

    def owner(self, thing_id: str) -> str | None:
        """Return whose account an object is in."""
        with self._lock:
            row = self._db.execute(
                "SELECT account FROM things WHERE id = ?", (thing_id,)
            ).fetchone()
        return None if row is None else str(row[0])

    def forget(self, account: str) -> None:
        """Forget everything of an account: a demo is made anew."""
        with self.turn():
            for table in ("things", "answers", "events"):
                self._db.execute(f"DELETE FROM {table} WHERE account = ?", (account,))  # noqa: S608 - our own names

    # --- answers by key -----------------------------------------------------------------------

    def answered(self, account: str, key: str) -> tuple[str, int, str] | None:
        """Return what was asked and answered under a key in the last day."""
        with self._lock:
            row = self._db.execute(
                "SELECT asked, status, body, at FROM answers WHERE account = ? AND key = ?",
                (account, key),
            ).fetchone()
        if row is None or row[3] < (clock.now() - KEPT).timestamp():
            return None
        return str(row[0]), int(row[1]), str(row[2])

    def keep_answer(self, account: str, key: str, asked: str, status: int, body: str) -> None:
        """Keep an answer under its key."""
        with self._lock:
            self._db.execute(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?)",
                (account, key, asked, status, body, clock.now().timestamp()),
            )

    # --- events -------------------------------------------------------------------------------

    def happened(self, account: str, body: str) -> None:
        """Keep an event that is to be told."""
        with self._lock:
            self._db.execute("INSERT INTO events (account, body) VALUES (?, ?)", (account, body))

    def events(self, account: str | None = None, *, untold: bool = False) -> list[tuple[int, str]]:
        """Return events as (number, body), in the order they happened."""
        with self._lock:
            rows = self._db.execute(
                "SELECT no, body FROM events WHERE (? IS NULL OR account = ?)"
                " AND (NOT ? OR told = 0) ORDER BY no",
                (account, account, untold),
            ).fetchall()
        return [(int(no), str(body)) for no, body in rows]

    def accounts_with_news(self) -> list[str]:
        """Return whose events weren't told yet."""
        with self._lock:
            rows = self._db.execute("SELECT DISTINCT account FROM events WHERE told = 0").fetchall()
        return [str(row[0]) for row in rows]

    def told(self, no: int) -> None:
        """Note that an event was told."""
        with self._lock:
            self._db.execute("UPDATE events SET told = 1 WHERE no = ?", (no,))

    def account(self, code: str) -> Account:
        """Return a hotel's account; its webhook secret is made on first need."""
        with self.turn():
            self._db.execute(
                "INSERT OR IGNORE INTO hooks VALUES (?, ?)",
                (code, f"whsec_{secrets.token_hex(16)}"),
            )
            row = self._db.execute("SELECT secret FROM hooks WHERE account = ?", (code,)).fetchone()
        return Account(code, str(row[0]))
