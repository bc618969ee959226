"""The business day: the hotel's own date, which only the night audit moves."""

from collections.abc import Iterator, MutableMapping
from datetime import date, timedelta
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import Session, SessionTransaction

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
    What `transaction()` opened asks once, however many of its verbs hold the day.
    """
    held = _held(session)
    for within in _around(session):
        if held.get(within, {}).get(hotel.id) == hotel.business_date:
            return hotel.business_date
    if is_postgresql(session):
        session.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(hotel.id)))
    day = today(session, hotel)
    if session.info.get("writing"):
        held.setdefault(next(_around(session)), {})[hotel.id] = day
    return day


def _held(session: Session) -> MutableMapping[SessionTransaction, dict[int, date]]:
    """Return the days held by each transaction that is open: a savepoint that goes lets go."""
    held: MutableMapping[SessionTransaction, dict[int, date]]
    held = session.info.setdefault("days held", WeakKeyDictionary())
    return held


def _around(session: Session) -> Iterator[SessionTransaction]:
    """Yield the transactions that are open, the innermost savepoint first."""
    within = session.get_nested_transaction() or session.get_transaction()
    while within is not None:
        yield within
        within = within.parent


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
    _held(session).clear()
    return hotel.business_date
