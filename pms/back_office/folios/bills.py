"""Bills: the lines of one folio, window by window."""

from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.base.money import Money
from pms.hotel.books import ledger
from pms.hotel.books.folios import Folio
from pms.hotel.books.ledger import Entry, Kind, Line
from pms.hotel.house.hotels import Hotel

LINES_AT_MOST = 500


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of a window: what, when, how much, and whether it still stands."""

    entry_id: int
    day: date
    text: str
    reference: str | None
    kind: Kind
    night: date | None
    reason: str | None
    amount: Money
    is_reversed: bool


@dataclass(slots=True)
class Window:
    """One window of a folio with its lines and what is owed in it."""

    no: int
    payee: str | None
    address: str | None
    balance: Money
    postings: list[Posting] = field(default_factory=list)


def windows_of(session: Session, hotel: Hotel, folio: Folio) -> list[Window]:
    """Return a folio's windows with their newest lines in the order they were posted."""
    by_account = {window.account_id: window for window in folio.windows}
    sums = ledger.balances(session, hotel, list(by_account))
    found = {
        account_id: Window(
            window.no,
            window.payee_name,
            window.address,
            Money(sums[account_id], hotel.currency),
        )
        for account_id, window in by_account.items()
    }
    for account_id, posting in _postings(session, hotel, list(by_account)):
        found[account_id].postings.append(posting)
    return list(found.values())


def _postings(session: Session, hotel: Hotel, account_ids: list[int]) -> list[tuple[int, Posting]]:
    undoing = aliased(Entry)
    rows = session.execute(
        sa.select(
            Line.account_id,
            sa.func.sum(Line.amount).label("amount"),
            Entry.id,
            Entry.business_day,
            Entry.text,
            Entry.reference,
            Entry.kind,
            Entry.service_night,
            Entry.reason,
            undoing.id.label("undone"),
        )
        .join(Entry, sa.and_(Entry.hotel_id == Line.hotel_id, Entry.id == Line.entry_id))
        .outerjoin(
            undoing, sa.and_(undoing.hotel_id == Entry.hotel_id, undoing.reverses_id == Entry.id)
        )
        .where(Line.hotel_id == hotel.id, Line.account_id.in_(account_ids))
        .group_by(
            Line.account_id,
            Entry.id,
            Entry.business_day,
            Entry.text,
            Entry.reference,
            Entry.kind,
            Entry.service_night,
            Entry.reason,
            undoing.id,
        )
        .order_by(Entry.business_day.desc(), Entry.id.desc())
        .limit(LINES_AT_MOST)
    ).all()
    return [
        (
            row.account_id,
            Posting(
                row.id,
                row.business_day,
                row.text,
                row.reference,
                row.kind,
                row.service_night,
                row.reason,
                Money(int(row.amount), hotel.currency),
                row.undone is not None,
            ),
        )
        for row in reversed(rows)
    ]
