"""The catalogue: what can be booked, at which times, and how many places each has."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from pms.base import card_numbers, clock, dates
from pms.base.db import insert_new, lock, new_id
from pms.base.money import LARGEST_MINOR, Money
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service.concierge.refusals import BookingsThere, NameTaken
from pms.hotel.service.concierge.tables import (
    Activity,
    ActivityKind,
    ActivityTime,
    Counts,
    Vendor,
)
from pms.hotel.tariff.charges import ChargeCode

LONGEST = {"name": 80, "words": 2000, "meets": 120}
MOST_PLACES = 1_000
MOST_TIMES = 1_000  # made at once
LONGEST_MINUTES = 7 * 24 * 60
EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, kw_only=True)
class Details:
    """What an activity is; `price` for each person or booking, as it counts, or none."""

    kind: ActivityKind
    name: str
    words: str = ""
    meets: str | None = None
    minutes: int | None = None
    counts: Counts = Counts.PERSONS
    capacity: int
    price: Money | None = None
    charge_code: ChargeCode | None = None
    active: bool = True


def add(session: Session, vendor: Vendor, details: Details, *, by: Staff) -> Activity:
    """Put an activity of a vendor into the catalogue; refuses a name in use, and odd figures."""
    require(by, Permission.SET_UP, vendor.hotel_id)
    hotel = session.get_one(Hotel, vendor.hotel_id)
    day = business_day.hold(session, hotel)
    kept = _checked(hotel, details)
    if by_name(session, hotel, kept["name"]) is not None:
        raise NameTaken(kept["name"])
    made = Activity(hotel_id=hotel.id, id=new_id(), vendor_id=vendor.id, **kept)
    session.add(made)
    session.flush()
    logbook.record(
        session, "added activity", made, by=by, day=day, name=made.name, vendor=vendor.name,
        price=details.price,
    )  # fmt: skip
    return made


def change(session: Session, activity: Activity, details: Details, *, by: Staff) -> Activity:
    """Change an activity from now on; what is booked stays as it was booked.

    Refuses to count otherwise than its bookings were counted.
    """
    require(by, Permission.SET_UP, activity.hotel_id)
    hotel = session.get_one(Hotel, activity.hotel_id)
    day = business_day.hold(session, hotel)
    kept = _checked(hotel, details)
    lock(session, activity)
    other = by_name(session, hotel, kept["name"])
    if other is not None and other.id != activity.id:
        raise NameTaken(kept["name"])
    if details.counts is not activity.counts and _has_times(session, activity):
        raise Invalid("It has times counted otherwise. Make a new activity.", field="counts")
    was = {name: getattr(activity, name) for name in kept}
    changed = {name: value for name, value in kept.items() if was[name] != value}
    for name, value in changed.items():
        setattr(activity, name, value)
    activity.version += 1
    session.flush()
    session.expire(activity, ["charge_code"])
    before = {name: was[name] for name in changed}
    logbook.record(session, "changed activity", activity, by=by, day=day, before=before, **changed)
    return activity


def _has_times(session: Session, activity: Activity) -> bool:
    there = sa.select(ActivityTime.id).filter_by(
        hotel_id=activity.hotel_id, activity_id=activity.id
    )
    return session.scalar(there.limit(1)) is not None


def _checked(hotel: Hotel, details: Details) -> dict[str, Any]:
    kept = {name: getattr(details, name) for name in _COLUMNS}
    for name, longest in LONGEST.items():
        text = (kept[name] or "").strip()
        if len(text) > longest:
            raise Invalid(f"At most {longest:,} letters.", field=name)
        card_numbers.refuse(**{name: text})
        kept[name] = text if name != "meets" else text or None
    if not kept["name"]:
        raise Invalid("An activity has a name.", field="name")
    _refuse_odd(hotel, details)
    kept["price"] = details.price.minor if details.price is not None else None
    kept["charge_code_id"] = details.charge_code.id if details.charge_code else None
    return kept


_COLUMNS = ("kind", "name", "words", "meets", "minutes", "counts", "capacity", "active")


def _refuse_odd(hotel: Hotel, details: Details) -> None:
    price = details.price
    if not 1 <= details.capacity <= MOST_PLACES:
        raise Invalid(f"1 to {MOST_PLACES:,} places.", field="capacity")
    if details.minutes is not None and not 1 <= details.minutes <= LONGEST_MINUTES:
        raise Invalid("It takes a minute at least, a week at most.", field="minutes")
    if price is None:
        return
    if price.currency != hotel.currency or not 0 <= price.minor <= LARGEST_MINOR // MOST_PLACES:
        raise Invalid(f"A price is 0 or more, in {hotel.currency}.", field="price")
    if price and details.charge_code is None:
        raise Invalid("Say as what it is charged, or leave the price away.", field="charge_code")


# --- times ----------------------------------------------------------------------------------------


def open_times(
    session: Session,
    activity: Activity,
    *,
    first: date,
    last: date,
    hours: Sequence[time],
    weekdays: Collection[int] = EVERY_DAY,
    capacity: int | None = None,
    by: Staff,
) -> int:
    """Open an activity at these hours on each such weekday from first to last; return how many.

    Times are the hotel's clock: an hour that spring leaves out is not opened. What is there stays
    as it is.
    """
    require(by, Permission.CONCIERGE, activity.hotel_id)
    hotel = session.get_one(Hotel, activity.hotel_id)
    day = business_day.hold(session, hotel)
    places = activity.capacity if capacity is None else capacity
    _refuse_no_places(places)
    if first < day or last < first:
        raise Invalid("From today on, the first day before the last.", field="first")
    if not hours or not weekdays:
        raise Invalid("Say at which hours, and on which days.", field="hours")
    if ((last - first).days + 1) * len(set(hours)) > MOST_TIMES:
        raise Invalid(f"At most {MOST_TIMES:,} times at once. Take fewer days.", field="last")
    walls = [
        datetime.combine(each, hour)
        for each in dates.days(first, last)
        if each.weekday() in weekdays
        for hour in sorted(set(hours))
    ]
    wanted = [
        dates.instant(wall, hotel.time_zone)
        for wall in walls
        if dates.exists(wall, hotel.time_zone)
    ]
    lock(session, activity)
    return _open(session, activity, wanted, places, by=by, day=day)


def _open(
    session: Session,
    activity: Activity,
    wanted: list[datetime],
    places: int,
    *,
    by: Staff,
    day: date,
) -> int:
    there = set(
        session.scalars(
            sa.select(ActivityTime.starts_at).where(
                ActivityTime.hotel_id == activity.hotel_id,
                ActivityTime.activity_id == activity.id,
                ActivityTime.starts_at.in_(wanted),
            )
        )
    )
    fresh = [at for at in wanted if at not in there and at > clock.now()]
    insert_new(
        session,
        ActivityTime,
        [
            {
                "hotel_id": activity.hotel_id,
                "id": new_id(),
                "activity_id": activity.id,
                "starts_at": at,
                "capacity": places,
                "taken": 0,
                "closed": False,
                "version": 1,
            }
            for at in fresh
        ],
    )
    logbook.record(
        session, "opened times", activity, by=by, day=day, times=len(fresh), places=places
    )
    return len(fresh)


def set_places(
    session: Session, time_: ActivityTime, *, capacity: int, closed: bool = False, by: Staff
) -> ActivityTime:
    """Say how many places a time has, or close it; refuses fewer than are taken."""
    require(by, Permission.CONCIERGE, time_.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, time_.hotel_id))
    _refuse_no_places(capacity)
    lock(session, time_)
    if capacity < time_.taken:
        raise BookingsThere(time_.taken)
    before = {"places": time_.capacity, "closed": time_.closed}
    time_.capacity, time_.closed = capacity, closed
    time_.version += 1
    session.flush()
    logbook.record(
        session, "set places", time_, by=by, day=day, before=before, places=capacity, closed=closed
    )
    return time_


def _refuse_no_places(capacity: int) -> None:
    if not 1 <= capacity <= MOST_PLACES:
        raise Invalid(f"1 to {MOST_PLACES:,} places.", field="capacity")


# --- questions ------------------------------------------------------------------------------------


def by_name(session: Session, hotel: Hotel, name: str) -> Activity | None:
    """Return the hotel's activity of that name."""
    return session.scalar(sa.select(Activity).filter_by(hotel_id=hotel.id, name=name))


