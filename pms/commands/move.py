"""`pms move`: the whole house into another database, from SQLite to PostgreSQL or back."""

import click

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
    if db.database_url(target) == db.database_url(database):
        raise click.UsageError("The new database is the old one. Give another with --to.")
    with engine_of(database) as old, engine_of(target, migrate=True) as new:
        rows = moving.move(old, new, told=_say)
    click.echo(f"{rows:,} rows moved, compared row by row: equal.")
    address = db.database_url(target).render_as_string()  # a password isn't printed
    click.echo(f"Look it over:  pms verify --database {address}")
    click.echo(f"Then open it:  pms serve --database {address}")


def _say(table: str, rows: int) -> None:
    if rows:
        click.echo(f"  {table:<28} {rows:>10,}")
