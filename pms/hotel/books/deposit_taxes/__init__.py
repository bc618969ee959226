"""Deposit taxes: VAT that is due when a deposit is received, until the deposit is set off."""

from pms.hotel.books.deposit_taxes.posting import CLEARING, owe, owe_again, set_off
from pms.hotel.books.deposit_taxes.reading import (
    Named,
    is_touched,
    matured_by,
    of_movement,
    of_payments,
    received,
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
    "is_touched",
    "matured_by",
    "of_movement",
    "of_payments",
    "owe",
    "owe_again",
    "received",
    "set_off",
    "shares",
]
