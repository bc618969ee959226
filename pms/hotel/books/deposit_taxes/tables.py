"""What is kept of a deposit's VAT: what it is for by rate, and what was set off of that."""

# ruff: noqa: S608 - put together from the constants of this file, never from input

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pms.base import ink
from pms.base.db import Base, OfHotel, within_hotel


class DepositTax(OfHotel, Base):
    """A share of a deposit under one rate of VAT, or under none: owed above zero, set off below.

    `payment_id` is the deposit that was received, on its reservation's `account_id`. `entry_id`
    posts the tax beside `moved_id`, the entry that moved the money. Shares of one deposit are
    numbered; what is set off has the number of its share. `quoted` is what the stay was to cost
    under that rate, taxes included, and nothing for what was paid above its price: that is held
    outside VAT. Where the price changed, shares leave a rate and come under another by an entry
    that moved no money: `moved_id` is `entry_id`. `rate` is 1/10000 of a percent, amounts are minor
    units. What is set off is `credited` on the deposit's own invoice, or taken off by the stay's.
    """

    __tablename__ = "deposit_taxes"
    __table_args__ = (
        within_hotel("payment_id", "payments"),
        within_hotel("account_id", "accounts"),
        within_hotel("entry_id", "entries"),
        within_hotel("moved_id", "entries"),
        within_hotel("tax_id", "taxes"),
        sa.UniqueConstraint("hotel_id", "entry_id", "payment_id", "no"),
        sa.CheckConstraint("tax_id IS NOT NULL OR rate = 0 AND tax = 0", name="tax_has_a_name"),
        sa.CheckConstraint(
            "net >= 0 AND tax >= 0 OR net <= 0 AND tax <= 0", name="owed_or_set_off"
        ),
        sa.CheckConstraint("credited = false OR net + tax < 0", name="credits_what_is_set_off"),
        sa.Index(None, "hotel_id", "account_id"),
        sa.Index(None, "hotel_id", "payment_id"),
        sa.Index(None, "hotel_id", "moved_id"),
    )

    payment_id: Mapped[int]
    account_id: Mapped[int]
    entry_id: Mapped[int]
    moved_id: Mapped[int]
    no: Mapped[int] = mapped_column(sa.SmallInteger)
    tax_id: Mapped[int | None]
    rate: Mapped[int]
    net: Mapped[int]
    tax: Mapped[int]
    quoted: Mapped[int]
    credited: Mapped[bool]


ink.append_only("deposit_taxes")
_OF_SHARE = (
    "FROM deposit_taxes WHERE hotel_id = NEW.hotel_id AND payment_id = NEW.payment_id"
    " AND no = NEW.no"
)
ink.guard(
    "deposit_taxes_of_a_deposit",
    table="deposit_taxes",
    when="INSERT",
    refuse_if="NOT EXISTS (SELECT 1 FROM payments WHERE hotel_id = NEW.hotel_id"
    " AND id = NEW.payment_id AND kind = 'deposit' AND account_id = NEW.account_id)",
    message="only a deposit has tax of its own",
)
ink.guard(
    "deposit_taxes_posted",
    table="deposit_taxes",
    when="INSERT",
    refuse_if="NEW.tax_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM lines l"
    " JOIN accounts a ON a.hotel_id = l.hotel_id AND a.id = l.account_id AND a.ledger = 'tax'"
    " WHERE l.hotel_id = NEW.hotel_id AND l.entry_id = NEW.entry_id AND l.tax_id = NEW.tax_id"
    " AND l.amount = -NEW.tax AND l.base = NEW.net)",
    message="tax on a deposit is posted",
)
ink.guard(
    "deposit_taxes_owed_once",
    table="deposit_taxes",
    when="INSERT",
    refuse_if=f"(NEW.net > 0 OR NEW.tax > 0) AND EXISTS (SELECT 1 {_OF_SHARE})"
    " AND NOT EXISTS (SELECT 1 FROM entries WHERE hotel_id = NEW.hotel_id"
    " AND id = NEW.entry_id AND reverses_id IS NOT NULL)",
    message="a share of a deposit is taxed once",
)
ink.guard(
    "deposit_taxes_no_more_than_owed",
    table="deposit_taxes",
    when="INSERT",
    refuse_if=f"NEW.net + (SELECT COALESCE(SUM(net), 0) {_OF_SHARE}) < 0"
    f" OR NEW.tax + (SELECT COALESCE(SUM(tax), 0) {_OF_SHARE}) < 0",
    message="no more tax is set off than is owed of a deposit",
)
ink.guard(
    "deposit_taxes_above_price_untaxed",
    table="deposit_taxes",
    when="INSERT",
    refuse_if="NEW.quoted < 0 OR (NEW.quoted = 0 AND (NEW.tax_id IS NOT NULL OR NEW.tax <> 0))",
    message="what is above the price of a stay bears no tax",
)
ink.guard(
    "deposit_taxes_no_more_than_paid",
    table="deposit_taxes",
    when="INSERT",
    refuse_if="NEW.net + NEW.tax > 0 AND NEW.net + NEW.tax + (SELECT COALESCE(SUM(net + tax), 0)"
    " FROM deposit_taxes WHERE hotel_id = NEW.hotel_id AND payment_id = NEW.payment_id)"
    " > (SELECT amount FROM payments WHERE hotel_id = NEW.hotel_id AND id = NEW.payment_id)",
    message="no more of a deposit is taxed than was paid",
)
