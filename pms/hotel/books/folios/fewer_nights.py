"""Fewer nights: what a charge for several bore by night goes back with nights that fall away."""

from collections.abc import Collection, Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import Money, total
from pms.base.refusal import Invalid
from pms.hotel.books import ledger
from pms.hotel.books.ledger import Account, Entry, Kind, Ledger, Line
from pms.hotel.house.hotels import Hotel
from pms.hotel.tariff import taxes
from pms.hotel.tariff.taxes import Rule, TaxedAmount, TaxLine


class NotSoManyNights(Invalid):
    """A charge hasn't that many nights left whose taxes could fall away."""

    def __init__(self, charge: Entry | None) -> None:
        super().__init__(
            f"{charge.text} hasn't that many nights left that bear taxes. Take off fewer."
            if charge is not None
            else "Choose the charge that the nights are taken off.",
            field="nights",
        )


def refuse_no_charge(charge: Entry | None) -> None:
    """Refuse nights that are taken off nothing in particular."""
    if charge is None or charge.kind is not Kind.CHARGE:
        raise NotSoManyNights(charge)


def less(
    session: Session,
    hotel: Hotel,
    charge: Entry | None,
    nights: int,
    taxed: TaxedAmount,
    rules: Sequence[Rule],
) -> TaxedAmount:
    """Return an adjustment with the taxes by night, on top of the price, that fall away with it.

    Refuses nights that the charge doesn't have, or hasn't left.
    """
    if charge is None or taxed.gross.minor >= 0:
        raise NotSoManyNights(charge)
    of = max(line.quantity or 0 for line in ledger.lines_of(session, charge))
    by_night = {
        rule.tax_id: rule for rule in rules if rule.kind in taxes.BY_NIGHT and not rule.inclusive
    }
    lines = []
    for tax_id, borne, base, left in _standing(session, hotel, charge, by_night.keys()):
        share, rest = divmod(borne * nights, max(of, 1))
        if rest or not 0 < share <= left:
            raise NotSoManyNights(charge)
        on = Money(-(base * nights // of), hotel.currency)
        lines.append(TaxLine(by_night[tax_id], on, Money(-share, hotel.currency)))
    if not lines:
        raise NotSoManyNights(charge)
    off = total((line.amount for line in lines), hotel.currency)
    return TaxedAmount(taxed.net, (*taxed.taxes, *lines), taxed.gross + off)


def _standing(
    session: Session, hotel: Hotel, charge: Entry, tax_ids: Collection[int | None]
) -> Iterator[tuple[int, int, int, int]]:
    """Yield each tax of a charge: what it bore, of which base, and what adjustments left of it."""
    of_charge = Entry.id == charge.id
    rows = session.execute(
        sa.select(
            Line.tax_id,
            sa.func.sum(sa.case((of_charge, -Line.amount), else_=0)),
            sa.func.sum(sa.case((of_charge, Line.base), else_=0)),
            -sa.func.sum(Line.amount),
        )
        .join(Entry, sa.and_(Entry.hotel_id == Line.hotel_id, Entry.id == Line.entry_id))
        .join(Account, sa.and_(Account.hotel_id == Line.hotel_id, Account.id == Line.account_id))
        .where(
            Entry.hotel_id == hotel.id,
            sa.or_(
                of_charge,
                sa.and_(Entry.kind == Kind.ADJUSTMENT, Entry.concerns_id == charge.id),
            ),
            Account.ledger == Ledger.TAX,
            Line.tax_id.in_(tax_ids),
            ledger.standing(),
        )
        .group_by(Line.tax_id)
    )
    for tax_id, borne, base, left in rows:
        yield tax_id, int(borne), int(base), int(left)
