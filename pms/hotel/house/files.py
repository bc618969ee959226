"""Files: bytes the house keeps as they were made, each with its digest."""

import hashlib

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, undefer

from pms.base import ink
from pms.base.db import Base, OfHotel, new_id
from pms.hotel.house.hotels import Hotel


class KeptFile(OfHotel, Base):
    """One file, written once."""

    __tablename__ = "kept_files"
    __table_args__ = (sa.CheckConstraint("length(sha256) = 64", name="has_digest"),)

    name: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True)
    sha256: Mapped[str] = mapped_column(sa.String(64))


ink.append_only("kept_files")


def keep(session: Session, hotel: Hotel, *, name: str, media_type: str, content: bytes) -> KeptFile:
    """Put bytes away for good."""
    file = KeptFile(
        hotel_id=hotel.id,
        id=new_id(),
        name=name,
        media_type=media_type,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    session.add(file)
    session.flush()
    return file


def read(session: Session, hotel_id: int, file_id: int) -> KeptFile:
    """Return a file with its bytes."""
    return session.get_one(
        KeptFile, {"hotel_id": hotel_id, "id": file_id}, options=[undefer(KeptFile.content)]
    )


def wrong(session: Session, hotel: Hotel) -> tuple[int, list[str]]:
    """Return how many files are kept, and the names of those that aren't what was kept."""
    count, names = 0, []
    rows = session.execute(
        sa.select(KeptFile.name, KeptFile.content, KeptFile.sha256)
        .where(KeptFile.hotel_id == hotel.id)
        .execution_options(yield_per=50)
    )
    for name, content, digest in rows:
        count += 1
        if hashlib.sha256(content).hexdigest() != digest:
            names.append(name)
    return count, names
