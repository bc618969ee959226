"""Migrations: from the first revision to the last, a database comes to what the tables say."""

import uuid
from datetime import date, time
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

import pms.hotel.tables  # noqa: F401 - every table must be known
from migrations import freeze
from pms.base import db, ink, migrations
from pms.base.db import Base
from pms.hotel.guests.identity import IdentityDocument
from pms.hotel.house import documents
from pms.hotel.house.documents import Document
from pms.hotel.stays import police
from pms.hotel.stays.police import PoliceFile
from tests import postgres
from tests.conftest import BOTH

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


# --- rows that were there -------------------------------------------------------------------------

PLAIN: dict[type, object] = {str: "x", int: 0, bool: False, date: "2026-11-20", time: "02:00:00"}


def written(connection: sa.Connection, name: str, **known: object) -> None:
    """Write a row as an older version would: what it must say and isn't told gets anything."""
    table = sa.Table(name, sa.MetaData(), autoload_with=connection)
    row = {
        column.name: PLAIN.get(column.type.python_type, "2026-11-20 12:00:00")
        for column in table.columns
        if not column.nullable
    } | known
    names = ", ".join(row)
    values = ", ".join(f":{each}" for each in row)
    connection.execute(sa.text(f"INSERT INTO {name} ({names}) VALUES ({values})"), row)


def before(revision: str, engine_name: str, request: pytest.FixtureRequest, folder: Path) -> Engine:
    """A database of an engine as it was before a revision."""
    url = f"sqlite:///{folder / 'old.db'}"
    if engine_name == "postgresql":
        server = request.getfixturevalue("postgres_server")
        url = postgres.create_database(server, name := f"old_{uuid.uuid4().hex}")
        request.addfinalizer(lambda: postgres.drop_database(server, name))
    engine = db.connect(url)
    settings = migrations.config(engine)
    found = ScriptDirectory.from_config(settings).get_revision(revision).down_revision
    command.upgrade(settings, str(found))
    return engine


@pytest.mark.parametrize("engine_name", BOTH)
def test_documents_that_were_open_are_sealed(
    engine_name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    engine = before("0014", engine_name, request, tmp_path)
    with engine.execution_options(pms_writes=True).begin() as old:
        written(old, "chains", id=1)
        written(old, "hotels", id=2, chain_id=1, currency="EUR", time_zone="UTC")
        written(old, "guests", chain_id=1, id=3)
        for kind, born in (("passport", "1974-08-12"), ("visa", None)):
            written(
                old, "identity_documents", chain_id=1, id=len(kind), guest_id=3, hotel_id=2,
                kind=kind, number="L898902C3", sex="F", birth_date=born, lives_in="Lyon",
            )  # fmt: skip

    migrations.upgrade(engine)

    with Session(engine) as session:
        visa, passport = session.scalars(sa.select(IdentityDocument).order_by(IdentityDocument.id))
        assert (visa.number, visa.birth_date, visa.lives_in) == ("L898902C3", None, "Lyon")
        assert passport.birth_date == date(1974, 8, 12)
        assert visa.number_index == passport.number_index
        raw = session.execute(sa.text("SELECT * FROM identity_documents")).all()
        assert "L898902C3" not in str(raw)
    engine.dispose()


@pytest.mark.parametrize("engine_name", BOTH)
def test_cards_and_police_files_that_were_open_are_sealed(
    engine_name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    engine = before("0024", engine_name, request, tmp_path)
    digest = "0" * 64
    with engine.execution_options(pms_writes=True).begin() as old:
        written(old, "chains", id=1)
        written(old, "hotels", id=2, chain_id=1, currency="EUR", time_zone="UTC")
        written(old, "document_series", hotel_id=2, id=3, kind="registration-card", prefix="REG")
        written(old, "documents", hotel_id=2, id=4, series_id=3, kind="registration-card", number=1,
                content=b"%PDF L898902C3", sha256=digest, digest=digest, previous="",
                data="{}")  # fmt: skip
        written(old, "police_files", hotel_id=2, id=5, number=1, content=b"<xml>L898902C3",
                sha256=digest)  # fmt: skip

    migrations.upgrade(engine)

    with Session(engine) as session:
        card, file = session.get_one(Document, (2, 4)), session.get_one(PoliceFile, (2, 5))
        assert documents.content_of(session, card) == b"%PDF L898902C3"
        assert police.content_of(session, file) == b"<xml>L898902C3"
        for table in ("documents", "police_files"):
            [stands] = session.scalars(sa.text(f"SELECT content FROM {table}"))
            assert b"L898902C3" not in bytes(stands)
            with pytest.raises(DBAPIError, match="written in ink"), session.begin_nested():
                session.execute(sa.text(f"UPDATE {table} SET number = 9"))
    engine.dispose()
