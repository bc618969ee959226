"""Adjustable charges: which lines of a bill an adjustment can concern."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.hotel.books import ledger
from pms.hotel.books.folios.tables import Folio, FolioWindow
from pms.hotel.books.ledger import Entry, Kind, Line
from pms.hotel.house.hotels import Hotel
from pms.hotel.tariff.charges import ChargeCode


@dataclass(frozen=True, slots=True)
class Adjustable:
    """A charge of which `amount`, taxes in it, stands on the folio, wherever it was posted."""

    entry: Entry
    code: ChargeCode
    amount: Money

    @property
    def id(self) -> int:
        """The charge's entry."""
        return self.entry.id

    @property
    def night(self) -> date:
        """The night it is for, or the day it was posted."""
        return self.entry.service_night or self.entry.business_day


def adjustables(session: Session, folio: Folio, *, limit: int = 500) -> list[Adjustable]:
    """Return the charges of which something stands on a folio, moved here or not, newest first."""
    hotel = session.get_one(Hotel, folio.hotel_id)
    stands: defaultdict[int, int] = defaultdict(int)
    amounts = _put(session, folio, limit)
    for entry_id, charge_id in _charges_behind(session, hotel, list(amounts)).items():
        stands[charge_id] += amounts[entry_id]
    rows = session.execute(
        sa.select(Entry, ChargeCode)
        .join(Line, sa.and_(Line.hotel_id == Entry.hotel_id, Line.entry_id == Entry.id))
        .join(
            ChargeCode,
            sa.and_(ChargeCode.hotel_id == Line.hotel_id, ChargeCode.id == Line.charge_code_id),
        )
        .where(
            Entry.hotel_id == hotel.id,
            Entry.id.in_([charge_id for charge_id, amount in stands.items() if amount > 0]),
            Entry.kind == Kind.CHARGE,
            Line.no == 1,
        )
        .order_by(Entry.business_day.desc(), Entry.id.desc())
    )
    return [
        Adjustable(entry, code, Money(stands[entry.id], hotel.currency)) for entry, code in rows
    ]


def _put(session: Session, folio: Folio, limit: int) -> dict[int, int]:
    """Return what the newest charges and moves that stand put on a folio, by entry."""
    rows = session.execute(
        sa.select(Line.entry_id, sa.func.sum(Line.amount))
        .join(
            FolioWindow,
            sa.and_(
                FolioWindow.hotel_id == Line.hotel_id, FolioWindow.account_id == Line.account_id
            ),
        )
        .join(Entry, sa.and_(Entry.hotel_id == Line.hotel_id, Entry.id == Line.entry_id))
        .where(
            FolioWindow.hotel_id == folio.hotel_id,
            FolioWindow.folio_id == folio.id,
            Entry.kind.in_([Kind.CHARGE, Kind.TRANSFER]),
            ledger.standing(),
        )
        .group_by(Line.entry_id)
        .order_by(Line.entry_id.desc())
        .limit(limit)
    )
    return {entry_id: int(amount) for entry_id, amount in rows}


def _charges_behind(session: Session, hotel: Hotel, entry_ids: list[int]) -> dict[int, int]:
    """Return each entry with what it moved, or what that had moved: one question for each move."""
    behind = dict(zip(entry_ids, entry_ids, strict=True))
    while moved := {
        row.id: row.concerns_id
        for row in session.execute(
            sa.select(Entry.id, Entry.concerns_id).where(
                Entry.hotel_id == hotel.id,
                Entry.id.in_(set(behind.values())),
                Entry.kind == Kind.TRANSFER,
                Entry.concerns_id.is_not(None),
            )
        )
    }:
        behind = {each: moved.get(entry_id, entry_id) for each, entry_id in behind.items()}
    return behind
