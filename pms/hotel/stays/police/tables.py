"""What of the police register is kept: how the authority knows the hotel, and what it was told."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pms.base import ink
from pms.base.db import Base, OfHotel, within_chain, within_hotel


class PoliceUnit(Base):
    """How the authority knows a hotel."""

    __tablename__ = "police_units"
    __table_args__ = ({"sqlite_with_rowid": False},)

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    code: Mapped[str]
    establishment: Mapped[str]
    short_name: Mapped[str]
    street: Mapped[str]
    town: Mapped[str]
    postcode: Mapped[str]
    zone: Mapped[str]
    phone: Mapped[str]
    contact: Mapped[str]
    email: Mapped[str]


class PoliceFile(OfHotel, Base):
    """One file that was exported, to the byte, under seal; `sha256` is of what was exported."""

    __tablename__ = "police_files"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "number"),
        sa.CheckConstraint("number > 0 AND length(sha256) = 64", name="is_numbered"),
    )

    number: Mapped[int]
    content: Mapped[bytes] = mapped_column(deferred=True)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    guests: Mapped[int]
    staff_id: Mapped[int]
    made_at: Mapped[datetime]


class PoliceReport(OfHotel, Base):
    """What a file said of one guest, as a digest: it tells whether that is still so.

    It is an HMAC under the file's own key, of the SHA-256 of what was said: names and numbers of
    documents can be guessed, so nobody learns them from it, and nobody at all once the file's
    time is over and its key erased.
    """

    __tablename__ = "police_reports"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "file_id", "reservation_id", "guest_id"),
        within_hotel("file_id", "police_files"),
        within_hotel("reservation_id", "reservations"),
        within_chain("guest_id", "guests"),
        sa.CheckConstraint("length(digest) = 64", name="has_digest"),
        sa.Index(None, "hotel_id", "reservation_id"),
    )

    chain_id: Mapped[int]
    file_id: Mapped[int]
    reservation_id: Mapped[int]
    guest_id: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))


ink.append_only("police_files")
ink.append_only("police_reports")
ink.guard(
    "police_files_are_sealed",
    table="police_files",
    when="INSERT",
    refuse_if="NOT EXISTS (SELECT 1 FROM content_keys"
    " WHERE hotel_id = NEW.hotel_id AND id = NEW.id)",
    message="a police file stands under seal",
)
