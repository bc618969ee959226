"""What a company's account is made of: bills, open items, allocations, disputes, statements.

Each entry of the city ledger is one item. An item's `open` is what nothing was allocated to yet;
an allocation takes as much off a debit as off a credit, so the open parts add up to what the
account owes by the ledger, always.
"""

import enum
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pms.base.db import Base, OfHotel, choice, within_chain, within_hotel
from pms.hotel.house.letterheads import LANGUAGES

_IN_WORDS = ", ".join(f"'{code}'" for code in LANGUAGES)


class ItemKind(enum.StrEnum):
    """What an item is: above zero the company owes it, below zero it is in its favour."""

    BILL = "bill"
    OPENING = "opening"
    PAYMENT = "payment"
    REFUND = "refund"
    WRITE_OFF = "write_off"
    REVERSAL = "reversal"
    CREDIT_NOTE = "credit_note"
    MOVED_IN = "moved_in"
    MOVED_OUT = "moved_out"

    @property
    def words(self) -> str:
        """The kind as the desk says it."""
        return _IN_OTHER_WORDS.get(self) or self.value.replace("_", " ")


_IN_OTHER_WORDS = {ItemKind.OPENING: "brought forward", ItemKind.WRITE_OFF: "write-off"}


class Tells(enum.StrEnum):
    """What a paper about an account is: all that is open, or what should have been paid."""

    STATEMENT = "statement"
    REMINDER = "reminder"


class DirectBill(OfHotel, Base):
    """A window billed to a company."""

    __tablename__ = "direct_bills"
    __table_args__ = (
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        within_chain("company_id", "companies"),
        within_hotel("entry_id", "entries"),
        sa.ForeignKeyConstraint(
            ["hotel_id", "folio_id", "window_no"],
            ["folio_windows.hotel_id", "folio_windows.folio_id", "folio_windows.no"],
        ),
        sa.UniqueConstraint("hotel_id", "entry_id"),
        sa.CheckConstraint("amount > 0", name="bills_something"),
        sa.Index(None, "hotel_id", "company_id", "billed_on"),
    )

    chain_id: Mapped[int]
    company_id: Mapped[int]
    entry_id: Mapped[int]
    folio_id: Mapped[int]
    window_no: Mapped[int] = mapped_column(sa.SmallInteger)
    amount: Mapped[int]
    billed_on: Mapped[date]


class CityItem(OfHotel, Base):
    """An entry on a company's account, under the entry's own id, and what is open of it.

    Minor units, above zero what the company owes. It ages from `dated`, which for what another
    system billed lies before the day it was brought forward.
    """

    __tablename__ = "city_items"
    __table_args__ = (
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        within_chain("company_id", "companies"),
        within_hotel("id", "entries"),
        sa.CheckConstraint("amount <> 0", name="is_something"),
        sa.CheckConstraint(
            "(amount > 0 AND open BETWEEN 0 AND amount)"
            " OR (amount < 0 AND open BETWEEN amount AND 0)",
            name="open_is_a_part",
        ),
        sa.CheckConstraint(
            "kind IN ('reversal', 'moved_in', 'moved_out')"
            " OR (kind IN ('bill', 'opening', 'refund')) = (amount > 0)",
            name="is_on_its_side",
        ),
        sa.Index(None, "hotel_id", "company_id", "dated"),
        sa.Index(
            "ix_city_items_open",
            "hotel_id",
            "company_id",
            sqlite_where=sa.text("open <> 0"),
            postgresql_where=sa.text("open <> 0"),
        ),
    )

    chain_id: Mapped[int]
    company_id: Mapped[int]
    kind: Mapped[ItemKind] = mapped_column(choice(ItemKind))
    dated: Mapped[date]
    amount: Mapped[int]
    open: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)


class Allocation(OfHotel, Base):
    """A part of a credit set against a debit; below zero it takes an earlier one back."""

    __tablename__ = "city_allocations"
    __table_args__ = (
        within_hotel("debit_id", "city_items"),
        within_hotel("credit_id", "city_items"),
        within_hotel("undoes_id", "city_allocations"),
        sa.UniqueConstraint("hotel_id", "undoes_id"),
        sa.CheckConstraint("amount <> 0", name="moves_something"),
        sa.CheckConstraint("(amount < 0) = (undoes_id IS NOT NULL)", name="undoes_one"),
        sa.CheckConstraint("undoes_id IS NULL OR reason IS NOT NULL", name="undone_says_why"),
        sa.Index(None, "hotel_id", "debit_id"),
        sa.Index(None, "hotel_id", "credit_id"),
        sa.Index(None, "hotel_id", "made_on"),
    )

    debit_id: Mapped[int]
    credit_id: Mapped[int]
    undoes_id: Mapped[int | None]
    amount: Mapped[int]
    reason: Mapped[str | None]
    made_on: Mapped[date]
    made_at: Mapped[datetime]
    staff_id: Mapped[int]


