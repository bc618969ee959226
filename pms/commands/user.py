"""`pms user`: who may sign in, told from the terminal: the first manager has no other door."""

import click
import sqlalchemy as sa

from pms.base.db import transaction
from pms.commands.database import database_option, hotel_of, hotel_option, session_of
from pms.hotel.house import hiring, staff
from pms.hotel.house.hotels import Chain
from pms.hotel.house.staff import Role, Staff

_ROLES = [role.value for role in Role if role is not Role.HOUSE]


@click.group()
def user() -> None:
    """Let people sign in, change what they are, end their sign-ins."""


@user.command("list")
@hotel_option()
@database_option
def list_(code: str, database: str) -> None:
    """List who may sign in to a hotel, and as what."""
    with session_of(database) as session:
        hotel = hotel_of(session, code)
        people = session.scalars(
            sa.select(Staff).where(Staff.chain_id == hotel.chain_id).order_by(Staff.email)
        )
        for person in people:
            role = person.role_in(hotel.id)
            if role is not None:
                barred = "  (disabled)" if person.disabled else ""
                click.echo(f"{person.email:40} {role.words:22} {person.name}{barred}")


@user.command()
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", type=click.Choice(_ROLES), required=True)
@click.password_option(help="Asked for when it isn't given; better so: others see the command.")
@hotel_option()
@database_option
def add(email: str, name: str, role: str, password: str, code: str, database: str) -> None:
    """Let somebody sign in to a hotel; who does so already gets the role there too."""
    with session_of(database) as session, transaction(session):
        hotel = hotel_of(session, code)
        person = staff.by_email(session, email)
        if person is not None and person.chain_id == hotel.chain_id:
            hiring.give_role(session, person, hotel=hotel, role=Role(role))
        else:
            chain = session.get_one(Chain, hotel.chain_id)
            roles = {hotel: Role(role)}
            hiring.hire(session, chain, email=email, name=name, password=password, roles=roles)
        click.echo(f"{email} signs in to {hotel.name} as {Role(role).words.lower()}.")


@user.command()
@click.argument("email")
@click.password_option(help="Asked for when it isn't given; better so: others see the command.")
@database_option
def password(email: str, password: str, database: str) -> None:
    """Give somebody a new password and end all their sign-ins."""
    with session_of(database) as session, transaction(session):
        person = _person(staff.by_email(session, email), email)
        hiring.set_password(session, person, password=password)
    click.echo(f"{email} has a new password and is signed out everywhere.")


@user.command()
@click.argument("email")
@database_option
def disable(email: str, database: str) -> None:
    """Bar somebody from signing in, and end all their sign-ins."""
    with session_of(database) as session, transaction(session):
        person = _person(staff.by_email(session, email), email)
        hiring.disable(session, person)
    click.echo(f"{email} can't sign in any more.")


def _person(person: Staff | None, email: str) -> Staff:
    if person is None:
        raise click.ClickException(f"Nobody signs in as {email}.")
    return person
