"""Moving house: every row arrives on the other engine, seals hold, no guard stays asleep."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pms.base import db, free_text, migrations, moving
from tests import founding, moulds, postgres
from tests.hotel.close import lived
from tests.proofs import deeds


@pytest.fixture
def lived_in(engine: Engine, session: Session) -> Engine:
    """A house with two sealed nights, on each engine in turn."""
    moulds.pour(session, lived.closed)
    session.close()
    return engine


@pytest.fixture
def other(engine: Engine, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A migrated database without a row, on the engine that the house isn't on."""
    if engine.dialect.name == "postgresql":
        new = db.connect(f"sqlite:///{tmp_path / 'new.db'}")
        migrations.upgrade(new)
        yield new
        new.dispose()
        return
    server = request.getfixturevalue("postgres_server")
    template = request.getfixturevalue("postgres_template")
    name = f"new_{tmp_path.name}".lower()
    new = db.connect(postgres.create_database(server, name, template=template))
    yield new
    new.dispose()
    postgres.drop_database(server, name)


def _rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the house, by its table; JSON as its text, and whether a value is NULL."""
    with engine.connect() as connection:
        return {
            table.name: sorted(
                map(
                    tuple,
                    connection.execute(
                        sa.select(
                            *(
                                sa.cast(column, sa.Text) if _is_json(column) else column
                                for column in table.columns
                            ),
                            *(column.is_(None) for column in table.columns if column.nullable),
                        )
                    ),
                ),
                key=repr,
            )
            for table in db.Base.metadata.sorted_tables
        }


def _is_json(column: sa.Column[object]) -> bool:
    return isinstance(free_text.plain(column), sa.JSON)


def test_a_house_is_carried_over_whole_and_verifies(lived_in: Engine, other: Engine) -> None:
    with lived_in.execution_options(pms_writes=True).begin() as connection:
        guest = "(SELECT MIN(id) FROM guests)"
        connection.exec_driver_sql(f"UPDATE guests SET details = 'null' WHERE id = {guest}")
    told: dict[str, int] = {}

    rows = moving.move(lived_in, other, told=told.__setitem__)

    there = _rows(other)
    assert there == _rows(lived_in)
    assert rows == sum(told.values()) == sum(map(len, there.values())) > 100
    deeds.everything_holds(other)


def test_the_guards_are_awake_in_the_new_house(lived_in: Engine, other: Engine) -> None:
    moving.move(lived_in, other)

    with other.execution_options(pms_writes=True).connect() as connection:
        with pytest.raises(DBAPIError, match="written in ink"):
            connection.exec_driver_sql("UPDATE lines SET amount = amount + 1")
        connection.rollback()
        with pytest.raises(DBAPIError):
            connection.exec_driver_sql("DELETE FROM hotels")


def test_a_house_that_has_guests_is_not_moved_into(lived_in: Engine, other: Engine) -> None:
    with Session(other) as session, founding.writing(session):
        founding.chain(session, "Somebody else")
    before = _rows(other)

    with pytest.raises(moving.NotEmpty, match="isn't empty"):
        moving.move(lived_in, other)

    assert _rows(other) == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # only PostgreSQL has rules
def test_what_arrives_different_is_not_kept(lived_in: Engine, other: Engine) -> None:
    with other.begin() as connection:
        connection.exec_driver_sql(
            "CREATE RULE twist AS ON INSERT TO guests DO ALSO UPDATE guests SET surname = 'Nobody'"
        )

    with pytest.raises(moving.NotEqual, match="guests"):
        moving.move(lived_in, other)

    assert not any(_rows(other).values())


def test_an_older_house_is_told_to_migrate_first(lived_in: Engine, other: Engine) -> None:
    with lived_in.execution_options(pms_writes=True).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")

    with pytest.raises(moving.OtherRevision, match="pms migrate"):
        moving.move(lived_in, other)
