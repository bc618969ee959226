"""Knocks: how often a stranger is answered at a guest's door, and the second secret there."""

import hmac
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import new_id
from pms.base.refusal import Refusal
from pms.hotel.guests.guests import Guest
from pms.hotel.guests.spelling import folded, spelled_out
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays.guest_links.tables import Door, GuestKnock
from pms.hotel.stays.reservations.promise import Reservation

WITHIN = timedelta(minutes=15)


class TooManyKnocks(Refusal):
    status = 429

    def __init__(self) -> None:
        super().__init__("Too many tries. Wait a quarter of an hour, or call the hotel.")


class WrongSecret(Refusal):
    status = 422

    def __init__(self) -> None:
        super().__init__("That name and number don't go together here.", field="who")


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
    """Refuse unless both halves of the second secret are right; which one is wrong isn't said.

    `Müller` is also who writes `muller` or `mueller`.
    """
    said = folded(who)
    numbers = {str(reservation.number), str(reservation.booking_number)}
    names = {
        folded(guest.surname),
        spelled_out(guest.surname),
        folded(guest.email or ""),
        folded(guest.native_name or ""),
    }
    fits = [hmac.compare_digest(str(number or ""), each) for each in numbers]
    named = [hmac.compare_digest(said.encode(), each.encode()) for each in names if each]
    if not (any(fits) and any(named)):
        raise WrongSecret
