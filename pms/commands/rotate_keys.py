"""`pms rotate-keys`: a new key for guests' documents, and all of them sealed with it."""

from collections.abc import Callable

import click
from sqlalchemy.orm import Session

from pms.base import keyring
from pms.base.db import transaction
from pms.commands.database import database_option, session_of
from pms.hotel.guests import identity
from pms.hotel.house import content_keys


@click.command("rotate-keys")
@click.option("--reseal-only", is_flag=True, help="Make no key: seal with the last one there is.")
@database_option
def rotate_keys(reseal_only: bool, database: str) -> None:
    """Make a new key and seal every guest's document with it, while everybody works.

    The keys of signed cards and police files are sealed anew too; their bytes stay as they are.

    Older keys stay in the file: backups made before need them. Broken off, say it again with
    --reseal-only.
    """
    name = keyring.current() if reseal_only else keyring.add()
    with session_of(database) as session:
        documents = _all(session, identity.reseal)
        papers = _all(session, content_keys.reseal)
    said = f"{documents:,} documents are sealed with key {name}"
    said += f", and {papers:,} papers that repeat them" if papers else ""
    click.echo(f"{said}. Keep {keyring.FILE} apart.")


def _all(session: Session, reseal: Callable[[Session], int]) -> int:
    count = 0
    while True:
        with transaction(session):
            done = reseal(session)
        if not done:
            return count
        count += done
