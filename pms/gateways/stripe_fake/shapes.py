"""Shapes: objects as Stripe writes them: what is always there, and what the house reads."""

import secrets
from typing import Any

from pms.base import clock

Thing = dict[str, Any]

# The cards of the practice page: brand, last four digits, and what their bank does.
CARDS: dict[str, tuple[str, str, str]] = {
    "visa": ("visa", "4242", "Pays"),
    "mastercard": ("mastercard", "4444", "Pays"),
    "secure": ("visa", "3220", "The bank asks first (3-D Secure)"),
    "declined": ("visa", "0002", "Declined by its bank"),
    "funds": ("visa", "9995", "Declined: no money left"),
    "later": ("visa", "0341", "Pays here, is declined when charged later"),
    "debit": ("", "", "Bank debit: the answer comes some days later"),
}
_NOBODY: Thing = {"address": None, "email": None, "name": None, "phone": None, "tax_id": None}
DECLINES = {"declined": "generic_decline", "funds": "insufficient_funds"}
FEE_PERCENT, FEE_FIXED = 150, 25  # hundredths of a percent, and minor units


_LETTERS = str.maketrans("0123456789", "ghijkmnpqr")  # so that no id looks like a card's number


def new(prefix: str, size: int = 12) -> str:
    """Return an id such as Stripe's, in letters."""
    return f"{prefix}_{secrets.token_hex(size).translate(_LETTERS)}"


def now() -> int:
    """Return this second as Stripe writes it."""
    return int(clock.now().timestamp())


def session(params: Thing) -> Thing:
    """A Checkout Session that is open."""
    item = (params.get("line_items") or [{}])[0]
    amount = item.get("price_data", {}).get("unit_amount", 0) * item.get("quantity", 1)
    setup = params["mode"] == "setup"
    currency = params.get("currency") or item.get("price_data", {}).get("currency")
    return {
        "id": new("cs_test", 24),
        "object": "checkout.session",
        "amount_subtotal": None if setup else amount,
        "amount_total": None if setup else amount,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "created": now(),
        "currency": currency,
        "custom_fields": [],
        "custom_text": {},
        "customer": None,
        "customer_creation": params.get("customer_creation", "if_required"),
        "customer_email": params.get("customer_email"),
        "expires_at": params.get("expires_at", now() + 86_400),
        "livemode": False,
        "locale": params.get("locale"),
        "metadata": params.get("metadata", {}),
        "mode": params["mode"],
        "payment_intent": None,
        "payment_method_types": params.get("allowed_payment_method_types", ["card", "sepa_debit"]),
        "payment_status": "no_payment_required" if setup else "unpaid",
        "setup_intent": None,
        "shipping_options": [],
        "status": "open",
        "success_url": params.get("success_url"),
        "ui_mode": "hosted_page",
        "url": None,
    }


def payment_intent(amount: int, currency: str, params: Thing) -> Thing:
    """A payment intent that waits for a card."""
    return {
        "id": new("pi"),
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_received": 0,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": params.get("capture_method", "automatic"),
        "confirmation_method": "automatic",
        "created": now(),
        "currency": currency,
        "customer": params.get("customer"),
        "description": params.get("description"),
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": params.get("metadata", {}),
        "next_action": None,
        "payment_method": params.get("payment_method"),
        "payment_method_types": ["card"],
        "setup_future_usage": params.get("setup_future_usage"),
        "status": "requires_payment_method",
    }


