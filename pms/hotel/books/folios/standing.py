"""How many folios stand at once: for lists, in two queries whatever their length."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.hotel.books import ledger
from pms.hotel.books.folios.tables import FolioWindow
from pms.hotel.house.hotels import Hotel


def balances(session: Session, hotel: Hotel, folio_ids: Collection[int]) -> dict[int, Money]:
    """Return what is owed on each folio, its windows added up; below zero the payee is owed."""
    if not folio_ids:
        return {}
    windows = session.execute(
        sa.select(FolioWindow.folio_id, FolioWindow.account_id).where(
            FolioWindow.hotel_id == hotel.id, FolioWindow.folio_id.in_(folio_ids)
        )
    ).all()
    sums = ledger.balances(session, hotel, [account_id for _, account_id in windows])
    owed = dict.fromkeys(folio_ids, 0)
    for folio_id, account_id in windows:
        owed[folio_id] += sums[account_id]
    return {folio_id: Money(minor, hotel.currency) for folio_id, minor in owed.items()}
