"""Once: what a form made, kept under the form's own key: sent twice, it is done once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import clock
from pms.base.db import Base, is_postgresql
from pms.base.refusal import Refusal
from pms.hotel.house.hotels import Hotel

T = TypeVar("T")
KEPT_FOR = timedelta(days=2)
LONGEST_KEY = 64


class FormSent(Base):
    """A form that did its deed, and the id of what it made."""

    __tablename__ = "forms_sent"
    __table_args__ = (
        sa.Index(None, "hotel_id", "sent_at"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    key: Mapped[str] = mapped_column(sa.String(LONGEST_KEY), primary_key=True)
    content: Mapped[str] = mapped_column(sa.String(LONGEST_KEY))
    made_id: Mapped[int | None]
    sent_at: Mapped[datetime]


class SentWithOtherWords(Refusal):
    """The same page did its deed before, and says something else now."""

    def __init__(self) -> None:
        super().__init__(
            "This page was sent before with other words, and done. Look at what it made and change "
            "that, or begin a new page."
        )


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was sent: the key of its page, and a digest of what was typed."""

    key: str
    content: str

    @property
    def name(self) -> str:
        """The key as it's kept."""
        return self.key[:LONGEST_KEY]


def made_before(session: Session, hotel: Hotel, sent: Sent) -> int | None:
    """Return the id of what this very form made; refuses one that was sent with other words."""
    row = session.execute(
        sa.select(FormSent.made_id, FormSent.content).filter_by(hotel_id=hotel.id, key=sent.name)
    ).first()
    if row is None:
        return None
    if row.content != sent.content:
        raise SentWithOtherWords
    made: int | None = row.made_id
    return made


def once(
    session: Session,
    hotel: Hotel,
    sent: Sent | None,
    deed: Callable[[], T],
    *,
    made: Callable[[T], int],
    again: Callable[[int], T],
) -> T:
    """Do a deed, or return what it made when a form of this key has done it before.

    `made` gives the id of what the deed returns, and `again` finds it. Who sends the same form at
    the same moment waits for the first; where that one is refused, the key is free again. Refuses
    a key that did its deed with other words. Without a key the deed is simply done.
    """
    if sent is None or not sent.key:
        return deed()
    mine = {"hotel_id": hotel.id, "key": sent.name}
    dialect = postgresql if is_postgresql(session) else sqlite
    fresh = session.execute(
        dialect.insert(FormSent)
        .values(**mine, content=sent.content, sent_at=clock.now())
        .on_conflict_do_nothing()
        .returning(FormSent.key)
    ).first()
    if fresh is None:
        before = made_before(session, hotel, sent)
        if before is not None:
            return again(before)
    done = deed()
    session.execute(sa.update(FormSent).filter_by(**mine).values(made_id=made(done)))
    session.execute(
        sa.delete(FormSent).where(
            FormSent.hotel_id == hotel.id, FormSent.sent_at < clock.now() - KEPT_FOR
        )
    )
    return done
