"""Payments: money taken and given back, in cash, by card on a terminal, or by transfer."""

from pms.hotel.books.payments.reserving import (
    CreditOnItsWay,
    CreditReserve,
    MoreThanOwed,
    refuse_more_than_credit,
)
from pms.hotel.books.payments.tables import Method, Payment, PaymentKind, TerminalBatch
from pms.hotel.books.payments.taking import (
    AmountNotPositive,
    CardSlip,
    CardSlipNeeded,
    VoidedAlready,
    give_back,
    is_voided,
    pay,
    refund,
    take,
    void,
)
from pms.hotel.books.payments.terminals import (
    Batch,
    BatchTiedOut,
    batches,
    tie_out,
    uncounted,
)

__all__ = [
    "AmountNotPositive",
    "Batch",
    "BatchTiedOut",
    "CardSlip",
    "CardSlipNeeded",
    "CreditOnItsWay",
    "CreditReserve",
    "Method",
    "MoreThanOwed",
    "Payment",
    "PaymentKind",
    "TerminalBatch",
    "VoidedAlready",
    "batches",
    "give_back",
    "is_voided",
    "pay",
    "refund",
    "refuse_more_than_credit",
    "take",
    "tie_out",
    "uncounted",
    "void",
]
