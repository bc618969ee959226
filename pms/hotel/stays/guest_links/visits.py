"""Visits: a guest at a stay's or booking's pages on one device, for a short while."""

import secrets
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import new_id
from pms.hotel.stays.guest_links.tables import GuestVisit, Opens, digest
from pms.hotel.stays.reservations.promise import Reservation

TOUCH_EVERY = timedelta(minutes=5)


def open_visit(session: Session, reservation: Reservation, *, opens: Opens = Opens.STAY) -> str:
    """Open the pages of a stay, or of the booking that began with it, to a guest.

    Returns the token for the cookie, 256 random bits.
    """
    token = secrets.token_urlsafe(32)
    now = clock.now()
    session.add(
        GuestVisit(
            hotel_id=reservation.hotel_id,
            id=new_id(),
            reservation_id=reservation.id,
            opens=opens,
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
