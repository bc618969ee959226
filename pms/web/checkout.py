"""Checkout on the web: each hotel's gateway, and what a form intended carried out there."""

from typing import cast

from flask import Flask, current_app

from pms.base.gateway import Gateway, Mode
from pms.base.refusal import Refusal
from pms.gateways.stripe import Accounts
from pms.hotel.service.checkout import Intent, intents
from pms.web.database import session
from pms.web.forms import Form

_NAME = "payment_gateways"


def install(app: Flask, accounts: Accounts) -> None:
    """Hand the app the hotels' accounts at the gateway."""
    app.extensions[_NAME] = accounts


def of_app(app: Flask) -> Accounts:
    """Return the hotels' accounts as an app has them."""
    return cast(Accounts, app.extensions[_NAME])


def accounts() -> Accounts:
    """Return the hotels' accounts at the gateway."""
    return of_app(current_app)


def gateway(code: str, mode: Mode) -> Gateway:
    """Return a hotel's gateway; refuses missing keys and keys of another mode."""
    return accounts().gateway(code, mode)


def carry_out(form: Form, intent: Intent | None) -> Intent | None:
    """Say an intent to the gateway; what it refuses stands on the form, and gives None."""
    if intent is None:
        return None
    try:
        return intents.carry_out(session(), intent, gateway)
    except Refusal as no:
        form.refuse(no)
        return None
