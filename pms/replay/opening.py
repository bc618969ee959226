"""Opening: the hotel a file of bookings belongs to, on the eve of its first arrival."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from pms.base import dates
from pms.base.refusal import Refusal
from pms.hotel.house import hotels, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.rooms import inventory, rates, rooms
from pms.hotel.tariff import charges
from pms.hotel.tariff.charges import Department
from pms.replay import habits
from pms.replay.reading import Booking, File, Outcome

ROOM_CODE = "ROOM"
FEE_CODE = "FEE"
SLEEPS = 4  # the file doesn't say; larger parties are groups in one row, and are facts


class AnotherHotel(Refusal):
    """The code belongs to a hotel that didn't open from this file."""

    def __init__(self, hotel: Hotel) -> None:
        super().__init__(
            f"{hotel.code} is {hotel.name}, which doesn't live from this file in this way. "
            "Choose another --hotel code or another --database.",
            field="hotel",
        )


@dataclass(frozen=True)
class Terms:
    """How the replayed hotel is opened: its code, clock and currency, plain or mixed."""

    code: str
    currency: str = "EUR"
    time_zone: str = "Europe/Lisbon"
    mixed: bool = False


def opened(session: Session, file: File, terms: Terms) -> Hotel:
    """Return the file's hotel, opened now if it isn't yet; refuses a code that is another's."""
    name = f"Replay of {file.digest}" + (" (mixed)" if terms.mixed else "")
    hotel = hotels.by_code(session, terms.code)
    if hotel is not None:
        if hotel.name != name:
            raise AnotherHotel(hotel)
        return hotel
    chain = hotels.open_chain(session, name)
    hotel = hotels.open_hotel(
        session,
        chain,
        code=terms.code,
        name=name,
        time_zone=terms.time_zone,
        currency=terms.currency,
        opens_on=eve(file),
    )
    by = staff.the_house(session, hotel)
    _build(session, hotel, file, by=by)
    _price(session, hotel, file, taxed=terms.mixed, by=by)
    inventory.extend_as_stated(session, hotel)
    return hotel


def eve(file: File) -> date:
    """Return the day before the first arrival."""
    return min(booking.arrival for booking in file.bookings) - dates.ONE_DAY


def rooms_needed(bookings: list[Booking]) -> dict[str, int]:
    """Return for every type in the file the most of its rooms occupied in one night.

    Types that are booked but never occupied, such as L and P, have none.
    """
    occupied: dict[str, Counter[date]] = defaultdict(Counter)
    for booking in bookings:
        occupied[booking.booked_type].update(())
        nights = booking.outcome is Outcome.CHECKED_OUT
        occupied[booking.assigned_type].update(
            booking.arrival + timedelta(days=n) for n in range(booking.nights if nights else 0)
        )
    return {kind: max(nights.values(), default=0) for kind, nights in sorted(occupied.items())}


def _build(session: Session, hotel: Hotel, file: File, *, by: Staff) -> None:
    """Add every type, and its rooms, a floor for each type."""
    for rank, (code, count) in enumerate(rooms_needed(file.bookings).items(), start=1):
        kind = rooms.add_type(
            session, hotel, code=code, name=f"Type {code}", sleeps=SLEEPS, rank=rank, by=by
        )
        for number in range(1, count + 1):
            inventory.add_room(
                session,
                hotel,
                number=f"{code[:12]}{number:03}",
                room_type=kind,
                floor=str(rank),
                by=by,
            )


def _price(session: Session, hotel: Hotel, file: File, *, taxed: bool, by: Staff) -> None:
    """Add the charge code of a night, and a rate plan for each segment of the market."""
    code = charges.add(
        session,
        hotel,
        code=ROOM_CODE,
        name="Accommodation",
        department=Department.ROOMS,
        tax_class_id=habits.tax_class(session, hotel, by=by) if taxed else None,
        by=by,
    )
    charges.add(
        session, hotel, code=FEE_CODE, name="Cancellation fee", department=Department.OTHER, by=by
    )
    for market in sorted({booking.market for booking in file.bookings}):
        rates.add_plan(
            session,
            hotel,
            code=plan_code(market),
            name=market,
            market=market,
            charge_code=code,
            by=by,
        )


def plan_code(market: str) -> str:
    """Return the code of a segment's plan: `Online TA` is `ONLINE-TA`."""
    return re.sub(r"[^A-Z0-9]+", "-", market.upper()).strip("-") or "UNDEFINED"
