"""The door for Stripe's signed events: one for each hotel; kept and answered, looked at later."""

import sqlalchemy as sa
from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from pms.base.db import perform
from pms.base.gateway import NoGateway
from pms.gateways.stripe import BadSignature, read_event
from pms.hotel.house.hotels import Hotel
from pms.hotel.service.checkout import modes, news
from pms.web import checkout
from pms.web.auth import open_to_everyone
from pms.web.database import session
from pms.web.security import csrf

bp = Blueprint("stripe_news", __name__)
csrf.exempt(bp)  # who sends an event signs it


@bp.post("/stripe/<code>")
@open_to_everyone
def hear(code: str) -> ResponseReturnValue:
    """Keep a signed event; 400 for a wrong signature, 200 for all others, known before or not."""
    hotel = session().scalar(sa.select(Hotel).where(Hotel.code == code))
    mode = modes.mode_of(session(), hotel) if hotel is not None else None
    if hotel is None or mode is None:
        abort(404)
    try:
        keys = checkout.accounts().keys(hotel.code, mode)
        told = read_event(
            request.get_data(cache=False),
            request.headers.get("Stripe-Signature", ""),
            keys.webhook_secrets,
        )
    except BadSignature:
        return {"error": "bad signature"}, 400
    except NoGateway:
        return {"error": "no keys here"}, 503
    perform(session(), lambda: news.note(session(), hotel, told, mode=mode))
    return {"received": True}
