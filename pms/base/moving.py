"""Moving house: every row of one database into another, empty one, whatever their engines.

The rows go over as they are, past the triggers that guard each deed of a living house: history
can't be lived again in ink. So what arrived is read back and compared with what was sent, and it
is all or nothing: the new database commits once, at the end.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from pms.base import free_text, migrations, sealed
from pms.base.db import Base, write_turn
from pms.base.refusal import Refusal

_ROWS_AT_ONCE = 2_000
Told = Callable[[str, int], None]
Batch = list[sa.Row[tuple[object, ...]]]


class OtherRevision(Refusal):
    """The two databases aren't of one shape."""

    def __init__(self, there: str | None, here: str | None) -> None:
        super().__init__(
            f"The database is at revision {there or 'none'}, and this version makes {here}. "
            "Bring it up with pms migrate, then move it."
        )


class NotEmpty(Refusal):
    """The new database holds a house already."""

    def __init__(self, table: str) -> None:
        super().__init__(
            f"The new database isn't empty: there are {table} in it. Give one that has nothing."
        )


class NotEqual(Refusal):
    """What arrived isn't what was sent; nothing was kept."""

    def __init__(self, table: str) -> None:
        super().__init__(f"{table} arrived different from what was sent. Nothing was kept.")


def move(source: Engine, target: Engine, told: Told = lambda table, rows: None) -> int:
    """Copy every row of `source` into `target`, compare, and return how many there were.

    Nobody writes into `source` meanwhile, and it stays as it was; `target` is given its tables.
    Refused when `source` isn't of this version's shape, when `target` holds any row, and when a
    row arrives different. `told` hears each table with its rows.
    """
    _refuse_full(target)
    migrations.upgrade(target)
    here, there = migrations.present(target), migrations.present(source)
    if here != there:
        raise OtherRevision(there, here)
    rows = 0
    with _held_still(source) as old, write_turn(target) as new, _triggers_asleep(new):
        for table in Base.metadata.sorted_tables:
            sent = _sent(table, old, new)
            if sent != _fingerprint(_batches(new, table)):
                raise NotEqual(table.name)
            rows += sent[0]
            told(table.name, sent[0])
    _count_for_the_planner(target)
    return rows


@contextmanager
def _held_still(engine: Engine) -> Iterator[Connection]:
    """Read a database of one moment, in which nobody can write until we are done."""
    with write_turn(engine) as connection:
        if connection.dialect.name == "postgresql":
            names = ", ".join(table.name for table in Base.metadata.sorted_tables)
            connection.exec_driver_sql(f"LOCK TABLE {names} IN SHARE MODE")
        yield connection


def _refuse_full(target: Engine) -> None:
    """Refuse a database that holds any row, before anything is changed in it."""
    with target.connect() as connection:
        there = set(sa.inspect(connection).get_table_names())
        for name in sorted(there - {"alembic_version"}):
            if connection.scalar(sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)):
                raise NotEmpty(name)


@contextmanager
def _triggers_asleep(connection: Connection) -> Iterator[None]:
    """Let rows in past the guards; foreign keys and checks stay awake on both engines."""
    if connection.dialect.name == "postgresql":
        tables = [table.name for table in Base.metadata.sorted_tables]
        asleep = [f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in tables]
        awake = [f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in tables]
        # What waits to be checked at the commit would forbid the ALTER.
        awake.insert(0, "SET CONSTRAINTS ALL IMMEDIATE")
    else:
        triggers = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
        ).all()
        asleep = [f'DROP TRIGGER "{name}"' for name, _ in triggers]
        asleep.append("PRAGMA defer_foreign_keys = ON")  # a row may name one further down
        awake = [words for _, words in triggers]
    for statement in asleep:
        connection.exec_driver_sql(statement)
    yield
    for statement in awake:
        connection.exec_driver_sql(statement)


def _sent(table: sa.Table, old: Connection, new: Connection) -> tuple[int, int]:
    """Copy one table and return the fingerprint of what was sent."""
    names = [f"to_{name}" for name in table.c.keys()]  # noqa: SIM118 - not a dict
    insert = table.insert().values(
        {
            column: _back(column, sa.bindparam(name, type_=_type(column)), new)
            for column, name in zip(table.columns, names, strict=True)
        }
    )

    def sending() -> Iterator[Batch]:
        for batch in _batches(old, table):
            new.execute(insert, [dict(zip(names, row, strict=True)) for row in batch])
            yield batch

    return _fingerprint(sending())


def _fingerprint(batches: Iterator[Batch]) -> tuple[int, int]:
    """Return how many rows there are and the sum of their digests: the same in any order."""
    count, total = 0, 0
    for batch in batches:
        count += len(batch)
        total += sum(_digest(row) for row in batch)
    return count, total


def _batches(connection: Connection, table: sa.Table) -> Iterator[Batch]:
    # In the order of the key: a row that names another of its table was made after it.
    columns = [_as_written(column) for column in table.columns]
    wanted = sa.select(*columns).order_by(*table.primary_key.columns)
    result = connection.execute(wanted.execution_options(yield_per=_ROWS_AT_ONCE))
    for part in result.partitions():
        yield list(part)


def _as_written(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """Read JSON as the text it was written in: JSON's null isn't SQL's, and both read as None.

    What stands under seal moves as it stands, so no key is needed.
    """
    if isinstance(free_text.plain(column), sa.JSON):
        return sa.cast(column, sa.Text)
    return sealed.as_it_stands(column)


def _type(column: sa.Column[Any]) -> sa.types.TypeEngine[Any]:
    kind = free_text.plain(column)  # what stands moves as it stands
    is_text = isinstance(kind, sa.JSON) or sealed.is_sealed(column)
    return sa.Text() if is_text else kind


def _back(
    column: sa.Column[Any], value: sa.BindParameter[Any], new: Connection
) -> sa.ColumnElement[Any]:
    """Write such a text as it was; SQLite keeps JSON as text and would make a number of it."""
    kind = free_text.plain(column)
    if isinstance(kind, sa.JSON) and new.dialect.name == "postgresql":
        return sa.cast(value, kind)
    return value


def _digest(row: sa.Row[tuple[object, ...]]) -> int:
    written = repr(tuple(row)).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(written, digest_size=16).digest())


def _count_for_the_planner(engine: Engine) -> None:
    """PostgreSQL plans by what it has counted; a house just moved in was never counted."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
