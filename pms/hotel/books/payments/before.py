"""Before: how money that is given back came, and the last slip: what forms begin with."""

from collections.abc import Collection
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.hotel.books.payments.tables import Method, Payment
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff

LATELY = timedelta(days=14)


def came_by(session: Session, hotel: Hotel, account_ids: Collection[int]) -> Method | None:
    """Return how the newest money that stands on some accounts was paid at the desk, if any was."""
    void = aliased(Payment)
    undone = sa.exists().where(void.hotel_id == Payment.hotel_id, void.voids_id == Payment.id)
    return session.scalar(
        sa.select(Payment.method)
        .where(
            Payment.hotel_id == hotel.id,
            Payment.account_id.in_(account_ids),
            Payment.amount > 0,
            Payment.voids_id.is_(None),
            ~undone,
        )
        .order_by(Payment.id.desc())
        .limit(1)
    )


def last_slip(session: Session, hotel: Hotel, by: Staff) -> tuple[str, str] | None:
    """Return the terminal that somebody used last, and its batch where that was today.

    Where they used none lately, it is the one that anybody did today; else nobody knows which.
    """
    today = hotel.business_date
    mine = Payment.staff_id == by.id
    row = session.execute(
        sa.select(Payment.terminal, Payment.batch, Payment.business_day)
        .where(
            Payment.hotel_id == hotel.id,
            Payment.business_day >= today - LATELY,
            Payment.method == Method.CARD,
            Payment.terminal.is_not(None),
            sa.or_(mine, Payment.business_day == today),
        )
        .order_by(mine.desc(), Payment.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    return row.terminal, row.batch if row.business_day == today else ""
