"""Warm engines: what SQLAlchemy compiled for one test it needn't compile for the next.

It keeps what it compiled by dialect, and every engine makes a dialect of its own. Here all engines
of a kind speak the dialect of the first that was connected, so that a worker compiles a statement
once, as a server does that lives for days. Whom it forks inherits that.
"""

from typing import Any

from sqlalchemy import event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.util import LRUCache

_MOST_STATEMENTS = 5_000

_warm: dict[type[Dialect], tuple[Dialect, LRUCache[Any, Any]]] = {}


def keep_warm() -> None:
    """Let every engine of this process join the others of its kind from now on."""
    for kind in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        kind.engine_created = _join  # type: ignore[method-assign, assignment]


def _join(engine: Engine) -> None:
    """Give a new engine the dialect of its kind, or let it be the first."""
    kind = type(engine.dialect)
    if kind in _warm:
        engine.dialect, engine._compiled_cache = _warm[kind]
        return
    engine._compiled_cache = LRUCache(_MOST_STATEMENTS)

    def first(*_: object) -> None:
        _warm.setdefault(kind, (engine.dialect, engine._compiled_cache))

    event.listen(engine, "connect", first, once=True)  # after the dialect has looked about
