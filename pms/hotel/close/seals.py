"""Seals: each closed day's entries under one digest, chained to the day before."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from pms.base import dates, ink
from pms.base.db import Base
from pms.hotel.books.ledger import Account, Entry, Line
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays.reservations.promise import Reservation
from pms.hotel.tariff.charges import ChargeCode
from pms.hotel.tariff.taxes import Tax

NO_DAY_BEFORE = "0" * 64
Written = dict[int, tuple[str, bytes]]  # an entry's id: its key, and its line of the day's bytes


class DaySeal(Base):
    """A closed day's digest; `previous` is that of the day before, so the chain has no gap."""

    __tablename__ = "day_seals"
    __table_args__ = (
        sa.CheckConstraint("entries >= 0", name="not_negative"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    previous: Mapped[str] = mapped_column(sa.String(64))
    digest: Mapped[str] = mapped_column(sa.String(64))
    entries: Mapped[int]


ink.append_only("day_seals")


def of_day(session: Session, hotel: Hotel, day: date) -> DaySeal | None:
    """Return the seal of a closed day."""
    return session.get(DaySeal, {"hotel_id": hotel.id, "day": day})


def set_seal(
    session: Session, hotel: Hotel, day: date, known: Written, fresh: Sequence[int]
) -> str:
    """Seal a day whose entries are all written, and return the digest: the chain's new head.

    `known` are entries that were read before the day was taken alone, and `fresh` those that came
    `since`: only these are read now.
    """
    before = of_day(session, hotel, day - dates.ONE_DAY)
    previous = before.digest if before else NO_DAY_BEFORE
    written = dict(known)
    for start in range(0, len(fresh), _ENTRIES_AT_ONCE):
        some = fresh[start : start + _ENTRIES_AT_ONCE]
        written |= _read(session, hotel, day, day, Entry.id.in_(some)).get(day, {})
    digest = chained(hotel, day, previous, _digest(written))
    session.execute(
        sa.insert(DaySeal),
        [
            {
                "hotel_id": hotel.id,
                "day": day,
                "previous": previous,
                "digest": digest,
                "entries": len(written),
            }
        ],
    )
    return digest


def so_far(session: Session, hotel: Hotel, day: date) -> Written:
    """Return what a seal will say of the entries that a day has by now: they can't change."""
    return _read(session, hotel, day, day).get(day, {})


def since(session: Session, hotel: Hotel, day: date, known: Written) -> list[int]:
    """Return the ids of a day's entries that aren't among the known."""
    there = session.scalars(
        sa.select(Entry.id).where(Entry.hotel_id == hotel.id, Entry.business_day == day)
    )
    return [entry_id for entry_id in there if entry_id not in known]


def digests(
    session: Session, hotel: Hotel, first: date, last: date
) -> Iterator[tuple[date, bytes, int]]:
    """Yield for each day from first to last its canonical bytes' digest and how many entries.

    A day's bytes are one line of JSON for each entry, in the order of their keys: words, codes
    and amounts, no database id and no instant, so a move to another engine keeps them.
    """
    start = first
    while start <= last:
        until = min(last, start + timedelta(days=_DAYS_AT_ONCE - 1))
        written = _read(session, hotel, start, until)
        for day in dates.days(start, until):
            mine = written.get(day, {})
            yield day, _digest(mine), len(mine)
        start = until + dates.ONE_DAY


def _read(
    session: Session, hotel: Hotel, first: date, last: date, *only: sa.ColumnElement[bool]
) -> dict[date, Written]:
    """Read each day's entries as a seal says them; `only` some, if told.

    Entries first: an entry's lines are committed with it, so whoever is seen is seen with all its
    lines. The other way round one posted between the two questions would be sealed without any.
    """
    connection = session.connection()
    span = {"hotel": hotel.id, "first": first, "last": last}
    entries = connection.execute(_entries().where(*only), span).all()
    lines: dict[int, list[Any]] = {}
    for entry_id, *line in connection.execute(_lines().where(*only), span):
        lines.setdefault(entry_id, []).append(line)
    found: dict[date, Written] = {}
    for entry_id, day, *words in entries:
        said = orjson.dumps([*words, sorted(lines.get(entry_id, ()))]) + b"\n"
        found.setdefault(day, {})[entry_id] = (words[0], said)
    return found


def _digest(written: Written) -> bytes:
    digest = hashlib.sha256()
    for _, said in sorted(written.values()):  # keys differ, so their order is all
        digest.update(said)
    return digest.digest()


def chained(hotel: Hotel, day: date, previous: str, written: bytes) -> str:
    """Return the seal: a day's digest under the hotel's code, the day and the seal before."""
    head = f"{hotel.code}\n{day.isoformat()}\n{previous}\n{written.hex()}\n"
    return hashlib.sha256(head.encode()).hexdigest()


_DAYS_AT_ONCE = 14
_ENTRIES_AT_ONCE = 500


def _within() -> sa.ColumnElement[bool]:
    return sa.and_(
        Entry.hotel_id == sa.bindparam("hotel"),
        Entry.business_day.between(sa.bindparam("first"), sa.bindparam("last")),
    )


@lru_cache
def _entries() -> Any:
    """Ask for the entries of a span, their keys first; made once, and not at import."""
    undone, concerned = aliased(Entry), aliased(Entry)
    return (
        sa.select(
            Entry.id,
            Entry.business_day,
            Entry.key,
            Entry.kind,
            Entry.currency,
            Entry.text,
            Entry.reference,
            Entry.reason,
            undone.key,
            concerned.key,
            Reservation.number,
            Entry.service_night,
            Entry.rule,
            Entry.turn,
        )
        .select_from(Entry)
        .outerjoin(
            undone, sa.and_(undone.hotel_id == Entry.hotel_id, undone.id == Entry.reverses_id)
        )
        .outerjoin(
            concerned,
            sa.and_(concerned.hotel_id == Entry.hotel_id, concerned.id == Entry.concerns_id),
        )
        .outerjoin(
            Reservation,
            sa.and_(Reservation.hotel_id == Entry.hotel_id, Reservation.id == Entry.subject_id),
        )
        .where(_within())
    )


@lru_cache
def _lines() -> Any:
    """Ask for the lines of a span, their numbers first, with the codes of what they name."""
    return (
        sa.select(
            Line.entry_id,
            Line.no,
            Account.code,
            Line.amount,
            ChargeCode.code,
            Tax.code,
            Line.quantity,
            Line.base,
        )
        .select_from(Entry)
        .join(Line, sa.and_(Line.hotel_id == Entry.hotel_id, Line.entry_id == Entry.id))
        .join(Account, sa.and_(Account.hotel_id == Line.hotel_id, Account.id == Line.account_id))
        .outerjoin(
            ChargeCode,
            sa.and_(ChargeCode.hotel_id == Line.hotel_id, ChargeCode.id == Line.charge_code_id),
        )
        .outerjoin(Tax, sa.and_(Tax.hotel_id == Line.hotel_id, Tax.id == Line.tax_id))
        .where(_within())
    )
