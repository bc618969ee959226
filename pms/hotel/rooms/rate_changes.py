"""Changes of rates: what many nights were before and after one deed, so that it can be undone."""

import enum
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import clock
from pms.base.db import Base, OfHotel, choice, new_id
from pms.base.refusal import Refusal
from pms.hotel.house import logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff


class Of(enum.StrEnum):
    """What a change was of."""

    PRICES = "prices"
    RESTRICTIONS = "restrictions"


class RateChange(OfHotel, Base):
    """A change of many nights: the rows as they stood before and after, to be taken back."""

    __tablename__ = "rate_changes"
    __table_args__ = (
        sa.Index(None, "hotel_id", "made_at"),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_by_someone"),
    )

    of: Mapped[Of] = mapped_column(choice(Of))
    words: Mapped[str]
    before: Mapped[list[Any]] = mapped_column(sa.JSON)
    after: Mapped[list[Any]] = mapped_column(sa.JSON)
    staff_id: Mapped[int]
    made_at: Mapped[datetime]
    undone_by: Mapped[int | None]
    undone_at: Mapped[datetime | None]

    @property
    def nights(self) -> int:
        """How many nights it changed."""
        before, after = ({tuple(row) for row in rows} for rows in (self.before, self.after))
        return len({row[0] for row in before ^ after})


class ChangedMeanwhile(Refusal):
    """What was shown isn't what stands there any more."""

    def __init__(self, nights: int) -> None:
        said = "A night was" if nights == 1 else f"{nights} nights were"
        super().__init__(f"{said} changed meanwhile. Look at the calendar and change them anew.")


class UndoneAlready(Refusal):
    def __init__(self) -> None:
        super().__init__("This change was taken back already. Reload the page.")


def last(session: Session, hotel: Hotel, *, limit: int = 10) -> list[RateChange]:
    """Return the newest changes, the newest first, without the rows they changed."""
    return list(
        session.scalars(
            sa.select(RateChange)
            .where(RateChange.hotel_id == hotel.id)
            .options(sa.orm.defer(RateChange.before), sa.orm.defer(RateChange.after))
            .order_by(RateChange.made_at.desc(), RateChange.id.desc())
            .limit(limit)
        )
    )


def keep(
    session: Session,
    hotel: Hotel,
    of: Of,
    words: str,
    *,
    before: list[list[Any]],
    after: list[list[Any]],
    by: Staff,
    day: date,
) -> RateChange:
    """Keep what a change replaced and what it put there, with a line of the logbook."""
    change = RateChange(
        hotel_id=hotel.id,
        id=new_id(),
        of=of,
        words=words,
        before=before,
        after=after,
        staff_id=by.id,
        made_at=clock.now(),
    )
    session.add(change)
    session.flush()
    logbook.record(session, "changed rates", change, by=by, day=day, words=words, rows=len(after))
    return change
