"""Reading what VAT of deposits stands, and what a movement of money did to it."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.base.money import Money
from pms.hotel.books import ledger
from pms.hotel.books.deposit_taxes.sharing import Open, Share, Under
from pms.hotel.books.deposit_taxes.tables import DepositTax
from pms.hotel.books.ledger import Entry, Kind
from pms.hotel.tariff.taxes import PERCENT, Tax

_OF_PRICE = DepositTax.quoted > 0  # the rest is above the price of the stay


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
        if self.share.is_above:
            return f"{gross} above the price of the stay: held, and not taxed"
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


def was_credited(session: Session, hotel_id: int, moved_id: int) -> bool:
    """Tell whether what a movement of money set off was credited on the deposits' own invoices."""
    row = DepositTax
    some = sa.exists().where(row.hotel_id == hotel_id, row.moved_id == moved_id, row.credited)
    return bool(session.scalar(sa.select(some)))


def matured_by(session: Session, hotel_id: int, entry_id: int) -> dict[int, list[Named]]:
    """Return what the invoice of a stay takes off of what stands on a folio by an entry.

    By the payment of its deposit, below zero: found also where the deposit was moved on since.
    """
    entry = ledger.moved(session, session.get_one(Entry, (hotel_id, entry_id)))
    if entry.kind is not Kind.DEPOSIT_APPLIED:
        return {}
    return _named(
        session, hotel_id, DepositTax.moved_id == entry.id, ~DepositTax.credited, _OF_PRICE
    )


def received(session: Session, hotel_id: int, payment_id: int) -> list[Named]:
    """Return what VAT is in a deposit as it was received; nothing where none was due.

    Where the price of the stay changed since, what VAT is in it now.
    """
    return of_payments(session, hotel_id, [payment_id]).get(payment_id, [])


def of_payments(
    session: Session, hotel_id: int, payment_ids: Collection[int]
) -> dict[int, list[Named]]:
    """Return what VAT is in deposits as `received` says, by payment, whatever was set off since."""
    row = DepositTax
    net, tax = sa.func.sum(row.net), sa.func.sum(row.tax)
    shared = (row.payment_id, row.no, row.tax_id, row.rate, row.quoted, Tax.code, Tax.name)
    rows = session.execute(
        sa.select(*shared, net, tax)
        .outerjoin(Tax, sa.and_(Tax.hotel_id == row.hotel_id, Tax.id == row.tax_id))
        .where(
            row.hotel_id == hotel_id,
            row.payment_id.in_(payment_ids),
            sa.or_(row.moved_id == row.entry_id, sa.and_(row.net + row.tax > 0, _is_once())),
        )
        .group_by(*shared)
        .having(net + tax > 0)
        .order_by(row.payment_id, row.no)
    )
    found: dict[int, list[Named]] = {}
    for payment_id, no, tax_id, rate, quoted, code, name, of_net, of_tax in rows:
        share = Share(no, Under(tax_id, rate), int(of_net), int(of_tax), quoted)
        found.setdefault(payment_id, []).append(Named(share, code, name))
    return found


def _is_once() -> sa.ColumnElement[bool]:
    """Ask whether what a row owes wasn't owed before: no movement was taken back for it."""
    posted = aliased(Entry)
    return sa.exists().where(
        posted.hotel_id == DepositTax.hotel_id,
        posted.id == DepositTax.entry_id,
        posted.reverses_id.is_(None),
    )


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
    """Tell whether a taxed deposit stands no more as it was received: some of it was set off.

    What was above the price of the stay may have gone back: it wasn't taxed.
    """
    found = received(session, hotel_id, payment_id)
    owed = sum(each.share.gross for each in found if not each.share.is_above)
    return _stands(session, hotel_id, payment_id, _OF_PRICE) != owed


def above_price(session: Session, hotel_id: int, payment_id: int) -> int:
    """Return what of a deposit is still held above the price of its stay, in minor units."""
    return _stands(session, hotel_id, payment_id, ~_OF_PRICE)


def _stands(session: Session, hotel_id: int, payment_id: int, which: sa.ColumnElement[bool]) -> int:
    stands = session.scalar(
        sa.select(sa.func.sum(DepositTax.net + DepositTax.tax)).where(
            DepositTax.hotel_id == hotel_id, DepositTax.payment_id == payment_id, which
        )
    )
    return int(stands or 0)


def last_numbers(session: Session, hotel_id: int, account_id: int) -> dict[int, int]:
    """Return the highest number of a share of each deposit of an account, by payment."""
    rows = session.execute(
        sa.select(DepositTax.payment_id, sa.func.max(DepositTax.no))
        .where(DepositTax.hotel_id == hotel_id, DepositTax.account_id == account_id)
        .group_by(DepositTax.payment_id)
    )
    return {payment_id: int(no) for payment_id, no in rows}
