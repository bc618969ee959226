"""`pms erase-papers`: signed cards and police files whose time to be kept is over."""

from datetime import datetime

import click

from pms.base.db import transaction
from pms.commands.database import DAY, database_option, hotel_of, hotel_option, session_of
from pms.hotel.house import content_keys, staff
from pms.hotel.privacy import retention


@click.command("erase-papers")
@hotel_option()
@click.option("--before", type=DAY, help="Erase what is from before this day, whatever is said.")
@database_option
def erase_papers(code: str, before: datetime | None, database: str) -> None:
    """Erase signed registration cards and police files whose time is over, for good.

    How long they are kept after departure is the country's law, or what the hotel says under Set
    up; the worker does this each night. Their numbers, digests and chain stay, so that verify
    still holds; copies of the database made before still have them.
    """
    with session_of(database) as session, transaction(session):
        hotel = hotel_of(session, code)
        by = staff.the_house(session, hotel)
        if before is None:
            count = retention.erase_due(session, hotel, by=by)
        else:
            count = content_keys.erase_before(session, hotel, before=before.date(), by=by)
        told = f"{count:,} cards and police files of {hotel.name} are erased."
    click.echo(told)
