"""Denominations: which notes and coins a currency has, as they are counted.

The values are those in circulation in 2026 by the issuers' own lists; of a currency that isn't
listed here, the 1-2-5 series that nearly all follow.
"""

from pms.base.money import digits_of

# Major units: notes, then coins in minor units.
_NOTES: dict[str, tuple[int, ...]] = {
    "AUD": (100, 50, 20, 10, 5),
    "CAD": (100, 50, 20, 10, 5),
    "CHF": (1000, 200, 100, 50, 20, 10),
    "CZK": (5000, 2000, 1000, 500, 200, 100),
    "DKK": (500, 200, 100, 50),
    "EUR": (500, 200, 100, 50, 20, 10, 5),
    "GBP": (50, 20, 10, 5),
    "HUF": (20_000, 10_000, 5_000, 2_000, 1_000, 500),
    "JPY": (10_000, 5_000, 2_000, 1_000),
    "NOK": (1000, 500, 200, 100, 50),
    "PLN": (500, 200, 100, 50, 20, 10),
    "SEK": (1000, 500, 200, 100, 50, 20),
    "USD": (100, 50, 20, 10, 5, 2, 1),
}
_COINS: dict[str, tuple[int, ...]] = {
    "AUD": (200, 100, 50, 20, 10, 5),
    "CAD": (200, 100, 25, 10, 5),
    "CHF": (500, 200, 100, 50, 20, 10, 5),
    "CZK": (5000, 2000, 1000, 500, 200, 100),
    "DKK": (2000, 1000, 500, 200, 100, 50),
    "EUR": (200, 100, 50, 20, 10, 5, 2, 1),
    "GBP": (200, 100, 50, 20, 10, 5, 2, 1),
    "HUF": (20_000, 10_000, 5_000, 2_000, 1_000, 500),
    "JPY": (500, 100, 50, 10, 5, 1),
    "NOK": (2000, 1000, 500, 100),
    "PLN": (500, 200, 100, 50, 20, 10, 5, 2, 1),
    "SEK": (1000, 500, 200, 100),
    "USD": (100, 50, 25, 10, 5, 1),
}


def notes(currency: str) -> tuple[int, ...]:
    """Return a currency's notes in minor units, the largest first."""
    unit = 10 ** digits_of(currency)
    usual = tuple(face * unit for face in (1000, 500, 200, 100, 50, 20, 10, 5))
    return tuple(face * unit for face in _NOTES[currency]) if currency in _NOTES else usual


def coins(currency: str) -> tuple[int, ...]:
    """Return a currency's coins in minor units, the largest first; a note's value is none."""
    if currency in _COINS:
        return _COINS[currency]
    unit = 10 ** digits_of(currency)
    powers = [10**power for power in range(digits_of(currency), -1, -1)]
    series = {face * power for power in powers for face in (2, 1, 5)}
    return tuple(sorted((face for face in series if face < 5 * unit), reverse=True))


def counted_in(currency: str, *, is_foreign: bool) -> tuple[int, ...]:
    """Return what is counted of a currency: of foreign money the house takes notes only."""
    if is_foreign:
        return notes(currency)
    return tuple(sorted({*notes(currency), *coins(currency)}, reverse=True))
