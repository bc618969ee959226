"""Content keys: what repeats guests' documents (signed cards, files for the police) is sealed too.

Such bytes are in ink, under a key made for them alone, which stands here under the seal of the key
ring. So a new ring seals a few letters anew and never the bytes; and a key that is erased erases
them, while their digest and their number stay in the chain.
"""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.orm.attributes import flag_modified

from pms.base import ink, keyring, sealed
from pms.base.db import Base, OfHotel, is_postgresql
from pms.base.keyring import Changed, KeyMissing
from pms.base.refusal import Invalid, Refusal
from pms.base.sealed import Sealed, Shut
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require


class ContentKey(OfHotel, Base):
    """The key to some bytes, by the id of what they belong to; none once they are erased."""

    __tablename__ = "content_keys"
    __table_args__ = (
        sa.CheckConstraint("substr(key, 1, 3) = 'v1.'", name="stands_under_seal"),
        sa.CheckConstraint("(key IS NULL) = (erased_on IS NOT NULL)", name="erased_on_a_day"),
        sa.Index(None, "hotel_id", "made_on"),
    )

    key: Mapped[str | None] = mapped_column(Sealed("content key"))
    made_on: Mapped[date]
    erased_on: Mapped[date | None]


ink.guard(
    "content_keys_erased_stay_so",
    table="content_keys",
    when="UPDATE",
    refuse_if="OLD.key IS NULL OR NEW.hotel_id <> OLD.hotel_id OR NEW.id <> OLD.id"
    " OR NEW.made_on <> OLD.made_on",
    message="what is erased stays erased",
)
ink.guard(
    "content_keys_no_delete",
    table="content_keys",
    when="DELETE",
    refuse_if="1 = 1",
    message="a content key is erased, not deleted",
)


class Erased(Refusal):
    """The bytes can't be read by anybody any more."""

    status = 410

    def __init__(self, day: date) -> None:
        super().__init__(
            f"That was erased on {day:%d %b %Y}, as its time was over. Its number and its digest "
            "stay in the house's records."
        )


def seal(session: Session, hotel: Hotel, content: bytes, *, of: int) -> bytes:
    """Return bytes under a new key, kept by the id of what they belong to."""
    key = keyring.key_of_its_own()
    day = business_day.today(session, hotel)
    session.add(ContentKey(hotel_id=hotel.id, id=of, key=key, made_on=day))
    session.flush()
    return keyring.seal_bytes(content, key=key, about=_about(hotel.id, of))


def unseal(session: Session, hotel_id: int, closed: bytes, *, of: int) -> bytes:
    """Return the bytes that were sealed; refuses what is erased, and while the ring is missing."""
    return _opened(session.get_one(ContentKey, (hotel_id, of), populate_existing=True), closed)


def readable(session: Session, hotel_id: int, content: bytes, *, of: int) -> bytes | None:
    """Return bytes to be read, whether they stand under seal or not; None of erased ones."""
    kept = session.get(ContentKey, (hotel_id, of), populate_existing=True)
    if kept is None:
        return content
    return None if kept.erased_on is not None else _opened(kept, content)


def mark(kept: ContentKey, words: str) -> str | None:
    """Return an HMAC of words under the key of some bytes: who has no key can't guess them.

    None once that key is erased, and while the one that opens it is missing.
    """
    if kept.key is None or isinstance(kept.key, Shut):
        return None
    return keyring.mark(words, key=kept.key, about=_about(kept.hotel_id, kept.id))


def is_whole(content: bytes, sha256: str, kept: ContentKey | None) -> bool:
    """Tell whether bytes are what was written, opened by their key; nobody can of erased ones."""
    if kept is not None and kept.erased_on is not None:
        return True
    try:
        plain = content if kept is None else _opened(kept, content)
    except (Changed, KeyMissing):
        return False
    return hashlib.sha256(plain).hexdigest() == sha256


def _opened(kept: ContentKey, closed: bytes) -> bytes:
    if kept.erased_on is not None:
        raise Erased(kept.erased_on)
    if kept.key is None or isinstance(kept.key, Shut):
        raise KeyMissing
    return keyring.unseal_bytes(closed, key=kept.key, about=_about(kept.hotel_id, kept.id))


def _about(hotel_id: int, of: int) -> str:
    return f"{hotel_id}/{of}"


def erase_before(session: Session, hotel: Hotel, *, before: date, by: Staff) -> int:
    """Erase signed cards and police files of before a day for good; return how many that were.

    Refuses a day to come.
    """
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold(session, hotel)
    if before > day:
        raise Invalid("That day is still to come.", field="before")
    which = ContentKey.made_on < before
    return erase(session, hotel, which, said={"before": before}, day=day, by=by)


def erase(
    session: Session,
    hotel: Hotel,
    which: sa.ColumnElement[bool],
    *,
    said: Mapping[str, Any],
    day: date,
    by: Staff,
) -> int:
    """Erase the keys that a condition names, in a verb that holds the day; return how many.

    Their bytes can't be read any more, also not in this database's copies made from now on. What
    is `said` stands in the logbook, unless there was nothing to erase.
    """
    due = session.execute(
        sa.update(ContentKey)
        .where(ContentKey.hotel_id == hotel.id, ContentKey.erased_on.is_(None), which)
        .values(key=None, erased_on=day)
        .returning(ContentKey.id)
        .execution_options(synchronize_session=False)
    )
    count = len(due.all())
    if count:
        line = logbook.line(
            "erased cards and police files", "hotels", hotel.id, hotel.id, by=by, day=day,
            after={**said, "erased": count},
        )  # fmt: skip
        logbook.write(session, [line])
    return count


def reseal(session: Session, *, limit: int = 500) -> int:
    """Seal some keys anew that an older key of the ring had sealed; return how many.

    Refuses where a key of theirs is missing.
    """
    wanted = (
        sa.select(ContentKey)
        .where(ContentKey.key.is_not(None), sealed.by_another_key(ContentKey.key))
        .order_by(ContentKey.hotel_id, ContentKey.id)
        .limit(limit)
    )
    if is_postgresql(session):
        wanted = wanted.with_for_update(skip_locked=True)
    found = session.scalars(wanted.execution_options(populate_existing=True)).all()
    for kept in found:
        if isinstance(kept.key, Shut):
            raise KeyMissing
        flag_modified(kept, "key")
    session.flush()
    return len(found)


def shut(session: Session) -> dict[str, int]:
    """Return the names of the ring's keys that are missing, each with how much it sealed."""
    return sealed.missing(session, ContentKey.key)
