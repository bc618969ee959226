"""Calling: what the house asks of Stripe, said through Stripe's own library and in its types."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

import stripe
from stripe import RequestOptions
from stripe import params as asked
from stripe.params import checkout

from pms.base.gateway import (
    Charge,
    Checkout,
    Disputed,
    GatewayAway,
    GatewayRefused,
    Heard,
    KeyRefused,
    Mode,
    PaidOut,
    Stand,
    Takes,
)
from pms.base.money import Money
from pms.gateways import stripe_units as units
from pms.gateways.stripe import hearing

T = TypeVar("T")

_SESSION_WHOLE: checkout.SessionRetrieveParams = {
    "expand": [
        "payment_intent.latest_charge",
        "payment_intent.payment_method",
        "setup_intent.payment_method",
    ]
}
_OF_PAYMENT = ["latest_charge"]
LATEST = 20  # payouts, or payments of one customer, that are looked through
MOST = 100  # rows that Stripe says at once
MOST_LINES = 5_000


class Stripe:
    """One hotel's account at Stripe."""

    def __init__(self, client: stripe.StripeClient, mode: Mode) -> None:
        self._client = client.v1
        self._mode = mode
        self._account: str | None = None

    @classmethod
    def over(cls, secret: str, hand: stripe.HTTPClient, mode: Mode, *, tries: int = 0) -> "Stripe":
        """Open an account by its secret key; `tries` is how often the library asks again."""
        client = stripe.StripeClient(secret, http_client=hand, max_network_retries=tries)
        return cls(client, mode)

    @property
    def mode(self) -> Mode:
        """Whose money it moves."""
        return self._mode

    def account(self) -> str:
        """Return Stripe's own name for the account, which is the same as long as the key is."""
        if self._account is None:
            self._account = str(_ask(self._client.accounts.retrieve_current).id)
        return self._account

    # --- hosted pages -------------------------------------------------------------------------

    def open_checkout(self, ask: Checkout, *, key: str) -> Heard:
        """Open a hosted page."""
        params = _checkout(ask)
        create = self._client.checkout.sessions.create
        made = _ask(lambda: create(params, _once(key)))
        return hearing.of_session(made.to_dict())

    def close_checkout(self, session_id: str) -> Heard:
        """Shut a hosted page; one that was paid meanwhile says so."""
        with suppress(GatewayRefused):  # it is over already: what it came to is looked at
            _ask(lambda: self._client.checkout.sessions.expire(session_id))
        return self.look(session_id)

    # --- cards that are kept, holds, refunds ----------------------------------------------------

    def charge(self, ask: Charge, *, key: str) -> Heard:
        """Charge or hold a card that is kept; a decline is an answer, not an error."""
        params: asked.PaymentIntentCreateParams = {
            "amount": units.counted(ask.amount),
            "currency": ask.amount.currency.lower(),
            "customer": ask.customer,
            "payment_method": ask.method,
            "off_session": True,
            "confirm": True,
            "capture_method": "manual" if ask.holds else "automatic",
            "description": ask.words,
            "metadata": {"intent": ask.ours},
            "expand": _OF_PAYMENT,
        }
        create = self._client.payment_intents.create
        try:
            made = _ask(lambda: create(params, _once(key)))
        except Declined as no:
            return Heard(
                object_id=no.payment or "", stand=Stand.DECLINED, payment=no.payment,
                live=self._mode is Mode.LIVE, refused=no.why, ours=ask.ours,
            )  # fmt: skip
        return hearing.of_payment(made.to_dict())

    def capture(self, payment: str, amount: Money, *, key: str) -> Heard:
        """Take what is held, or a part; the rest is let go."""
        params: asked.PaymentIntentCaptureParams = {
            "amount_to_capture": units.counted(amount),
            "expand": _OF_PAYMENT,
        }
        take = self._client.payment_intents.capture
        return self._over_or(payment, lambda: take(payment, params, _once(key)))

    def release(self, payment: str, *, key: str) -> Heard:
        """Let go what is held."""
        params: asked.PaymentIntentCancelParams = {"expand": _OF_PAYMENT}
        cancel = self._client.payment_intents.cancel
        return self._over_or(payment, lambda: cancel(payment, params, _once(key)))

    def _over_or(self, payment: str, ask: Callable[[], Any]) -> Heard:
        """Ask; where it was refused because the payment is over, say how it ended."""
        try:
            return hearing.of_payment(_ask(ask).to_dict())
        except GatewayRefused:
            stands = self.look(payment)
            if stands.stand in {Stand.PAID, Stand.RELEASED}:
                return stands
            raise

    def refund(self, payment: str, amount: Money, *, ours: str, key: str) -> Heard:
        """Give back what was taken, or a part."""
        params: asked.RefundCreateParams = {
            "payment_intent": payment,
            "amount": units.counted(amount),
            "metadata": {"intent": ours},
        }
        create = self._client.refunds.create
        made = _ask(lambda: create(params, _once(key)))
        return hearing.of_refund(made.to_dict(), live=self._mode is Mode.LIVE)

    def forget_card(self, method: str) -> None:
        """Let a kept card be forgotten; one that is unknown is forgotten already."""
        with suppress(GatewayRefused):
            _ask(lambda: self._client.payment_methods.detach(method))

    # --- looking --------------------------------------------------------------------------------

    def look(self, object_id: str) -> Heard:
        """Say where a page, a payment or a refund stands."""
        if object_id.startswith("cs_"):
            sessions, whole = self._client.checkout.sessions, _SESSION_WHOLE
            return hearing.of_session(_ask(lambda: sessions.retrieve(object_id, whole)).to_dict())
        if object_id.startswith(("re_", "pyr_")):  # of a card, of another way to pay
            found = _ask(lambda: self._client.refunds.retrieve(object_id))
            return hearing.of_refund(found.to_dict(), live=self._mode is Mode.LIVE)
        params: asked.PaymentIntentRetrieveParams = {"expand": _OF_PAYMENT}
        payments = self._client.payment_intents
        return hearing.of_payment(_ask(lambda: payments.retrieve(object_id, params)).to_dict())

    def find(self, *, ours: str, payment: str | None, customer: str | None) -> Heard | None:
        """Find what one of our intents came to whose answer was lost more than a day ago."""
        heard: Sequence[Heard] = []
        if payment is not None:
            heard = self.refunds(payment)
        elif customer is not None:
            by: asked.PaymentIntentListParams = {
                "customer": customer, "limit": LATEST, "expand": ["data.latest_charge"]
            }  # fmt: skip
            rows = _ask(lambda: self._client.payment_intents.list(by)).data
            heard = [hearing.of_payment(each.to_dict()) for each in rows]
        return next((each for each in heard if each.ours == ours), None)

    def refunds(self, payment: str) -> Sequence[Heard]:
        """Say where everything stands that was given back of a payment, the newest first."""
        params: asked.RefundListParams = {"payment_intent": payment, "limit": MOST}
        found = _ask(lambda: self._client.refunds.list(params)).data
        live = self._mode is Mode.LIVE
        return [hearing.of_refund(each.to_dict(), live=live) for each in found]

    def dispute(self, dispute_id: str) -> Disputed:
        """Say where a dispute stands."""
        return hearing.of_dispute(
            _ask(lambda: self._client.disputes.retrieve(dispute_id)).to_dict()
        )

    def disputes(self) -> Sequence[Disputed]:
        """Say where the latest disputes stand, the newest first."""
        params: asked.DisputeListParams = {"limit": MOST}
        found = _ask(lambda: self._client.disputes.list(params)).data
        return [hearing.of_dispute(each.to_dict()) for each in found]

    def payouts(self) -> Sequence[str]:
        """Return the ids of the latest payouts, the newest first."""
        params: asked.PayoutListParams = {"limit": LATEST}
        return [str(each.id) for each in _ask(lambda: self._client.payouts.list(params)).data]

    def failed_payouts(self) -> Sequence[str]:
        """Return the ids of the latest payouts that the bank sent back, the newest first."""
        params: asked.PayoutListParams = {"limit": LATEST, "status": "failed"}
        return [str(each.id) for each in _ask(lambda: self._client.payouts.list(params)).data]

    def payout(self, payout_id: str) -> PaidOut:
        """Say what a payout is made of."""
        said = _ask(lambda: self._client.payouts.retrieve(payout_id)).to_dict()
        params: asked.BalanceTransactionListParams = {
            "payout": payout_id, "limit": MOST, "expand": ["data.source"]
        }  # fmt: skip
        lines: list[dict[str, Any]] = []
        while True:
            page = _ask(partial(self._client.balance_transactions.list, params))
            lines += [each.to_dict() for each in page.data]
            if not page.has_more or len(lines) >= MOST_LINES:
                return hearing.of_payout(said, lines)
            params["starting_after"] = lines[-1]["id"]


