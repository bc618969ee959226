"""`pms hotel`: the hotels of a database, and opening one more."""

from datetime import datetime

import click
import sqlalchemy as sa

from pms.base import clock, dates
from pms.base.db import transaction
from pms.commands.database import DAY, database_option, hotels_of, session_of
from pms.hotel.house import hotels, staff
from pms.hotel.house.hotels import Chain


@click.group()
def hotel() -> None:
    """List the hotels of a database, or open one more."""


@hotel.command("list")
@database_option
def list_(database: str) -> None:
    """List hotels with their business day."""
    with session_of(database) as session:
        for each in hotels_of(session):
            click.echo(f"{each.code:16} {each.business_date}  {each.currency}  {each.name}")


@hotel.command("open")
@click.argument("code")
@click.option("--name", required=True, help="What guests call it.")
@click.option("--chain", "chain_name", help="Its chain's name; else a chain of its own.")
@click.option("--time-zone", required=True, metavar="ZONE", help="Such as Europe/Berlin.")
@click.option("--currency", required=True, help="Three letters of ISO 4217, such as EUR.")
@click.option("--on", "first_day", type=DAY, help="Its first business day; else today.")
@database_option
def open_(
    code: str,
    name: str,
    chain_name: str | None,
    time_zone: str,
    currency: str,
    first_day: datetime | None,
    database: str,
) -> None:
    """Open a hotel; then let its manager in with `pms user add`."""
    day = first_day or dates.local(clock.now(), time_zone)
    with session_of(database, migrate=True) as session, transaction(session):
        name_of_chain = chain_name or name
        chain = session.scalar(sa.select(Chain).where(Chain.name == name_of_chain))
        opened = hotels.open_hotel(
            session,
            chain or hotels.open_chain(session, name_of_chain),
            code=code,
            name=name,
            time_zone=time_zone,
            currency=currency.upper(),
            opens_on=day.date(),
        )
        staff.the_house(session, opened)
    click.echo(f"{name} is open. Let its manager in: pms user add EMAIL --hotel {code} …")
