"""Checkout on the web: each hotel's gateway, and what a form intended carried out there."""

from typing import cast

from flask import Flask, current_app

from pms.base.gateway import Gateway, GatewayAway, Mode
from pms.base.refusal import Refusal
from pms.gateways.stripe import Accounts
from pms.hotel.service.checkout import Intent, IntentState, intents
from pms.web.database import session
from pms.web.forms import Form, OnceForm

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
    """Say an intent to the gateway; what it refuses stands on the form, and gives None.

    One that was said before, when the same page was sent, isn't said again.
    """
    if intent is None or intent.state is not IntentState.INTENDED:
        return intent
    try:
        return intents.carry_out(session(), intent, gateway)
    except Refusal as no:
        if isinstance(form, OnceForm) and not isinstance(no, GatewayAway):
            form.begin_anew()  # nothing came of it: the next press is another try
        form.refuse(no)
        return None