class Declined(GatewayRefused):
    """The bank of the card said no."""

    def __init__(self, why: str, payment: str | None) -> None:
        super().__init__(why)
        self.why = why
        self.payment = payment


def _ask(call: Callable[[], T]) -> T:
    """Call; tell a refusal, after which nothing is the matter, from an outcome nobody knows."""
    try:
        return call()
    except stripe.CardError as no:
        payment = getattr(no.error, "payment_intent", None)
        why = str(getattr(no.error, "decline_code", None) or no.code or "declined")
        raise Declined(why.replace("_", " "), getattr(payment, "id", None)) from None
    except (stripe.AuthenticationError, stripe.PermissionError):
        raise KeyRefused from None
    except stripe.InvalidRequestError as no:
        raise GatewayRefused(no.user_message or "it doesn't know what was asked.") from None
    except stripe.IdempotencyError as no:
        if no.code == "idempotency_key_in_use":  # the same request is being answered elsewhere
            raise GatewayAway from None
        raise  # a key of ours with other content: our own mistake
    except stripe.StripeError:
        raise GatewayAway from None


def _once(key: str) -> RequestOptions:
    return {"idempotency_key": key}


def _checkout(ask: Checkout) -> checkout.SessionCreateParams:
    params: checkout.SessionCreateParams = {
        "mode": "setup" if ask.takes is Takes.CARD else "payment",
        "locale": ask.language,
        "client_reference_id": ask.ours,
        "metadata": {"intent": ask.ours},
        "success_url": ask.paid_url,
        "cancel_url": ask.back_url,
        "expires_at": int(ask.expires_at.timestamp()),
    }
    if ask.email:
        params["customer_email"] = ask.email
    if ask.takes is not Takes.PAYMENT:
        params["customer_creation"] = "always"
        params["allowed_payment_method_types"] = ["card"]  # no account can be held, or charged on
    if ask.takes is Takes.CARD:
        params["currency"] = ask.amount.currency.lower()
        params["setup_intent_data"] = {"metadata": {"intent": ask.ours}}
        return params
    behind: checkout.SessionCreateParamsPaymentIntentData = {
        "description": ask.words,
        "metadata": {"intent": ask.ours},
    }
    if ask.takes is Takes.HOLD:
        behind["capture_method"] = "manual"
        behind["setup_future_usage"] = "off_session"
    params["payment_intent_data"] = behind
    price: checkout.SessionCreateParamsLineItemPriceData = {
        "currency": ask.amount.currency.lower(),
        "unit_amount": units.counted(ask.amount),
        "product_data": {"name": ask.words},
    }
    params["line_items"] = [{"quantity": 1, "price_data": price}]
    return params
