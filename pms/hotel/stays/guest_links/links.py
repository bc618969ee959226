"""Links: made on first need, withdrawn, and found again by who holds them."""

from collections.abc import Callable
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import lock, new_id
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays.guest_links import bookings
from pms.hotel.stays.guest_links.tables import GuestLink, GuestVisit, Opens, digest
from pms.hotel.stays.reservations.promise import Reservation

OPEN_AFTER_DEPARTURE = timedelta(days=14)
Sealed = Callable[[int, int], str]  # the token of a link, by its hotel and number


def of(session: Session, reservation: Reservation, opens: Opens = Opens.STAY) -> GuestLink | None:
    """Return the link that stands for a stay, or for the booking that began with it."""
    return session.scalar(
        sa.select(GuestLink).where(
            GuestLink.hotel_id == reservation.hotel_id,
            GuestLink.reservation_id == reservation.id,
            GuestLink.opens == opens,
            GuestLink.withdrawn_at.is_(None),
        )
    )


def issue(
    session: Session,
    reservation: Reservation,
    *,
    opens: Opens = Opens.STAY,
    sealed: Sealed,
    by: Staff,
) -> GuestLink:
    """Return a stay's link, or that of its whole booking, made on first need.

    One the house can't read any more is made anew.
    """
    require(by, Permission.RESERVE, reservation.hotel_id)
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.hold(session, hotel)
    begins = _where_it_hangs(session, reservation, opens)
    there = of(session, begins, opens)
    if there is not None:
        if there.digest == digest(sealed(hotel.id, there.id)):
            return there
        there.withdrawn_at = clock.now()
        session.flush()
    link = GuestLink(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        reservation_id=begins.id,
        opens=opens,
        digest="",
        staff_id=by.id,
        made_at=clock.now(),
    )
    link.digest = digest(sealed(hotel.id, link.id))
    session.add(link)
    session.flush()
    logbook.record(session, "made guest's link", begins, by=by, day=day, opens=opens)
    return link


def withdraw(
    session: Session, reservation: Reservation, *, opens: Opens = Opens.STAY, by: Staff
) -> None:
    """Let a stay's link, or its booking's, open nothing any more; the visits it opened end."""
    require(by, Permission.RESERVE, reservation.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, reservation.hotel_id))
    begins = _where_it_hangs(session, reservation, opens)
    link = of(session, begins, opens)
    if link is None:
        return
    now = clock.now()
    link.withdrawn_at = now
    session.execute(
        sa.update(GuestVisit)
        .where(
            GuestVisit.hotel_id == begins.hotel_id,
            GuestVisit.reservation_id == begins.id,
            GuestVisit.opens == opens,
            GuestVisit.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    session.flush()
    logbook.record(session, "withdrew guest's link", begins, by=by, day=day, opens=opens)


def _where_it_hangs(session: Session, reservation: Reservation, opens: Opens) -> Reservation:
    """Return the room that a link hangs on, locked."""
    begins = reservation if opens is Opens.STAY else bookings.first_of(session, reservation)
    return lock(session, begins)


def find(session: Session, token: str) -> tuple[GuestLink, Reservation] | None:
    """Return the link of a token and what it opens; None where it never was, or is shut now."""
    link = session.scalar(
        sa.select(GuestLink)
        .where(GuestLink.digest == digest(token), GuestLink.withdrawn_at.is_(None))
        .execution_options(populate_existing=True)
    )
    begins = opened(session, link) if link is not None else None
    return (link, begins) if link is not None and begins is not None else None


def opened(session: Session, way: GuestLink | GuestVisit) -> Reservation | None:
    """Return the stay that a link or a visit opens, of a booking its first room.

    None once the pages are shut, some days after the departure of the last room.
    """
    begins = session.get_one(Reservation, (way.hotel_id, way.reservation_id))
    leaves: date | None = begins.departure
    if way.opens is Opens.BOOKING:
        last = sa.select(sa.func.max(Reservation.departure)).where(bookings.of_booking(begins))
        leaves = session.scalar(last)
    day = business_day.today(session, session.get_one(Hotel, way.hotel_id))
    return begins if leaves is not None and is_open(leaves, day) else None


def is_open(departure: date, day: date) -> bool:
    """Tell whether pages can be looked at on a day: until some days after the departure."""
    return day <= departure + OPEN_AFTER_DEPARTURE
