"""Bookings: places taken for a party, confirmed by the vendor, moved to another time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from sqlalchemy.orm import Session

from pms.base import card_numbers, clock, dates
from pms.base.db import lock, new_id
from pms.base.money import LARGEST_MINOR, Money, round_half_up
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook, numbers
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service.concierge import charging, places
from pms.hotel.service.concierge.refusals import (
    NoGuestOfOurs,
    NotOffered,
    TimePast,
    TooLateToMove,
    WrongStep,
)
from pms.hotel.service.concierge.tables import (
    LIVE,
    WHOLE,
    ActivityBooking,
    ActivityTime,
    BookingState,
    Counts,
    Pays,
)
from pms.hotel.stays.reservations import Reservation, State

MOST_PERSONS = 999
LONGEST = 200
LONGEST_NOTES = 1_000
FARTHEST_PICKUP = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a party wants beside the places: who takes the money, where it is fetched, wishes."""

    persons: int
    pays: Pays = Pays.FOLIO
    charge: bool = False
    pickup_at: datetime | None = None
    pickup_place: str | None = None
    notes: str | None = None


def book(
    session: Session, time: ActivityTime, reservation: Reservation, asked: Asked, *, by: Staff
) -> ActivityBooking:
    """Take places of a time for a party, and with `charge` put them on its bill in the same deed.

    The vendor's terms are written into the booking. Refuses a time that is past, closed or full,
    an activity no longer offered, and a party that isn't coming.
    """
    hotel = session.get_one(Hotel, time.hotel_id)
    require(by, Permission.CONCIERGE, hotel.id)
    kept = _checked(time, asked)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    if reservation.state not in {State.BOOKED, State.IN_HOUSE}:
        raise NoGuestOfOurs(reservation)
    lock(session, time)
    _refuse_gone(time)
    made = _written(session, hotel, time, reservation, asked, kept, by=by, day=day)
    places.take(session, time, made.places)
    session.add(made)
    session.flush()
    logbook.record(
        session, "booked", made, by=by, day=day, activity=time.activity.name, at=_wall(hotel, time),
        persons=made.persons, price=Money(made.price, hotel.currency), party=reservation.number,
    )  # fmt: skip
    if asked.charge:
        charging.charge(session, made, by=by)
    return made


def _wall(hotel: Hotel, time: ActivityTime) -> str:
    """Write a time as the hotel's clock shows it, for the logbook."""
    return f"{dates.local(time.starts_at, hotel.time_zone):%d %b %H:%M}"


def price_of(time: ActivityTime, persons: int) -> int:
    """Return what a booking costs, in minor units."""
    each = time.activity.price or 0
    return each * (persons if time.activity.counts is Counts.PERSONS else 1)


def commission_of(amount: int, rate: int) -> int:
    """Return the house's share of an amount; the rate is in hundredths of a percent."""
    return round_half_up(Fraction(amount * rate, WHOLE))


def _refuse_gone(time: ActivityTime) -> None:
    activity = time.activity
    if not activity.active or not activity.vendor.active:
        raise NotOffered(activity.name)
    if time.starts_at <= clock.now():
        raise TimePast


def _checked(time: ActivityTime, asked: Asked) -> tuple[str | None, str | None]:
    """Return the place and the wishes as they are kept; refuses what can't be."""
    if not 1 <= asked.persons <= MOST_PERSONS:
        raise Invalid(f"1 to {MOST_PERSONS} persons.", field="persons")
    if asked.persons * (time.activity.price or 0) > LARGEST_MINOR:
        raise Invalid("That comes to more than a bill can hold.", field="persons")
    place = _line(asked.pickup_place, "pickup_place", LONGEST)
    if asked.pickup_at is not None:
        early = time.starts_at - asked.pickup_at
        if early < timedelta(0) or early > FARTHEST_PICKUP:
            raise Invalid("A pick-up is before it begins, on the same day.", field="pickup_at")
    return place, _line(asked.notes, "notes", LONGEST_NOTES)


