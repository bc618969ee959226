"""Open invoices: what is still to be paid of them today, by the guest or by the billed company."""

from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.base.money import Money
from pms.hotel.books.folios import FolioWindow
from pms.hotel.books.ledger import Line
from pms.hotel.books.papers import Paper, PaperKind
from pms.hotel.books.receivables.tables import CityItem, DirectBill, ItemMove
from pms.hotel.house.hotels import Hotel

_Window = tuple[int | None, int | None]  # the folio's id and the window's number


def open_today(session: Session, hotel: Hotel, some: Collection[Paper]) -> dict[int, Money]:
    """Return what is open of each invoice among some papers: three questions, however many.

    What was settled in a window, or paid of its bill by a company, went to its oldest invoice
    first; what was credited isn't open; what is paid ahead of the next invoice leaves none below
    zero.
    """
    wanted = {paper.id for paper in some if paper.kind is PaperKind.INVOICE}
    windows = {(paper.folio_id, paper.window_no) for paper in some if paper.id in wanted}
    left = _settled(session, hotel, windows)
    for window, minor in _with_companies(session, hotel, windows).items():
        left[window] = left.get(window, 0) - minor
    found = {}
    for paper_id, window, stands in _standing(session, hotel, windows):
        paid = max(min(left.get(window, 0), stands), 0)
        left[window] = left.get(window, 0) - paid
        if paper_id in wanted:
            found[paper_id] = Money(stands - paid, hotel.currency)
    return found


def _settled(session: Session, hotel: Hotel, windows: Collection[_Window]) -> dict[_Window, int]:
    """Return what was settled in each window, by whatever way, in minor units."""
    rows = session.execute(
        sa.select(FolioWindow.folio_id, FolioWindow.no, -sa.func.sum(Line.amount))
        .join(
            Line,
            sa.and_(
                Line.hotel_id == FolioWindow.hotel_id, Line.account_id == FolioWindow.account_id
            ),
        )
        .where(_of(FolioWindow.hotel_id == hotel.id, FolioWindow.folio_id, windows))
        .where(Line.charge_code_id.is_(None))
        .group_by(FolioWindow.folio_id, FolioWindow.no)
    )
    return {(folio_id, no): int(minor) for folio_id, no, minor in rows}


def _with_companies(
    session: Session, hotel: Hotel, windows: Collection[_Window]
) -> dict[_Window, int]:
    """Return what companies still owe of each window's bills, wherever they were moved."""
    origin = sa.func.coalesce(ItemMove.origin_id, CityItem.id)
    rows = session.execute(
        sa.select(DirectBill.folio_id, DirectBill.window_no, sa.func.sum(CityItem.open))
        .select_from(CityItem)
        .outerjoin(
            ItemMove,
            sa.and_(ItemMove.hotel_id == CityItem.hotel_id, ItemMove.in_id == CityItem.id),
        )
        .join(
            DirectBill,
            sa.and_(DirectBill.hotel_id == CityItem.hotel_id, DirectBill.entry_id == origin),
        )
        .where(_of(DirectBill.hotel_id == hotel.id, DirectBill.folio_id, windows))
        .where(CityItem.open > 0)
        .group_by(DirectBill.folio_id, DirectBill.window_no)
    )
    return {(folio_id, no): int(minor) for folio_id, no, minor in rows}


def _standing(
    session: Session, hotel: Hotel, windows: Collection[_Window]
) -> Iterable[tuple[int, _Window, int]]:
    """Return each invoice of the windows, the oldest first, with what wasn't credited of it."""
    note = aliased(Paper)
    credited = (
        sa.select(sa.func.coalesce(sa.func.sum(note.gross), 0))
        .where(note.hotel_id == Paper.hotel_id, note.credits_id == Paper.id)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(Paper.id, Paper.folio_id, Paper.window_no, Paper.gross - credited)
        .where(_of(Paper.hotel_id == hotel.id, Paper.folio_id, windows))
        .where(Paper.kind == PaperKind.INVOICE)
        .order_by(Paper.id)
    ).all()
    return [(row[0], (row[1], row[2]), int(row[3])) for row in rows]


def _of(
    in_hotel: sa.ColumnElement[bool], folio_id: Any, windows: Collection[_Window]
) -> sa.ColumnElement[bool]:
    return sa.and_(in_hotel, folio_id.in_({folio for folio, _ in windows}))
