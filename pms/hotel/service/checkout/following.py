"""Following: whatever the gateway speaks of is looked at, and what it rests on before it.

Events come in any order, late or never. A dispute, a refund or a payout may be heard of before its
payment: then the gateway is asked about that payment, which is booked on the way. What no event
told of is found in the gateway's lists of disputes and payouts.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from sqlalchemy.orm import Session

from pms.base.db import perform
from pms.base.gateway import Disputed, Gateway, GatewayRefused, Heard, PaidOut
from pms.hotel.books.payments import online
from pms.hotel.house import jobs, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.jobs import Claim
from pms.hotel.service.checkout import (
    disputes,
    holding,
    intents,
    modes,
    news,
    payouts,
    refundable,
    shutting,
    unasked,
)
from pms.hotel.service.checkout.intents import Gateways

RECONCILE, STATEMENTS = "reconcile gateway", "gateway payouts"
_REFUNDED = ("refund.", "charge.refund")  # `charge.refunded`, `charge.refund.updated`


def handlers(gateways: Gateways) -> dict[str, jobs.Handler]:
    """Return who does the gateway's jobs; `gateways` gives a hotel's by its code and mode."""
    return {
        news.JOB: lambda session, claim: follow(session, claim, gateways),
        RECONCILE: _for_each(reconcile, gateways),
        STATEMENTS: _for_each(fetch_statements, gateways),
        shutting.JOB: _for_each(shutting.shut, gateways),
    }


def _for_each(deed: Callable[[Session, Hotel, Gateways], int], gateways: Gateways) -> jobs.Handler:
    def do(session: Session, claim: Claim) -> None:
        deed(session, _hotel(session, claim), gateways)

    return do


def _hotel(session: Session, claim: Claim) -> Hotel:
    return session.get_one(Hotel, claim.hotel_id)


def follow(session: Session, claim: Claim, gateways: Gateways) -> None:
    """Look at what an event is about; what isn't ours is left alone.

    Where payment is switched off meanwhile, the lists are asked once it is on again.
    """
    hotel, told = _hotel(session, claim), claim.payload
    mode = modes.mode_of(session, hotel)
    if mode is None:
        return
    kind, gateway = told["kind"], gateways(hotel.code, mode)
    if kind.startswith("charge.dispute."):
        session.rollback()
        _hear_dispute(session, hotel, gateway.dispute(told["object"]), gateways)
        return
    if kind.startswith("payout."):
        fetch_payouts(session, hotel, gateways)
        return
    for intent in news.intents_of(session, hotel, told):
        intents.look(session, intent, gateways)
    if told.get("payment"):
        _look_at_hold(session, hotel, told["payment"], gateway)
        if kind.startswith(_REFUNDED):
            _look_at_refunds(session, hotel, told["payment"], gateways)


def reconcile(session: Session, hotel: Hotel, gateways: Gateways) -> int:
    """Ask about everything nobody settled in time, holds included; how many were asked about."""
    asked = intents.reconcile(session, hotel, gateways)
    mode = modes.mode_of(session, hotel)
    if mode is not None:
        for hold in holding.overdue(session, hotel, mode):
            with suppress(GatewayRefused):
                _look_at_hold(session, hotel, hold.payment, gateways(hotel.code, mode))
    return asked


# --- a payment, before what came of it ------------------------------------------------------------


def _book_first(session: Session, hotel: Hotel, payment: str, gateways: Gateways) -> None:
    """See that a payment of ours is booked: its own event may come later, or never."""
    is_booked = bool(online.of_charge(session, hotel, payment))
    mode = modes.mode_of(session, hotel)
    if is_booked or mode is None:
        return
    gateway = gateways(hotel.code, mode)
    session.rollback()
    try:
        heard = gateway.look(payment)
    except GatewayRefused:
        return  # it isn't this account's
    for intent in news.intents_of(session, hotel, {"ours": heard.ours, "payment": payment}):
        with suppress(GatewayRefused):
            intents.look(session, intent, gateways)
    _look_at_hold(session, hotel, payment, gateway)


def _look_at_hold(session: Session, hotel: Hotel, payment: str, gateway: Gateway) -> None:
    """Look at a hold that nobody here is ending: the bank may have, or somebody over there."""
    hold = holding.of_payment(session, hotel, payment)
    by = staff.the_house(session, hotel)
    if hold is None or hold.mode is not gateway.mode:
        return
    session.rollback()
    heard = gateway.look(payment)
    perform(session, partial(unasked.hold_ended, session, hold, heard, by=by))


# --- refunds --------------------------------------------------------------------------------------


def _look_at_refunds(session: Session, hotel: Hotel, payment: str, gateways: Gateways) -> None:
    """Look at all that was given back of a payment, also in the gateway's own pages."""
    _book_first(session, hotel, payment, gateways)
    mode = modes.mode_of(session, hotel)
    if mode is None or not online.of_charge(session, hotel, payment):
        return
    gateway = gateways(hotel.code, mode)
    session.rollback()
    for heard in reversed(gateway.refunds(payment)):
        _hear_refund(session, hotel, heard, gateways)


