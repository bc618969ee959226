"""Payments: money taken, given back and paid out, in cash, by card, or by transfer."""

from pms.hotel.books.payments.moving import (
    AmountNotPositive,
    OnlyCashIsForeign,
    give_back,
    of_entry,
    take,
)
from pms.hotel.books.payments.of_shift import Taken, beside_cash
from pms.hotel.books.payments.paying_out import (
    Expense,
    PaidOut,
    pay_out,
    spend,
    take_back,
)
from pms.hotel.books.payments.slips import CardSlip, CardSlipNeeded
from pms.hotel.books.payments.tables import Method, Payment, PaymentKind, TerminalBatch
from pms.hotel.books.payments.taking import (
    MoreThanOwed,
    VoidedAlready,
    is_voided,
    pay,
    refund,
    refuse_more_than_credit,
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
    "Expense",
    "Method",
    "MoreThanOwed",
    "OnlyCashIsForeign",
    "PaidOut",
    "Payment",
    "PaymentKind",
    "Taken",
    "TerminalBatch",
    "VoidedAlready",
    "batches",
    "beside_cash",
    "give_back",
    "is_voided",
    "of_entry",
    "pay",
    "pay_out",
    "refund",
    "refuse_more_than_credit",
    "spend",
    "take",
    "take_back",
    "tie_out",
    "uncounted",
    "void",
]
