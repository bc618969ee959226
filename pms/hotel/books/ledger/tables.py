"""What the books are written in: accounts, entries, their lines, and sealed daily balances.

Lines are written before their entry, so that the entry can be refused, on both engines, when they
don't balance; once the entry stands its ink is dry and no line can be added.
"""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pms.base import ink
from pms.base.db import Base, OfHotel, choice, within_hotel


class Ledger(enum.StrEnum):
    """Which part of the books an account belongs to."""

    GUEST = "guest"
    DEPOSIT = "deposit"
    CITY = "city"
    CASH = "cash"
    CLEARING = "clearing"
    TAX = "tax"
    REVENUE = "revenue"
    PACKAGE = "package"


class Kind(enum.StrEnum):
    """What an entry records."""

    CHARGE = "charge"
    PAYMENT = "payment"
    REFUND = "refund"
    DEPOSIT = "deposit"
    DEPOSIT_APPLIED = "deposit_applied"
    DEPOSIT_RETURNED = "deposit_returned"
    TRANSFER = "transfer"
    ADJUSTMENT = "adjustment"
    REVERSAL = "reversal"
    DIRECT_BILL = "direct_bill"
    CITY_PAYMENT = "city_payment"
    WRITE_OFF = "write_off"


class Account(OfHotel, Base):
    """One account; its `code` is canonical and free of ids and of people's names."""

    __tablename__ = "accounts"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "code"),
        sa.Index(None, "hotel_id", "ledger"),
    )

    ledger: Mapped[Ledger] = mapped_column(choice(Ledger))
    code: Mapped[str]
    name: Mapped[str]


class Entry(OfHotel, Base):
    """One fact of the books: balanced, keyed, written in ink.

    `content` is the SHA-256 of what was asked for, so that a key used again for something else is
    refused. `subject_id` is the reservation it is about; a service night's charge says which night
    by which `rule`, and `turn` counts how often it was reversed and posted again. `concerns_id` is
    the entry that this one moves or adjusts.
    """

    __tablename__ = "entries"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "key"),
        within_hotel("reverses_id", "entries"),
        within_hotel("concerns_id", "entries"),
        sa.CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reverses_one"),
        sa.CheckConstraint("(service_night IS NULL) = (rule IS NULL)", name="night_by_a_rule"),
        sa.CheckConstraint(
            "service_night IS NULL OR subject_id IS NOT NULL", name="night_of_someone"
        ),
        sa.Index(
            "uq_entries_reversed_once",
            "hotel_id",
            "reverses_id",
            unique=True,
            sqlite_where=sa.text("reverses_id IS NOT NULL"),
            postgresql_where=sa.text("reverses_id IS NOT NULL"),
        ),
        sa.Index(
            "uq_entries_night_charged_once",
            "hotel_id",
            "subject_id",
            "service_night",
            "rule",
            "turn",
            unique=True,
            sqlite_where=sa.text("subject_id IS NOT NULL"),
            postgresql_where=sa.text("subject_id IS NOT NULL"),
        ),
        sa.Index(
            "uq_entries_moved_once",
            "hotel_id",
            "concerns_id",
            "turn",
            unique=True,
            sqlite_where=sa.text("kind = 'transfer' AND concerns_id IS NOT NULL"),
            postgresql_where=sa.text("kind = 'transfer' AND concerns_id IS NOT NULL"),
        ),
        sa.Index(None, "hotel_id", "business_day"),
        sa.Index(
            None,
            "hotel_id",
            "concerns_id",
            sqlite_where=sa.text("concerns_id IS NOT NULL"),
            postgresql_where=sa.text("concerns_id IS NOT NULL"),
        ),
        sa.Index(
            None,
            "hotel_id",
            "service_night",
            sqlite_where=sa.text("service_night IS NOT NULL"),
            postgresql_where=sa.text("service_night IS NOT NULL"),
        ),
    )

    business_day: Mapped[date]
    key: Mapped[str]
    content: Mapped[str] = mapped_column(sa.String(64))
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    text: Mapped[str]
    reference: Mapped[str | None]
    reason: Mapped[str | None]
    currency: Mapped[str] = mapped_column(sa.String(3))
    reverses_id: Mapped[int | None]
    concerns_id: Mapped[int | None]
    subject_id: Mapped[int | None]
    service_night: Mapped[date | None]
    rule: Mapped[str | None]
    turn: Mapped[int] = mapped_column(default=0)
    posted_by: Mapped[int]
    posted_at: Mapped[datetime]


