"""Options at the audit: who was never firm runs out unless somebody decided, and pays no fee."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.hotel.close.night_audit.choices import chosen, has_room, is_missing
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.stays import reservations
from pms.hotel.stays.reservations import Reservation


class Missing(NamedTuple):
    """Who was due and isn't in, and whether there is a room for them tonight."""

    id: int
    has_room: bool


def run_out(session: Session, hotel: Hotel, day: date, *, by: Staff) -> Iterator[int]:
    """Cancel, one by one, the options of the day that nobody decided about; yields each number.

    Before the arrivals: one that ends on its arrival's day isn't a no-show.
    """
    decided = chosen(session, hotel, day).keys()
    yield from reservations.expire_options(session, hotel, but=decided, by=by)


def firm_arrivals(session: Session, hotel: Hotel, day: date) -> list[Missing]:
    """Return who was due by that day, isn't in, and won't have run out when the audit asks.

    Their numbers only: a house may miss a thousand, and a page asks.
    """
    decided = chosen(session, hotel, day).keys()
    rows = session.execute(
        sa.select(Reservation.id, Reservation.option_date, has_room(day))
        .where(is_missing(hotel, day))
        .order_by(Reservation.number)
    )
    return [
        Missing(party, bool(room))
        for party, ends, room in rows
        if ends is None or ends > day or party in decided
    ]
