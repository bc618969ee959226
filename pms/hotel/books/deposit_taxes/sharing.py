"""Sharing: what a deposit is for, by rate of VAT, in proportion to the quote; no database."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from pms.base.money import apportion, round_half_up
from pms.hotel.tariff.taxes import PERCENT

_WHOLE = 100 * PERCENT


class Under(NamedTuple):
    """The VAT that a part of a quote bears: `rate` is 1/10000 of a percent; None is outside VAT."""

    tax_id: int | None
    rate: int


OUTSIDE = Under(None, 0)


@dataclass(frozen=True, slots=True)
class Share:
    """What of a deposit is under one rate: net and tax, of so much `quoted`; minor units."""

    no: int
    under: Under
    net: int
    tax: int
    quoted: int

    @property
    def gross(self) -> int:
        """What of the deposit it is, tax included."""
        return self.net + self.tax


def shares(amount: int, quoted: Mapping[Under, int]) -> list[Share]:
    """Share a deposit out over a quote by rate, highest first, to the unit by largest remainder.

    The tax is in the share, as the rate says: a deposit is what the guest pays, tax and all.
    """
    parts = sorted(
        ((under, gross) for under, gross in quoted.items() if gross > 0),
        key=lambda part: (-part[0].rate, part[0].tax_id or 0),
    )
    if not parts:
        return []
    found: list[Share] = []
    grosses = apportion(amount, [gross for _, gross in parts])
    for (under, of_quote), gross in zip(parts, grosses, strict=True):
        tax = round_half_up(Fraction(gross * under.rate, _WHOLE + under.rate))
        if gross:
            found.append(Share(len(found) + 1, under, gross - tax, tax, of_quote))
    return found


def taken(some: list[Share], amount: int) -> list[Share]:
    """Take so much off shares, in proportion; all of it gives each share back as it is."""
    parts = apportion(amount, [share.gross for share in some])
    found = []
    for share, gross in zip(some, parts, strict=True):
        tax = round_half_up(Fraction(share.tax * gross, share.gross))
        if gross:
            found.append(replace(share, net=gross - tax, tax=tax))
    return found
