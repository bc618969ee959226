"""A hotel with a vendor whose walk guests can book: a party in 101, one in 102, one to come."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from pms.base import dates
from pms.base.money import Money
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role, Staff
from pms.hotel.service import concierge
from pms.hotel.service.concierge import (
    Activity,
    ActivityBooking,
    ActivityKind,
    ActivityTime,
    Asked,
    Vendor,
    catalogue,
    vendors,
)
from pms.hotel.service.concierge.catalogue import Details
from pms.hotel.service.concierge.vendors import Terms
from pms.hotel.stays import stays
from pms.hotel.stays.reservations import Reservation
from tests import make

NOON = make.NOON  # 13:00 in Berlin
STARTS = make.NOON + timedelta(days=1)


@dataclass
class House:
    """The hotel, its walk and its parties."""

    hotel: Hotel
    vendor: Vendor
    walk: Activity
    time: ActivityTime
    by: Staff
    clerk: Staff
    here: Reservation
    beside: Reservation
    coming: Reservation


def house(session: Session, *, places: int = 4) -> House:
    """A hotel with the walk, a party in 101, one in 102, and one to come."""
    hotel = make.furnished(session)
    by = make.by(session, hotel)
    time = walk(session, hotel, places=places)
    parties = []
    for number, name in (("101", "Here"), ("102", "Beside")):
        party = make.reservation(session, hotel, surname=name, nights=3)
        stays.check_in(session, party, room=make.room(session, hotel, number), by=by)
        parties.append(party)
    coming = make.reservation(session, hotel, surname="Coming", nights=3)
    clerk = make.by(session, hotel, Role.FRONT_DESK)
    activity = time.activity
    return House(hotel, activity.vendor, activity, time, by, clerk, *parties, coming)


def walk(session: Session, hotel: Hotel, *, places: int = 4) -> ActivityTime:
    """A walk for 20.00 a head tomorrow at 13:00; free until 20 hours before, then half."""
    by = make.by(session, hotel)
    vendor = vendors.add(
        session,
        hotel,
        Terms(name="Berlin Walks", free_hours=20, fee_percent=50, commission_rate=1_250),
        by=by,
    )
    made = catalogue.add(
        session,
        vendor,
        Details(
            kind=ActivityKind.TOUR,
            name="City walk",
            words="Two hours on foot.",
            meets="Brandenburg Gate",
            minutes=120,
            capacity=places,
            price=Money(2_000, hotel.currency),
            charge_code=make.charge_code(session, hotel, "TOUR"),
        ),
        by=by,
    )
    return open_time(session, hotel, made, STARTS, by=by)


def open_time(
    session: Session, hotel: Hotel, activity: Activity, at: datetime, *, by: Staff
) -> ActivityTime:
    """One time of an activity."""
    local = dates.local(at, hotel.time_zone)
    catalogue.open_times(
        session, activity, first=local.date(), last=local.date(), hours=[local.time()], by=by
    )
    [made] = catalogue.times(
        session, hotel, first=at, until=at + timedelta(minutes=1), activity_ids=[activity.id]
    )
    return made


def booked(
    session: Session,
    there: House,
    party: Reservation | None = None,
    *,
    persons: int = 2,
    by: Staff | None = None,
    time: ActivityTime | None = None,
    **asked: Any,
) -> ActivityBooking:
    """Two places of the walk for the party in 101."""
    return concierge.book(
        session,
        time or there.time,
        party or there.here,
        Asked(persons=persons, **asked),
        by=by or there.by,
    )