class ItemMove(OfHotel, Base):
    """What was open of an item, moved to another company's account.

    `out_id` takes it off the one account and is wholly set against the item, `in_id` stands on the
    other. `origin_id` is the item as it was first entered, however often it was moved since.
    """

    __tablename__ = "city_item_moves"
    __table_args__ = (
        within_hotel("item_id", "city_items"),
        within_hotel("out_id", "city_items"),
        within_hotel("in_id", "city_items"),
        within_hotel("origin_id", "city_items"),
        sa.UniqueConstraint("hotel_id", "out_id"),
        sa.UniqueConstraint("hotel_id", "in_id"),
        sa.Index(None, "hotel_id", "item_id"),
    )

    item_id: Mapped[int]
    out_id: Mapped[int]
    in_id: Mapped[int]
    origin_id: Mapped[int]
    reason: Mapped[str]
    moved_on: Mapped[date]
    staff_id: Mapped[int]


class NoteOnAccount(OfHotel, Base):
    """What a credit note takes off an item of an account, under the id of the credit it is there.

    `claim_id` is the item that it takes it off: the bill of the invoice's window, where it stands.
    """

    __tablename__ = "city_credit_notes"
    __table_args__ = (
        within_hotel("id", "city_items"),
        within_hotel("note_id", "papers"),
        within_hotel("claim_id", "city_items"),
        sa.UniqueConstraint("hotel_id", "note_id", "claim_id"),
        sa.Index(None, "hotel_id", "claim_id"),
    )

    note_id: Mapped[int]
    claim_id: Mapped[int]


class Dispute(OfHotel, Base):
    """An item the company won't pay as it is; put aside until it is resolved."""

    __tablename__ = "city_disputes"
    __table_args__ = (
        within_hotel("item_id", "city_items"),
        sa.CheckConstraint(
            "(resolved_on IS NULL) = (outcome IS NULL)"
            " AND (resolved_on IS NULL) = (resolved_by IS NULL)",
            name="resolved_with_its_outcome",
        ),
        sa.CheckConstraint("resolved_on >= raised_on", name="resolved_after"),
        sa.Index(
            "uq_city_disputes_one_at_a_time",
            "hotel_id",
            "item_id",
            unique=True,
            sqlite_where=sa.text("resolved_on IS NULL"),
            postgresql_where=sa.text("resolved_on IS NULL"),
        ),
        sa.Index(None, "hotel_id", "item_id"),
    )

    item_id: Mapped[int]
    reason: Mapped[str]
    raised_on: Mapped[date]
    raised_by: Mapped[int]
    outcome: Mapped[str | None]
    resolved_on: Mapped[date | None]
    resolved_by: Mapped[int | None]


class AccountStatement(OfHotel, Base):
    """A statement or a reminder as it was made out: `data` is everything that is printed."""

    __tablename__ = "account_statements"
    __table_args__ = (
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        within_chain("company_id", "companies"),
        sa.UniqueConstraint("hotel_id", "company_id", "no"),
        sa.CheckConstraint("no > 0", name="counts_up"),
        sa.CheckConstraint(f"language IN ({_IN_WORDS})", name="language_is_written"),
    )

    chain_id: Mapped[int]
    company_id: Mapped[int]
    no: Mapped[int]
    tells: Mapped[Tells] = mapped_column(choice(Tells))
    language: Mapped[str] = mapped_column(sa.String(2))
    as_of: Mapped[date]
    balance: Mapped[int]
    data: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    staff_id: Mapped[int]


class StatementLetter(Base):
    """A statement that was mailed, and the letter it went with."""

    __tablename__ = "account_statement_letters"
    __table_args__ = (
        within_hotel("statement_id", "account_statements"),
        within_hotel("letter_id", "letters"),
        within_hotel("file_id", "kept_files"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    statement_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    letter_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    file_id: Mapped[int]


class CityLedgerTerms(Base):
    """A hotel's rule of write-offs: up to how much, in minor units, an accountant decides alone."""

    __tablename__ = "city_ledger_terms"
    __table_args__ = (
        sa.CheckConstraint("write_off_limit >= 0", name="limit_is_an_amount"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    write_off_limit: Mapped[int]
