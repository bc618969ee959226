"""Privacy: what a party wants kept from it, written down once and asked by every desk."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service.reception.refusals import NobodyExpected
from pms.hotel.service.reception.tables import PrivacyWish
from pms.hotel.stays.reservations import Reservation, State

EXPECTED = (State.BOOKED, State.IN_HOUSE)


def wish(
    session: Session,
    reservation: Reservation,
    *,
    no_calls: bool = False,
    no_visitors: bool = False,
    no_information: bool = False,
    by: Staff,
) -> PrivacyWish:
    """Write down what a party wants kept from it; without any, it takes calls and visitors again.

    Whoever is hidden takes neither. Refuses a party that isn't expected.
    """
    require(by, Permission.RECEIVE, reservation.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, reservation.hotel_id))
    expect(session, reservation)
    kept = wish_of(session, reservation)
    if kept is None:
        kept = PrivacyWish(hotel_id=reservation.hotel_id, reservation_id=reservation.id)
        session.add(kept)
    kept.no_information = no_information
    kept.no_calls, kept.no_visitors = no_calls or no_information, no_visitors or no_information
    session.flush()
    logbook.record(
        session, "wished privacy", reservation, by=by, day=day, no_calls=kept.no_calls,
        no_visitors=kept.no_visitors, no_information=kept.no_information,
    )  # fmt: skip
    return kept


def wish_of(session: Session, reservation: Reservation) -> PrivacyWish | None:
    """Return what a party wants kept from it, if it ever said."""
    return session.get(PrivacyWish, (reservation.hotel_id, reservation.id))


def wishes(session: Session, hotel: Hotel, party_ids: Collection[int]) -> dict[int, PrivacyWish]:
    """Return what these parties want kept from them, by reservation: one question."""
    rows = session.scalars(
        sa.select(PrivacyWish).where(
            PrivacyWish.hotel_id == hotel.id, PrivacyWish.reservation_id.in_(list(party_ids))
        )
    )
    return {each.reservation_id: each for each in rows}


def expect(session: Session, reservation: Reservation) -> Reservation:
    """Lock a party that something is written down for; refuses one that isn't expected."""
    lock(session, reservation)
    if reservation.state not in EXPECTED:
        raise NobodyExpected(reservation)
    return reservation
