"""F21: a migration killed half way is done whole by the next; an unknown revision isn't started."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.engine import Engine

from pms.base import db, migrations
from pms.cli import main
from tests import postgres
from tests.conftest import BOTH
from tests.proofs import deeds
from tests.sweeping import killed_at, points, some_of


@pytest.fixture(params=BOTH)
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator["Fresh"]:
    """As many empty databases as wanted."""
    server = request.getfixturevalue("postgres_server") if request.param != "sqlite" else None
    made = Fresh(tmp_path, server)
    yield made
    made.clear()


class Fresh:
    """Empty databases, one after the other."""

    def __init__(self, folder: Path, server: Path | None) -> None:
        self.folder, self.server = folder, server
        self.names: list[str] = []

    def one(self) -> str:
        """The address of another empty database."""
        name = f"empty_{uuid.uuid4().hex}"
        if self.server is None:
            return f"sqlite:///{self.folder / name}.db"
        self.names.append(name)
        return postgres.create_database(self.server, name)

    def clear(self) -> None:
        """Remove those on the server."""
        for name in self.names:
            postgres.drop_database(self.server or self.folder, name)


def shape(url: str) -> object:
    """Every table with its columns, and every trigger."""
    engine = db.connect(url)
    found = sa.inspect(engine)
    tables = {
        table: [(column["name"], str(column["type"])) for column in found.get_columns(table)]
        for table in found.get_table_names()
    }
    catalogue = (
        "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'index')"
        if engine.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with engine.connect() as connection:
        rest = sorted(connection.execute(sa.text(catalogue)).scalars())
    revision = migrations.present(engine)
    engine.dispose()
    return tables, rest, revision


@pytest.mark.timeout(900)
def test_a_killed_migration_is_done_whole_by_the_next(fresh: Fresh) -> None:
    count = points(url := fresh.one(), migrations.upgrade)
    whole, nothing = shape(url), shape(fresh.one())

    for point in some_of(count, 4)[1:]:
        url = fresh.one()
        assert killed_at(url, migrations.upgrade, point)
        tables, _, revision = found = shape(url)  # type: ignore[misc]
        assert found in (whole, nothing) or (revision is None and set(tables) <= {
            "alembic_version"}), f"half a schema when killed at {point} of {count}"  # fmt: skip
        deeds.do(url, migrations.upgrade)
        assert shape(url) == whole


def later_version(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999_from_2031'")


@pytest.mark.parametrize("command", [["serve", "--port", "0", "--no-demo"], ["migrate"]])
def test_an_unknown_revision_is_not_started(
    engine: Engine, database_url: str, command: list[str]
) -> None:
    later_version(engine)

    done = CliRunner().invoke(main, [*command, "--database", database_url])

    assert done.exit_code == 1
    assert "9999_from_2031, which this version doesn't know" in done.output
    assert "Traceback" not in done.output
