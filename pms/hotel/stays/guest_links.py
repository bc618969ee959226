"""Guest links: a guest's own way to a stay, and the visits it opens to who knows a second secret.

A link is a number signed by the house; the database keeps only its digest. Whoever holds it says
the booking's number and a surname or mail address, too, and has few tries. A visit is short, and
all of it ends some days after the departure.
"""

import enum
import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import clock, ink
from pms.base.db import Base, OfHotel, choice, lock, new_id, within_chain, within_hotel
from pms.base.refusal import Refusal
from pms.hotel.guests.guests import Guest, folded
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays.reservations.promise import Reservation

OPEN_AFTER_DEPARTURE = timedelta(days=14)
IDLE, AT_MOST = timedelta(minutes=30), timedelta(hours=4)
TOUCH_EVERY = timedelta(minutes=5)
WITHIN = timedelta(minutes=15)
Sealed = Callable[[int, int], str]  # the token of a link, by its hotel and number


class Door(enum.StrEnum):
    """Where a stranger knocks, and how often that is answered in a quarter of an hour."""

    STAY = "stay"
    STAY_FROM = "stay_from"
    BOOKING = "booking"

    @property
    def most(self) -> int:
        """How many knocks are answered."""
        return {Door.STAY: 5, Door.STAY_FROM: 20, Door.BOOKING: 10}[self]


class TooManyKnocks(Refusal):
    status = 429

    def __init__(self) -> None:
        super().__init__("Too many tries. Wait a quarter of an hour, or call the hotel.")


class WrongSecret(Refusal):
    status = 422

    def __init__(self) -> None:
        super().__init__("That name and number don't go together here.", field="who")


class GuestLink(OfHotel, Base):
    """One link to one stay; there is one at a time, and a withdrawn one opens nothing."""

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
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
    )

    chain_id: Mapped[int]
    reservation_id: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    staff_id: Mapped[int]
    made_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class GuestVisit(OfHotel, Base):
    """A guest at one stay's pages, on one device; the cookie holds the token, this its digest."""

    __tablename__ = "guest_visits"
    __table_args__ = (
        within_hotel("reservation_id", "reservations"),
        sa.UniqueConstraint("digest"),
        sa.CheckConstraint("length(digest) = 64", name="has_digest"),
        sa.CheckConstraint("seen_at >= opened_at", name="seen_after_it_opened"),
        sa.Index(None, "hotel_id", "reservation_id"),
    )

    reservation_id: Mapped[int]
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
    " OR NEW.reservation_id <> OLD.reservation_id",
    message="a link opens one stay, and a withdrawn one nothing",
)


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


# --- links --------------------------------------------------------------------------------------


def of(session: Session, reservation: Reservation) -> GuestLink | None:
    """Return the link that stands for a stay."""
    return session.scalar(
        sa.select(GuestLink).where(
            GuestLink.hotel_id == reservation.hotel_id,
            GuestLink.reservation_id == reservation.id,
            GuestLink.withdrawn_at.is_(None),
        )
    )


def issue(session: Session, reservation: Reservation, *, sealed: Sealed, by: Staff) -> GuestLink:
    """Return a stay's link, made on first need; one the house can't read any more is made anew."""
    require(by, Permission.RESERVE, reservation.hotel_id)
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    there = of(session, reservation)
    if there is not None:
        if there.digest == digest(sealed(hotel.id, there.id)):
            return there
        there.withdrawn_at = clock.now()
        session.flush()
    link = GuestLink(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        reservation_id=reservation.id,
        digest="",
        staff_id=by.id,
        made_at=clock.now(),
    )
    link.digest = digest(sealed(hotel.id, link.id))
    session.add(link)
    session.flush()
    logbook.record(session, "made guest's link", reservation, by=by, day=day)
    return link


