"""Concierge: what guests can do, its times and places, booked and cancelled by machines."""

from datetime import date, datetime, time, timedelta
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from pms.api import finding, reservations
from pms.api.calls import PREFIX, Made, deed, look
from pms.api.door import opens
from pms.api.problems import NotHere
from pms.api.shapes import Amount, Body, Day, Line, Note, Query, Text, Version, Word, amount, id_of
from pms.base import clock, dates
from pms.base.refusal import Invalid
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.house.tokens import Scope
from pms.hotel.service import concierge
from pms.hotel.service.concierge import (
    Activity,
    ActivityBooking,
    ActivityKind,
    ActivityTime,
    Asked,
    BookingState,
    Counts,
    Pays,
    catalogue,
)
from pms.web.database import session

_ACTIVITIES = "/hotels/<code>/activities"
_BOOKINGS = "/hotels/<code>/activity-bookings"
MOST_DAYS = 92
MOST_TIMES = 1_000
_LAST_DAY = date.max - timedelta(days=MOST_DAYS + 2)


class ActivityRead(TypedDict):
    """Something guests can do; `price` is for each person or booking, as it `counts`."""

    id: str
    kind: ActivityKind
    name: str
    words: str
    meeting_point: str | None
    minutes: int | None
    counts: Counts
    price: Amount | None
    vendor: str
    free_hours: int
    fee_percent: int


class Activities(TypedDict):
    """The catalogue."""

    activities: list[ActivityRead]


class TimesAsked(Query):
    """Which days, both included; a week from today unless said otherwise."""

    first: Day | None = None
    last: Day | None = None


class TimeRead(TypedDict):
    """A time, and how many places can still be booked."""

    id: str
    starts_at: datetime
    capacity: int
    left: int


class Times(TypedDict):
    """The times of an activity, the soonest first."""

    times: list[TimeRead]


class ActivityBookingAsked(Body):
    """Who goes when; with `charge` it goes on the bill of a party in the house at once."""

    time_id: Word
    reservation_id: Word
    persons: Annotated[int, Field(ge=1, le=999)]
    pays: Annotated[Pays, Field(strict=False)] = Pays.FOLIO
    charge: bool = False
    pickup_place: Text | None = None
    notes: Note | None = None


class CancelAsked(Body):
    """Why it is cancelled."""

    reason: Line
    version: Version | None = None


class ActivityBookingRead(TypedDict):
    """A booking with the terms it was made on; `fee` is what cancelling it has cost."""

    id: str
    number: str
    activity_id: str
    activity: str
    time_id: str
    starts_at: datetime
    reservation_id: str
    persons: int
    state: BookingState
    pays: Pays
    price: Amount
    charged: bool
    free_until: datetime
    fee_percent: int
    fee: Amount
    vendor_ref: str | None
    version: int


@look(_ACTIVITIES, answers=Activities)
@opens(Scope.CONCIERGE)
def activity_list(hotel: Hotel) -> Activities:
    """List what guests can do."""
    return {
        "activities": [
            {
                "id": str(each.id),
                "kind": each.kind,
                "name": each.name,
                "words": each.words,
                "meeting_point": each.meets,
                "minutes": each.minutes,
                "counts": each.counts,
                "price": None if each.price is None else amount(each.price, hotel.currency),
                "vendor": each.vendor.name,
                "free_hours": each.vendor.free_hours,
                "fee_percent": each.vendor.fee_percent,
            }
            for each in catalogue.offered(session(), hotel)
        ]
    }


@look(f"{_ACTIVITIES}/<activity_id>/times", asks=TimesAsked, answers=Times)
@opens(Scope.CONCIERGE)
def activity_times(hotel: Hotel, asked: TimesAsked, activity_id: str) -> Times:
    """List the times of an activity that are still to come, and what is left of each."""
    number = id_of(activity_id)
    found = number and session().get(Activity, {"hotel_id": hotel.id, "id": number})
    if not found:
        raise NotHere("activity")
    today = dates.local(clock.now(), hotel.time_zone).date()
    first = max(asked.first or today, today)
    last = asked.last or min(first, _LAST_DAY) + timedelta(days=6)
    if not first <= last <= min(first, _LAST_DAY) + timedelta(days=MOST_DAYS):
        raise Invalid(f"At most {MOST_DAYS} days, the first before the last.", field="last")
    begins, ends = (
        dates.instant(datetime.combine(each, time()), hotel.time_zone)
        for each in (first, last + dates.ONE_DAY)
    )
    rows = catalogue.times(
        session(),
        hotel,
        first=max(begins, clock.now()),
        until=ends,
        activity_ids=[found.id],
        limit=MOST_TIMES,
    )
    return {
        "times": [
            {
                "id": str(each.id),
                "starts_at": each.starts_at,
                "capacity": each.capacity,
                "left": each.left,
            }
            for each in rows
        ]
    }


@deed(_BOOKINGS, asks=ActivityBookingAsked, answers=ActivityBookingRead, status=201)
@opens(Scope.CONCIERGE)
def book_activity(hotel: Hotel, asked: ActivityBookingAsked, *, by: Staff) -> Made:
    """Take places of a time for a party; refuses a time that hasn't as many left."""
    made = concierge.book(
        session(),
        finding.row(hotel, ActivityTime, asked.time_id, "time"),
        reservations.find(hotel, asked.reservation_id),
        Asked(
            persons=asked.persons,
            pays=asked.pays,
            charge=asked.charge,
            pickup_place=asked.pickup_place,
            notes=asked.notes,
        ),
        by=by,
    )
    where = f"{PREFIX}/hotels/{hotel.code}/activity-bookings/{made.id}"
    return Made(_read(hotel, made), where)


@look(f"{_BOOKINGS}/<booking_id>", answers=ActivityBookingRead)
@opens(Scope.CONCIERGE)
def activity_booking(hotel: Hotel, booking_id: str) -> ActivityBookingRead:
    """Read a booking."""
    return _read(hotel, finding.row(hotel, ActivityBooking, booking_id, "booking"))


@deed(f"{_BOOKINGS}/<booking_id>/cancel", asks=CancelAsked, answers=ActivityBookingRead)
@opens(Scope.CONCIERGE)
def cancel_activity(
    hotel: Hotel, asked: CancelAsked, *, by: Staff, booking_id: str
) -> ActivityBookingRead:
    """Cancel a booking by the vendor's rule: its charge comes off, a late one costs its fee."""
    found = finding.row(hotel, ActivityBooking, booking_id, "booking", asked.version)
    concierge.cancel(session(), found, reason=asked.reason, by=by)
    return _read(hotel, found)


def _read(hotel: Hotel, booking: ActivityBooking) -> ActivityBookingRead:
    at = booking.time
    return {
        "id": str(booking.id),
        "number": str(booking.number),
        "activity_id": str(at.activity_id),
        "activity": at.activity.name,
        "time_id": str(at.id),
        "starts_at": at.starts_at,
        "reservation_id": str(booking.reservation_id),
        "persons": booking.persons,
        "state": booking.state,
        "pays": booking.pays,
        "price": amount(booking.price, hotel.currency),
        "charged": concierge.stands(session(), booking),
        "free_until": booking.free_until,
        "fee_percent": booking.fee_percent,
        "fee": amount(booking.fee, hotel.currency),
        "vendor_ref": booking.vendor_ref,
        "version": booking.version,
    }
