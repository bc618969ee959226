"""What a payment is: money moved, and what the terminal's slip says of it."""

import enum
from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pms.base import ink
from pms.base.db import Base, OfHotel, choice, within_hotel

BRANDS = (
    "Visa",
    "Mastercard",
    "American Express",
    "girocard",
    "Maestro",
    "Diners",
    "Discover",
    "JCB",
    "UnionPay",
)


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


class Method(enum.StrEnum):
    """How money changed hands."""

    CASH = "cash"
    CARD = "card"
    TRANSFER = "transfer"


class PaymentKind(enum.StrEnum):
    """Why money changed hands; a void undoes a slip that was wrong."""

    PAYMENT = "payment"
    DEPOSIT = "deposit"
    REFUND = "refund"
    CITY = "city"
    VOID = "void"


class Payment(OfHotel, Base):
    """Money taken (above zero) or given back, and what the terminal's slip says of it."""

    __tablename__ = "payments"
    __table_args__ = (
        within_hotel("entry_id", "entries"),
        within_hotel("account_id", "accounts"),
        within_hotel("voids_id", "payments"),
        sa.UniqueConstraint("hotel_id", "entry_id"),
        sa.UniqueConstraint("hotel_id", "voids_id"),
        sa.CheckConstraint("(kind = 'void') = (voids_id IS NOT NULL)", name="voids_one"),
        sa.CheckConstraint("amount <> 0", name="moves_money"),
        sa.CheckConstraint(
            "last_four IS NULL OR length(last_four) = 4", name="four_digits_at_most"
        ),
        sa.CheckConstraint(
            "method = 'card' OR (brand IS NULL AND last_four IS NULL)",
            name="only_cards_have_brands",
        ),
        sa.Index(None, "hotel_id", "account_id"),
        sa.Index(None, "hotel_id", "business_day", "terminal", "batch"),
    )

    entry_id: Mapped[int]
    account_id: Mapped[int]
    voids_id: Mapped[int | None]
    business_day: Mapped[date]
    kind: Mapped[PaymentKind] = mapped_column(choice(PaymentKind))
    method: Mapped[Method] = mapped_column(choice(Method))
    amount: Mapped[int]
    brand: Mapped[str | None] = mapped_column(sa.String(24))
    last_four: Mapped[str | None] = mapped_column(sa.String(4))
    authorisation: Mapped[str | None] = mapped_column(sa.String(24))
    terminal: Mapped[str | None] = mapped_column(sa.String(24))
    batch: Mapped[str | None] = mapped_column(sa.String(24))
    staff_id: Mapped[int]


ink.append_only("payments")
ink.guard(
    "payments_name_a_card_brand_one_way",
    table="payments",
    when="INSERT",
    refuse_if=(
        f"NEW.brand IS NOT NULL AND LOWER(NEW.brand) IN ({_quoted(map(str.lower, BRANDS))})"
        f" AND NEW.brand NOT IN ({_quoted(BRANDS)})"
    ),
    message="a card brand has one name",
)


class TerminalBatch(OfHotel, Base):
    """A terminal's batch as it was counted, beside what the books held of it then.

    What was counted wrongly is counted again under the next `no`, with a reason; the last counts.
    """

    __tablename__ = "terminal_batches"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "business_day", "terminal", "batch", "no"),
        sa.CheckConstraint("no >= 1", name="numbered_from_one"),
        sa.CheckConstraint("(no = 1) = (reason IS NULL)", name="counted_again_for_a_reason"),
    )

    business_day: Mapped[date]
    terminal: Mapped[str] = mapped_column(sa.String(24))
    batch: Mapped[str] = mapped_column(sa.String(24))
    no: Mapped[int]
    counted: Mapped[int]
    recorded: Mapped[int]
    reason: Mapped[str | None] = mapped_column(sa.String(200))
    staff_id: Mapped[int]

    @property
    def difference(self) -> int:
        """Minor units the terminal has more than the books."""
        return self.counted - self.recorded


ink.append_only("terminal_batches")
ink.guard(
    "terminal_batches_in_turn",
    table="terminal_batches",
    when="INSERT",
    refuse_if=(
        "NEW.no <> 1 + (SELECT COUNT(*) FROM terminal_batches b WHERE b.hotel_id = NEW.hotel_id"
        " AND b.business_day = NEW.business_day AND b.terminal = NEW.terminal"
        " AND b.batch = NEW.batch)"
    ),
    message="the counts of a batch are numbered in turn",
)
