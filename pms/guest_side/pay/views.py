"""The pay page: what is asked for, one button to the gateway's own page, and the way back from it.

Nobody signs in: the link is signed and names one request. What a guest returns with isn't
believed; the gateway is asked.
"""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import perform
from pms.base.gateway import Mode
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import logbook, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.service import checkout
from pms.hotel.service.checkout import (
    Intent,
    IntentState,
    PaymentRequest,
    RequestState,
    intending,
    intents,
    still_owed,
)
from pms.web import checkout as at_gateway
from pms.web import links
from pms.web.auth import open_to_everyone
from pms.web.database import session
from pms.web.guest_pages import framing, speaking, visiting
from pms.web.letters.paying import Asked
from pms.web.misses import miss

bp = Blueprint("pay", __name__)
framing.furnish(bp)


class NotAgreed(Invalid):
    """A card is kept only of who agrees to it."""

    def __init__(self) -> None:
        super().__init__("Tick that you agree first.", field="agree")


@bp.get("/pay/<token>")
@open_to_everyone
def pay(token: str) -> ResponseReturnValue:
    """Show what a guest is asked for."""
    hotel, found = _found(token)
    if found.state is RequestState.ASKED:
        house = staff.the_house(session(), hotel)
        _do(lambda: checkout.note_opened(session(), found, by=house))
    return _page(token, hotel, found)


@bp.post("/pay/<token>")
@open_to_everyone
def go(token: str) -> ResponseReturnValue:
    """Send the guest to the gateway's page: the one that is open already, or a new one."""
    hotel, found = _found(token)
    open_page = _open_page(found)
    if found.is_open and open_page is not None and open_page.url:
        return redirect(open_page.url, 303)
    try:
        intent = _do(lambda: _intend(session(), hotel, found))
        back_to = links.public(url_for("pay.pay", token=token, lang=speaking.chosen()))
        intent = intents.carry_out(session(), intent, at_gateway.gateway, back_to=back_to)
    except Refusal as no:
        return _page(token, hotel, found, no=no)
    return redirect(str(intent.url), 303)


@bp.get("/pay/<token>/back")
@open_to_everyone
def back(token: str) -> ResponseReturnValue:
    """Take the guest back from the gateway's page, paid or not, and ask it how it went."""
    hotel, found = _found(token)
    last = _open_page(found)
    if last is not None:
        try:
            intents.look(session(), last, at_gateway.gateway)
        except Refusal as no:
            return _page(token, hotel, found, no=no)
    return redirect(url_for("pay.pay", token=token), 303)


def _found(token: str) -> tuple[Hotel, PaymentRequest]:
    """Return the request of a link; anything else is a 404, and soon a 429."""
    named = links.read("pay", token)
    found = session().get(PaymentRequest, named) if named else None
    if found is None:
        miss()
    return session().get_one(Hotel, found.hotel_id), found


def _do(deed: Any) -> Any:
    with logbook.coming_from(f"guest {request.remote_addr}"):
        return perform(session(), deed)


def _intend(here: Session, hotel: Hotel, found: PaymentRequest) -> Intent:
    """Write the intent down, with the guest's consent where a card is kept."""
    house = staff.the_house(here, hotel)
    asked = Asked(here, hotel, found, speaking.chosen())
    consent = None
    if asked.consent is not None:
        if not request.form.get("agree"):
            raise NotAgreed
        consent = checkout.consent(
            here, found, words=asked.consent, language=asked.t.language,
            address=request.remote_addr or "", by=house,
        )  # fmt: skip
    return intending.pay(here, found, words=asked.words, consent=consent, by=house)


def _open_page(found: PaymentRequest) -> Intent | None:
    """Return the hosted page that is open for a request, the newest."""
    return session().scalar(
        sa.select(Intent)
        .where(
            Intent.hotel_id == found.hotel_id,
            Intent.request_id == found.id,
            Intent.state == IntentState.CALLED,
            Intent.intended_at > clock.now() - intents.PAGE_LIVES,
        )
        .order_by(Intent.id.desc())
        .limit(1)
    )


def _page(
    token: str, hotel: Hotel, found: PaymentRequest, *, no: Refusal | None = None
) -> ResponseReturnValue:
    session().rollback()
    asked = Asked(session(), hotel, found, speaking.chosen())
    framing.at(hotel, {}, spoken=asked.t.language)
    html = render_template(
        "pay/pay.html",
        asked=asked,
        token=token,
        no=no,
        is_open=found.is_open and found.expires_at > clock.now(),
        is_over=found.is_off,
        owed=still_owed.less_owed(session(), found, currency=hotel.currency),
        is_paid=found.state is RequestState.PAID,
        is_pending=_is_pending(found),
        is_visiting=visiting.visiting() is not None,
        is_real=found.mode is not Mode.PRACTICE,
    )
    return html, no.status if no is not None else 200


def _is_pending(found: PaymentRequest) -> bool:
    """Tell whether a bank still has to answer: a page that was left without a decline."""
    page = _open_page(found)
    return page is not None and page.payment is not None and page.refused is None