def charge(payment: Thing, method: Thing, *, capture_before: int | None) -> Thing:
    """The charge of a payment intent, captured or held."""
    details: Thing = {"type": method["type"]}
    if method["type"] == "card":
        card = method["card"]
        details["card"] = {key: card[key] for key in ("brand", "last4", "exp_month", "exp_year")}
        if capture_before is not None:
            details["card"]["capture_before"] = capture_before
    held = capture_before is not None
    return {
        "id": new("ch"),
        "object": "charge",
        "amount": payment["amount"],
        "amount_captured": 0 if held else payment["amount"],
        "amount_refunded": 0,
        "balance_transaction": None,
        "billing_details": _NOBODY,
        "captured": not held,
        "created": now(),
        "currency": payment["currency"],
        "customer": payment["customer"],
        "description": payment["description"],
        "disputed": False,
        "livemode": False,
        "metadata": payment["metadata"],
        "paid": True,
        "payment_intent": payment["id"],
        "payment_method": method["id"],
        "payment_method_details": details,
        "refunded": False,
        "status": "succeeded",
    }


def payment_method(name: str) -> Thing:
    """The card (or bank account) that somebody chose on the practice page."""
    brand, last_four, _ = CARDS[name]
    made = {
        "id": new("pm"),
        "object": "payment_method",
        "billing_details": _NOBODY,
        "created": now(),
        "customer": None,
        "livemode": False,
        "metadata": {"practice": name},
        "type": "card" if brand else "sepa_debit",
    }
    if brand:
        made["card"] = {
            "brand": brand,
            "exp_month": 8,
            "exp_year": clock.now().year + 4,
            "funding": "credit",
            "last4": last_four,
        }
    return made


def customer(email: str | None) -> Thing:
    """A customer."""
    return {
        "id": new("cus"),
        "object": "customer",
        "created": now(),
        "email": email,
        "livemode": False,
        "metadata": {},
        "name": None,
    }


def setup_intent(customer_id: str, method_id: str, metadata: Thing) -> Thing:
    """A setup intent that succeeded."""
    return {
        "id": new("seti"),
        "object": "setup_intent",
        "created": now(),
        "customer": customer_id,
        "last_setup_error": None,
        "livemode": False,
        "metadata": metadata,
        "payment_method": method_id,
        "payment_method_types": ["card"],
        "status": "succeeded",
        "usage": "off_session",
    }


def refund(of: Thing, amount: int, metadata: Thing) -> Thing:
    """A refund of a charge."""
    return {
        "id": new("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": of["id"],
        "created": now(),
        "currency": of["currency"],
        "metadata": metadata,
        "payment_intent": of["payment_intent"],
        "reason": None,
        "status": "succeeded",
    }


def dispute(of: Thing) -> Thing:
    """A dispute about the whole of a charge, which the hotel may answer within a week."""
    return {
        "id": new("dp"),
        "object": "dispute",
        "amount": of["amount_captured"] - of["amount_refunded"],
        "balance_transactions": [],
        "charge": of["id"],
        "created": now(),
        "currency": of["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now() + 7 * 86_400,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": of["payment_intent"],
        "reason": "fraudulent",
        "status": "needs_response",
    }


def balance_transaction(kind: str, source: str, amount: int, currency: str, fee: int) -> Thing:
    """A movement of the account's balance."""
    return {
        "id": new("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now(),
        "balance_type": "payments",
        "created": now(),
        "currency": currency,
        "description": None,
        "fee": fee,
        "fee_details": [{"amount": fee, "currency": currency, "type": "stripe_fee"}] if fee else [],
        "net": amount - fee,
        "reporting_category": kind,
        "source": source,
        "status": "available",
        "type": kind,
    }


def payout(amount: int, currency: str) -> Thing:
    """Money on its way to the hotel's bank."""
    return {
        "id": new("po"),
        "object": "payout",
        "amount": amount,
        "arrival_date": now(),
        "automatic": True,
        "balance_transaction": None,
        "created": now(),
        "currency": currency,
        "description": "STRIPE PAYOUT",
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "reconciliation_status": "completed",
        "source_type": "card",
        "status": "paid",
        "type": "bank_account",
    }


def fee_of(amount: int) -> int:
    """Return what a charge costs the hotel."""
    return amount * FEE_PERCENT // 10_000 + FEE_FIXED
