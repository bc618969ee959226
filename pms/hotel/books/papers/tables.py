"""What an issued paper is: a number of its series, the data it was issued with, and its file.

The number and the data are written in the issuing transaction, chained to the paper before; the
file is made from the data after it and kept once.
"""

# ruff: noqa: S608 - put together from the constants of this file, never from input

import enum
import hashlib
import json
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pms.base import ink
from pms.base.db import Base, OfHotel, choice, within_hotel


class PaperKind(enum.StrEnum):
    """What kind of paper it is; each kind is numbered by itself, year by year."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"
    DEPOSIT_INVOICE = "deposit_invoice"
    PRO_FORMA = "pro_forma"

    @property
    def words(self) -> str:
        """The kind as the desk says it."""
        return self.value.replace("_", " ")


class PaperSeries(OfHotel, Base):
    """One count of papers: of a hotel, a kind and a fiscal year, in the pattern it began with."""

    __tablename__ = "paper_series"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "kind", "year"),
        sa.CheckConstraint("last >= 0", name="counts_up"),
    )

    kind: Mapped[PaperKind] = mapped_column(choice(PaperKind))
    year: Mapped[int]
    pattern: Mapped[str] = mapped_column(sa.String(24))
    last: Mapped[int] = mapped_column(default=0)
    last_digest: Mapped[str] = mapped_column(sa.String(64), default="")


class Paper(OfHotel, Base):
    """One issued paper. Amounts are minor units, above zero for a credit note too.

    `data` is everything that is printed; `gross` is `net` and `tax`, levies counting as net.
    `credits_id` is the paper that a credit note takes back, `payment_id` what a receipt or a
    deposit invoice is for.
    """

    __tablename__ = "papers"
    __table_args__ = (
        within_hotel("series_id", "paper_series"),
        within_hotel("folio_id", "folios"),
        within_hotel("payment_id", "payments"),
        within_hotel("credits_id", "papers"),
        sa.UniqueConstraint("hotel_id", "series_id", "number"),
        sa.UniqueConstraint("hotel_id", "label"),
        sa.CheckConstraint("gross = net + tax", name="adds_up"),
        sa.CheckConstraint("(kind = 'credit_note') = (credits_id IS NOT NULL)", name="credits_one"),
        sa.CheckConstraint(
            "(kind IN ('receipt', 'deposit_invoice')) = (payment_id IS NOT NULL)",
            name="is_for_a_payment",
        ),
        sa.CheckConstraint("kind <> 'credit_note' OR gross > 0", name="credits_something"),
        sa.CheckConstraint("length(digest) = 64", name="has_digest"),
        sa.Index(
            "uq_papers_receipt_once",
            "hotel_id",
            "payment_id",
            unique=True,
            sqlite_where=sa.text("kind = 'receipt'"),
            postgresql_where=sa.text("kind = 'receipt'"),
        ),
        sa.Index(
            "ix_papers_payment_id",
            "hotel_id",
            "payment_id",
            sqlite_where=sa.text("payment_id IS NOT NULL"),
            postgresql_where=sa.text("payment_id IS NOT NULL"),
        ),
        sa.Index(None, "hotel_id", "folio_id"),
        sa.Index(None, "hotel_id", "credits_id"),
        sa.Index(None, "hotel_id", "issued_on"),
    )

    series_id: Mapped[int]
    kind: Mapped[PaperKind] = mapped_column(choice(PaperKind))
    number: Mapped[int]
    label: Mapped[str] = mapped_column(sa.String(32))
    folio_id: Mapped[int | None]
    window_no: Mapped[int | None] = mapped_column(sa.SmallInteger)
    payment_id: Mapped[int | None]
    credits_id: Mapped[int | None]
    addressee: Mapped[str]
    currency: Mapped[str] = mapped_column(sa.String(3))
    net: Mapped[int]
    tax: Mapped[int]
    gross: Mapped[int]
    paid: Mapped[int]
    data: Mapped[dict[str, Any]]
    issued_on: Mapped[date]
    issued_at: Mapped[datetime]
    staff_id: Mapped[int]
    previous: Mapped[str] = mapped_column(sa.String(64))
    digest: Mapped[str] = mapped_column(sa.String(64))

    @property
    def due(self) -> int:
        """What is still to be paid, in minor units; below zero the payer is owed."""
        return self.gross - self.paid


class PaperFile(Base):
    """The files of a paper, made once: the PDF, and its XML where the paper has one."""

    __tablename__ = "paper_files"
    __table_args__ = (
        within_hotel("paper_id", "papers"),
        within_hotel("pdf_id", "kept_files"),
        within_hotel("xml_id", "kept_files"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    paper_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    pdf_id: Mapped[int]
    xml_id: Mapped[int | None]
    made_at: Mapped[datetime]


class PaperPrint(OfHotel, Base):
    """One time a paper was handed out or mailed: the first is the original, the others copies."""

    __tablename__ = "paper_prints"
    __table_args__ = (
        within_hotel("paper_id", "papers"),
        sa.UniqueConstraint("hotel_id", "paper_id", "no"),
        sa.CheckConstraint("no >= 1", name="counts_from_one"),
    )

    paper_id: Mapped[int]
    no: Mapped[int]
    staff_id: Mapped[int]
    printed_at: Mapped[datetime]


class ReceiptPayment(Base):
    """A payment on a receipt of several, and its line there; of a single one the paper says it."""

    __tablename__ = "receipt_payments"
    __table_args__ = (
        within_hotel("payment_id", "payments"),
        within_hotel("paper_id", "papers"),
        sa.UniqueConstraint("hotel_id", "paper_id", "line_no"),
        sa.CheckConstraint("line_no >= 1", name="counts_from_one"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    payment_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    paper_id: Mapped[int]
    line_no: Mapped[int] = mapped_column(sa.SmallInteger)


for _table in ("papers", "paper_files", "paper_prints", "receipt_payments"):
    ink.append_only(_table)
_SERIES_OF_NEW = "FROM papers WHERE hotel_id = NEW.hotel_id AND series_id = NEW.series_id"
ink.guard(
    "papers_gapless",
    table="papers",
    when="INSERT",
    refuse_if=f"NEW.number <> COALESCE((SELECT MAX(number) {_SERIES_OF_NEW}), 0) + 1",
    message="papers of a series are numbered without a gap",
)
ink.guard(
    "papers_chained",
    table="papers",
    when="INSERT",
    refuse_if="NEW.previous <> COALESCE("
    f"(SELECT digest {_SERIES_OF_NEW} AND number = NEW.number - 1), '')",
    message="papers of a series are chained to the one before",
)
ink.guard(
    "papers_credit_no_more",
    table="papers",
    when="INSERT",
    refuse_if="NEW.credits_id IS NOT NULL AND (NOT EXISTS (SELECT 1 FROM papers"
    " WHERE hotel_id = NEW.hotel_id AND id = NEW.credits_id"
    " AND kind IN ('invoice', 'receipt', 'deposit_invoice'))"
    " OR NEW.gross + (SELECT COALESCE(SUM(gross), 0) FROM papers"
    " WHERE hotel_id = NEW.hotel_id AND credits_id = NEW.credits_id)"
    " > (SELECT gross FROM papers WHERE hotel_id = NEW.hotel_id AND id = NEW.credits_id))",
    message="no more is credited than was invoiced",
)
_INVOICES_OF_IT = (
    "SELECT id FROM papers WHERE hotel_id = NEW.hotel_id"
    " AND payment_id = NEW.payment_id AND kind = 'deposit_invoice'"
)
ink.guard(
    "papers_invoice_no_more_of_a_deposit",
    table="papers",
    when="INSERT",
    refuse_if="NEW.kind = 'deposit_invoice' AND NEW.gross"
    " + (SELECT COALESCE(SUM(gross), 0) FROM papers WHERE hotel_id = NEW.hotel_id"
    f" AND id IN ({_INVOICES_OF_IT}))"
    " - (SELECT COALESCE(SUM(gross), 0) FROM papers WHERE hotel_id = NEW.hotel_id"
    f" AND credits_id IN ({_INVOICES_OF_IT}))"
    " > (SELECT amount FROM payments WHERE hotel_id = NEW.hotel_id AND id = NEW.payment_id)",
    message="no more is invoiced of a deposit than it was",
)
ink.guard(
    "papers_receipt_a_payment_once",
    table="papers",
    when="INSERT",
    refuse_if="NEW.kind = 'receipt' AND EXISTS (SELECT 1 FROM receipt_payments r"
    " WHERE r.hotel_id = NEW.hotel_id AND r.payment_id = NEW.payment_id)",
    message="a payment has one receipt",
)
ink.guard(
    "receipt_payments_have_no_other",
    table="receipt_payments",
    when="INSERT",
    refuse_if="EXISTS (SELECT 1 FROM papers p WHERE p.hotel_id = NEW.hotel_id"
    " AND p.payment_id = NEW.payment_id AND p.kind = 'receipt' AND p.id <> NEW.paper_id)"
    " OR NOT EXISTS (SELECT 1 FROM papers p WHERE p.hotel_id = NEW.hotel_id"
    " AND p.id = NEW.paper_id AND p.kind = 'receipt')",
    message="a payment has one receipt",
)
ink.guard(
    "paper_series_counts_up",
    table="paper_series",
    when="UPDATE",
    refuse_if="NEW.last <> OLD.last + 1 OR NEW.kind <> OLD.kind OR NEW.year <> OLD.year"
    " OR NEW.pattern <> OLD.pattern",
    message="a paper series counts up by one",
)
ink.guard(
    "paper_series_no_delete",
    table="paper_series",
    when="DELETE",
    refuse_if="OLD.last > 0",
    message="a paper series in use stays",
)


def digest_of(paper: Paper) -> str:
    """Return SHA-256 of what a paper says, in canonical JSON without database ids."""
    words = {
        "label": paper.label,
        "kind": paper.kind.value,
        "number": paper.number,
        "currency": paper.currency,
        "net": paper.net,
        "tax": paper.tax,
        "gross": paper.gross,
        "paid": paper.paid,
        "data": paper.data,
        "issued_on": paper.issued_on.isoformat(),
        "issued_at": paper.issued_at.isoformat(),
        "previous": paper.previous,
    }
    canonical = json.dumps(words, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
