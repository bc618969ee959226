"""Totals: what a guest's stays in a hotel come to, in one question for as many guests as asked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays.reservations import Reservation, ReservationNight, State

_CAME = (State.IN_HOUSE, State.DEPARTED)


@dataclass(frozen=True)
class Totals:
    """A guest in a hotel: stays, nights slept and what these cost at their rates; and the rest."""

    stays: int
    nights: int
    revenue: Money
    to_come: int
    cancelled: int
    no_shows: int
    last_left: date | None

    @property
    def is_known(self) -> bool:
        """Whether the guest stayed here before."""
        return self.stays > 0


def of_guests(session: Session, hotel: Hotel, guest_ids: Collection[int]) -> dict[int, Totals]:
    """Return each guest's totals in a hotel; a guest without a booking has zeros."""
    r, n = Reservation, ReservationNight
    came = r.state.in_(_CAME)
    nights = (
        sa.select(
            n.reservation_id, sa.func.count().label("nights"), sa.func.sum(n.price).label("price")
        )
        .join(r, sa.and_(r.hotel_id == n.hotel_id, r.id == n.reservation_id))
        .where(
            r.hotel_id == hotel.id,
            r.guest_id.in_(guest_ids),
            came,
            n.live,
            n.night < hotel.business_date,
        )
        .group_by(n.reservation_id)
        .subquery()
    )
    rows = session.execute(
        sa.select(
            r.guest_id,
            _count(came),
            sa.func.coalesce(sa.func.sum(nights.c.nights), 0),
            sa.func.coalesce(sa.func.sum(nights.c.price), 0),
            _count(r.state == State.BOOKED),
            _count(r.state == State.CANCELLED),
            _count(r.state == State.NO_SHOW),
            sa.func.max(sa.case((r.state == State.DEPARTED, r.departure))),
        )
        .outerjoin(nights, nights.c.reservation_id == r.id)
        .where(r.hotel_id == hotel.id, r.guest_id.in_(guest_ids))
        .group_by(r.guest_id)
    )
    nothing = Totals(0, 0, Money(0, hotel.currency), 0, 0, 0, None)
    found = dict.fromkeys(guest_ids, nothing)
    for guest_id, stays, slept, price, to_come, cancelled, no_shows, last in rows:
        revenue = Money(int(price), hotel.currency)
        found[guest_id] = Totals(stays, int(slept), revenue, to_come, cancelled, no_shows, last)
    return found


def _count(which: sa.ColumnElement[bool]) -> sa.Function[int]:
    return sa.func.count(sa.case((which, 1)))