def offered(
    session: Session, hotel: Hotel, *, kind: ActivityKind | None = None, all_: bool = False
) -> Sequence[Activity]:
    """Return what is in the catalogue, by kind and name; `all_` with what isn't offered now."""
    query = (
        sa.select(Activity)
        .join(Activity.vendor)
        .options(contains_eager(Activity.vendor))
        .where(Activity.hotel_id == hotel.id)
        .order_by(sa.not_(Activity.active), Activity.kind, Activity.name)
        .limit(500)
    )
    if not all_:
        query = query.where(Activity.active, Vendor.active)
    if kind is not None:
        query = query.where(Activity.kind == kind)
    return session.scalars(query).all()


def times(
    session: Session,
    hotel: Hotel,
    *,
    first: datetime,
    until: datetime,
    activity_ids: Collection[int] | None = None,
    limit: int = 500,
) -> Sequence[ActivityTime]:
    """Return the times of activities in [first, until), the soonest first."""
    query = (
        sa.select(ActivityTime)
        .join(ActivityTime.activity)
        .options(contains_eager(ActivityTime.activity))
        .where(
            ActivityTime.hotel_id == hotel.id,
            ActivityTime.starts_at >= first,
            ActivityTime.starts_at < until,
        )
        .order_by(ActivityTime.starts_at, Activity.name)
        .limit(limit)
    )
    if activity_ids is not None:
        query = query.where(ActivityTime.activity_id.in_(activity_ids))
    return session.scalars(query).all()