class Line(Base):
    """One side of an entry: debit above zero, credit below, and zero for a fact that costs nothing.

    `business_day` repeats the entry's (the database sees to it), so that what an account received
    since a day is one range of an index. `base` is what a tax was reckoned on.
    """

    __tablename__ = "lines"
    __table_args__ = (
        within_hotel("entry_id", "entries", deferrable=True, initially="DEFERRED"),
        within_hotel("account_id", "accounts"),
        within_hotel("charge_code_id", "charge_codes"),
        within_hotel("tax_id", "taxes"),
        sa.Index("ix_lines_of_account", "hotel_id", "account_id", "business_day", "amount"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    no: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    business_day: Mapped[date]
    account_id: Mapped[int]
    amount: Mapped[int]
    charge_code_id: Mapped[int | None]
    tax_id: Mapped[int | None]
    quantity: Mapped[int | None]
    base: Mapped[int | None]


class AccountDay(Base):
    """An account's sealed business day; only where something moved or stood."""

    __tablename__ = "account_days"
    __table_args__ = (
        within_hotel("account_id", "accounts"),
        sa.CheckConstraint("closing = opening + debits - credits", name="adds_up"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    opening: Mapped[int]
    debits: Mapped[int]
    credits: Mapped[int]
    closing: Mapped[int]


ink.append_only("entries")
ink.append_only("lines")
ink.append_only("account_days")

ink.guard(
    "entries_balance",
    table="entries",
    when="INSERT",
    refuse_if=(
        # COALESCE to 1: an entry without lines is refused as well.
        "(SELECT COALESCE(SUM(amount), 1) FROM lines"
        " WHERE hotel_id = NEW.hotel_id AND entry_id = NEW.id) <> 0"
    ),
    message="an entry balances",
)
ink.guard(
    "entries_on_the_open_day",
    table="entries",
    when="INSERT",
    refuse_if=(
        "NOT EXISTS (SELECT 1 FROM hotels WHERE id = NEW.hotel_id"
        " AND business_date = NEW.business_day AND currency = NEW.currency)"
        " OR EXISTS (SELECT 1 FROM lines WHERE hotel_id = NEW.hotel_id AND entry_id = NEW.id"
        " AND business_day <> NEW.business_day)"
    ),
    message="an entry is of the open day in the hotel currency",
)
ink.guard(
    "entries_reverse_exactly",
    table="entries",
    when="INSERT",
    refuse_if=(
        "NEW.reverses_id IS NOT NULL AND (EXISTS (SELECT 1 FROM entries"
        " WHERE hotel_id = NEW.hotel_id AND id = NEW.reverses_id AND kind = 'reversal')"
        " OR EXISTS (SELECT account_id FROM lines"
        " WHERE hotel_id = NEW.hotel_id AND entry_id IN (NEW.id, NEW.reverses_id)"
        " GROUP BY account_id HAVING SUM(amount) <> 0))"
    ),
    message="a reversal undoes exactly one entry",
)
ink.guard(
    "lines_before_their_entry",
    table="lines",
    when="INSERT",
    refuse_if=(
        "EXISTS (SELECT 1 FROM entries WHERE hotel_id = NEW.hotel_id AND id = NEW.entry_id)"
    ),
    message="the ink of that entry is dry",
)
