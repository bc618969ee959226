"""`pms online-payment`: whose money each hotel's gateway moves, and asking the gateway now."""

import os

import click

from pms.base.db import transaction
from pms.base.gateway import Mode, NoGateway
from pms.commands.database import (
    INSTANCE,
    database_option,
    hotel_of,
    hotel_option,
    hotels_of,
    session_of,
)
from pms.gateways.stripe import Accounts
from pms.hotel.house import staff
from pms.hotel.service import checkout
from pms.hotel.service.checkout import following, intents

OFF = "off"


@click.group("online-payment")
def online_payment() -> None:
    """Say which mode each hotel's online payment is in, and change it.

    Keys stand in instance/stripe/CODE.toml (secret_key, webhook_secret; chmod 600), or in
    STRIPE_CODE_SECRET_KEY and STRIPE_CODE_WEBHOOK_SECRET. Events go to /stripe/CODE.
    """


@online_payment.command()
@database_option
def show(database: str) -> None:
    """List the hotels with their mode, and which keys are here."""
    accounts = Accounts(INSTANCE, os.environ)
    with session_of(database) as session:
        for hotel in hotels_of(session):
            mode = checkout.mode_of(session, hotel)
            said = mode.value if mode else OFF
            click.echo(f"{hotel.code:16} {said:9} {_keys(accounts, hotel.code)}")


def _keys(accounts: Accounts, code: str) -> str:
    try:
        kept = accounts.kept(code)
    except NoGateway as no:
        return no.sentence
    return f"{kept.mode} keys" if kept else f"no keys in {accounts.folder / code}.toml"


@online_payment.command("set")
@click.argument("mode", type=click.Choice([OFF, *(each.value for each in Mode)]))
@hotel_option()
@database_option
def set_(mode: str, code: str, database: str) -> None:
    """Put a hotel in a mode: off, practice, test or live."""
    wanted = None if mode == OFF else Mode(mode)
    with session_of(database) as session:
        hotel = hotel_of(session, code)
        gateway = Accounts(INSTANCE, os.environ).gateway
        account = intents.account_of(session, hotel, wanted, gateway)
        with transaction(session):
            by = staff.the_house(session, hotel)
            checkout.set_mode(session, hotel, wanted, account=account, by=by)
    click.echo(f"Online payment of {code} is {mode}.")


@online_payment.command()
@hotel_option()
@database_option
def reconcile(code: str, database: str) -> None:
    """Ask the gateway now about everything nobody settled, its disputes, and its payouts."""
    gateway = Accounts(INSTANCE, os.environ).gateway
    with session_of(database) as session:
        hotel = hotel_of(session, code)
        asked = following.reconcile(session, hotel, gateway)
        fetched = following.fetch_statements(session, hotel, gateway)
    click.echo(f"{asked} asked about, {fetched} payouts booked.")