def _line(text: str | None, field: str, longest: int) -> str | None:
    kept = (text or "").strip()
    if len(kept) > longest:
        raise Invalid(f"At most {longest:,} letters.", field=field)
    card_numbers.refuse(**{field: kept})
    return kept or None


def _written(
    session: Session,
    hotel: Hotel,
    time: ActivityTime,
    reservation: Reservation,
    asked: Asked,
    kept: tuple[str | None, str | None],
    *,
    by: Staff,
    day: date,
) -> ActivityBooking:
    vendor = time.activity.vendor
    price = price_of(time, asked.persons)
    place, notes = kept
    return ActivityBooking(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        number=numbers.next_number(session, hotel, "activity booking"),
        time_id=time.id,
        reservation_id=reservation.id,
        persons=asked.persons,
        places=places.needed(time, asked.persons),
        price=price,
        pays=asked.pays,
        state=BookingState.BOOKED,
        free_until=time.starts_at - timedelta(hours=vendor.free_hours),
        fee_percent=vendor.fee_percent,
        fee=0,
        commission_rate=vendor.commission_rate,
        commission=commission_of(price, vendor.commission_rate),
        turn=0,
        pickup_at=asked.pickup_at,
        pickup_place=place,
        notes=notes,
        staff_id=by.id,
        booked_on=day,
        booked_at=clock.now(),
        version=1,
    )


# --- what becomes of it ---------------------------------------------------------------------------


def begin(session: Session, booking: ActivityBooking, *, by: Staff) -> date:
    """Hold the day, the party and the booking, in the order every deed on bookings locks them."""
    require(by, Permission.CONCIERGE, booking.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, booking.hotel_id))
    lock(session, booking.reservation)
    lock(session, booking)
    return day


def confirm(
    session: Session, booking: ActivityBooking, *, vendor_ref: str | None = None, by: Staff
) -> ActivityBooking:
    """Write down that the vendor expects them, with its reference if it gave one."""
    ref = _line(vendor_ref, "vendor_ref", 80)
    day = begin(session, booking, by=by)
    if booking.state is not BookingState.BOOKED:
        raise WrongStep(booking, "only what waits for the vendor is confirmed")
    booking.state, booking.confirmed_at = BookingState.CONFIRMED, clock.now()
    booking.vendor_ref = ref
    booking.version += 1
    session.flush()
    logbook.record(session, "confirmed", booking, by=by, day=day, vendor_ref=ref)
    return booking


def move(
    session: Session, booking: ActivityBooking, *, time: ActivityTime, by: Staff
) -> ActivityBooking:
    """Go at another time of the same activity at the same price; the vendor confirms it anew.

    The pick-up moves along. Refuses a time that is full, and a booking that is past its free
    cancellation.
    """
    day = begin(session, booking, by=by)
    was = booking.time
    if booking.state not in LIVE:
        raise WrongStep(booking, "only who still goes can go at another time")
    if clock.now() >= booking.free_until and booking.price and booking.fee_percent:
        raise TooLateToMove(booking)
    if time.activity_id != was.activity_id or time.id == was.id:
        raise Invalid("Choose another time of the same activity.", field="time")
    places.lock_all(session, (was, time))
    _refuse_gone(time)
    places.take(session, time, booking.places)
    places.give_back(session, was, booking.places)
    later = time.starts_at - was.starts_at
    booking.time_id = time.id
    booking.free_until += later
    if booking.pickup_at is not None:
        booking.pickup_at += later
    booking.state, booking.confirmed_at, booking.vendor_ref = BookingState.BOOKED, None, None
    booking.version += 1
    session.flush()
    session.refresh(booking, ["time"])
    hotel = session.get_one(Hotel, booking.hotel_id)
    before = {"at": _wall(hotel, was)}
    logbook.record(session, "moved", booking, by=by, day=day, before=before, at=_wall(hotel, time))
    return booking
