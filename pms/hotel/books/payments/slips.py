"""Slips: what a card terminal prints of a payment; never the card's number."""

from dataclasses import dataclass

from pms.base import card_numbers
from pms.base.refusal import Invalid
from pms.hotel.books.payments.tables import Method


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


def refuse_odd(method: Method, card: CardSlip | None) -> None:
    """Refuse a card without its slip, a slip without a card, and one that can't be read."""
    if (method is Method.CARD) != (card is not None):
        raise CardSlipNeeded(method)
    if card is None:
        return
    if len(card.last_four) != 4 or not (card.last_four.isascii() and card.last_four.isdigit()):
        raise Invalid("Write the card's last four digits.", field="last_four")
    if not card.brand.strip() or not card.terminal.strip() or not card.batch.strip():
        raise CardSlipNeeded(method)
    for field in ("brand", "authorisation", "terminal", "batch"):
        if len(text := getattr(card, field)) > 24:
            raise Invalid("The slip has at most 24 characters there.", field=field)
        card_numbers.refuse(**{field: text})
