"""Checkout: guests pay on the gateway's hosted page; nothing asked of it is lost or done twice.

*Intend* (`intending`, in a transaction) → *call* (`intents`, none open) → *settle* (`settling`, in
one of its own). A webhook, the guest's return and the reconciler all end in `settling.settle`.
"""

from pms.hotel.service.checkout.asking import (
    ask,
    consent,
    ended_with,
    mail,
    note_opened,
    of_reservation,
    withdraw,
)
from pms.hotel.service.checkout.modes import mode_of, set_mode
from pms.hotel.service.checkout.tables import (
    OPEN_STATES,
    CardConsent,
    CardHold,
    Deed,
    HoldState,
    Intent,
    IntentState,
    KeptCard,
    PaymentPart,
    PaymentRequest,
    Purpose,
    RequestState,
)

__all__ = [
    "OPEN_STATES",
    "CardConsent",
    "CardHold",
    "Deed",
    "HoldState",
    "Intent",
    "IntentState",
    "KeptCard",
    "PaymentPart",
    "PaymentRequest",
    "Purpose",
    "RequestState",
    "ask",
    "consent",
    "ended_with",
    "mail",
    "mode_of",
    "note_opened",
    "of_reservation",
    "set_mode",
    "withdraw",
]
