"""Duties: what each country asks of who issues papers, beyond what this program does.

This is not fiscal certification. Where a country wants a certified till or certified software,
issuing warns, or is blocked until the hotel writes down how it meets that duty.
"""

import enum
from dataclasses import dataclass


class Weight(enum.StrEnum):
    """What a country's duty does to issuing: it is told, or it stands in the way."""

    WARNS = "warns"
    BLOCKS = "blocks"


@dataclass(frozen=True, slots=True)
class Duty:
    """A country's duty, in a sentence for the desk."""

    weight: Weight
    says: str


DUTIES = {
    "AT": Duty(Weight.WARNS, "Austria wants cash taken on a till with a signature unit (RKSV)."),
    "DE": Duty(
        Weight.WARNS,
        "Germany wants cash taken on a till with a certified security device (KassenSichV).",
    ),
    "ES": Duty(
        Weight.WARNS, "Spain wants invoices from software that meets RD 1007/2023 (VeriFactu)."
    ),
    "FR": Duty(
        Weight.WARNS, "France wants payments of private guests on certified software (NF525)."
    ),
    "GR": Duty(Weight.BLOCKS, "Greece wants every invoice reported to myDATA when it is issued."),
    "HR": Duty(Weight.BLOCKS, "Croatia wants every invoice fiscalised when it is issued."),
    "HU": Duty(Weight.BLOCKS, "Hungary wants every invoice reported to NAV when it is issued."),
    "IT": Duty(Weight.BLOCKS, "Italy wants invoices sent through the exchange system (SdI)."),
    "PL": Duty(Weight.WARNS, "Poland wants invoices between firms sent through KSeF."),
    "PT": Duty(Weight.BLOCKS, "Portugal wants invoices from certified software, with ATCUD."),
}


def of(country: str) -> Duty | None:
    """Return a country's duty (ISO 3166, two letters), if we know of one."""
    return DUTIES.get(country)