def withdraw(session: Session, reservation: Reservation, *, by: Staff) -> None:
    """Let a stay's link open nothing any more, and end the visits it opened."""
    require(by, Permission.RESERVE, reservation.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, reservation.hotel_id))
    lock(session, reservation)
    link = of(session, reservation)
    if link is None:
        return
    now = clock.now()
    link.withdrawn_at = now
    session.execute(
        sa.update(GuestVisit)
        .where(
            GuestVisit.hotel_id == reservation.hotel_id,
            GuestVisit.reservation_id == reservation.id,
            GuestVisit.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    session.flush()
    logbook.record(session, "withdrew guest's link", reservation, by=by, day=day)


def find(session: Session, token: str) -> tuple[GuestLink, Reservation] | None:
    """Return the link of a token and its stay; None where it never was, or opens nothing now."""
    link = session.scalar(
        sa.select(GuestLink)
        .where(GuestLink.digest == digest(token), GuestLink.withdrawn_at.is_(None))
        .execution_options(populate_existing=True)
    )
    if link is None:
        return None
    stay = session.get_one(Reservation, (link.hotel_id, link.reservation_id))
    hotel = session.get_one(Hotel, link.hotel_id)
    return (link, stay) if is_open(stay, business_day.today(session, hotel)) else None


def is_open(reservation: Reservation, day: date) -> bool:
    """Tell whether a stay's pages can be looked at on a day: until some days after it."""
    return day <= reservation.departure + OPEN_AFTER_DEPARTURE


# --- knocking -----------------------------------------------------------------------------------


def knock(session: Session, hotel: Hotel, door: Door, whose: str) -> None:
    """Count a knock, and forget those that no longer count."""
    now = clock.now()
    session.execute(
        sa.delete(GuestKnock).where(GuestKnock.hotel_id == hotel.id, GuestKnock.at < now - WITHIN)
    )
    session.add(GuestKnock(hotel_id=hotel.id, id=new_id(), door=door, whose=whose[:80], at=now))
    session.flush()


def throttle(session: Session, hotel: Hotel, door: Door, whose: str) -> None:
    """Refuse who knocked too often lately."""
    knocks = session.scalar(
        sa.select(sa.func.count())
        .select_from(GuestKnock)
        .where(
            GuestKnock.hotel_id == hotel.id,
            GuestKnock.door == door,
            GuestKnock.whose == whose[:80],
            GuestKnock.at > clock.now() - WITHIN,
        )
    )
    if (knocks or 0) >= door.most:
        raise TooManyKnocks


def check(reservation: Reservation, guest: Guest, *, number: int | None, who: str) -> None:
    """Refuse unless both halves of the second secret are right; which one is wrong isn't said."""
    said = folded(who)
    numbers = {str(reservation.number), str(reservation.booking_number)}
    names = {folded(guest.surname), folded(guest.email or ""), folded(guest.native_name or "")}
    fits = [hmac.compare_digest(str(number or ""), each) for each in numbers]
    named = [hmac.compare_digest(said.encode(), each.encode()) for each in names if each]
    if not (any(fits) and any(named)):
        raise WrongSecret


# --- visits -------------------------------------------------------------------------------------


def open_visit(session: Session, reservation: Reservation) -> str:
    """Open a stay's pages to a guest and return the token for the cookie, 256 random bits."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    session.add(
        GuestVisit(
            hotel_id=reservation.hotel_id,
            id=new_id(),
            reservation_id=reservation.id,
            digest=digest(token),
            opened_at=now,
            seen_at=now,
        )
    )
    session.flush()
    return token


def visit(session: Session, token: str) -> GuestVisit | None:
    """Return the living visit of a token, read afresh: it may have been ended elsewhere."""
    row = session.scalar(
        sa.select(GuestVisit)
        .where(GuestVisit.digest == digest(token))
        .execution_options(populate_existing=True)
    )
    return row if row is not None and row.lives(clock.now()) else None


def wants_touch(visited: GuestVisit) -> bool:
    """Tell whether it is worth a write to note that the guest is still there."""
    return clock.now() - visited.seen_at > TOUCH_EVERY


def touch(session: Session, visited: GuestVisit) -> None:
    """Note that the guest is still there."""
    visited.seen_at = clock.now()
    session.flush()


def end_visit(session: Session, visited: GuestVisit) -> None:
    """Close a stay's pages on one device."""
    visited.ended_at = clock.now()
    session.flush()
