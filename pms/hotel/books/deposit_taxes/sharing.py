"""Sharing: what a deposit is for, by rate of VAT, in proportion to the quote; no database.

What is above the price of its stay is for nothing that is known, and bears no VAT.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
    """What of a deposit is under one rate: net and tax, of so much `quoted`; minor units.

    What is above the price of the stay was quoted for nothing.
    """

    no: int
    under: Under
    net: int
    tax: int
    quoted: int

    @property
    def gross(self) -> int:
        """What of the deposit it is, tax included."""
        return self.net + self.tax

    @property
    def is_above(self) -> bool:
        """Whether it is above the price of the stay, and so for no supply that is known."""
        return self.quoted == 0

    @property
    def turned(self) -> "Share":
        """The share with its amounts the other way round."""
        return replace(self, net=-self.net, tax=-self.tax)


@dataclass(frozen=True, slots=True)
class Open:
    """A deposit, and its shares that aren't set off."""

    payment_id: int
    shares: list[Share]

    @property
    def gross(self) -> int:
        """What of the deposit is still to be set off, in minor units."""
        return sum(share.gross for share in self.shares)

    @property
    def priced(self) -> list[Share]:
        """Its shares of the price of the stay."""
        return [share for share in self.shares if not share.is_above]

    @property
    def above(self) -> list[Share]:
        """What of it is above the price of the stay."""
        return [share for share in self.shares if share.is_above]


def shares(
    amount: int,
    quoted: Mapping[Under, int],
    held: Mapping[Under, int] | None = None,
    *,
    first: int = 1,
) -> list[Share]:
    """Share a deposit out over a quote by rate, highest first, to the unit by largest remainder.

    The tax is in the share, as the rate says: a deposit is what the guest pays, tax and all. What
    is `held` for the stay already, by rate, is room no more; what finds none is above the price.
    """
    there = held or {}
    parts = sorted(
        ((under, gross) for under, gross in quoted.items() if gross > 0),
        key=lambda part: (-part[0].rate, part[0].tax_id or 0),
    )
    if not parts:
        return []
    room = [max(gross - there.get(under, 0), 0) for under, gross in parts]
    for_stay = min(amount, sum(room))
    grosses = apportion(for_stay, room) if for_stay else [0] * len(parts)
    found: list[Share] = []
    for (under, of_quote), gross in zip(parts, grosses, strict=True):
        tax = round_half_up(Fraction(gross * under.rate, _WHOLE + under.rate))
        if gross:
            found.append(Share(first + len(found), under, gross - tax, tax, of_quote))
    if amount > for_stay:
        found.append(Share(first + len(found), OUTSIDE, amount - for_stay, 0, 0))
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


def held_by(standing: Iterable[Open]) -> dict[Under, int]:
    """Return what deposits hold of a stay's price by rate; what is above the price is none."""
    found: dict[Under, int] = defaultdict(int)
    for each in standing:
        for share in each.priced:
            found[share.under] += share.gross
    return dict(found)


def realigned(
    standing: Sequence[Open], quoted: Mapping[Under, int], last: Mapping[int, int], *, taxes: bool
) -> list[tuple[int, Share]]:
    """Return what brings deposits, the newest first, into line with what their stay costs by now.

    By payment: below zero leaves a rate, above zero comes under one or is above the price. What
    left a rate, and what was above the price, is taxed again where there is room under another (if
    it `taxes`), the oldest first. `last` are the highest numbers of shares.
    """
    held = held_by(standing)
    room = {under: quoted.get(under, 0) - held.get(under, 0) for under in {*quoted, *held}}
    off = _over(standing, room)
    held = {under: min(gross, max(quoted.get(under, 0), 0)) for under, gross in held.items()}
    found = []
    for each in reversed(standing):
        left = off.get(each.payment_id, [])
        above = sum(share.gross for share in (*each.above, *left))
        free = above if taxes else 0
        first = last.get(each.payment_id, 0) + 1
        come = (
            [share for share in shares(free, quoted, held, first=first) if not share.is_above]
            if free
            else []
        )
        for share in come:
            held[share.under] = held.get(share.under, 0) + share.gross
        stays = sum(share.gross for share in left) - sum(share.gross for share in come)
        if stays > 0:
            come.append(Share(first + len(come), OUTSIDE, stays, 0, 0))
        elif stays < 0:
            left = left + taken(each.above, -stays)
        found += [(each.payment_id, share.turned) for share in left]
        found += [(each.payment_id, share) for share in come]
    return found


def _over(standing: Iterable[Open], room: Mapping[Under, int]) -> dict[int, list[Share]]:
    """Return what is held under rates of which so much isn't quoted any more: the newest first."""
    over = {under: -left for under, left in room.items() if left < 0}
    found: dict[int, list[Share]] = defaultdict(list)
    for each in standing:
        for share in each.priced:
            part = min(over.get(share.under, 0), share.gross)
            if part:
                found[each.payment_id].append(_leaving(share, share.gross - part))
                over[share.under] -= part
    return dict(found)


def _leaving(share: Share, gross: int) -> Share:
    """Return what comes off a share that leaves so much, with the tax that its rate says."""
    rate = share.under.rate
    tax = max(share.tax - round_half_up(Fraction(gross * rate, _WHOLE + rate)), 0)
    return replace(share, net=share.gross - gross - tax, tax=tax)
