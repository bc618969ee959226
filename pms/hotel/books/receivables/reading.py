"""Reading an account: its items with what they were for, and the paper that was issued of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.hotel.books.folios import Folio
from pms.hotel.books.ledger import Entry
from pms.hotel.books.papers import Paper, PaperKind
from pms.hotel.books.receivables import items
from pms.hotel.books.receivables.tables import (
    CityItem,
    DirectBill,
    Dispute,
    ItemKind,
    ItemMove,
    NoteOnAccount,
)
from pms.hotel.guests.companies import Company
from pms.hotel.house.hotels import Hotel

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """An item as it is read: what it was for, its paper, and the dispute it is in.

    What came from another account is read as it was first entered; `moved` says from where.
    """

    item: CityItem
    kind: ItemKind
    text: str
    reference: str | None
    posted_on: date
    folio_id: int | None
    guest: str | None
    paper: tuple[int, str] | None
    dispute: Dispute | None
    moved: str | None

    def days(self, day: date) -> int:
        """How old it is on a day."""
        return (day - self.item.dated).days


def open_of(session: Session, hotel: Hotel, company: Company, *, limit: int = SHOWN) -> list[Shown]:
    """Return what is open on an account, the oldest first: four questions."""
    query = _items(hotel, company).where(CityItem.open != 0)
    return _shown(session, hotel, query.order_by(CityItem.dated, CityItem.id).limit(limit))


def latest_of(session: Session, hotel: Hotel, company: Company, *, limit: int) -> list[Shown]:
    """Return the newest items of an account, open or not, the newest first."""
    return _shown(session, hotel, _items(hotel, company).order_by(CityItem.id.desc()).limit(limit))


def by_id(session: Session, hotel: Hotel, item_ids: Sequence[int]) -> dict[int, Shown]:
    """Return some items as they are read, by id."""
    query = _of_hotel(hotel).where(CityItem.id.in_(item_ids))
    return {shown.item.id: shown for shown in _shown(session, hotel, query)}


def _items(hotel: Hotel, company: Company) -> sa.Select[*tuple[Any, ...]]:
    return _of_hotel(hotel).where(CityItem.company_id == company.id)


def _of_hotel(hotel: Hotel) -> sa.Select[*tuple[Any, ...]]:
    first, entered = aliased(Entry), aliased(CityItem)
    origin = sa.func.coalesce(ItemMove.origin_id, CityItem.id)
    return (
        sa.select(
            CityItem,
            entered.kind.label("entered_as"),
            first.text,
            Entry.reference,
            Entry.business_day,
            DirectBill.folio_id,
            DirectBill.window_no,
            Folio.number,
            Folio.name,
            sa.case((ItemMove.id.is_not(None), Entry.text)).label("moved"),
            Paper.id.label("note_id"),
            Paper.label.label("note"),
        )
        .join(Entry, sa.and_(Entry.hotel_id == CityItem.hotel_id, Entry.id == CityItem.id))
        .outerjoin(
            ItemMove,
            sa.and_(ItemMove.hotel_id == CityItem.hotel_id, ItemMove.in_id == CityItem.id),
        )
        .join(first, sa.and_(first.hotel_id == CityItem.hotel_id, first.id == origin))
        .join(entered, sa.and_(entered.hotel_id == CityItem.hotel_id, entered.id == origin))
        .outerjoin(
            DirectBill,
            sa.and_(
                DirectBill.hotel_id == CityItem.hotel_id,
                DirectBill.entry_id == origin,
            ),
        )
        .outerjoin(
            NoteOnAccount,
            sa.and_(NoteOnAccount.hotel_id == CityItem.hotel_id, NoteOnAccount.id == CityItem.id),
        )
        .outerjoin(
            Paper,
            sa.and_(Paper.hotel_id == NoteOnAccount.hotel_id, Paper.id == NoteOnAccount.note_id),
        )
        .outerjoin(
            Folio,
            sa.and_(Folio.hotel_id == DirectBill.hotel_id, Folio.id == DirectBill.folio_id),
        )
        .where(CityItem.hotel_id == hotel.id)
    )


def _shown(session: Session, hotel: Hotel, query: sa.Select[*tuple[Any, ...]]) -> list[Shown]:
    rows: Sequence[Any] = session.execute(query).all()
    disputes = items.in_dispute(session, hotel, [row.CityItem.id for row in rows])
    invoices = _invoices(session, hotel, {row.folio_id for row in rows if row.folio_id})
    return [
        Shown(
            row.CityItem,
            row.entered_as,
            f"Folio {row.number}/{row.window_no}" if row.folio_id else row.text,
            row.reference,
            row.business_day,
            row.folio_id,
            row.name,
            (row.note_id, row.note) if row.note_id else invoices.get((row.folio_id, row.window_no)),
            disputes.get(row.CityItem.id),
            row.moved,
        )
        for row in rows
    ]


def _invoices(
    session: Session, hotel: Hotel, folio_ids: Collection[int]
) -> dict[tuple[int | None, int | None], tuple[int, str]]:
    """Return id and number of each window's newest invoice."""
    rows = session.execute(
        sa.select(Paper.folio_id, Paper.window_no, Paper.id, Paper.label)
        .where(
            Paper.hotel_id == hotel.id,
            Paper.folio_id.in_(folio_ids),
            Paper.kind == PaperKind.INVOICE,
        )
        .order_by(Paper.id)
    )
    return {(row.folio_id, row.window_no): (row.id, row.label) for row in rows}
