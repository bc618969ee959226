"""The business day: the hotel's own date, which only the night audit moves."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import is_postgresql, lock
from pms.base.refusal import Refusal
from pms.hotel.house.hotels import Hotel

_TODAY = sa.select(Hotel.business_date).where(Hotel.id == sa.bindparam("hotel"))


class DayMoved(Refusal):
    """Somebody else rolled the day first."""

    def __init__(self, day: date) -> None:
        super().__init__(f"{day:%a %d %b %Y} is closed already.")


def today(session: Session, hotel: Hotel) -> date:
    """Return the hotel's date, read afresh."""
    day = session.connection().scalar(_TODAY, {"hotel": hotel.id})
    if day is None:
        raise LookupError(f"No hotel {hotel.id}.")
    return day


def hold(session: Session, hotel: Hotel) -> date:
    """Return the hotel's date and keep it from rolling until this transaction ends.

    Posters share the day; the roll takes it alone. On PostgreSQL an advisory lock, since an
    exclusive row lock starves under steady sharers (STACK.md); on SQLite the write turn does it.
    """
    if is_postgresql(session):
        session.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(hotel.id)))
    return today(session, hotel)


def hold_hotel(session: Session, hotel: Hotel) -> date:
    """Hold the day, then lock the hotel's row: what a house sets up, one does at a time.

    In this order everywhere, for the roll has the day alone when it writes that row: who locked
    the row first would wait for the day as the roll waits for the row.
    """
    day = hold(session, hotel)
    lock(session, hotel)
    return day


def take_alone(session: Session, hotel: Hotel) -> date:
    """Return the hotel's date with nobody else posting until this transaction ends."""
    if is_postgresql(session):
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(hotel.id)))
    return today(session, hotel)


def roll(session: Session, hotel: Hotel, *, closing: date) -> date:
    """Move the date on by exactly one day; refuses when `closing` isn't the open day."""
    take_alone(session, hotel)
    rolled = session.execute(
        sa.update(Hotel)
        .where(Hotel.id == hotel.id, Hotel.business_date == closing)
        .values(business_date=closing + timedelta(days=1))
    )
    if rolled.rowcount != 1:  # type: ignore[attr-defined]
        raise DayMoved(closing)
    session.refresh(hotel)
    return hotel.business_date
