"""What a cashier took beside cash during a shift: cards, transfers, and what came online."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.hotel.books.cashiers import CashierShift
from pms.hotel.books.ledger import Entry
from pms.hotel.books.payments.online import GatewayPayment
from pms.hotel.books.payments.tables import Method, Payment


@dataclass(frozen=True, slots=True)
class Taken:
    """One way of payment in a shift: how often, and minor units."""

    way: str
    count: int
    amount: int


def beside_cash(session: Session, shift: CashierShift) -> list[Taken]:
    """Return what the cashier of a shift took otherwise while it was open: one question.

    What came or went online stands apart, last: no terminal has a slip of it.
    """
    until = shift.closed_at or clock.now()
    online = GatewayPayment.id.is_not(None)
    rows = session.execute(
        sa.select(
            Payment.method,
            sa.func.coalesce(Payment.brand, ""),
            online,
            sa.func.count(),
            sa.func.sum(Payment.amount),
        )
        .join(Entry, sa.and_(Entry.hotel_id == Payment.hotel_id, Entry.id == Payment.entry_id))
        .outerjoin(
            GatewayPayment,
            sa.and_(
                GatewayPayment.hotel_id == Payment.hotel_id, GatewayPayment.payment_id == Payment.id
            ),
        )
        .where(
            Payment.hotel_id == shift.hotel_id,
            Payment.business_day >= shift.opened_on,
            Payment.staff_id == shift.staff_id,
            Payment.method != Method.CASH,
            Entry.posted_at.between(shift.opened_at, until),
        )
        .group_by(Payment.method, Payment.brand, online)
        .order_by(online, Payment.method, Payment.brand)
    )
    return [
        Taken(_way(method, brand, is_online=is_online), int(count), int(amount))
        for method, brand, is_online, count, amount in rows
    ]


def _way(method: Method, brand: str, *, is_online: bool) -> str:
    """Say how it was taken."""
    if is_online:
        return f"Online, {brand}" if brand else "Online"
    return brand or method.value.capitalize()
