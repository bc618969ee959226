"""The logbook: one line for every deed, in the deed's own transaction, never changed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any, Protocol, cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session

from pms.base import card_numbers, clock, ink
from pms.base.db import Base, OfHotel, new_id
from pms.base.money import Money
from pms.hotel.house.staff import Staff


class Line(OfHotel, Base):
    """Who did what to which thing, from where, before, after, and why."""

    __tablename__ = "logbook"
    __table_args__ = (sa.Index(None, "hotel_id", "noun", "noun_id", "id"),)

    at: Mapped[datetime]
    business_day: Mapped[date]
    staff_id: Mapped[int]
    origin: Mapped[str]
    verb: Mapped[str]
    noun: Mapped[str]
    noun_id: Mapped[int]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    why: Mapped[str | None]


ink.append_only("logbook")
_WRITE = sa.insert(cast(sa.Table, Line.__table__))


class Thing(Protocol):
    """Whatever a hotel's deed is done to."""

    hotel_id: Any
    id: Any
    __tablename__: Any


_origin: ContextVar[str] = ContextVar("logbook_origin", default="command line")


@contextmanager
def coming_from(origin: str) -> Iterator[None]:
    """Say where the deeds inside the block come from."""
    before = _origin.set(origin[:80])
    try:
        yield
    finally:
        _origin.reset(before)


def record(
    session: Session,
    verb: str,
    thing: Thing,
    *,
    by: Staff,
    day: date,
    before: Mapping[str, object] | None = None,
    why: str | None = None,
    **after: object,
) -> None:
    """Write one line; `day` is the business day, `before` and `after` what changed."""
    write(
        session,
        [
            line(
                verb,
                thing.__tablename__,
                thing.hotel_id,
                thing.id,
                by=by,
                day=day,
                before=before,
                why=why,
                after=after,
            )
        ],
    )


def line(
    verb: str,
    noun: str,
    hotel_id: int,
    noun_id: int,
    *,
    by: Staff,
    day: date,
    before: Mapping[str, object] | None = None,
    why: str | None = None,
    after: Mapping[str, object] | None = None,
) -> dict[str, Any]:
    """Return a line ready to be written with others; a card's number isn't a reason."""
    card_numbers.refuse(reason=why)
    return {
        "hotel_id": hotel_id,
        "id": new_id(),
        "at": clock.now(),
        "business_day": day,
        "staff_id": by.id,
        "origin": _origin.get(),
        "verb": verb,
        "noun": noun,
        "noun_id": noun_id,
        "before": _plain(before),
        "after": _plain(after),
        "why": why,
    }


def write(session: Session, lines: list[dict[str, Any]]) -> None:
    """Write many lines at once, for set-based deeds."""
    if lines:
        session.connection().execute(_WRITE, lines)


def history(session: Session, thing: Thing, *, limit: int = 50) -> list[Line]:
    """Return the newest lines about a thing, the newest first."""
    return list(
        session.scalars(
            sa.select(Line)
            .where(
                Line.hotel_id == thing.hotel_id,
                Line.noun == thing.__tablename__,
                Line.noun_id == thing.id,
            )
            .order_by(Line.id.desc())
            .limit(limit)
        )
    )


def _plain(values: Mapping[str, object] | None) -> dict[str, Any] | None:
    if not values:
        return None
    return {name: _word(value) for name, value in values.items()}


def _word(value: object) -> Any:
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Money):
        return f"{value} {value.currency}"
    if isinstance(value, (list, tuple)):
        return [_word(each) for each in value]
    return str(value)
