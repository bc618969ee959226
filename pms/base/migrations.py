"""Migrations: bring a database to the present shape, or say why it can't be."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine

from pms.base import planner
from pms.base.refusal import Refusal

BETWEEN = "\n;;\n"  # the statements of a frozen file
FOLDER = Path(__file__).parents[2] / "migrations"


class UnknownSchema(Refusal):
    """The database was made by a later version of the house than this one."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"The database is at revision {revision}, which this version doesn't know. "
            "Start the newer version, or restore the backup made before it."
        )


def config(engine: Engine) -> Config:
    """Return Alembic's settings for an engine."""
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.attributes["engine"] = engine
    return settings


def present(engine: Engine) -> str | None:
    """Return the revision the database is at, or None when it is new."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest revision; does nothing when it is there."""
    settings = config(engine)
    script = ScriptDirectory.from_config(settings)
    revision = present(engine)
    if revision is not None and revision not in {step.revision for step in script.walk_revisions()}:
        raise UnknownSchema(revision)
    if revision != script.get_current_head():
        command.upgrade(settings, "head")
        _tell_the_planner(engine)


def run_frozen(connection: Connection, module: str) -> None:
    """Run the SQL that `migrations/freeze.py` wrote beside a revision's module."""
    name = connection.dialect.name
    written = Path(module).with_name(f"{Path(module).stem}.{name}.sql").read_text(encoding="utf-8")
    for statement in written.split(BETWEEN):
        words = statement.strip()
        connection.exec_driver_sql(words.replace("%", "%%") if name == "postgresql" else words)


def say_checks_anew(
    connection: Connection, table: str, checks: Mapping[str, tuple[str, str]]
) -> None:
    """Put other conditions in place of a table's checks, by name: as they stand, and as they will.

    Every row there meets the new ones. SQLite can't alter a check but by its schema's text
    (https://sqlite.org/lang_altertable.html, 7): a table made anew would take its triggers and
    those who refer to it along.
    """
    if connection.dialect.name == "postgresql":
        for name, (_, wanted) in checks.items():
            connection.exec_driver_sql(
                f"ALTER TABLE {table} DROP CONSTRAINT {name}, ADD CONSTRAINT {name}"
                f" CHECK ({wanted})"
            )
        return
    where = sa.text("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = :name")
    words = str(connection.execute(where, {"name": table}).scalar_one())
    for before, wanted in checks.values():
        words = words.replace(f"CHECK ({before})", f"CHECK ({wanted})")
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.execute(
        sa.text("UPDATE sqlite_schema SET sql = :sql WHERE type = 'table' AND name = :name"),
        {"sql": words, "name": table},
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")


@contextmanager
def ink_dried(connection: Connection, table: str) -> Iterator[None]:
    """Let rows of a table be rewritten that are in ink, and forbid it again."""
    guard = f"{table}_no_update"
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER {guard}")
        yield
        connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER {guard}")
        return
    words = connection.execute(
        sa.text("SELECT sql FROM sqlite_schema WHERE name = :name"), {"name": guard}
    ).scalar_one()
    connection.exec_driver_sql(f"DROP TRIGGER {guard}")
    yield
    connection.exec_driver_sql(words)


def _tell_the_planner(engine: Engine) -> None:
    """Say what to expect of new indexes; connections opened before wouldn't know."""
    if engine.dialect.name == "sqlite":
        with engine.execution_options(pms_writes=True).begin() as connection:
            planner.tell(connection)
        engine.dispose()
