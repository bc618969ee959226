"""Reading what stands on a window and on no paper: charges with their taxes, and what was paid."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.hotel.books import ledger
from pms.hotel.books.folios import PaperEntry
from pms.hotel.books.ledger import Entry, Kind, Line, standing
from pms.hotel.house.hotels import Hotel
from pms.hotel.tariff import taxes
from pms.hotel.tariff.taxes import Tax, TaxKind


@dataclass(frozen=True, slots=True)
class TaxShare:
    """One tax of a posting: VAT has a rate (1/10000 of a percent), a levy none."""

    code: str
    name: str
    rate: int | None
    base: int
    amount: int


@dataclass(slots=True)
class Posting:
    """What one entry put on a window, in minor units; a settlement has no charge in it."""

    entry_id: int
    day: date
    kind: Kind
    text: str
    reference: str | None
    reason: str | None = None
    quantity: int = 1
    net: int = 0
    charge_code_id: int | None = None
    settled: int = 0
    vat: list[TaxShare] = field(default_factory=list)
    levies: list[TaxShare] = field(default_factory=list)

    @property
    def gross(self) -> int:
        """What was charged, taxes and all."""
        return self.net + sum(share.amount for share in (*self.vat, *self.levies))

    @property
    def exempt(self) -> int:
        """What of its net bears VAT no more: where only VAT goes back, what that was on."""
        return -self.vat[0].base if not self.net and len(self.vat) == 1 else 0


def postings(session: Session, hotel: Hotel, account_id: int) -> list[Posting]:
    """Return what stands on an account and on no paper, by the day it was for.

    What was reversed or moved away is left out with what undid it; of what was moved in part the
    rest is read; charges of nothing are left out.
    """
    found: dict[int, Posting] = {}
    rows = list(session.execute(_uncovered(hotel, account_id)))
    rates = taxes.dated_rates(session, hotel.id, {row.tax_id for row in rows if row.tax_id})
    for row in rows:
        posting = found.setdefault(
            row.entry_id,
            Posting(
                row.entry_id,
                row.service_night or row.day,
                row.kind,
                row.text,
                row.reference,
                row.reason,
            ),
        )
        if row.charge_code_id is None:
            posting.settled -= int(row.amount)
            continue
        posting.charge_code_id = row.charge_code_id
        if row.tax_id is None:
            posting.net += int(row.amount)
            posting.quantity = int(row.quantity or 1)
        else:
            _add_tax(posting, row, rates.get(row.tax_id, []))
    return [each for each in found.values() if each.gross or each.settled]


def owed_before(session: Session, hotel: Hotel, account_id: int, waiting: Iterable[Posting]) -> int:
    """Return what earlier papers of an account left to be paid, in minor units.

    That is what stands on the account without what waits for a paper; below zero they were paid
    too much.
    """
    stands = ledger.balances(session, hotel, [account_id])[account_id]
    return stands - sum(each.gross - each.settled for each in waiting)


def _add_tax(posting: Posting, row: Any, rates: list[tuple[date, int]]) -> None:
    base, amount = int(row.base or 0), int(row.amount)
    if row.tax_kind is TaxKind.PERCENT and not row.levy:
        kept = taxes.rate_of(taxes.rate_on(rates, posting.day), base, amount)
        posting.vat.append(TaxShare(row.tax_code, row.tax_name, kept, base, amount))
    else:
        posting.levies.append(TaxShare(row.tax_code, row.tax_name, None, base, amount))


def _uncovered(hotel: Hotel, account_id: int) -> sa.Select[*tuple[Any, ...]]:
    """Ask for what stands; what was moved on is taken off the posting that had put it there."""
    put_by = aliased(Entry)
    covered = (
        sa.select(sa.func.coalesce(sa.func.sum(PaperEntry.covers), 0))
        .where(
            PaperEntry.hotel_id == Line.hotel_id,
            PaperEntry.entry_id == put_by.id,
            PaperEntry.account_id == Line.account_id,
        )
        .correlate(Line, put_by)
        .scalar_subquery()
    )
    posting = (
        put_by.id.label("entry_id"),
        put_by.business_day.label("day"),
        put_by.service_night,
        put_by.kind,
        put_by.text,
        put_by.reference,
        put_by.reason,
        Line.charge_code_id,
        Line.tax_id,
        Tax.code.label("tax_code"),
        Tax.name.label("tax_name"),
        Tax.kind.label("tax_kind"),
        Tax.levy,
    )
    return (
        sa.select(
            *posting,
            sa.func.sum(Line.amount).label("amount"),
            sa.func.sum(Line.quantity).label("quantity"),
            sa.func.sum(Line.base).label("base"),
        )
        .join(Entry, sa.and_(Entry.hotel_id == Line.hotel_id, Entry.id == Line.entry_id))
        .join(
            put_by,
            sa.and_(
                put_by.hotel_id == Entry.hotel_id,
                put_by.id == sa.case((_leaves(), Entry.concerns_id), else_=Entry.id),
            ),
        )
        .outerjoin(Tax, sa.and_(Tax.hotel_id == Line.hotel_id, Tax.id == Line.tax_id))
        .where(
            Line.hotel_id == hotel.id,
            Line.account_id == account_id,
            standing(),
            covered == 0,
        )
        .group_by(*(getattr(column, "element", column) for column in posting))
        .order_by(
            sa.func.coalesce(put_by.service_night, put_by.business_day),
            put_by.id,
            sa.func.min(Line.no),
        )
    )


def _leaves() -> sa.ColumnElement[bool]:
    """Return the condition that a `Line` of the query takes something off an earlier posting.

    A transfer of a posting writes first what leaves, then what arrives (see `folios.transfer`).
    """
    first = aliased(Line)
    begins = sa.exists().where(
        first.hotel_id == Line.hotel_id,
        first.entry_id == Line.entry_id,
        first.no == 1,
        first.account_id == Line.account_id,
    )
    return sa.and_(Entry.kind == Kind.TRANSFER, Entry.concerns_id.is_not(None), begins)
