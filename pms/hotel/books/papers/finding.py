"""Finding papers: those of a folio, those of payments, and the last that stands on an account."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, defer

from pms.hotel.books.folios import Folio, FolioWindow, PaperEntry
from pms.hotel.books.papers.tables import Paper, PaperKind, ReceiptPayment
from pms.hotel.books.payments import Payment
from pms.hotel.house.hotels import Hotel

MOST_SHOWN = 50


def by_number(session: Session, hotel: Hotel, text: str) -> Paper | None:
    """Return the paper whose number was typed, without what it says; small letters will do."""
    return session.scalar(
        sa.select(Paper)
        .where(Paper.hotel_id == hotel.id, Paper.label.in_({text, text.upper()}))
        .order_by(Paper.id.desc())
        .options(defer(Paper.data))
        .limit(1)
    )


def of_folio(session: Session, folio: Folio, *, limit: int = 50) -> Sequence[Paper]:
    """Return the papers issued of a folio, the newest first, without what they say."""
    return session.scalars(
        sa.select(Paper)
        .where(Paper.hotel_id == folio.hotel_id, Paper.folio_id == folio.id)
        .order_by(Paper.id.desc())
        .options(defer(Paper.data))
        .limit(limit)
    ).all()


def of_windows(
    session: Session,
    hotel: Hotel,
    windows: Collection[FolioWindow],
    *,
    paid_on: Collection[int],
) -> Sequence[Paper]:
    """Return what was issued of some windows, and of money on some accounts, the newest first.

    Pro formas are left out: they are no bill; and receipts of several payments, which name other
    rooms. Without what the papers say.
    """
    of_several = sa.exists().where(
        ReceiptPayment.hotel_id == Paper.hotel_id,
        ReceiptPayment.paper_id == Paper.id,
    )
    of_a_window = [
        sa.and_(Paper.folio_id == each.folio_id, Paper.window_no == each.no) for each in windows
    ]
    payments = sa.select(Payment.id).where(
        Payment.hotel_id == hotel.id, Payment.account_id.in_(paid_on)
    )
    return session.scalars(
        sa.select(Paper)
        .where(
            Paper.hotel_id == hotel.id,
            Paper.kind != PaperKind.PRO_FORMA,
            ~of_several,
            sa.or_(*of_a_window, Paper.payment_id.in_(payments)),
        )
        .order_by(Paper.id.desc())
        .options(defer(Paper.data))
        .limit(MOST_SHOWN)
    ).all()


def of_payments(
    session: Session, hotel: Hotel, payment_ids: Collection[int]
) -> dict[int, tuple[int, str]]:
    """Return id and number of the paper of each payment that has one."""
    alone = sa.select(Paper.payment_id, Paper.id, Paper.label).where(
        Paper.hotel_id == hotel.id, Paper.payment_id.in_(payment_ids)
    )
    together = (
        sa.select(ReceiptPayment.payment_id, Paper.id, Paper.label)
        .join(
            Paper,
            sa.and_(Paper.hotel_id == ReceiptPayment.hotel_id, Paper.id == ReceiptPayment.paper_id),
        )
        .where(ReceiptPayment.hotel_id == hotel.id, ReceiptPayment.payment_id.in_(payment_ids))
    )
    rows: Sequence[Any] = session.execute(sa.union(alone, together).order_by("id")).all()
    return {row.payment_id: (row.id, row.label) for row in rows}


def last_invoice(session: Session, hotel: Hotel, account_id: int) -> Paper:
    """Return the newest invoice that covers something of an account; there must be one."""
    return session.scalars(
        sa.select(Paper)
        .where(
            Paper.hotel_id == hotel.id,
            Paper.kind == PaperKind.INVOICE,
            sa.exists().where(
                PaperEntry.hotel_id == Paper.hotel_id,
                PaperEntry.paper_id == Paper.id,
                PaperEntry.account_id == account_id,
                still_covers(),
            ),
        )
        .order_by(Paper.id.desc())
        .options(defer(Paper.data))
        .limit(1)
    ).one()


def still_covers() -> sa.ColumnElement[bool]:
    """Return the condition that a `PaperEntry` covers a posting that no credit note let go."""
    let_go = aliased(PaperEntry)
    gone = sa.exists().where(
        let_go.hotel_id == PaperEntry.hotel_id,
        let_go.account_id == PaperEntry.account_id,
        let_go.entry_id == PaperEntry.entry_id,
        let_go.turn == PaperEntry.turn,
        let_go.covers == -1,
    )
    return sa.and_(PaperEntry.covers == 1, ~gone)
