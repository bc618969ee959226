"""What the house and a payment gateway say to each other, as plain values: no card is among them.

The hotel speaks in these words; `pms.gateways.stripe` says them to Stripe. Whatever a gateway
answers is heard as one `Heard`, so webhook, return page and reconciler end in the same place.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pms.base.money import Money, digits_of
from pms.base.refusal import Refusal

_BY_TENS = 3  # money of so many decimals is charged to cards by tens of its smallest unit


def card_step(currency: str) -> int:
    """Return by how many minor units of a currency cards are charged: 10 fils, else 1."""
    return 10 if digits_of(currency) == _BY_TENS else 1


class Mode(enum.StrEnum):
    """Whose money it is: nobody's (our own practice gateway, or the gateway's test), or real."""

    PRACTICE = "practice"
    TEST = "test"
    LIVE = "live"


class Stand(enum.StrEnum):
    """Where something stands that was asked of a gateway."""

    OPEN = "open"
    PENDING = "pending"
    HELD = "held"
    PAID = "paid"
    KEPT = "kept"
    DECLINED = "declined"
    RELEASED = "released"
    EXPIRED = "expired"


class Takes(enum.StrEnum):
    """What a hosted page does: takes money, holds it on a card, or keeps the card for later."""

    PAYMENT = "payment"
    HOLD = "hold"
    CARD = "card"


GUEST_NEEDED = "authentication required"  # why a bank declines what its guest must agree to first


class GatewayAway(Refusal):
    """It isn't known what became of the call: the reconciler asks."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            "The payment service doesn't answer just now. Nothing is lost: the house asks it "
            "again by itself. Look again in a minute."
        )


class KeyRefused(GatewayAway):
    """The hotel's key opens nothing: what was called before may have been done with it."""

    def __init__(self) -> None:
        Refusal.__init__(
            self,
            "The payment service doesn't take the hotel's key. Nothing is lost: put in the right "
            "one, and the house asks again by itself.",
        )


class GatewayRefused(Refusal):
    """The gateway said no, and nothing came of it."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The payment service refused: {why[:300]}")


class NoGateway(Refusal):
    """There is nobody to ask."""

    def __init__(self, why: str) -> None:
        super().__init__(f"Online payment isn't set up here: {why}")


@dataclass(frozen=True, slots=True)
class CardSeen:
    """What a gateway tells of a card: never its number. `expires` is `2030-08`."""

    brand: str
    last_four: str
    expires: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What a gateway says of one thing.

    `object_id` is the thing's own id, `payment` the payment intent behind it, `amount` what was
    taken, held or given back by now; `ours` is our intent's id as it was sent along.
    """

    object_id: str
    stand: Stand
    live: bool
    amount: Money | None = None
    payment: str | None = None
    url: str | None = None
    customer: str | None = None
    method: str | None = None
    card: CardSeen | None = None
    capture_before: datetime | None = None
    refused: str | None = None
    ours: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """A hosted page to be opened; `amount` is nothing where a card is kept."""

    takes: Takes
    amount: Money
    words: str
    language: str
    email: str | None
    paid_url: str
    back_url: str
    expires_at: datetime
    ours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A card kept before that is charged, or held, without its owner being there."""

    customer: str
    method: str
    amount: Money
    holds: bool
    words: str
    ours: str


@dataclass(frozen=True, slots=True)
class News:
    """A signed event: which thing it is about; what became of it is asked for."""

    event_id: str
    kind: str
    object_id: str
    live: bool
    payment: str | None
    ours: str | None


@dataclass(frozen=True, slots=True)
class Disputed:
    """A payment that the card's owner disputes with the bank.

    `is_taken` says whether its money is gone from the account: withdrawn, and not put back.
    """

    object_id: str
    payment: str | None
    amount: Money
    status: str
    reason: str
    answer_by: datetime | None
    live: bool
    is_taken: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """A line of a payout: `source` is the charge, refund or dispute; `gross` less `fee` is paid."""

    transaction: str
    kind: str
    source: str | None
    payment: str | None
    gross: int
    fee: int


@dataclass(frozen=True, slots=True)
class PaidOut:
    """Money on its way from the gateway to the hotel's bank."""

    object_id: str
    amount: Money
    status: str
    arrives_at: datetime
    lines: Sequence[Settled]
    live: bool


class Gateway(Protocol):
    """A hotel's account at a gateway.

    What leaves carries `key`: said again under it within a day, it is done once. Raises
    GatewayAway when the outcome isn't known, and GatewayRefused when nothing came of it.
    """

    @property
    def mode(self) -> Mode:
        """Whose money it moves."""

    def account(self) -> str:
        """Return the gateway's own name for the account."""

    def open_checkout(self, ask: Checkout, *, key: str) -> Heard:
        """Open a hosted page."""

    def close_checkout(self, session_id: str) -> Heard:
        """Shut a hosted page; one that was paid meanwhile says so."""

    def charge(self, ask: Charge, *, key: str) -> Heard:
        """Charge or hold a card that is kept."""

    def capture(self, payment: str, amount: Money, *, key: str) -> Heard:
        """Take what is held, or a part; the rest is let go."""

    def release(self, payment: str, *, key: str) -> Heard:
        """Let go what is held."""

    def refund(self, payment: str, amount: Money, *, ours: str, key: str) -> Heard:
        """Give back what was taken, or a part."""

    def look(self, object_id: str) -> Heard:
        """Say where a page, a payment or a refund stands."""

    def find(self, *, ours: str, payment: str | None, customer: str | None) -> Heard | None:
        """Find what one of our intents came to whose answer was lost more than a day ago."""

    def refunds(self, payment: str) -> Sequence[Heard]:
        """Say where everything stands that was given back of a payment, the newest first."""

    def dispute(self, dispute_id: str) -> Disputed:
        """Say where a dispute stands."""

    def disputes(self) -> Sequence[Disputed]:
        """Say where the latest disputes stand, the newest first."""

    def payouts(self) -> Sequence[str]:
        """Return the ids of the latest payouts, the newest first."""

    def failed_payouts(self) -> Sequence[str]:
        """Return the ids of the latest payouts that the bank sent back, the newest first."""

    def payout(self, payout_id: str) -> PaidOut:
        """Say what a payout is made of."""

    def forget_card(self, method: str) -> None:
        """Let a kept card be forgotten; one that is unknown is forgotten already."""
