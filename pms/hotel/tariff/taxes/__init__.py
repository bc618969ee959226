"""Taxes: what the state takes of a charge, inside its price or on top of it, kept per line."""

from pms.hotel.tariff.taxes.reckoning import (
    ONCE,
    PERCENT,
    Rule,
    TaxedAmount,
    TaxesGoRound,
    TaxKind,
    TaxLine,
    split,
    together,
)
from pms.hotel.tariff.taxes.setting import (
    TaxClassCodeTaken,
    TaxCodeTaken,
    add,
    add_class,
    class_by_code,
    rules,
    set_rate,
)
from pms.hotel.tariff.taxes.tables import Tax, TaxClass, TaxClassTax, TaxRate

__all__ = [
    "ONCE",
    "PERCENT",
    "Rule",
    "Tax",
    "TaxClass",
    "TaxClassCodeTaken",
    "TaxClassTax",
    "TaxCodeTaken",
    "TaxKind",
    "TaxLine",
    "TaxRate",
    "TaxedAmount",
    "TaxesGoRound",
    "add",
    "add_class",
    "class_by_code",
    "rules",
    "set_rate",
    "split",
    "together",
]
