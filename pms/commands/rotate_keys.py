"""`pms rotate-keys`: a new key for guests' documents, and all of them sealed with it."""

import click

from pms.base import keyring
from pms.base.db import transaction
from pms.commands.database import database_option, session_of
from pms.hotel.guests import identity


@click.command("rotate-keys")
@click.option("--reseal-only", is_flag=True, help="Make no key: seal with the last one there is.")
@database_option
def rotate_keys(reseal_only: bool, database: str) -> None:
    """Make a new key and seal every guest's document with it, while everybody works.

    Older keys stay in the file: backups made before need them. Broken off, say it again with
    --reseal-only.
    """
    name = keyring.current() if reseal_only else keyring.add()
    count = 0
    with session_of(database) as session:
        while True:
            with transaction(session):
                done = identity.reseal(session)
            if not done:
                break
            count += done
    click.echo(f"{count:,} documents are sealed with key {name}. Keep {keyring.FILE} apart.")
