"""Options at the audit: who was never firm runs out unless somebody decided, and pays no fee."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from pms.hotel.close.night_audit.choices import chosen, missing_arrivals
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.stays import reservations
from pms.hotel.stays.reservations import Reservation


def run_out(session: Session, hotel: Hotel, day: date, *, by: Staff) -> Iterator[int]:
    """Cancel, one by one, the options of the day that nobody decided about; yields each number.

    Before the arrivals: one that ends on its arrival's day isn't a no-show.
    """
    decided = chosen(session, hotel, day).keys()
    yield from reservations.expire_options(session, hotel, but=decided, by=by)


def firm_arrivals(session: Session, hotel: Hotel, day: date) -> list[Reservation]:
    """Return who was due by that day, isn't in, and won't have run out when the audit asks."""
    decided = chosen(session, hotel, day).keys()
    return [
        each
        for each in missing_arrivals(session, hotel, day)
        if each.option_date is None or each.option_date > day or each.id in decided
    ]
