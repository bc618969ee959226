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
    """Write the prior for every index that has none; does nothing on PostgreSQL."""
    if connection.dialect.name != "sqlite":
        return
    connection.exec_driver_sql("ANALYZE sqlite_schema")  # makes the table of statistics
    told = {row[0] for row in connection.exec_driver_sql("SELECT idx FROM sqlite_stat1")}
    indexes = connection.exec_driver_sql(
        """SELECT m.name, l.name, l."unique", l.origin = 'pk' AND m.sql LIKE '%WITHOUT ROWID%'
           FROM sqlite_schema m JOIN pragma_index_list(m.name) l WHERE m.type = 'table'"""
    ).all()
    for table, index, unique, is_the_table in indexes:
        named = table if is_the_table else index  # such a key is the table itself
        if named in told:
            continue
        columns = [row[2] for row in connection.exec_driver_sql(f'PRAGMA index_info("{index}")')]
        connection.exec_driver_sql(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)",
            (table, named, _expected(columns, unique=bool(unique))),
        )
    connection.exec_driver_sql("ANALYZE sqlite_schema")  # lets this connection read what it wrote


def _expected(columns: list[str], *, unique: bool) -> str:
    """Return SQLite's words: rows in all, then rows per value of each longer prefix."""
    rows, words = float(ROWS), [ROWS]
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
