"""`pms move`: the whole house into another database, from SQLite to PostgreSQL or back."""

from pathlib import Path

import click
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

from pms.base import db, moving
from pms.commands.database import database_option, engine_of


@click.command()
@click.option(
    "--to", "target", metavar="URL", required=True, help="The new database, which holds nothing."
)
@database_option
def move(target: str, database: str) -> None:
    """Copy every row into another, empty database and compare it, row by row.

    The old one stays as it was: keep it as a backup, and let nobody work in it again.
    """
    if _plain(target) == _plain(database):
        raise click.UsageError("The new database is the old one. Give another with --to.")
    new = db.connect(target)
    try:
        with engine_of(database) as old:
            rows = moving.move(old, new, told=_say)
    except OperationalError as problem:
        raise click.ClickException(f"{problem.orig}. Nothing was moved.") from problem
    finally:
        new.dispose()
    click.echo(f"{rows:,} rows moved, compared row by row: equal.")
    address = db.database_url(target).render_as_string()  # a password isn't printed
    click.echo(f"Look it over:  pms verify --database {address}")
    click.echo(f"Then open it:  pms serve --database {address}")


def _plain(address: str) -> URL:
    """Return an address by which two spellings of one file are equal."""
    url = db.database_url(address)
    if url.get_backend_name() == "sqlite" and url.database:
        return url.set(database=str(Path(url.database).resolve()))
    return url


def _say(table: str, rows: int) -> None:
    if rows:
        click.echo(f"  {table:<28} {rows:>10,}")
