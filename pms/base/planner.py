"""The planner's prior: what SQLite should expect of each index before there is anything to count.

Every key leads with its hotel, and SQLite takes a first column to tell rows apart; without being
told better it walks a whole hotel to find one day. So a new database is told what a hotel's data
look like (sqlite_stat1), and plans are the same on the first day and the thousandth.

PostgreSQL counts by itself, but a minute later: on a new hotel's first night it joined each entry
with each account, 60 s for 500 rooms. So who is about to read a whole day has it counted first.
"""

import re

from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from pms.base.db import is_postgresql

ROWS = 200_000
_ALL = frozenset({"hotel_id", "chain_id"})
_DISTINCT = (
    # Asked for are the few that are open, booked or in house, never the many that are over.
    (re.compile(r"^state$"), 200),
    (re.compile(r"kind|slot|condition|ledger|live|ended|method|theme|name"), 5),
    (re.compile(r"night|day|arrival|departure|_on$|until|first|expires_at|run_at|_at$|^at$"), 800),
    (re.compile(r"type_id|plan_id|market|rule|turn|no$|noun$"), 10),
    (re.compile(r"room_id"), 200),
)
_OTHERWISE = 20_000
# An index of what still waits for somebody is short, however many rows its table has.
FEW = 1_000
_WAITS = re.compile(
    r"(done|followed_up|called_back|taken_off|left|ended|approved)_at IS NULL"
    r"|(next|escalates|look)_at IS NOT NULL|option_date IS NOT NULL"
    r"|state (IN|=) |open <> 0|resolution IS NULL"
)


# "relpages" is what the last count saw; less than some pages are read at once anyway.
_GROWN = """
SELECT quote_ident(relname) FROM pg_class
WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
  AND pg_relation_size(oid) / current_setting('block_size')::int > 2 * greatest(relpages, 2)
"""


def recount(session: Session) -> list[str]:
    """Have PostgreSQL count the tables that have more than doubled since it did; return them.

    Some milliseconds on a connection of its own, and nothing on SQLite.
    """
    if not is_postgresql(session):
        return []
    engine = session.get_bind().engine
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        grown = list(connection.exec_driver_sql(_GROWN).scalars())
        if grown:
            connection.exec_driver_sql(f"ANALYZE (SKIP_LOCKED) {', '.join(grown)}")
    return grown


def tell(connection: Connection) -> None:
    """Write the prior of every index that has none, or an older one; not on PostgreSQL."""
    if connection.dialect.name != "sqlite":
        return
    connection.exec_driver_sql("ANALYZE sqlite_schema")  # makes the table of statistics
    stats = connection.exec_driver_sql("SELECT idx, stat FROM sqlite_stat1")
    told: dict[str, str] = {row[0]: row[1] for row in stats}
    indexes = connection.exec_driver_sql(
        """SELECT m.name, l.name, l."unique",
                  l.origin = 'pk' AND m.sql LIKE '%WITHOUT ROWID%', coalesce(i.sql, '')
           FROM sqlite_schema m JOIN pragma_index_list(m.name) l
           LEFT JOIN sqlite_schema i ON i.type = 'index' AND i.name = l.name
           WHERE m.type = 'table'"""
    ).all()
    for table, index, unique, is_the_table, words in indexes:
        named = table if is_the_table else index  # such a key is the table itself
        columns = [row[2] for row in connection.exec_driver_sql(f'PRAGMA index_info("{index}")')]
        rows = FEW if _WAITS.search(words.partition(" WHERE ")[2]) else ROWS
        expected = _expected(rows, columns, unique=bool(unique))
        if told.get(named) in (None, _expected(ROWS, columns, unique=bool(unique))):
            _write(connection, table, named, expected)
    connection.exec_driver_sql("ANALYZE sqlite_schema")  # lets this connection read what it wrote


def _write(connection: Connection, table: str, index: str, expected: str) -> None:
    which = (table, index)
    connection.exec_driver_sql("DELETE FROM sqlite_stat1 WHERE tbl = ? AND idx = ?", which)
    connection.exec_driver_sql(
        "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", (*which, expected)
    )


def _expected(in_all: int, columns: list[str], *, unique: bool) -> str:
    """Return SQLite's words: rows in all, then rows per value of each longer prefix."""
    rows, words = float(in_all), [in_all]
    for column in columns:
        rows = max(1.0, rows / _distinct(column))
        words.append(round(rows))
    if unique:
        words[-1] = 1
    return " ".join(str(word) for word in words)


def _distinct(column: str | None) -> int:
    if column in _ALL:
        return 1
    for pattern, values in _DISTINCT:
        if pattern.search(column or ""):
            return values
    return _OTHERWISE
