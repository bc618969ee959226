"""Slips: what a card terminal prints of a payment; never the card's number."""

from dataclasses import dataclass, replace

from pms.base import card_numbers
from pms.base.refusal import Invalid
from pms.hotel.books.payments.tables import BRANDS, Method

_KNOWN = {brand.lower(): brand for brand in BRANDS} | {
    "amex": "American Express",
    "diners club": "Diners",
    "master card": "Mastercard",
    "union pay": "UnionPay",
}


def brand(text: str) -> str:
    """Return a card brand by the one name the house has for it, however it was written."""
    written = " ".join(text.split())
    return _KNOWN.get(written.lower(), written.capitalize())


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSlip:
    """What a card terminal prints."""

    brand: str
    last_four: str
    authorisation: str
    terminal: str
    batch: str


class CardSlipNeeded(Invalid):
    """A card leaves a slip; other money doesn't."""

    def __init__(self, method: Method) -> None:
        super().__init__(
            "Copy the terminal's slip: brand, last four digits, authorisation, terminal and batch."
            if method is Method.CARD
            else "Only a card payment has a terminal's slip. Choose card, or leave the slip out.",
            field="card",
        )


def checked(method: Method, card: CardSlip | None) -> CardSlip | None:
    """Return a slip as it is kept: its brand by the one name, and nothing around the rest.

    Refuses a card without its slip, a slip without a card, and one that can't be read.
    """
    if (method is Method.CARD) != (card is not None):
        raise CardSlipNeeded(method)
    if card is None:
        return None
    kept = replace(
        card, brand=brand(card.brand), terminal=card.terminal.strip(), batch=card.batch.strip()
    )
    if len(kept.last_four) != 4 or not (kept.last_four.isascii() and kept.last_four.isdigit()):
        raise Invalid("Write the card's last four digits.", field="last_four")
    if not kept.brand or not kept.terminal or not kept.batch:
        raise CardSlipNeeded(method)
    for field in ("brand", "authorisation", "terminal", "batch"):
        if len(text := getattr(kept, field)) > 24:
            raise Invalid("The slip has at most 24 characters there.", field=field)
        card_numbers.refuse(**{field: text})
    return kept
