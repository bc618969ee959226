"""Taxes: what the state takes of a charge, inside its price or on top of it, kept per line."""

from pms.hotel.tariff.taxes.explaining import dated_rates, explain, rate_of, rate_on
from pms.hotel.tariff.taxes.reckoning import (
    NO_LIMITS,
    ONCE,
    PERCENT,
    Limits,
    Rule,
    TaxedAmount,
    TaxesGoRound,
    TaxKind,
    TaxLine,
    split,
    together,
)
from pms.hotel.tariff.taxes.setting import (
    LIMITS,
    TaxClassCodeTaken,
    TaxCodeTaken,
    add,
    add_class,
    class_by_code,
    limits_of,
    rules,
    set_rate,
)
from pms.hotel.tariff.taxes.tables import Tax, TaxClass, TaxClassTax, TaxRate

__all__ = [
    "LIMITS",
    "NO_LIMITS",
    "ONCE",
    "PERCENT",
    "Limits",
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
    "dated_rates",
    "explain",
    "limits_of",
    "rate_of",
    "rate_on",
    "rules",
    "set_rate",
    "split",
    "together",
]
