"""Numbers: confirmation, cancellation and folio numbers, counted up by each hotel."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base.db import Base, insert_new
from pms.hotel.house.hotels import Hotel

FIRST = 10_001


class Counter(Base):
    """The last number given out under a name."""

    __tablename__ = "counters"

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    name: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


def next_number(session: Session, hotel: Hotel, name: str) -> int:
    """Return the next number of a name, gapless: a rolled-back deed gives it back."""
    number = _count_up(session, hotel, name)
    if number is None:
        insert_new(session, Counter, [{"hotel_id": hotel.id, "name": name, "last": FIRST - 1}])
        number = _count_up(session, hotel, name)
    if number is None:
        raise LookupError(name)
    return number


_TABLE: Any = Counter.__table__
_COUNT_UP = (
    sa.update(_TABLE)
    .where(_TABLE.c.hotel_id == sa.bindparam("hotel"), _TABLE.c.name == sa.bindparam("of"))
    .values(last=_TABLE.c.last + 1)
    .returning(_TABLE.c.last)
)


def _count_up(session: Session, hotel: Hotel, name: str) -> int | None:
    number: int | None = session.connection().scalar(_COUNT_UP, {"hotel": hotel.id, "of": name})
    return number
