"""Hearing: what Stripe's objects say, in the house's plain words."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import stripe

from pms.base.gateway import CardSeen, Disputed, Heard, News, PaidOut, Settled, Stand
from pms.base.refusal import Invalid
from pms.gateways import stripe_units as units

TOLERANCE = 300  # seconds a signature may be old, as Stripe's own libraries have it
LONGEST_EVENT = 512 * 1024

_PAYMENT = {
    "succeeded": Stand.PAID,
    "requires_capture": Stand.HELD,
    "processing": Stand.PENDING,
    "canceled": Stand.RELEASED,
}
_REFUND = {"succeeded": Stand.PAID, "pending": Stand.PENDING, "requires_action": Stand.PENDING}

Said = Mapping[str, Any]


class BadSignature(Invalid):
    """Whoever sent it doesn't know the secret, or sent it long ago."""

    status = 400

    def __init__(self) -> None:
        super().__init__("That event isn't signed by the payment service.")


def of_session(said: Said) -> Heard:
    """Hear a Checkout Session whose payment intent, charge and payment method came along."""
    if said["mode"] == "setup":
        return _of_setup(said)
    payment = said.get("payment_intent")
    if isinstance(payment, Mapping):
        stand = _PAYMENT.get(payment["status"])
        if stand is not None:
            return _replaced(of_payment(payment), said)
    stand = Stand.EXPIRED if said["status"] == "expired" else Stand.OPEN
    if said["status"] == "complete" and isinstance(payment, Mapping):
        stand = Stand.DECLINED  # a delayed payment that failed in the end
    return Heard(
        object_id=said["id"],
        stand=stand,
        live=said["livemode"],
        url=said.get("url"),
        payment=_id(payment),
        refused=_why(payment),
        ours=(said.get("metadata") or {}).get("intent"),
    )


def _of_setup(said: Said) -> Heard:
    setup = said.get("setup_intent")
    behind: Said = setup if isinstance(setup, Mapping) else {}
    method = behind.get("payment_method")
    stand = Stand.EXPIRED if said["status"] == "expired" else Stand.OPEN
    if said["status"] == "complete" and behind.get("status") == "succeeded":
        stand = Stand.KEPT
    return Heard(
        object_id=said["id"],
        stand=stand,
        live=said["livemode"],
        url=said.get("url"),
        customer=_id(said.get("customer")),
        method=_id(method),
        card=_card((method or {}).get("card")) if isinstance(method, Mapping) else None,
        ours=(said.get("metadata") or {}).get("intent"),
    )


def _replaced(heard: Heard, session: Said) -> Heard:
    """Say of a session what its payment says."""
    return Heard(
        object_id=session["id"],
        stand=heard.stand,
        live=session["livemode"],
        amount=heard.amount,
        payment=heard.payment,
        customer=heard.customer or _id(session.get("customer")),
        method=heard.method,
        card=heard.card,
        capture_before=heard.capture_before,
        refused=heard.refused,
        ours=(session.get("metadata") or {}).get("intent"),
    )


def of_payment(said: Said) -> Heard:
    """Hear a payment intent whose charge came along."""
    stand = _PAYMENT.get(said["status"], Stand.DECLINED if _why(said) else Stand.OPEN)
    charge = said.get("latest_charge")
    details = (charge.get("payment_method_details") or {}) if isinstance(charge, Mapping) else {}
    card = details.get("card")
    minor = {
        Stand.PAID: said.get("amount_received", 0),
        Stand.HELD: said.get("amount_capturable", 0),
    }.get(stand)
    before = (card or {}).get("capture_before")
    return Heard(
        object_id=said["id"],
        stand=stand,
        live=said["livemode"],
        amount=None if minor is None else units.heard(minor, said["currency"]),
        payment=said["id"],
        customer=_id(said.get("customer")),
        method=_id(said.get("payment_method")),
        card=_card(card),
        capture_before=datetime.fromtimestamp(before, UTC) if before else None,
        refused=_why(said),
        ours=(said.get("metadata") or {}).get("intent"),
    )


def of_refund(said: Said, *, live: bool) -> Heard:
    """Hear a refund; Stripe's own object doesn't say whether it is live."""
    return Heard(
        object_id=said["id"],
        stand=_REFUND.get(said["status"], Stand.DECLINED),
        live=live,
        amount=units.heard(said["amount"], said["currency"]),
        payment=_id(said.get("payment_intent")),
        refused=said.get("failure_reason"),
        ours=(said.get("metadata") or {}).get("intent"),
    )


def of_dispute(said: Said) -> Disputed:
    """Hear a dispute."""
    due = (said.get("evidence_details") or {}).get("due_by")
    return Disputed(
        object_id=said["id"],
        payment=_id(said.get("payment_intent")),
        amount=units.heard(said["amount"], said["currency"]),
        status=said["status"],
        reason=said["reason"],
        answer_by=datetime.fromtimestamp(due, UTC) if due else None,
        live=said["livemode"],
        is_taken=sum(each["amount"] for each in said["balance_transactions"]) < 0,
    )


def of_payout(said: Said, transactions: Sequence[Said]) -> PaidOut:
    """Hear a payout and the balance transactions it is made of, its own left out."""
    return PaidOut(
        object_id=said["id"],
        amount=units.heard(said["amount"], said["currency"]),
        status=said["status"],
        arrives_at=datetime.fromtimestamp(said["arrival_date"], UTC),
        lines=[_settled(each) for each in transactions if each["type"] != "payout"],
        live=said["livemode"],
    )


def _settled(said: Said) -> Settled:
    source = said.get("source")
    payment = source.get("payment_intent") if isinstance(source, Mapping) else None
    return Settled(
        transaction=said["id"],
        kind=said["type"],
        source=_id(source),
        payment=_id(payment),
        gross=units.heard(said["amount"], said["currency"]).minor,
        fee=units.heard(said["fee"], said["currency"]).minor,
    )


def read_event(payload: bytes, header: str, secrets: Sequence[str]) -> News:
    """Check an event's signature over its raw bytes, and say what it is about.

    Refuses one that none of the secrets signed within 300 seconds; two secrets count while one is
    being changed.
    """
    if len(payload) > LONGEST_EVENT:
        raise BadSignature
    for secret in secrets:
        try:
            event = stripe.Webhook.construct_event(payload, header, secret, TOLERANCE)
        except (stripe.SignatureVerificationError, ValueError):
            continue
        return _news(event.to_dict())
    raise BadSignature


def _news(event: Said) -> News:
    thing = event["data"]["object"]
    is_payment = thing.get("object") == "payment_intent"
    return News(
        event_id=event["id"],
        kind=event["type"],
        object_id=str(thing.get("id", "")),
        live=event["livemode"],
        payment=thing["id"] if is_payment else _id(thing.get("payment_intent")),
        ours=(thing.get("metadata") or {}).get("intent"),
    )


def _id(thing: Any) -> str | None:
    """Return the id of something that came along whole, or as its id only."""
    if isinstance(thing, Mapping):
        return str(thing["id"])
    return None if thing is None else str(thing)


def _card(card: Said | None) -> CardSeen | None:
    if not card or not card.get("last4"):
        return None
    year, month = card.get("exp_year"), card.get("exp_month")
    expires = f"{year}-{month:02}" if year and month else None
    return CardSeen(str(card["brand"]), str(card["last4"]), expires)


def _why(payment: Any) -> str | None:
    """Return why a payment was declined the last time, if it was."""
    if not isinstance(payment, Mapping):
        return None
    error = payment.get("last_payment_error") or {}
    why = error.get("decline_code") or error.get("code")
    return None if why is None else str(why).replace("_", " ")
