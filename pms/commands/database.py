"""Which database a command works on, and which hotel in it."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

import pms.hotel.tables  # noqa: F401 - every table must be known before one is used
from pms.base import db, migrations, outage
from pms.hotel.house import hotels
from pms.hotel.house.hotels import Hotel

INSTANCE = Path(__file__).parents[2] / "instance"
HERE = f"sqlite:///{INSTANCE / 'pms.sqlite3'}"

DAY = click.DateTime(["%Y-%m-%d"])
Command = TypeVar("Command", bound=Callable[..., Any])


def database_option(command: Command) -> Command:
    """Let a command be told its database; else DATABASE_URL, else a file in instance/."""
    return click.option(
        "--database",
        metavar="URL",
        envvar="DATABASE_URL",
        default=HERE,
        show_default="a file in instance/",
        help="The database: sqlite:///file or postgresql://…",
    )(command)


def json_option(command: Command) -> Command:
    """Let a command answer in JSON."""
    return click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")(command)


def hotel_option(*, required: bool = True) -> Callable[[Command], Command]:
    """Let a command be told its hotel."""

    def option(command: Command) -> Command:
        return click.option(
            "--hotel", "code", metavar="CODE", required=required, help="The hotel's code."
        )(command)

    return option


@contextmanager
def engine_of(database: str, *, migrate: bool = False) -> Iterator[Engine]:
    """Open a database; one that isn't of this version's shape is refused, or migrated if asked."""
    url = db.database_url(database)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = db.connect(url)
    try:
        if migrate:
            outage.refuse_damaged(engine)
            migrations.upgrade(engine)
        elif migrations.present(engine) is None:
            raise click.ClickException(
                f"{url.render_as_string()} is empty. Make its tables with: pms migrate"
            )
        yield engine
    except DatabaseError as problem:
        if isinstance(problem.orig, sqlite3.DatabaseError):
            outage.refuse_damaged(engine)  # says what ails the file, if it is that
        raise
    finally:
        engine.dispose()


@contextmanager
def session_of(database: str, *, migrate: bool = False) -> Iterator[Session]:
    """Open a session on a database."""
    with (
        engine_of(database, migrate=migrate) as engine,
        Session(engine, expire_on_commit=False) as session,
    ):
        yield session


def hotel_of(session: Session, code: str) -> Hotel:
    """Return the hotel of that code, or say which there are."""
    hotel = hotels.by_code(session, code)
    if hotel is None:
        there = ", ".join(each.code for each in hotels_of(session)) or "none yet"
        raise click.ClickException(f"There is no hotel {code}. Hotels here: {there}.")
    return hotel


def hotels_of(session: Session, code: str | None = None) -> list[Hotel]:
    """Return the hotel of that code, or all of them."""
    if code is not None:
        return [hotel_of(session, code)]
    return list(session.query(Hotel).order_by(Hotel.code))
