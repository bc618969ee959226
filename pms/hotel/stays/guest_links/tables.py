"""What a guest's way to a stay is written in: links, visits, and knocks at the door."""

import enum
import hashlib
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pms.base import ink
from pms.base.db import Base, OfHotel, choice, within_chain, within_hotel

IDLE, AT_MOST = timedelta(minutes=30), timedelta(hours=4)


class Opens(enum.StrEnum):
    """What a link opens, and the visits that begin with it: one stay, or a booking's rooms."""

    STAY = "stay"
    BOOKING = "booking"


class Door(enum.StrEnum):
    """Where a stranger knocks, and how often that is answered in a quarter of an hour."""

    STAY = "stay"
    STAY_FROM = "stay_from"
    BOOKING = "booking"

    @property
    def most(self) -> int:
        """How many knocks are answered."""
        return {Door.STAY: 5, Door.STAY_FROM: 20, Door.BOOKING: 10}[self]


class GuestLink(OfHotel, Base):
    """One link to a stay, or to the booking that began with it; a withdrawn one opens nothing.

    There is one of each at a time.
    """

    __tablename__ = "guest_links"
    __table_args__ = (
        within_hotel("reservation_id", "reservations"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        within_chain("staff_id", "staff"),
        sa.UniqueConstraint("digest"),
        sa.CheckConstraint("length(digest) = 64", name="has_digest"),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR withdrawn_at >= made_at", name="made_before_withdrawn"
        ),
        sa.Index(
            "uq_guest_links_standing",
            "hotel_id",
            "reservation_id",
            "opens",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
    )

    chain_id: Mapped[int]
    reservation_id: Mapped[int]
    opens: Mapped[Opens] = mapped_column(choice(Opens), default=Opens.STAY)
    digest: Mapped[str] = mapped_column(sa.String(64))
    staff_id: Mapped[int]
    made_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class GuestVisit(OfHotel, Base):
    """A guest at a stay's or booking's pages, on one device; the cookie holds the token, this its
    digest.
    """

    __tablename__ = "guest_visits"
    __table_args__ = (
        within_hotel("reservation_id", "reservations"),
        sa.UniqueConstraint("digest"),
        sa.CheckConstraint("length(digest) = 64", name="has_digest"),
        sa.CheckConstraint("seen_at >= opened_at", name="seen_after_it_opened"),
        sa.Index(None, "hotel_id", "reservation_id"),
    )

    reservation_id: Mapped[int]
    opens: Mapped[Opens] = mapped_column(choice(Opens), default=Opens.STAY)
    digest: Mapped[str] = mapped_column(sa.String(64))
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    def lives(self, at: datetime) -> bool:
        """Tell whether the visit still opens pages: not ended, not idle, not too long."""
        return self.ended_at is None and at - self.seen_at < IDLE and at - self.opened_at < AT_MOST


class GuestKnock(OfHotel, Base):
    """Somebody at a guest's door: counted before anything is compared or promised."""

    __tablename__ = "guest_knocks"
    __table_args__ = (sa.Index(None, "hotel_id", "door", "whose", "at"),)

    door: Mapped[Door] = mapped_column(choice(Door))
    whose: Mapped[str]
    at: Mapped[datetime]


ink.guard(
    "guest_links_stay_withdrawn",
    table="guest_links",
    when="UPDATE",
    refuse_if="OLD.withdrawn_at IS NOT NULL OR NEW.digest <> OLD.digest"
    " OR NEW.reservation_id <> OLD.reservation_id OR NEW.opens <> OLD.opens",
    message="a link opens what it was made for, and a withdrawn one nothing",
)
ink.guard(
    "guest_visits_see_what_they_began_with",
    table="guest_visits",
    when="UPDATE",
    refuse_if="NEW.reservation_id <> OLD.reservation_id OR NEW.opens <> OLD.opens",
    message="a visit sees what it was opened for",
)
for _table in ("guest_links", "guest_visits"):
    ink.guard(
        f"{_table}_open_a_booking_by_its_first_room",
        table=_table,
        when="INSERT",
        refuse_if="NEW.opens = 'booking' AND NOT EXISTS (SELECT 1 FROM reservations"
        " WHERE hotel_id = NEW.hotel_id AND id = NEW.reservation_id AND number = booking_number)",
        message="a booking is opened by its first room",
    )


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
