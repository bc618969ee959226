"""What is kept of a letter about a reservation: what it tells, how it left, and its words."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pms.base.db import Base, OfHotel, choice, within_hotel


class Tells(enum.StrEnum):
    """What a letter tells the guest."""

    CONFIRMATION = "confirmation"
    CHANGE = "change"
    CANCELLATION = "cancellation"
    BEFORE_ARRIVAL = "before_arrival"

    @property
    def words(self) -> str:
        """What the letter is called."""
        return "letter before arrival" if self is Tells.BEFORE_ARRIVAL else self.value


class Way(enum.StrEnum):
    """How it leaves the house."""

    MAIL = "mail"
    PRINT = "print"


class Standing(enum.StrEnum):
    """Where a letter is: handed over, waiting, not taken by the mail server, or on paper."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    PRINTED = "printed"


_BEFORE_ARRIVAL = sa.text("tells = 'before_arrival' AND way = 'mail' AND repeats IS NULL")


class ReservationLetter(OfHotel, Base):
    """One letter about a reservation; mailed words are kept in the outbox, printed ones here."""

    __tablename__ = "reservation_letters"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "reservation_id", "no"),
        sa.UniqueConstraint("hotel_id", "letter_id"),
        within_hotel("reservation_id", "reservations"),
        within_hotel("letter_id", "letters"),
        sa.CheckConstraint("no > 0 AND (repeats IS NULL OR repeats < no)", name="counts_up"),
        sa.CheckConstraint("(way = 'mail') = (letter_id IS NOT NULL)", name="mail_is_in_outbox"),
        sa.CheckConstraint("(way = 'print') = (html IS NOT NULL)", name="print_is_kept"),
        sa.CheckConstraint("length(digest) = 64", name="has_digest"),
        sa.Index(
            "uq_reservation_letters_before_arrival_once",
            "hotel_id",
            "reservation_id",
            unique=True,
            sqlite_where=_BEFORE_ARRIVAL,
            postgresql_where=_BEFORE_ARRIVAL,
        ),
    )

    reservation_id: Mapped[int]
    no: Mapped[int]
    tells: Mapped[Tells] = mapped_column(choice(Tells))
    way: Mapped[Way] = mapped_column(choice(Way))
    language: Mapped[str] = mapped_column(sa.String(2))
    letter_id: Mapped[int | None]
    html: Mapped[str | None]
    digest: Mapped[str] = mapped_column(sa.String(64))
    repeats: Mapped[int | None]
    staff_id: Mapped[int]
    written_at: Mapped[datetime]
