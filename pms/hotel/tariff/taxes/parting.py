"""Parting a charge among its payers: each takes their share of its net and of each tax."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from pms.base.money import Money, apportion
from pms.hotel.tariff.taxes.reckoning import TaxedAmount, TaxLine, by_themselves


class Levies(enum.StrEnum):
    """Whether a charge's levies go with it to who pays, are left where they are, or go alone."""

    ALONG = "along"
    LEFT = "left"
    ONLY = "only"

    def draw(self, *, is_levy: bool) -> bool:
        """Tell whether who takes a charge so takes of a line of it."""
        return self is Levies.ALONG or is_levy is (self is Levies.ONLY)


@dataclass(slots=True)
class Remainder:
    """What is left of a charge's parts, in minor units, while its payers take theirs of each."""

    left: list[int]
    is_levy: Sequence[bool]

    def of(self, levies: Levies) -> int:
        """Return what is left to who takes a charge so."""
        return sum(self._there(levies))

    def take(self, amount: int, levies: Levies) -> list[int]:
        """Take an amount of what is left, in proportion; return how much of each part that is."""
        there = self._there(levies)
        taken = there if amount == sum(there) else apportion(amount, there)
        self.left = [before - gone for before, gone in zip(self.left, taken, strict=True)]
        return taken

    def _there(self, levies: Levies) -> list[int]:
        return [
            amount if levies.draw(is_levy=one) else 0
            for amount, one in zip(self.left, self.is_levy, strict=True)
        ]


def remainder(whole: TaxedAmount) -> Remainder:
    """Return all of a charge, of which nobody has taken anything: its net, then its taxes."""
    alone = by_themselves(line.rule for line in whole.taxes)
    return Remainder(
        [whole.net.minor, *(line.amount.minor for line in whole.taxes)],
        [False, *(line.rule.code in alone for line in whole.taxes)],
    )


def apart(
    whole: TaxedAmount, amounts: Sequence[Money], levies: Sequence[Levies] | None = None
) -> list[TaxedAmount]:
    """Take a charge apart among its payers: the amounts, taxes in them, add up to its gross.

    One after the other takes its share of net and of each tax in proportion to what is left, by
    largest remainder; so the parts come to each amount and to each tax, to the unit. `levies` says
    of each payer whether what they take is all of the charge, all but its levies, or those alone.
    Each part's tax has its own part of the base.
    """
    if len(amounts) == 1:
        return [whole]
    left, drawn = remainder(whole), levies or [Levies.ALONG] * len(amounts)
    takings = [left.take(amount.minor, how) for amount, how in zip(amounts, drawn, strict=True)]
    bases = {}
    if any(how is not Levies.ALONG for how in drawn):
        bases = {
            line.rule.code: apportion(line.base.minor, [taken[no] for taken in takings])
            for no, line in enumerate(whole.taxes, start=1)
            if left.is_levy[no] and line.amount
        }
    return [
        _part(whole, amount, taken, {code: by_part[no] for code, by_part in bases.items()})
        for no, (amount, taken) in enumerate(zip(amounts, takings, strict=True))
    ]


def _part(
    whole: TaxedAmount, amount: Money, taken: Sequence[int], bases: dict[str, int]
) -> TaxedAmount:
    """Return one payer's part; a tax with no base of its own among `bases` is on their net."""
    net, *of_tax = taken
    by_code = {line.rule.code: part for line, part in zip(whole.taxes, of_tax, strict=True)}
    lines = []
    for line in whole.taxes:
        on = net + sum(by_code.get(code, 0) for code in line.rule.on_top_of)
        base = Money(bases.get(line.rule.code, on), amount.currency)
        lines.append(TaxLine(line.rule, base, Money(by_code[line.rule.code], amount.currency)))
    return TaxedAmount(Money(net, amount.currency), tuple(lines), amount)
