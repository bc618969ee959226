"""Stripe: hosted checkout through the `stripe` library, each hotel with its own account."""

from pms.gateways.stripe.accounts import Accounts, Keys
from pms.gateways.stripe.calling import Stripe
from pms.gateways.stripe.hearing import BadSignature, read_event

__all__ = ["Accounts", "BadSignature", "Keys", "Stripe", "read_event"]
