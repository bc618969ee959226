"""`pms token`: machines that may enter a hotel through the API."""

import click

from pms.base.db import transaction
from pms.commands.database import database_option, hotel_of, hotel_option, session_of
from pms.hotel.house import staff, tokens
from pms.hotel.house.tokens import Scope


@click.group()
def token() -> None:
    """Let machines in through the API, and show them out."""


@token.command()
@click.option("--scopes", required=True, help=f"Separated by commas: {', '.join(Scope)}.")
@click.option("--name", default="A machine", help="Who it is; the logbook says so.")
@hotel_option()
@database_option
def add(scopes: str, name: str, code: str, database: str) -> None:
    """Make a token for one hotel and print it, this once, as the last line."""
    with session_of(database) as session, transaction(session):
        hotel = hotel_of(session, code)
        by = staff.the_house(session, hotel)
        wanted = tokens.scopes_named(scopes.split(","))
        made, secret = tokens.issue(session, hotel, name=name, scopes=wanted, by=by)
        told = f"{made.name} ({made.id}) may enter {hotel.name} for {', '.join(made.scopes)}."
    click.echo(told)
    click.echo(secret)


@token.command("list")
@hotel_option()
@database_option
def list_(code: str, database: str) -> None:
    """List the tokens of a hotel; none can be read again."""
    with session_of(database) as session:
        for each in tokens.of_hotel(session, hotel_of(session, code)):
            used = f"used {each.used_on}" if each.used_on else "never used"
            state = f"ended {each.ended_at:%Y-%m-%d}" if each.ended_at else used
            click.echo(f"{each.id}  {each.name:24} {state:18} {', '.join(each.scopes)}")


@token.command()
@click.argument("token_id", type=int)
@hotel_option()
@database_option
def end(token_id: int, code: str, database: str) -> None:
    """Let a token open nothing any more, from the next request on."""
    with session_of(database) as session, transaction(session):
        hotel = hotel_of(session, code)
        found = next((t for t in tokens.of_hotel(session, hotel) if t.id == token_id), None)
        if found is None:
            raise click.ClickException(f"{hotel.name} has no token {token_id}.")
        tokens.end(session, found, by=staff.the_house(session, hotel))
    click.echo(f"Token {token_id} opens nothing any more.")
