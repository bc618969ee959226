"""The whole bill: what is taken off it without naming a line stays within what was charged.

A discount, a goodwill or a fair share is off what the guest owes for the stay. More than that would
be money for the guest, which a refund hands out; and a tax that nothing on the bill bears can't be
taken back by it, or the house would owe the state too little.
"""

from collections import Counter
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books.ledger import Line
from pms.hotel.house.hotels import Hotel
from pms.hotel.tariff.taxes import Tax, TaxedAmount, TaxKind


class MoreThanTheBill(Invalid):
    """More is taken off a window than was ever charged on it."""

    def __init__(self, left: Money) -> None:
        super().__init__(
            f"At most {left.said} can be taken off: that is what was charged on this window, or is "
            "still to come of the stay, and wasn't taken off; without what is due by head and "
            "night. Money beyond that is given back as a refund.",
            field="amount",
        )
        self.left = left


class TaxNotCharged(Invalid):
    """A tax is taken off that the window doesn't bear, or not as much of it."""

    def __init__(self, tax: str, left: Money) -> None:
        super().__init__(
            f"What was charged on this window, or is still to come of the stay, bears {tax} on "
            f"{left.said} only. Take the rest off by the code of something else on the bill.",
            field="code",
        )
        self.left = left


def refuse_more_than_charged(
    session: Session,
    hotel: Hotel,
    account_id: int,
    taxed: TaxedAmount,
    *,
    to_come: Sequence[TaxedAmount] = (),
) -> None:
    """Refuse to take more off a locked window than stands charged on it, or under one of its taxes.

    `taxed` is below zero. What was moved here counts, what was moved away doesn't; so does what a
    later room knows `to_come`.
    """
    rows = session.execute(
        sa.select(
            Line.tax_id,
            Tax.kind,
            sa.func.sum(Line.amount).label("amount"),
            sa.func.sum(sa.func.coalesce(Line.base, 0)).label("base"),
        )
        .outerjoin(Tax, sa.and_(Tax.hotel_id == Line.hotel_id, Tax.id == Line.tax_id))
        .where(
            Line.hotel_id == hotel.id,
            Line.account_id == account_id,
            Line.charge_code_id.is_not(None),
        )
        .group_by(Line.tax_id, Tax.kind)
    ).all()
    borne = [row for row in rows if row.kind in {None, TaxKind.PERCENT}]
    bases = Counter({row.tax_id: int(row.base) for row in borne})
    left = sum(int(row.amount) for row in borne)
    for each in to_come:
        left += each.net.minor
        for line in each.taxes:
            if line.rule.kind is TaxKind.PERCENT:
                left += line.amount.minor
                bases[line.rule.tax_id] += line.base.minor
    if -taxed.gross.minor > left:
        raise MoreThanTheBill(Money(max(left, 0), hotel.currency))
    for line in taxed.taxes:
        stands = bases[line.rule.tax_id]
        if line.amount and -line.base.minor > stands:
            tax = session.get_one(Tax, (hotel.id, line.rule.tax_id))
            raise TaxNotCharged(tax.name, Money(max(stands, 0), hotel.currency))
