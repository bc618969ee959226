"""The database: engines for SQLite and PostgreSQL, column types, and the one place that commits."""

import enum
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection, Dialect, Engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    make_transient_to_detached,
    mapped_column,
)

from pms.base import free_text, outage
from pms.base.ids import new_id as new_id
from pms.base.refusal import Busy
from pms.base.rows import hold as hold
from pms.base.rows import is_postgresql as is_postgresql
from pms.base.rows import lock as lock
from pms.base.rows import reread as reread
from pms.base.turn import DEADLINE_SECONDS, WriteTurn

T = TypeVar("T")

NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(sa.TypeDecorator[datetime]):
    """A moment in UTC, always with its zone in Python; SQLite keeps it as sortable text."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times and store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant without a time zone can't be stored.")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give UTC back with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def choice(kind: type[enum.StrEnum], name: str | None = None) -> sa.Enum:
    """Return a text column type of one enumeration, whose values the database checks.

    `name` tells several columns of one table apart that hold the same enumeration.
    """
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=24,
        values_callable=lambda members: [member.value for member in members],
        name=name or kind.__name__.lower(),
    )


def sought() -> sa.String:
    """Return the type of text that is found by how it begins: ordered by code point everywhere."""
    return sa.String().with_variant(sa.String(collation="C"), "postgresql")


def begins_with(column: sa.orm.InstrumentedAttribute[Any], words: str) -> sa.ColumnElement[bool]:
    """Compare the beginning of a `sought` column, so that its index answers on both engines.

    LIKE would read every row: SQLite's takes no index, PostgreSQL's only in the C collation.
    """
    return sa.and_(column >= words, column < f"{words}\U0010ffff")


class Base(DeclarativeBase):
    """Every table of the house."""

    metadata = sa.MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 - read once by SQLAlchemy
        int: sa.BigInteger(),
        datetime: Instant(),
        str: sa.String(),
        dict[str, Any]: sa.JSON(none_as_null=True),
        list[str]: sa.JSON(none_as_null=True),
    }


free_text.guard(Base)


class OfHotel:
    """A row of one hotel: its key leads with the hotel, so that a chain can be spread by hotel."""

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=new_id)


class OfChain:
    """A row shared by the hotels of one chain, and by nobody else."""

    chain_id: Mapped[int] = mapped_column(
        sa.ForeignKey("chains.id"), primary_key=True, autoincrement=False
    )
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=new_id)


def within_hotel(column: str, table: str, **options: Any) -> sa.ForeignKeyConstraint:
    """Return a foreign key to a row of the same hotel: it can't cross tenants."""
    return sa.ForeignKeyConstraint(
        ["hotel_id", column], [f"{table}.hotel_id", f"{table}.id"], **options
    )


def within_chain(column: str, table: str) -> sa.ForeignKeyConstraint:
    """Return a foreign key to a row of the same chain."""
    return sa.ForeignKeyConstraint(["chain_id", column], [f"{table}.chain_id", f"{table}.id"])


# --- engines ----------------------------------------------------------------------------------


def database_url(text: str) -> URL:
    """Read a database address; `postgres://` and `postgresql://` mean the psycopg driver."""
    url = make_url(text)
    if url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+psycopg")
    return url


def connect(text: str | URL, **options: Any) -> Engine:
    """Return an engine for a database address, prepared for the house."""
    url = database_url(str(text)) if isinstance(text, str) else text
    return prepare(sa.create_engine(url, **engine_options(url), **options))


def engine_options(url: URL) -> dict[str, Any]:
    """Return the pool settings: few connections serve many desks (PostgreSQL: 4 to 6 in all).

    Nobody waits for a lock for ever: after the deadline of the write turn it is Busy.
    """
    if url.get_backend_name() == "sqlite":
        return {}
    waits = f"-c lock_timeout={int(DEADLINE_SECONDS * 1000)}"
    return {
        "pool_pre_ping": True,
        "pool_size": 5,
        "max_overflow": 10,
        "pool_timeout": DEADLINE_SECONDS,
        "connect_args": {"options": waits},
    }


_BUSY_TIMEOUT: Final = int(DEADLINE_SECONDS * 1000)
_AT_ONCE_SECONDS: Final = 0.5
_turns: dict[str, WriteTurn] = {}


def prepare(engine: Engine) -> Engine:
    """Teach an engine the house's habits; safe to call twice."""
    if engine.dialect.name == "sqlite" and not event.contains(engine, "connect", _open_sqlite):
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # NORMAL lost acknowledged audits after a power cut (SPEED.md)
        "foreign_keys=ON",
        f"busy_timeout={_BUSY_TIMEOUT}",  # a second net below the write turn
        "temp_store=MEMORY",
        "cache_size=-65536",
        "recursive_triggers=ON",
        "secure_delete=ON",  # what was sealed or erased isn't left in free pages, nor in backups
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("pms_writes", False):
        connection.exec_driver_sql("BEGIN")
        return
    left = options.get("pms_until", float("inf")) - time.monotonic()
    if left > DEADLINE_SECONDS - _AT_ONCE_SECONDS:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    # Who waited for the turn waits only the rest for a stranger who holds the file.
    connection.exec_driver_sql(f"PRAGMA busy_timeout={max(1, int(left * 1000))}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={_BUSY_TIMEOUT}")


