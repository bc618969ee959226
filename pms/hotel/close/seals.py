"""Seals: each closed day's entries under one digest, chained to the day before."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

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


def set_seal(session: Session, hotel: Hotel, day: date) -> str:
    """Seal a day whose entries are all written, and return the digest: the chain's new head."""
    before = of_day(session, hotel, day - dates.ONE_DAY)
    previous = before.digest if before else NO_DAY_BEFORE
    _, digest, entries = next(digests(session, hotel, [(day, previous)]))
    session.execute(
        sa.insert(DaySeal),
        [
            {
                "hotel_id": hotel.id,
                "day": day,
                "previous": previous,
                "digest": digest,
                "entries": entries,
            }
        ],
    )
    return digest


def digests(
    session: Session, hotel: Hotel, days: Sequence[tuple[date, str]]
) -> Iterator[tuple[date, str, int]]:
    """Reckon the digest and the number of entries of each day, given what it is chained to."""
    for day, previous in days:
        digest = hashlib.sha256(f"{hotel.code}\n{day.isoformat()}\n{previous}\n".encode())
        entries = _digest_entries(session, hotel, day, digest)
        yield day, digest.hexdigest(), entries


def _digest_entries(session: Session, hotel: Hotel, day: date, digest: Any) -> int:
    """Feed a day's entries, in the order of their keys; words and amounts only, no database id."""
    entries, last = 0, None
    for row in session.connection().execute(_ENTRIES, {"hotel": hotel.id, "day": day}):
        key = row[0]
        if key != last:
            entries, last = entries + 1, key
            digest.update(_words(row[:_OF_LINE]))
        digest.update(_words(row[_OF_LINE:]))
    return entries


def _words(values: Sequence[object]) -> bytes:
    """Return one line of text nobody can read two ways: each value with its length before it."""
    texts = ["-" if value is None else str(value) for value in values]
    return ("".join(f"{len(text)}:{text} " for text in texts) + "\n").encode()


_REVERSED: Any = aliased(Entry)
_CONCERNED: Any = aliased(Entry)
_OF_ENTRY = (
    Entry.key,
    Entry.kind,
    Entry.currency,
    Entry.text,
    Entry.reference,
    Entry.reason,
    _REVERSED.key,
    _CONCERNED.key,
    Reservation.number,
    Entry.service_night,
    Entry.rule,
    Entry.turn,
)
_OF_LINE = len(_OF_ENTRY)
_ENTRIES = (
    sa.select(
        *_OF_ENTRY,
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
    .outerjoin(
        _REVERSED,
        sa.and_(_REVERSED.hotel_id == Entry.hotel_id, _REVERSED.id == Entry.reverses_id),
    )
    .outerjoin(
        _CONCERNED,
        sa.and_(_CONCERNED.hotel_id == Entry.hotel_id, _CONCERNED.id == Entry.concerns_id),
    )
    .outerjoin(
        Reservation,
        sa.and_(Reservation.hotel_id == Entry.hotel_id, Reservation.id == Entry.subject_id),
    )
    .where(Entry.hotel_id == sa.bindparam("hotel"), Entry.business_day == sa.bindparam("day"))
    .order_by(Entry.key, Line.no)
)
