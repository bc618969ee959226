"""Payments: money taken and given back, in cash, by card on a terminal, or by transfer."""

from pms.hotel.books.payments.tables import Method, Payment, PaymentKind, TerminalBatch
from pms.hotel.books.payments.taking import (
    AmountNotPositive,
    CardSlip,
    CardSlipNeeded,
    MoreThanOwed,
    give_back,
    pay,
    refund,
    refuse_more_than_credit,
    take,
)
from pms.hotel.books.payments.terminals import (
    Batch,
    BatchTiedOut,
    batches,
    tie_out,
    uncounted,
)
from pms.hotel.books.payments.voiding import (
    OfAnAccount,
    VoidedAlready,
    by_entry,
    is_voided,
    undo,
    void,
)

__all__ = [
    "AmountNotPositive",
    "Batch",
    "BatchTiedOut",
    "CardSlip",
    "CardSlipNeeded",
    "Method",
    "MoreThanOwed",
    "OfAnAccount",
    "Payment",
    "PaymentKind",
    "TerminalBatch",
    "VoidedAlready",
    "batches",
    "by_entry",
    "give_back",
    "is_voided",
    "pay",
    "refund",
    "refuse_more_than_credit",
    "take",
    "tie_out",
    "uncounted",
    "undo",
    "void",
]