def _turn_of(engine: Engine) -> WriteTurn:
    path = engine.url.database
    key = f"file:{path}" if path and path != ":memory:" else f"memory:{id(engine)}"
    if key not in _turns:
        _turns[key] = WriteTurn(f"{path}.turn" if key.startswith("file:") else None)
    return _turns[key]


# --- the one place that commits -----------------------------------------------------------------


PAUSES: Final = (0.05, 0.4, 1.2)  # before each further try; a PostgreSQL restarts in 1.5 s


@contextmanager
def transaction(session: Session, *, patience: float = DEADLINE_SECONDS) -> Iterator[Session]:
    """Take the write turn, run the block, and commit it whole or not at all.

    Ends any read that went before, so that what the block sees is what it changes. Raises Busy
    when the turn doesn't come within five seconds, and Interrupted (a Busy too) when the database
    broke off: nothing was kept then. Verbs never commit, so they combine here.
    """
    if session.info.get("writing"):
        raise RuntimeError("A transaction is already open; verbs combine inside one.")
    if "refuses" in session.info:  # this session only looks
        raise session.info["refuses"]
    session.rollback()
    engine = session.get_bind().engine
    is_sqlite = engine.dialect.name == "sqlite"
    until = time.monotonic() + patience
    with _turn_of(engine).taken(patience) if is_sqlite else nullcontext():
        session.info["writing"] = True
        try:
            session.connection(execution_options={"pms_writes": True, "pms_until": until})
            yield session
            _commit(session)
        except DBAPIError as problem:
            session.rollback()
            busy = outage.busy(problem)
            if busy is not None:
                raise busy from problem
            raise
        except sa.exc.TimeoutError as problem:  # every connection is in use
            session.rollback()
            raise Busy from problem
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop("writing", None)


@contextmanager
def write_turn(engine: Engine) -> Iterator[Connection]:
    """Open a connection in its turn to write, and commit it whole or not at all: for bulk work."""
    is_sqlite = engine.dialect.name == "sqlite"
    with (
        _turn_of(engine).taken() if is_sqlite else nullcontext(),
        engine.execution_options(pms_writes=True).begin() as connection,
    ):
        yield connection


def perform(session: Session, deed: Callable[[], T]) -> T:
    """Run a deed in a transaction of its own, and again when the database broke it off.

    A deadlock, a lost connection and a restart keep nothing, so the whole deed is begun anew, at
    most three times more. It must read what it needs inside, and do nothing but write rows.
    """
    pauses = iter(PAUSES)
    while True:
        try:
            with transaction(session):
                return deed()
        except outage.Interrupted:
            pause = next(pauses, None)
            if pause is None:
                raise
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, no secret


def _commit(session: Session) -> None:
    """Commit; where the answer gets lost on its way, ask PostgreSQL what it kept.

    So a deed whose commit arrived isn't done twice, and one whose commit didn't can be.
    """
    session.flush()
    if not is_postgresql(session):
        session.commit()
        return
    connection = session.connection()
    number = connection.scalar(sa.text("SELECT pg_current_xact_id_if_assigned()::text"))
    rows = list(session.identity_map.values())
    try:
        session.commit()
    except DBAPIError as problem:
        session.rollback()
        if number is None or not problem.connection_invalidated:
            raise
        if not outage.was_committed(connection.engine, number, within=DEADLINE_SECONDS):
            raise
        for row in rows:
            if row not in session:  # made by this deed, and thought lost by the session
                make_transient_to_detached(row)
                session.add(row)


def insert_new(
    session: Session, table: type[Base] | sa.Table, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert the rows whose keys aren't there yet and leave the others alone."""
    if not rows:
        return
    plain = table if isinstance(table, sa.Table) else cast(sa.Table, table.__table__)
    session.connection().execute(_insert_new(plain, is_postgresql(session)), list(rows))


@lru_cache
def _insert_new(table: sa.Table, for_postgresql: bool) -> sa.Insert:
    """Say it once for each table: it is said at every claim."""
    dialect = postgresql if for_postgresql else sqlite
    statement: sa.Insert = dialect.insert(table).on_conflict_do_nothing()
    return statement


def upsert(
    session: Session,
    table: type[Base],
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str],
) -> None:
    """Insert the rows, or give those that are there under `key` the new values."""
    if not rows:
        return
    dialect = postgresql if is_postgresql(session) else sqlite
    statement = dialect.insert(table)
    fresh = {name: statement.excluded[name] for name in rows[0] if name not in key}
    session.execute(
        statement.on_conflict_do_update(index_elements=list(key), set_=fresh), list(rows)
    )
