"""Payments: money taken, given back and paid out, in cash, by card, or by transfer."""

from pms.hotel.books.payments.before import came_by, last_slip
from pms.hotel.books.payments.moving import (
    AmountNotPositive,
    OnlyCashIsForeign,
    by_entry,
    give_back,
    take,
)
from pms.hotel.books.payments.of_shift import Taken, beside_cash
from pms.hotel.books.payments.paying_out import (
    Expense,
    OverPaidOutLimit,
    PaidOut,
    pay_out,
    spend,
    take_back,
)
from pms.hotel.books.payments.slips import CardSlip, CardSlipNeeded
from pms.hotel.books.payments.tables import BRANDS, Method, Payment, PaymentKind, TerminalBatch
from pms.hotel.books.payments.taking import pay, refund
from pms.hotel.books.payments.terminals import (
    LOOKS_BACK,
    Batch,
    BatchTiedOut,
    NeverCounted,
    batches,
    recount,
    tie_out,
    uncounted,
)
from pms.hotel.books.payments.voiding import (
    OfAnAccount,
    VoidedAlready,
    is_voided,
    undo,
    void,
)
from pms.hotel.books.reserving import (
    CreditDisputed,
    CreditOnItsWay,
    CreditReserve,
    MoreThanOwed,
    refuse_more_than_credit,
)

__all__ = [
    "BRANDS",
    "LOOKS_BACK",
    "AmountNotPositive",
    "Batch",
    "BatchTiedOut",
    "CardSlip",
    "CardSlipNeeded",
    "CreditDisputed",
    "CreditOnItsWay",
    "CreditReserve",
    "Expense",
    "Method",
    "MoreThanOwed",
    "NeverCounted",
    "OfAnAccount",
    "OnlyCashIsForeign",
    "OverPaidOutLimit",
    "PaidOut",
    "Payment",
    "PaymentKind",
    "Taken",
    "TerminalBatch",
    "VoidedAlready",
    "batches",
    "beside_cash",
    "by_entry",
    "came_by",
    "give_back",
    "is_voided",
    "last_slip",
    "pay",
    "pay_out",
    "recount",
    "refund",
    "refuse_more_than_credit",
    "spend",
    "take",
    "take_back",
    "tie_out",
    "uncounted",
    "undo",
    "void",
]
