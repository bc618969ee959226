"""Answers: what a machine was told of a deed, kept so that asking twice does it once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import clock
from pms.base.db import Base, is_postgresql, within_hotel
from pms.base.refusal import Refusal

KEPT_FOR = timedelta(days=7)


class KeyUsedForOther(Refusal):
    """The same key came again with another request."""

    status = 422

    def __init__(self) -> None:
        super().__init__(
            "This key was used for another request. Repeat that request, or take a new key.",
            field="Idempotency-Key",
        )


class Answer(Base):
    """The answer to one keyed request, written in the transaction of the deed it tells of."""

    __tablename__ = "api_answers"
    __table_args__ = (
        within_hotel("token_id", "api_tokens"),
        sa.Index(None, "hotel_id", "token_id", "made_at"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    token_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(sa.String(255), primary_key=True)
    request: Mapped[str] = mapped_column(sa.String(64))
    status: Mapped[int] = mapped_column(sa.SmallInteger)
    location: Mapped[str | None]
    body: Mapped[str]
    made_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Kept:
    """What was answered before."""

    status: int
    body: str
    location: str | None


def claim(session: Session, hotel_id: int, token_id: int, *, key: str, request: str) -> Kept | None:
    """Take a key for this request, or return what it was answered before.

    Who takes a key that another transaction is taking waits for that one to end; if it fails, the
    key is free again. Refuses a key that belongs to another request (by its digest).
    """
    dialect = postgresql if is_postgresql(session) else sqlite
    mine = {"hotel_id": hotel_id, "token_id": token_id, "key": key}
    taken = session.execute(
        dialect.insert(Answer)
        .values(**mine, request=request, status=0, body="", made_at=clock.now())
        .on_conflict_do_nothing()
        .returning(Answer.key)
    ).first()
    if taken is not None:
        return None
    before = session.execute(
        sa.select(Answer.request, Answer.status, Answer.body, Answer.location).filter_by(**mine)
    ).one()
    if before.request != request:
        raise KeyUsedForOther
    return Kept(before.status, before.body, before.location)


def keep(
    session: Session,
    hotel_id: int,
    token_id: int,
    *,
    key: str,
    status: int,
    body: str,
    location: str | None,
) -> None:
    """Write down what is answered to a key that was claimed in this transaction."""
    session.execute(
        sa.update(Answer)
        .where(Answer.hotel_id == hotel_id, Answer.token_id == token_id, Answer.key == key)
        .values(status=status, body=body, location=location)
    )


def forget_old(session: Session, hotel_id: int, token_id: int) -> None:
    """Forget a token's answers of more than a week ago: they name guests."""
    session.execute(
        sa.delete(Answer).where(
            Answer.hotel_id == hotel_id,
            Answer.token_id == token_id,
            Answer.made_at < clock.now() - KEPT_FOR,
        )
    )
