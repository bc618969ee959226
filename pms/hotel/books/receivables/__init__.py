"""Receivables: companies' accounts on the city ledger, from the bill to the money."""

from pms.hotel.books.receivables.ageing import Aged, together
from pms.hotel.books.receivables.ageing import ageing as aged
from pms.hotel.books.receivables.allocating import (
    Allocated,
    allocate,
    allocate_oldest,
    unallocate,
)
from pms.hotel.books.receivables.billing import (
    BROUGHT_FORWARD,
    bring_forward,
    direct_bill,
)
from pms.hotel.books.receivables.disputing import dispute, resolve
from pms.hotel.books.receivables.items import account_of, balance_of, of_entry
from pms.hotel.books.receivables.paying import pay_city, refund_payment, void_payment
from pms.hotel.books.receivables.reading import Shown
from pms.hotel.books.receivables.refusals import (
    AboveTheLimit,
    BroughtForwardAlready,
    DisputedAlready,
    MoreThanOpen,
    NoDirectBill,
    NotAPayment,
    NotAWriteOff,
    NotDatedThen,
    NothingOpen,
    NothingToBill,
    NothingToDispute,
    NothingToTell,
    NotInDispute,
    NotTwoSides,
    OverCreditLimit,
    SetByItsDeed,
    StillAllocated,
    UndoneAlready,
)
from pms.hotel.books.receivables.tables import (
    AccountStatement,
    Allocation,
    CityItem,
    DirectBill,
    Dispute,
    ItemKind,
    Tells,
)
from pms.hotel.books.receivables.writing_off import (
    set_write_off_limit,
    undo_write_off,
    write_off,
    write_off_item,
    write_off_limit,
)

__all__ = [
    "BROUGHT_FORWARD",
    "AboveTheLimit",
    "AccountStatement",
    "Aged",
    "Allocated",
    "Allocation",
    "BroughtForwardAlready",
    "CityItem",
    "DirectBill",
    "Dispute",
    "DisputedAlready",
    "ItemKind",
    "MoreThanOpen",
    "NoDirectBill",
    "NotAPayment",
    "NotAWriteOff",
    "NotDatedThen",
    "NotInDispute",
    "NotTwoSides",
    "NothingOpen",
    "NothingToBill",
    "NothingToDispute",
    "NothingToTell",
    "OverCreditLimit",
    "SetByItsDeed",
    "Shown",
    "StillAllocated",
    "Tells",
    "UndoneAlready",
    "account_of",
    "aged",
    "allocate",
    "allocate_oldest",
    "balance_of",
    "bring_forward",
    "direct_bill",
    "dispute",
    "of_entry",
    "pay_city",
    "refund_payment",
    "resolve",
    "set_write_off_limit",
    "together",
    "unallocate",
    "undo_write_off",
    "void_payment",
    "write_off",
    "write_off_item",
    "write_off_limit",
]
