"""Ink: triggers by which both databases refuse what the house must never do."""

from collections.abc import Collection, Iterator

from sqlalchemy.engine import Connection

_LONGEST_NAME = 63
_written: dict[str, dict[str, list[str]]] = {}
_table_of: dict[str, str] = {}


def guard(name: str, *, table: str, when: str, refuse_if: str, message: str) -> None:
    """Register a row trigger: before `when` on `table`, raise `message` if the SQL condition holds.

    `when` is INSERT, UPDATE, DELETE or UPDATE OF columns; the condition speaks of NEW and OLD and
    must be plain SQL that both engines read.
    """
    if "'" in message or "%" in message or len(name) > _LONGEST_NAME:
        raise ValueError(f"PostgreSQL can't say that: {name}, {message}")
    sqlite = (
        f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW WHEN {refuse_if} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )
    returned = "OLD" if when == "DELETE" else "NEW"
    function = (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$ "
        f"BEGIN IF {refuse_if} THEN RAISE EXCEPTION '{message}' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {returned}; END $body$"
    )
    trigger = (
        f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    )
    _table_of[name] = table
    _written[name] = {"sqlite": [sqlite], "postgresql": [function, trigger]}


def append_only(table: str) -> None:
    """Register that rows of a table are written once: no update and no delete succeeds."""
    for deed in ("UPDATE", "DELETE"):
        guard(
            f"{table}_no_{deed.lower()}",
            table=table,
            when=deed,
            refuse_if="1 = 1",
            message=f"{table} is written in ink",
        )
    _written[f"{table}_no_delete"]["postgresql"].append(  # TRUNCATE passes row triggers by
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_no_delete()"
    )


def statements(dialect: str, tables: Collection[str] | None = None) -> Iterator[str]:
    """Yield the statements that create every registered trigger, or those of some tables."""
    for name, ways in sorted(_written.items()):
        if tables is None or _table_of[name] in tables:
            yield from ways[dialect]


def named(dialect: str, names: Collection[str]) -> Iterator[str]:
    """Yield the statements that create some triggers."""
    for name in sorted(names):
        yield from _written[name][dialect]


def names() -> list[str]:
    """Return the names of all registered triggers."""
    return list(_written)


def create_all(connection: Connection) -> None:
    """Create every registered trigger."""
    psycopg = connection.dialect.name == "postgresql"
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement.replace("%", "%%") if psycopg else statement)
