"""Reading what VAT of deposits stands, and what a movement of money did to it."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.base.money import Money
from pms.hotel.books import ledger
from pms.hotel.books.deposit_taxes.sharing import Share, Under
from pms.hotel.books.deposit_taxes.tables import DepositTax
from pms.hotel.books.ledger import Entry, Kind
from pms.hotel.tariff.taxes import PERCENT, Tax


@dataclass(frozen=True, slots=True)
class Open:
    """A deposit, and its shares that aren't set off."""

    payment_id: int
    shares: list[Share]

    @property
    def gross(self) -> int:
        """What of the deposit is still to be set off, in minor units."""
        return sum(share.gross for share in self.shares)


@dataclass(frozen=True, slots=True)
class Named:
    """A share with the code and the name of its VAT; none of what is outside VAT."""

    share: Share
    code: str | None
    name: str | None

    def words(self, currency: str) -> str:
        """Say how the tax was reckoned: `7 % in €96.40, as €107.00 were quoted so, is €6.31`."""
        gross, quoted, tax = (
            Money(minor, currency).said
            for minor in (self.share.gross, self.share.quoted, self.share.tax)
        )
        if self.code is None:
            return f"{gross} outside VAT, as {quoted} were quoted so"
        rate = f"{self.share.under.rate / PERCENT:g} %"
        return f"{self.name}: {rate} in {gross}, as {quoted} were quoted so, is {tax}"


def open_of(session: Session, hotel_id: int, account_id: int) -> list[Open]:
    """Return the deposits of an account that have tax to be set off, the newest first."""
    row = DepositTax
    net, tax = sa.func.sum(row.net), sa.func.sum(row.tax)
    rows = session.execute(
        sa.select(row.payment_id, row.no, row.tax_id, row.rate, row.quoted, net, tax)
        .where(row.hotel_id == hotel_id, row.account_id == account_id)
        .group_by(row.payment_id, row.no, row.tax_id, row.rate, row.quoted)
        .having(net + tax > 0)
        .order_by(row.payment_id.desc(), row.no)
    )
    found: dict[int, Open] = {}
    for payment_id, no, tax_id, rate, quoted, of_net, of_tax in rows:
        share = Share(no, Under(tax_id, rate), int(of_net), int(of_tax), quoted)
        found.setdefault(payment_id, Open(payment_id, [])).shares.append(share)
    return list(found.values())


def of_movement(session: Session, hotel_id: int, moved_id: int) -> dict[int, list[Named]]:
    """Return what a movement of money set off or owed, by the payment of its deposit."""
    return _named(session, hotel_id, DepositTax.moved_id == moved_id)


def matured_by(session: Session, hotel_id: int, entry_id: int) -> dict[int, list[Named]]:
    """Return what the invoice of a stay takes off of what stands on a folio by an entry.

    By the payment of its deposit, below zero: found also where the deposit was moved on since.
    """
    entry = ledger.moved(session, session.get_one(Entry, (hotel_id, entry_id)))
    if entry.kind is not Kind.DEPOSIT_APPLIED:
        return {}
    return _named(session, hotel_id, DepositTax.moved_id == entry.id, ~DepositTax.credited)


def received(session: Session, hotel_id: int, payment_id: int) -> list[Named]:
    """Return what VAT was in a deposit when it was received; nothing where none was due."""
    return of_payments(session, hotel_id, [payment_id]).get(payment_id, [])


def of_payments(
    session: Session, hotel_id: int, payment_ids: Collection[int]
) -> dict[int, list[Named]]:
    """Return what VAT was in deposits when they were received, by payment."""
    posted = aliased(Entry)
    once = sa.exists().where(
        posted.hotel_id == DepositTax.hotel_id,
        posted.id == DepositTax.entry_id,
        posted.reverses_id.is_(None),
    )
    is_owed = DepositTax.net + DepositTax.tax > 0
    return _named(session, hotel_id, DepositTax.payment_id.in_(payment_ids), is_owed, once)


def _named(
    session: Session, hotel_id: int, *which: sa.ColumnElement[bool]
) -> dict[int, list[Named]]:
    rows = session.execute(
        sa.select(DepositTax, Tax.code, Tax.name)
        .outerjoin(Tax, sa.and_(Tax.hotel_id == DepositTax.hotel_id, Tax.id == DepositTax.tax_id))
        .where(DepositTax.hotel_id == hotel_id, *which)
        .order_by(DepositTax.payment_id, DepositTax.no)
    )
    found: dict[int, list[Named]] = {}
    for row, code, name in rows:
        share = Share(row.no, Under(row.tax_id, row.rate), row.net, row.tax, row.quoted)
        found.setdefault(row.payment_id, []).append(Named(share, code, name))
    return found


def is_touched(session: Session, hotel_id: int, payment_id: int) -> bool:
    """Tell whether a taxed deposit stands no more as it was received: some of it was set off."""
    owed = sum(each.share.gross for each in received(session, hotel_id, payment_id))
    stands = session.scalar(
        sa.select(sa.func.sum(DepositTax.net + DepositTax.tax)).where(
            DepositTax.hotel_id == hotel_id, DepositTax.payment_id == payment_id
        )
    )
    return int(stands or 0) != owed
