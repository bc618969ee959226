"""Commissions: what each vendor and the house owe one another for a month of bookings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from pms.base import dates
from pms.base.money import Money
from pms.hotel.house.hotels import Hotel
from pms.hotel.service.concierge.tables import (
    Activity,
    ActivityBooking,
    ActivityTime,
    BookingState,
    Pays,
    Vendor,
)

MOST_ROWS = 2_000


@dataclass(frozen=True)
class Earned:
    """A vendor's month: `turnover` with late fees, `commission` of it, and who owes whom.

    What stands on the guest's bill or on the house is passed on less the commission (`we_owe`);
    of what the vendor took itself it owes us the commission (`they_owe`).
    """

    vendor: Vendor
    bookings: int
    persons: int
    turnover: Money
    commission: Money
    we_owe: Money
    they_owe: Money


def month_of(day: date) -> tuple[date, date]:
    """Return the first day of a day's month, and of the next."""
    first = day.replace(day=1)
    return first, (first.replace(day=28) + 4 * dates.ONE_DAY).replace(day=1)


def month(session: Session, hotel: Hotel, day: date) -> list[Earned]:
    """Return what each vendor's bookings of a month earned, by the day they took place."""
    owed = _due()
    taken_there = ActivityBooking.pays == Pays.VENDOR
    rows = session.execute(
        sa.select(
            Vendor,
            sa.func.count(),
            sa.func.sum(ActivityBooking.persons),
            sa.func.sum(owed),
            sa.func.sum(ActivityBooking.commission),
            sa.func.sum(sa.case((taken_there, 0), else_=owed)),
            sa.func.sum(sa.case((taken_there, 0), else_=ActivityBooking.commission)),
        )
        .select_from(ActivityBooking)
        .join(ActivityBooking.time)
        .join(ActivityTime.activity)
        .join(Activity.vendor)
        .where(*_in_month(hotel, day))
        .group_by(Vendor.hotel_id, Vendor.id)
        .order_by(Vendor.name)
    )
    found = []
    for vendor, count, persons, turnover, commission, ours, kept in rows:
        figures = (turnover, commission, ours - kept, commission - kept)
        money = [Money(int(figure), hotel.currency) for figure in figures]
        found.append(Earned(vendor, int(count), int(persons), *money))
    return found


def bookings(
    session: Session, hotel: Hotel, day: date, *, vendor: Vendor | None = None
) -> Sequence[ActivityBooking]:
    """Return the bookings of a month that count, the earliest first."""
    query = (
        sa.select(ActivityBooking)
        .join(ActivityBooking.time)
        .join(ActivityTime.activity)
        .options(
            contains_eager(ActivityBooking.time).contains_eager(ActivityTime.activity),
            joinedload(ActivityBooking.reservation).lazyload("*"),
        )
        .where(*_in_month(hotel, day))
        .order_by(ActivityTime.starts_at, ActivityBooking.id)
        .limit(MOST_ROWS)
    )
    if vendor is not None:
        query = query.where(Activity.vendor_id == vendor.id)
    return session.scalars(query).all()


def _due() -> sa.ColumnElement[int]:
    cancelled = ActivityBooking.state == BookingState.CANCELLED
    return sa.case((cancelled, ActivityBooking.fee), else_=ActivityBooking.price)


def _in_month(hotel: Hotel, day: date) -> list[sa.ColumnElement[bool]]:
    first, after = (
        dates.instant(datetime.combine(each, time()), hotel.time_zone) for each in month_of(day)
    )
    earns = sa.or_(ActivityBooking.state != BookingState.CANCELLED, ActivityBooking.fee > 0)
    return [
        ActivityBooking.hotel_id == hotel.id,
        ActivityTime.starts_at >= first,
        ActivityTime.starts_at < after,
        earns,
    ]
