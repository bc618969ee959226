"""Deposit taxes: VAT that is due when a deposit is received, until the deposit is set off."""

from pms.hotel.books.deposit_taxes.posting import (
    CLEARING,
    held_for_stay,
    is_astray,
    is_open,
    owe,
    owe_again,
    realign,
    set_off,
)
from pms.hotel.books.deposit_taxes.reading import (
    Named,
    above_price,
    is_touched,
    matured_by,
    of_movement,
    of_payments,
    received,
    was_credited,
)
from pms.hotel.books.deposit_taxes.sharing import OUTSIDE, Share, Under, shares
from pms.hotel.books.deposit_taxes.tables import DepositTax

__all__ = [
    "CLEARING",
    "OUTSIDE",
    "DepositTax",
    "Named",
    "Share",
    "Under",
    "above_price",
    "held_for_stay",
    "is_astray",
    "is_open",
    "is_touched",
    "matured_by",
    "of_movement",
    "of_payments",
    "owe",
    "owe_again",
    "realign",
    "received",
    "set_off",
    "shares",
    "was_credited",
]
