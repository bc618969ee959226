"""Migrations: from the first revision to the last, a database comes to what the tables say."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine

import pms.hotel.tables  # noqa: F401 - every table must be known
from migrations import freeze
from pms.base import ink, migrations
from pms.base.db import Base

FOLDER = Path(migrations.FOLDER) / "versions"
ADDED = sorted(file.name[:4] for file in FOLDER.glob("0*.py") if not file.name.startswith("0001"))


def checks(connection: sa.Connection) -> set[tuple[str, str]]:
    """The named checks of every table."""
    look = sa.inspect(connection)
    return {
        (table, str(each["name"]))
        for table in Base.metadata.tables
        for each in look.get_check_constraints(table)
        if each["name"]
    }


def triggers(connection: sa.Connection) -> set[str]:
    """The statements of every trigger, as the engine keeps them."""
    catalogue = (
        "SELECT pg_get_triggerdef(t.oid) || p.prosrc FROM pg_trigger t"
        " JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT tgisinternal"
        if connection.dialect.name == "postgresql"
        else "SELECT sql FROM sqlite_schema WHERE type = 'trigger'"
    )
    return set(connection.execute(sa.text(catalogue)).scalars())


def test_a_migrated_database_is_what_the_tables_say(engine: Engine) -> None:
    with engine.execution_options(pms_writes=True).begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
        made, drawn = checks(connection), triggers(connection)

        Base.metadata.drop_all(connection)
        for name in ink.names() if connection.dialect.name == "postgresql" else ():
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}() CASCADE")
        Base.metadata.create_all(connection)
        ink.create_all(connection)

        assert [each for each in differences if "sqlite_" not in str(each)] == []
        assert made == checks(connection)
        assert drawn == triggers(connection)
        connection.rollback()


@pytest.mark.parametrize("revision", ADDED)
@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_what_is_frozen_creates_the_tables_that_its_revision_names(
    revision: str, name: str
) -> None:
    """A later change to such a table is a revision of its own: then this one leaves the list."""
    frozen = freeze.frozen(revision, name).read_text(encoding="utf-8")

    assert set(freeze.new_tables(revision)) <= set(Base.metadata.tables)
    for table in freeze.new_tables(revision):
        assert f"CREATE TABLE {table} (" in frozen


def test_revisions_are_one_line() -> None:
    settings = migrations.config(sa.create_engine("sqlite://"))
    assert len(ScriptDirectory.from_config(settings).get_heads()) == 1
