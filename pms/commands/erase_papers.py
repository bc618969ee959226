"""`pms erase-papers`: signed cards and police files whose time to be kept is over."""

from datetime import datetime

import click

from pms.base.db import transaction
from pms.commands.database import DAY, database_option, hotel_of, hotel_option, session_of
from pms.hotel.house import content_keys, staff


@click.command("erase-papers")
@hotel_option()
@click.option("--before", type=DAY, required=True, help="Erase what is from before this day.")
@database_option
def erase_papers(code: str, before: datetime, database: str) -> None:
    """Erase signed registration cards and police files from before a day, for good.

    How long they are kept is the country's law. Their numbers, digests and chain stay, so that
    verify still holds; copies of the database made before still have them.
    """
    with session_of(database) as session, transaction(session):
        hotel = hotel_of(session, code)
        by = staff.the_house(session, hotel)
        count = content_keys.erase(session, hotel, before=before.date(), by=by)
        told = f"{count:,} cards and police files of {hotel.name} are erased."
    click.echo(told)
