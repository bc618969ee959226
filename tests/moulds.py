"""Moulds: a house that takes long to build is built once for a worker, and copied from then on."""

from collections.abc import Callable, Hashable
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import Base
from pms.hotel.house import hotels
from pms.hotel.house.hotels import Chain, Hotel
from tests.sweeping import at_rest

Rows = dict[str, Any]  # of each table, as the engine likes them

_files: dict[Hashable, bytes] = {}
_rows: dict[Hashable, Rows] = {}


def pour(session: Session, build: Callable[[Session], object]) -> Hotel:
    """Return the only hotel of the house that `build` makes and commits in an empty database."""
    engine = session.get_bind().engine
    if engine.dialect.name == "sqlite":
        _pour(session, engine, build)
    elif (key := (build, _hour())) in _rows:
        with engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            _fill(connection, _rows[key])
    else:
        build(session)
        with engine.begin() as connection:
            _rows[key] = _taken(connection)
    house = session.scalars(sa.select(Hotel)).one()
    session.commit()  # what others commit from here on is seen
    return house


def _pour(session: Session, engine: Engine, build: Callable[[Session], object]) -> None:
    """Copy the whole file: with many rows, that is quicker than to write them again."""
    key, file = (build, _hour()), Path(str(engine.url.database))
    if key not in _files:
        build(session)
    session.close()
    at_rest(engine)
    if key in _files:
        file.write_bytes(_files[key])
    else:
        _files[key] = file.read_bytes()


def cast(session: Session, code: str, what: Hashable, build: Callable[[], Hotel]) -> Hotel:
    """Return the hotel of a code that `build` makes, within the transaction that is open.

    `what` tells it from other hotels of that code. Only what is built in an empty database, by
    itself, is kept as a mould.
    """
    key = (code, what, session.get_bind().dialect.name, _hour())
    if key in _rows and hotels.by_code(session, code) is None:
        _fill(session.connection(), _rows[key])
        return session.scalars(sa.select(Hotel).where(Hotel.code == code)).one()
    is_alone = session.scalar(sa.select(Chain.id).limit(1)) is None
    made = build()
    if is_alone:
        session.flush()
        _rows[key] = _taken(session.connection())
    return made


def _hour() -> datetime:
    """This hour: a copy is hardly older than what would be built now, whatever the clock is at."""
    return clock.now().replace(minute=0, second=0, microsecond=0)


# --- rows -----------------------------------------------------------------------------------------


def _taken(connection: Connection) -> Rows:
    tables = [table.name for table in Base.metadata.sorted_tables]
    if connection.dialect.name == "sqlite":
        every = {
            table: [tuple(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"')]
            for table in tables
        }
    else:
        every = {table: _copied(connection, table) for table in tables}
    return {table: rows for table, rows in every.items() if rows}


def _fill(connection: Connection, every: Rows) -> None:
    for table, rows in every.items():
        if connection.dialect.name == "sqlite":
            places = ", ".join("?" * len(rows[0]))
            connection.exec_driver_sql(f'INSERT INTO "{table}" VALUES ({places})', rows)
        else:
            with _cursor(connection).copy(f'COPY "{table}" FROM STDIN') as into:
                into.write(rows)


def _copied(connection: Connection, table: str) -> bytes:
    with _cursor(connection).copy(f'COPY "{table}" TO STDOUT') as rows:
        return b"".join(rows)


def _cursor(connection: Connection) -> Any:
    driver: Any = connection.connection.driver_connection
    return driver.cursor()
