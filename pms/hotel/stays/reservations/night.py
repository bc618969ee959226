"""A night of a reservation, as a value, and how a reservation's nights are read."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.hotel.rooms.inventory import Slot
from pms.hotel.stays.reservations.promise import Reservation, ReservationNight


@dataclass(frozen=True)
class Night:
    """One night as it is or shall be; see `ReservationNight` for what the columns mean."""

    night: date
    slot: Slot
    booked_type_id: int
    charged_type_id: int
    counted_type_id: int | None
    room_id: int | None
    plan_id: int
    price: int
    manual_reason: str | None
    adults: int
    children: int
    live: bool = True

    def given_back(self) -> "Night":
        """The night no longer promised: it holds nothing, and stays to be read."""
        return replace(self, live=False, counted_type_id=None, room_id=None)


NightKey = tuple[date, Slot]
Change = tuple[Reservation, list[Night], list[Night]]

TABLE: Any = ReservationNight.__table__
_READ = (
    sa.select(*(TABLE.c[name] for name in Night.__dataclass_fields__))
    .where(
        TABLE.c.hotel_id == sa.bindparam("hotel"),
        TABLE.c.reservation_id == sa.bindparam("reservation"),
    )
    .order_by(TABLE.c.night, TABLE.c.slot)
)


def read(session: Session, reservation: Reservation) -> list[Night]:
    """Return a reservation's nights in order."""
    asked = {"hotel": reservation.hotel_id, "reservation": reservation.id}
    return [Night(*row) for row in session.connection().execute(_READ, asked)]


def keyed(nights: Iterable[Night]) -> dict[NightKey, Night]:
    """Return nights by what tells them apart."""
    return {(night.night, night.slot): night for night in nights}
