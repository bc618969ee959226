"""Standing charges: what a party that hasn't come was charged already, so that it pays it once."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.hotel.books.ledger import Entry, Kind, Line, standing
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays.night_charges import ROOM
from pms.hotel.stays.reservations import Reservation


def before_arrival(
    session: Session, reservation: Reservation
) -> tuple[dict[date, Money], dict[date, Money]]:
    """Return what stands charged to a party that hasn't come: its nights, and fees by their day."""
    rows = session.execute(
        sa.select(Entry.service_night, Entry.business_day, sa.func.sum(Line.amount))
        .join(
            Line,
            sa.and_(
                Line.hotel_id == Entry.hotel_id,
                Line.entry_id == Entry.id,
            ),
        )
        .where(
            Entry.hotel_id == reservation.hotel_id,
            Entry.subject_id == reservation.id,
            Entry.kind == Kind.CHARGE,
            sa.or_(Entry.rule == ROOM, Entry.rule.is_(None)),
            standing(),
            Line.amount > 0,
        )
        .group_by(Entry.id, Entry.service_night, Entry.business_day)
    )
    currency = session.get_one(Hotel, reservation.hotel_id).currency
    nights: dict[date, Money] = {}
    fees: dict[date, Money] = {}
    for night, day, amount in rows:
        into = fees if night is None else nights
        into[night or day] = into.get(night or day, Money.zero(currency)) + Money(
            int(amount), currency
        )
    return nights, fees
