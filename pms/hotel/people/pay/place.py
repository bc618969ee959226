"""Where work is done: the clock it is counted by, and the money it is paid in."""

from dataclasses import dataclass
from fractions import Fraction

from pms.base.money import Money, digits_of


@dataclass(frozen=True, slots=True)
class Place:
    """Where the work is done: the zone its clocks show, and the currency it is paid in."""

    zone: str
    currency: str

    def said(self, minor: int | Fraction) -> str:
        """Return an amount as it is read, exact to four more places where it isn't whole."""
        if isinstance(minor, int) or minor.denominator == 1:
            return str(Money(int(minor), self.currency))
        return f"{float(minor) / 10 ** digits_of(self.currency):.4f}"