def _hear_refund(session: Session, hotel: Hotel, heard: Heard, gateways: Gateways) -> None:
    """Look at a refund of ours, or book one that was made over there.

    Before that what was intended here and waits: over there nothing may be left for it.
    """
    known = news.intents_of(session, hotel, {"ours": heard.ours, "object": heard.object_id})
    for intent in known:
        intents.look(session, intent, gateways)
    if not known:
        for waiting in refundable.refunds_going(session, hotel, heard.payment):
            with suppress(GatewayRefused):
                intents.look(session, waiting, gateways)
        by = staff.the_house(session, hotel)
        perform(session, partial(unasked.given_back, session, hotel, heard, by=by))


# --- disputes -------------------------------------------------------------------------------------


def _hear_dispute(session: Session, hotel: Hotel, said: Disputed, gateways: Gateways) -> None:
    if said.payment:
        _book_first(session, hotel, said.payment, gateways)
    by = staff.the_house(session, hotel)
    perform(session, partial(disputes.hear, session, hotel, said, by=by))


def fetch_disputes(session: Session, hotel: Hotel, gateways: Gateways) -> int:
    """Hear of the latest disputes, and of those that are open here; how many had news.

    Their events may have been lost, or heard of while payment was switched off.
    """
    mode = modes.mode_of(session, hotel)
    if mode is None:
        return 0
    gateway, waiting = gateways(hotel.code, mode), disputes.open_ids(session, hotel)
    session.rollback()
    said = list(reversed(gateway.disputes()))
    listed = {each.object_id for each in said}
    said += [gateway.dispute(each) for each in waiting if each not in listed]
    fresh = disputes.with_news(session, hotel, said)
    for each in fresh:
        _hear_dispute(session, hotel, each, gateways)
    return len(fresh)


# --- payouts --------------------------------------------------------------------------------------


def fetch_statements(session: Session, hotel: Hotel, gateways: Gateways) -> int:
    """Ask for payouts, then for disputes, which a key may not be let see; how many were booked."""
    booked = fetch_payouts(session, hotel, gateways)
    fetch_disputes(session, hotel, gateways)
    return booked


def fetch_payouts(session: Session, hotel: Hotel, gateways: Gateways) -> int:
    """Book the payouts that aren't booked yet; return how many that were.

    What their lines are about is booked before, what the bank sent back after them. Refuses an
    account that is another hotel's: that one books them.
    """
    mode = modes.mode_of(session, hotel)
    if mode is None:
        return 0
    gateway, by = gateways(hotel.code, mode), staff.the_house(session, hotel)
    session.rollback()
    account = intents.account_of(session, hotel, mode, gateways)
    if account is not None:
        perform(session, partial(modes.own_account, session, hotel, account, by=by))
    ids = gateway.payouts()
    fresh = [each for each in ids if each not in payouts.known(session, hotel, ids)]
    session.rollback()
    for payout_id in reversed(fresh):
        said = gateway.payout(payout_id)
        _look_at_lines(session, hotel, said, gateways, gateway)
        perform(session, partial(payouts.book, session, hotel, said, by=by))
    session.rollback()
    for payout_id in reversed(gateway.failed_payouts()):
        perform(session, partial(payouts.send_back, session, hotel, payout_id, by=by))
    return len(fresh)


def _look_at_lines(
    session: Session, hotel: Hotel, said: PaidOut, gateways: Gateways, gateway: Gateway
) -> None:
    """Look at what a payout's lines are about: no event of it may have come yet."""
    for line in said.lines:
        if line.payment:
            _book_first(session, hotel, line.payment, gateways)
        if not line.source:
            continue
        if line.kind == payouts.RETURNED or (
            line.kind in payouts.REFUNDS and not online.of_charge(session, hotel, line.source)
        ):
            session.rollback()
            with suppress(GatewayRefused):  # the line stays unexplained
                _hear_refund(session, hotel, gateway.look(line.source), gateways)
        elif line.kind == payouts.ADJUSTED:
            session.rollback()
            with suppress(GatewayRefused):  # an adjustment may be about something else
                _hear_dispute(session, hotel, gateway.dispute(line.source), gateways)
