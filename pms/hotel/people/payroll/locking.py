"""Locking: which days are locked, and what refuses to change them."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.dates import ONE_DAY
from pms.base.refusal import Refusal
from pms.hotel.house.hotels import Hotel
from pms.hotel.people.payroll.tables import FINAL, PayPeriod


class DayIsLocked(Refusal):
    def __init__(self, day: date, *, field: str) -> None:
        super().__init__(
            f"{day:%d %b %Y} is in a locked pay period. Choose a day after it.", field=field
        )


class LockedUntil(Refusal):
    def __init__(self, last: date, *, field: str) -> None:
        super().__init__(
            f"Pay is locked until {last:%d %b %Y}. Choose {last + ONE_DAY:%d %b %Y} or later.",
            field=field,
        )


def last_locked(session: Session, hotel: Hotel) -> date | None:
    """Return the last day that is locked, or None before the first lock."""
    return session.scalar(
        sa.select(sa.func.max(PayPeriod.last)).where(
            PayPeriod.hotel_id == hotel.id, PayPeriod.state.in_(FINAL)
        )
    )


def refuse_locked(session: Session, hotel: Hotel, day: date, *, field: str) -> None:
    """Refuse a day that a locked period paid."""
    locked = sa.select(PayPeriod.id).where(
        PayPeriod.hotel_id == hotel.id,
        PayPeriod.state.in_(FINAL),
        PayPeriod.first <= day,
        PayPeriod.last >= day,
    )
    if session.scalar(locked) is not None:
        raise DayIsLocked(day, field=field)
