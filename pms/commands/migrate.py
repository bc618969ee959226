"""`pms migrate`: bring the database to the present shape."""

import click

from pms.base import migrations
from pms.commands.database import database_option, engine_of


@click.command()
@database_option
def migrate(database: str) -> None:
    """Bring the database to the present shape; does nothing when it is there."""
    with engine_of(database, migrate=True) as engine:
        click.echo(f"The database is at revision {migrations.present(engine)}.")
